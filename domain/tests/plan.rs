//! Which mail is due, to whom and when.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    brief::{Since, changes},
    file::ProjectFile,
    plan::{Due, Subject, plan, reported_month},
    project::Project,
    record::Participant,
};
use entities::{Category, DigestFrequency, OutputKind, ParticipationStatus, Strings, Verb};
use tests::project::{connection, in_memory, output, step};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// The people who are due mail of a category between two instants, and when.
fn due(project: &Project, category: Category, from: &str, to: &str) -> Vec<(String, String)> {
    let mut due: Vec<_> = plan(project, at(from), at(to))
        .into_iter()
        .filter(|due| due.category == category)
        .map(|due| {
            (
                project.person(due.person).key.clone(),
                due.due_at.format("%m-%d %H:%M").to_string(),
            )
        })
        .collect();
    due.sort();
    due
}

fn project_of(file: &ProjectFile) -> Project {
    in_memory(file, "2020-01-01T00:00:00Z")
}

#[test]
fn host_and_guest_are_reminded_fourteen_days_before_at_nine_of_their_morning() {
    let project = project_of(&connection());
    let due = due(
        &project,
        Category::ExchangeReminder,
        "2021-09-05T12:00:00Z",
        "2021-09-06T12:00:00Z",
    );
    let names: BTreeSet<&str> = due.iter().map(|(name, _)| name.as_str()).collect();
    assert!(
        names.contains("thessaloniki-exchanges") && names.contains("delta-exchanges"),
        "{due:?}"
    );
    assert!(due.iter().all(|(_, when)| when == "09-06 06:00"), "{due:?}");
}

#[test]
fn a_reminder_goes_out_thirty_fourteen_seven_and_one_days_before() {
    let project = project_of(&connection());
    let due = due(
        &project,
        Category::ExchangeReminder,
        "2021-08-01T00:00:00Z",
        "2021-09-30T00:00:00Z",
    );
    let delta: Vec<&str> = due
        .iter()
        .filter(|(name, _)| name == "delta-exchanges")
        .map(|(_, when)| when.as_str())
        .collect();
    assert_eq!(
        delta,
        ["08-21 06:00", "09-06 06:00", "09-13 06:00", "09-19 06:00"]
    );
}

#[test]
fn nobody_is_reminded_twice_of_one_step_whatever_part_they_have() {
    let project = project_of(&connection());
    let all = plan(
        &project,
        at("2020-01-01T00:00:00Z"),
        at("2023-02-01T00:00:00Z"),
    );
    let mut seen = BTreeSet::new();
    for Due {
        person,
        category,
        subject,
        occurrence,
        ..
    } in all
    {
        assert!(seen.insert((person, category, subject, occurrence)));
    }
}

#[test]
fn a_window_cut_in_two_holds_the_same_mail() {
    let project = project_of(&connection());
    let (from, until) = (at("2021-08-15T00:00:00Z"), at("2021-10-20T00:00:00Z"));
    let whole = plan(&project, from, until);
    let mut parts = Vec::new();
    let mut start = from;
    while start < until {
        let end = (start + TimeDelta::hours(7)).min(until);
        parts.extend(plan(&project, start, end));
        start = end;
    }
    assert!(!whole.is_empty());
    assert_eq!(whole, parts);
}

#[test]
fn a_moved_exchange_is_reminded_of_by_its_new_dates() {
    let mut file = connection();
    let mut moved = step(Verb::Rescheduled, "2021-09-01");
    moved.old_starts = Some("2021-09-20".parse().unwrap());
    moved.new_starts = Some("2021-10-18".parse().unwrap());
    let exchange = output(&mut file, "x_thessaloniki_delta_leg1");
    exchange.starts = Some("2021-10-18".parse().unwrap());
    exchange.ends = Some("2021-10-22".parse().unwrap());
    exchange.history = vec![moved];
    let project = project_of(&file);
    let due = due(
        &project,
        Category::ExchangeReminder,
        "2021-08-01T00:00:00Z",
        "2021-10-30T00:00:00Z",
    );
    let delta: Vec<&str> = due
        .iter()
        .filter(|(name, _)| name == "delta-exchanges")
        .map(|(_, when)| when.as_str())
        .collect();
    let of_the_old_dates = ["08-21 06:00"];
    let of_the_new_dates = ["09-18 06:00", "10-04 06:00", "10-11 06:00", "10-17 06:00"];
    assert_eq!(
        delta,
        [&of_the_old_dates[..], &of_the_new_dates[..]].concat()
    );
    let occurrences: BTreeSet<String> = plan(
        &project,
        at("2021-08-01T00:00:00Z"),
        at("2021-10-30T00:00:00Z"),
    )
    .into_iter()
    .filter(|due| due.category == Category::ExchangeReminder)
    .map(|due| due.occurrence)
    .collect();
    assert!(occurrences.contains("30/2021-09-20/0"));
    assert!(occurrences.contains("14/2021-10-18/1"));
}

#[test]
fn a_cancelled_exchange_is_not_reminded_of() {
    let mut file = connection();
    output(&mut file, "x_thessaloniki_delta_leg1").history =
        vec![step(Verb::Cancelled, "2021-09-01")];
    let project = project_of(&file);
    let due = due(
        &project,
        Category::ExchangeReminder,
        "2021-09-02T00:00:00Z",
        "2021-09-30T00:00:00Z",
    );
    assert_eq!(due, []);
}

#[test]
fn who_withdrew_from_a_visit_is_not_reminded_of_it() {
    let project = project_of(&connection());
    let due = due(
        &project,
        Category::VisitReminder,
        "2022-02-01T00:00:00Z",
        "2022-03-16T00:00:00Z",
    );
    assert!(due.iter().any(|(name, _)| name == "paris-exchanges"));
    assert!(
        !due.iter()
            .any(|(name, _)| name == "zagreb-exchanges" || name == "hamburg-exchanges")
    );
}

#[test]
fn a_meeting_of_all_partners_reminds_every_partner() {
    let project = project_of(&connection());
    let due = due(
        &project,
        Category::MeetingReminder,
        "2021-09-11T00:00:00Z",
        "2021-09-12T00:00:00Z",
    );
    for name in [
        "torino-exchanges",
        "warsaw-exchanges",
        "settimo-torinese-exchanges",
    ] {
        assert!(due.iter().any(|(who, _)| who == name), "{name}: {due:?}");
    }
}

/// Who is reminded of an event, however often.
fn reminded(project: &Project, key: &str) -> BTreeSet<String> {
    let all = plan(
        project,
        at("2020-01-01T00:00:00Z"),
        at("2023-02-01T00:00:00Z"),
    );
    let event = project.output_by_key(OutputKind::Event, key).unwrap();
    let of_event = all
        .iter()
        .filter(|due| due.subject == Subject::Output(event.id));
    let keys = of_event.map(|due| project.person(due.person).key.clone());
    keys.collect()
}

#[test]
fn a_conference_that_names_nobody_reminds_whom_the_meeting_of_all_partners_does() {
    let mut file = connection();
    let project = project_of(&file);
    let meeting = reminded(&project, "final_meeting");
    // One of them has no address.
    assert_eq!(meeting.len(), 27);
    assert_eq!(reminded(&project, "integrating_cities_x"), meeting);
    assert_eq!(reminded(&project, "first_partner_meeting"), meeting);

    output(&mut file, "integrating_cities_x").participants = vec![participant("sofia")];
    let project = project_of(&file);
    assert_eq!(
        reminded(&project, "integrating_cities_x"),
        ["sofia-exchanges", "utrecht-exchanges"]
            .map(str::to_owned)
            .into()
    );
}

#[test]
fn who_cannot_come_is_not_among_all_partners() {
    let mut file = connection();
    let mut zagreb = participant("zagreb");
    zagreb.status = ParticipationStatus::Unable;
    output(&mut file, "final_meeting").participants.push(zagreb);
    let project = project_of(&file);
    let reminded = reminded(&project, "final_meeting");
    assert_eq!(reminded.len(), 26);
    assert!(!reminded.contains("zagreb-exchanges"));
}

#[test]
fn a_project_meeting_of_a_community_reminds_its_members() {
    let mut file = connection();
    let meeting = output(&mut file, "final_meeting");
    meeting.community = Some("cop3".to_owned());
    meeting.participants.clear();
    let project = project_of(&file);
    let reminded = reminded(&project, "final_meeting");
    assert!(reminded.contains("sofia-exchanges") && reminded.contains("utrecht-exchanges"));
    assert!(!reminded.contains("torino-exchanges"), "{reminded:?}");
}

fn participant(partner: &str) -> Participant {
    Participant {
        partner: Some(partner.to_owned()),
        person: None,
        who: None,
        status: ParticipationStatus::Expected,
        reason: None,
        since: None,
        sources: Strings::default(),
        translations: Default::default(),
    }
}

#[test]
fn digests_go_out_on_monday_at_the_hour_that_each_has_chosen() {
    let mut file = connection();
    let early = file
        .people
        .iter_mut()
        .find(|row| row.key == "tampere-exchanges")
        .unwrap();
    early.digest_hour = 6;
    let silent = file
        .people
        .iter_mut()
        .find(|row| row.key == "paris-exchanges")
        .unwrap();
    silent.digest = DigestFrequency::Never;
    let project = project_of(&file);
    let due = due(
        &project,
        Category::Digest,
        "2021-09-05T00:00:00Z",
        "2021-09-12T00:00:00Z",
    );
    let when = |key: &str| {
        due.iter()
            .find(|(name, _)| name == key)
            .map(|(_, when)| when.as_str())
    };
    assert_eq!(when("torino-exchanges"), Some("09-06 06:00"));
    assert_eq!(when("athens-exchanges"), Some("09-06 05:00"));
    assert_eq!(when("tampere-exchanges"), Some("09-06 03:00"));
    assert_eq!(when("paris-exchanges"), None);
}

#[test]
fn every_month_of_the_project_is_reported_once_it_is_over() {
    let project = project_of(&connection());
    let all = plan(
        &project,
        at("2019-12-01T00:00:00Z"),
        at("2023-03-01T00:00:00Z"),
    );
    let months: BTreeSet<String> = all
        .iter()
        .filter(|due| due.category == Category::ProgressReport)
        .map(|due| due.occurrence.clone())
        .collect();
    assert_eq!(months.len(), 36);
    assert!(months.contains("2020-01") && months.contains("2022-12"));
    let period = reported_month(&project, "2021-02").unwrap();
    assert_eq!(period.1.to_string(), "2021-02-28");
}

#[test]
fn a_month_of_a_project_that_starts_in_its_middle_is_reported_whole() {
    let mut file = connection();
    file.project.starts_on = "2020-01-15".parse().unwrap();
    let project = project_of(&file);
    let period = reported_month(&project, "2021-08").unwrap();
    assert_eq!(
        (period.0.to_string(), period.1.to_string()),
        ("2021-08-15".into(), "2021-09-14".into())
    );
}

/// The days on which the months of a project are reported: the month, and its day.
fn reports(starts_on: &str, ends_on: &str, month_day: i32) -> Vec<(String, String)> {
    let mut file = connection();
    file.outputs.clear();
    file.pairings.clear();
    file.notes.clear();
    file.project.starts_on = starts_on.parse().unwrap();
    file.project.ends_on = ends_on.parse().unwrap();
    for target in &mut file.targets {
        target.due_on = None;
    }
    for rule in &mut file.reminder_rules {
        rule.month_day = rule.month_day.map(|_| month_day);
    }
    let project = project_of(&file);
    let all = plan(
        &project,
        at("2019-01-01T00:00:00Z"),
        at("2024-01-01T00:00:00Z"),
    );
    let funder = |due: &&Due| project.person(due.person).key == "amif-reporting";
    let reports = all
        .iter()
        .filter(|due| due.category == Category::ProgressReport);
    let days = reports
        .filter(funder)
        .map(|due| (due.occurrence.clone(), due.due_at.date_naive().to_string()));
    days.collect()
}

#[test]
fn a_month_is_reported_on_the_rules_day_of_the_calendar_month_after_it() {
    let right = |days: &[(&str, &str)]| {
        let days = days.iter();
        days.map(|(month, day)| ((*month).to_owned(), (*day).to_owned()))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        reports("2020-12-15", "2021-03-20", 5),
        right(&[
            ("2020-12", "2021-02-05"),
            ("2021-01", "2021-03-05"),
            ("2021-02", "2021-04-05"),
            ("2021-03", "2021-04-05"),
        ])
    );
    assert_eq!(
        reports("2020-12-15", "2021-03-20", 15),
        right(&[
            ("2020-12", "2021-01-15"),
            ("2021-01", "2021-02-15"),
            ("2021-02", "2021-03-15"),
            ("2021-03", "2021-04-15"),
        ])
    );
    assert_eq!(
        reports("2021-01-01", "2021-02-28", 1),
        right(&[("2021-01", "2021-02-01"), ("2021-02", "2021-03-01")])
    );
    assert_eq!(
        reports("2021-01-01", "2021-02-28", 28),
        right(&[("2021-01", "2021-02-28"), ("2021-02", "2021-03-28")])
    );
}

#[test]
fn no_month_is_left_out_or_reported_twice_whatever_the_days() {
    for starts_on in ["2020-01-01", "2020-01-15", "2020-01-28", "2020-01-31"] {
        for month_day in [1, 5, 15, 28] {
            let days = reports(starts_on, "2022-12-31", month_day);
            let months: BTreeSet<&String> = days.iter().map(|(month, _)| month).collect();
            assert_eq!(months.len(), 36, "{starts_on} {month_day}");
            assert_eq!(days.len(), 36, "{starts_on} {month_day}");
            let ending = format!("-{month_day:02}");
            assert!(
                days.iter().all(|(_, day)| day.ends_with(&ending)),
                "{days:?}"
            );
        }
    }
}

#[test]
fn a_disabled_rule_mails_nothing() {
    let mut file = connection();
    for rule in &mut file.reminder_rules {
        rule.enabled = false;
    }
    let project = project_of(&file);
    assert_eq!(
        plan(
            &project,
            at("2020-01-01T00:00:00Z"),
            at("2023-02-01T00:00:00Z")
        ),
        []
    );
}

#[test]
fn what_was_recorded_after_the_last_digest_is_news_however_early_its_day() {
    let mut file = connection();
    let exchange = output(&mut file, "x_thessaloniki_delta_leg1");
    exchange.history = vec![step(Verb::Reported, "2021-09-24")];
    exchange.history[0].recorded_at = Some(at("2021-10-05T10:00:00Z"));
    let project = project_of(&file);
    let news = |recorded_at: Option<&str>| {
        let since = Since {
            day: "2021-10-04".parse().unwrap(),
            recorded_at: recorded_at.map(at),
        };
        changes(&project, since, "2021-10-11".parse().unwrap())
            .iter()
            .any(|change| project.output(change.output).key == "x_thessaloniki_delta_leg1")
    };
    assert!(news(Some("2021-10-04T06:00:00Z")));
    assert!(!news(Some("2021-10-06T06:00:00Z")));
    assert!(!news(None));
}
