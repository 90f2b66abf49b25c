//! Statuses that can be believed: on CONNECTION month by month, and by property.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use chrono::{Days, NaiveDate};
use domain::{
    progress::{Figure, Scope, Status, figure, progress},
    project::{AsOf, Project},
};
use entities::{Measure, PartialDate, Verb};
use proptest::prelude::*;
use tests::project::{connection, in_memory, step};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn project() -> Project {
    in_memory(&connection(), "2020-01-01T00:00:00Z")
}

fn of<'a>(project: &'a Project, key: &str, on: &str) -> Figure<'a> {
    let target = project.target_by_key(key).unwrap();
    figure(project, target, day(on).into(), Scope::Project)
}

#[test]
fn what_is_due_soon_and_has_not_begun_is_at_risk() {
    let project = project();
    for key in ["how_to_guides", "action_plans", "implementing_cities"] {
        let figure = of(&project, key, "2022-11-30");
        assert_eq!(figure.status, Some(Status::AtRisk), "{key}");
        assert!(figure.risk().unbegun > 0, "{key}: {:?}", figure.risk());
    }
}

#[test]
fn a_target_of_which_too_little_is_planned_is_at_risk_from_half_its_time_on() {
    let project = project();
    let exchanges = |on| of(&project, "staff_exchanges", on);
    assert_eq!(exchanges("2021-07-01").status, Some(Status::OnTrack));
    assert_eq!(exchanges("2021-07-02").status, Some(Status::AtRisk));
    let figure = exchanges("2021-09-06");
    assert_eq!(
        (figure.status, figure.risk().missing, figure.reported),
        (Some(Status::AtRisk), Some(8), Some(0))
    );
}

#[test]
fn nothing_is_alarmed_in_the_first_months() {
    let project = project();
    for figure in progress(&project, day("2020-03-31").into(), Scope::Project).figures {
        let calm = [None, Some(Status::Met), Some(Status::OnTrack)];
        let key = &figure.target.key;
        assert!(calm.contains(&figure.status), "{key}: {:?}", figure.risk());
    }
}

#[test]
fn what_the_plan_promised_by_a_day_stays_whatever_was_moved() {
    let project = project();
    let visits = of(&project, "thematic_cluster_visits", "2021-09-06");
    assert_eq!((visits.due_by_now, visits.reported), (Some(8), Some(2)));
    assert_eq!(of(&project, "workshop_days", "2021-09-06").due_by_now, None);
}

fn word(status: Option<Status>) -> &'static str {
    match status {
        None => "–",
        Some(Status::Met) => "met",
        Some(Status::OnTrack) => "on track",
        Some(Status::AtRisk) => "**at risk**",
        Some(Status::Late) => "**late**",
    }
}

/// The headline targets at the end of each month, as a table.
fn table(project: &Project) -> String {
    let headline: Vec<_> = project.targets.iter().filter(|row| row.headline).collect();
    let mut table = "| month | last day |".to_owned();
    for target in &headline {
        let label = target.label.get("en", "en").unwrap_or(&target.key);
        write!(table, " {label} |").unwrap();
    }
    table.push_str("\n| --- | --- |");
    table.push_str(&" --- |".repeat(headline.len()));
    for month in project.months() {
        write!(table, "\n| M{} | {} |", month.number, month.last_day).unwrap();
        for target in &headline {
            let figure = figure(project, target, month.last_day.into(), Scope::Project);
            let (reported, goal) = (figure.reported.unwrap(), target.value);
            write!(table, " {reported} of {goal}, {} |", word(figure.status)).unwrap();
        }
    }
    table + "\n"
}

#[test]
fn the_statuses_of_36_months_stand_in_figures_md() {
    const MARKS: [&str; 2] = ["<!-- statuses: written by a test -->\n", "<!-- end -->"];
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/FIGURES.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(MARKS[0]).unwrap();
    let (_, after) = rest.split_once(MARKS[1]).unwrap();
    let current = format!(
        "{before}{}{}{}{after}",
        MARKS[0],
        table(&project()),
        MARKS[1]
    );
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &current).unwrap();
    }
    assert!(
        std::fs::read_to_string(&path).unwrap() == current,
        "docs/FIGURES.md is not current; UPDATE=1 writes it anew"
    );
}

/// How alarming a status is.
fn alarm(status: Option<Status>) -> u8 {
    match status {
        None | Some(Status::Met) => 0,
        Some(Status::OnTrack) => 1,
        Some(Status::AtRisk) => 2,
        Some(Status::Late) => 3,
    }
}

fn alarms(project: &Project, as_of: AsOf) -> BTreeMap<String, u8> {
    let figures = progress(project, as_of, Scope::Project).figures.into_iter();
    figures
        // A norm is broken by what was measured, which a report brings to light.
        .filter(|figure| figure.target.rule.measure != Measure::NormDays)
        .map(|figure| (figure.target.key.clone(), alarm(figure.status)))
        .collect()
}

/// CONNECTION with other windows, days, steps and due days, by numbers.
fn shaken(seeds: &[(u16, u8)]) -> domain::file::ProjectFile {
    let mut file = connection();
    let start = file.project.starts_on;
    for (output, (days, way)) in file.outputs.iter_mut().zip(seeds.iter().cycle()) {
        let on = start + Days::new(u64::from(days % 1050));
        let known = |offset: u64| Some(PartialDate::from(on + Days::new(offset)));
        let month = || Some(on.format("%Y-%m").to_string().parse().unwrap());
        output.history.clear();
        (output.starts, output.ends) = (None, None);
        (output.planned_from, output.planned_to, output.due_on) = (None, None, None);
        match way % 5 {
            0 => (output.starts, output.ends) = (known(0), known(2)),
            1 => (output.planned_from, output.planned_to) = (month(), month()),
            2 => output.due_on = Some(on),
            3 => {
                (output.planned_from, output.planned_to) = (month(), month());
                (output.starts, output.ends) = (known(40), known(41));
            }
            _ => {}
        }
        if way % 7 == 0 {
            output
                .history
                .push(step(Verb::Confirmed, &start.to_string()));
        }
    }
    file
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_earlier_due_day_never_calms(
        seeds in prop::collection::vec((0u16..1100, any::<u8>()), 1..20),
        which in 0usize..62,
        earlier in 1u64..400,
        after in 0u64..1090,
    ) {
        let file = shaken(&seeds);
        let start = file.project.starts_on;
        let mut sooner = file.clone();
        for target in &mut sooner.targets {
            let due = target.due_on.unwrap_or(file.project.ends_on);
            target.due_on = Some((due - Days::new(earlier)).max(start));
        }
        let output = &mut sooner.outputs[which];
        if let Some(due) = output.due_on {
            output.due_on = Some((due - Days::new(earlier)).max(start));
        }
        let as_of = AsOf::from(start + Days::new(after));
        let was = alarms(&in_memory(&file, "2020-01-01T00:00:00Z"), as_of);
        let is = alarms(&in_memory(&sooner, "2020-01-01T00:00:00Z"), as_of);
        for (key, alarm) in &was {
            prop_assert!(is[key] >= *alarm, "{key}: {alarm} became {}", is[key]);
        }
    }

    #[test]
    fn a_report_never_alarms(
        seeds in prop::collection::vec((0u16..1100, any::<u8>()), 1..20),
        which in 0usize..62,
        after in 1u64..1090,
    ) {
        let file = shaken(&seeds);
        let as_of = AsOf::from(file.project.starts_on + Days::new(after));
        let mut reported = file.clone();
        let output = &mut reported.outputs[which];
        output.history.push(step(Verb::Reported, &as_of.day.to_string()));
        let was = alarms(&in_memory(&file, "2020-01-01T00:00:00Z"), as_of);
        let is = alarms(&in_memory(&reported, "2020-01-01T00:00:00Z"), as_of);
        for (key, alarm) in &was {
            prop_assert!(is[key] <= *alarm, "{key}: {alarm} became {}", is[key]);
        }
    }

    #[test]
    fn a_project_that_keeps_its_plan_and_plans_its_goal_is_never_at_risk(
        starts in prop::collection::vec(70u64..1080, 62),
        after in 0u64..1095,
    ) {
        let mut file = connection();
        let start = file.project.starts_on;
        for (output, offset) in file.outputs.iter_mut().zip(&starts) {
            let on = start + Days::new(*offset);
            // Known from the start, confirmed at once, reported on its last day with its evidence.
            (output.starts, output.ends) = (Some(on.into()), Some(on.into()));
            (output.planned_from, output.planned_to, output.due_on) = (None, None, None);
            let confirmed = step(Verb::Confirmed, &start.to_string());
            output.history = vec![confirmed, step(Verb::Reported, &on.to_string())];
        }
        let evidence = file.outputs.iter().find(|one| !one.evidence.is_empty());
        let evidence = evidence.unwrap().evidence.clone();
        for output in &mut file.outputs {
            output.evidence.clone_from(&evidence);
        }
        let as_of = AsOf::from(start + Days::new(after));
        let mut project = in_memory(&file, "2020-01-01T00:00:00Z");
        // The goal is what is planned; who endorses a plan is not the matter here.
        let planned = progress(&project, as_of, Scope::Project).figures;
        let planned: BTreeMap<_, _> = planned
            .iter()
            .map(|figure| (figure.target.key.clone(), figure.planned))
            .collect();
        let mut rows = project.rows().clone();
        for target in &mut rows.targets {
            target.rule.endorsement = false;
            target.value = planned[&target.key].unwrap_or(target.value);
        }
        project = Project::new(rows);
        for (key, alarm) in alarms(&project, as_of) {
            prop_assert!(alarm != 2, "{key}");
        }
    }
}
