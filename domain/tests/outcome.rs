//! When cities are asked what came of the challenges that they put to their peers.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    duty::{Task, duties},
    file::ProjectFile,
    plan::plan,
    project::{AsOf, Project},
};
use entities::{Category, LearningKind, Verb};
use tests::project::{connection, in_memory, output, step};

const VISIT: &str = "cop1_w2";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn project_of(file: &ProjectFile) -> Project {
    in_memory(file, "2020-01-01T00:00:00Z")
}

/// Whom the plan asks, on which day, for which time.
fn asked(project: &Project) -> Vec<(String, String, String)> {
    let all = plan(
        project,
        at("2020-01-01T00:00:00Z"),
        at("2030-01-01T00:00:00Z"),
    );
    let questions = all
        .into_iter()
        .filter(|due| due.category == Category::Question);
    let asked = questions.map(|due| {
        let person = project.person(due.person).key.clone();
        (person, due.due_at.date_naive().to_string(), due.occurrence)
    });
    asked.collect()
}

fn times(project: &Project, person: &str) -> Vec<(String, String)> {
    let all = asked(project).into_iter().filter(|one| one.0 == person);
    all.map(|(_, day, occurrence)| (day, occurrence)).collect()
}

fn challenge(file: &mut ProjectFile) -> &mut domain::record::Learning {
    let mut all = output(file, VISIT).learning.iter_mut();
    let is_pragues = |one: &&mut domain::record::Learning| {
        one.kind == LearningKind::Challenge && one.partner.as_deref() == Some("prague")
    };
    all.find(is_pragues).unwrap()
}

fn one(day: &str, number: usize) -> (String, String) {
    (day.to_owned(), format!("outcome/{number}"))
}

#[test]
fn a_city_is_asked_90_days_after_the_visit_and_each_half_year_three_times_in_all() {
    let project = project_of(&connection());
    let all = [
        one("2022-01-11", 1),
        one("2022-07-12", 2),
        one("2023-01-11", 3),
    ];
    assert_eq!(times(&project, "prague-exchanges"), all);
    assert_eq!(times(&project, "torino-exchanges"), all);
    assert_eq!(asked(&project).len(), 6, "nobody else");
}

#[test]
fn who_has_said_what_came_of_it_is_asked_no_more() {
    let mut file = connection();
    let pragues = challenge(&mut file);
    pragues.outcome = Some("A council of newcomers".to_owned());
    pragues.outcome_since = Some("2022-07-12".parse().unwrap());
    let project = project_of(&file);
    assert_eq!(times(&project, "prague-exchanges"), [one("2022-01-11", 1)]);
    assert_eq!(times(&project, "torino-exchanges").len(), 3);
}

#[test]
fn a_visit_that_moved_or_was_called_off_asks_by_its_new_days_or_not_at_all() {
    let mut file = connection();
    let visit = output(&mut file, VISIT);
    let mut moved = step(Verb::Rescheduled, "2022-01-20");
    moved.old_starts = visit.starts;
    moved.old_ends = visit.ends;
    moved.new_starts = Some("2022-02-01".parse().unwrap());
    moved.new_ends = Some("2022-02-03".parse().unwrap());
    (visit.starts, visit.ends) = (moved.new_starts, moved.new_ends);
    visit.history = vec![moved];
    for one in &mut visit.learning {
        one.since = Some("2021-09-01".parse().unwrap());
    }
    // It was asked once already, and the first question is the same one by the new days.
    let project = project_of(&file);
    let all = times(&project, "prague-exchanges");
    assert_eq!(all[0], one("2022-01-11", 1));
    assert_eq!(all[1], one("2022-11-02", 2));
    output(&mut file, VISIT)
        .history
        .push(step(Verb::Cancelled, "2022-01-25"));
    let project = project_of(&file);
    assert_eq!(times(&project, "prague-exchanges"), [one("2022-01-11", 1)]);
}

#[test]
fn the_same_is_a_duty_until_it_is_said() {
    let mut file = connection();
    let owed = |file: &ProjectFile, on: &str| {
        let project = project_of(file);
        let duties = duties(&project, AsOf::today(day(on)));
        let of_outcome = duties.iter().filter(|duty| duty.task == Task::TellOutcome);
        let whose = of_outcome.map(|duty| {
            assert!(!duty.overdue);
            assert_eq!(duty.day, day("2022-01-11"));
            project.organisation_of(duty.partner.unwrap()).key.clone()
        });
        whose.collect::<std::collections::BTreeSet<_>>()
    };
    assert!(owed(&file, "2022-01-10").is_empty());
    let both = ["prague".to_owned(), "torino".to_owned()];
    assert_eq!(owed(&file, "2022-01-11"), both.clone().into());
    assert_eq!(owed(&file, "2025-01-01"), both.into());
    challenge(&mut file).outcome = Some("Nothing".to_owned());
    assert_eq!(owed(&file, "2022-01-11"), ["torino".to_owned()].into());
}
