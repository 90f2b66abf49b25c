//! What is due, by when, and who is asked for it.

use chrono::NaiveDate;
use domain::{
    duty::{self, Subject, Task},
    project::{AsOf, Due, Owes, Project},
};
use entities::{LeadTime, OutputKind, Verb};
use tests::project::{connection, in_memory, output, step};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn project() -> Project {
    in_memory(&connection(), "2020-01-01T00:00:00Z")
}

fn due(project: &Project, kind: OutputKind, key: &str, on: &str) -> Option<Due> {
    let output = project.output_by_key(kind, key).unwrap();
    project.due(output, AsOf::today(day(on)))
}

fn owed(project: &Project, kind: OutputKind, key: &str, on: &str) -> (Owes, String, bool) {
    let due = due(project, kind, key, on).unwrap();
    (due.owes, due.on.to_string(), due.is_overdue)
}

/// The outputs that are overdue on a day.
fn overdue(project: &Project, as_of: AsOf) -> Vec<&str> {
    let outputs = project.outputs.iter();
    let overdue = outputs.filter(|row| project.due(row, as_of).is_some_and(|due| due.is_overdue));
    overdue.map(|row| row.key.as_str()).collect()
}

#[test]
fn what_has_known_days_ahead_is_due_by_those_however_late_its_window_makes_it() {
    // Planned for January to April 2021, held in October.
    let project = project();
    let of_torino = |on| owed(&project, OutputKind::Visit, "cop1_w2", on);
    let by_its_days = (Owes::Report, "2021-10-13".to_owned(), false);
    assert_eq!(of_torino("2021-03-01"), by_its_days);
    assert_eq!(of_torino("2021-09-06"), by_its_days);
    let row = project.output_by_key(OutputKind::Visit, "cop1_w2").unwrap();
    assert_eq!(project.promised_on(row), day("2021-04-30"));
}

#[test]
fn a_window_without_days_owes_its_days_before_it_begins_and_its_report_once_it_is_over() {
    let project = project();
    let of_third = |on| owed(&project, OutputKind::Visit, "cop3_w3", on);
    let eve = "2021-07-31".to_owned();
    assert_eq!(of_third("2021-07-31"), (Owes::Days, eve.clone(), false));
    assert_eq!(of_third("2021-08-01"), (Owes::Days, eve.clone(), true));
    assert_eq!(of_third("2021-11-30"), (Owes::Days, eve, true));
    assert_eq!(
        of_third("2021-12-01"),
        (Owes::Report, "2021-11-30".to_owned(), true)
    );
    // Ninety days before, by the lead time of visits.
    let due = due(&project, OutputKind::Visit, "cop3_w3", "2021-03-01").unwrap();
    assert_eq!(due.asked_from, day("2021-05-02"));
}

#[test]
fn a_month_is_a_window_too() {
    // Moved to November 2021, no day known.
    let project = project();
    let of_athens = |on| owed(&project, OutputKind::Visit, "cop4_w2", on);
    assert_eq!(
        of_athens("2021-09-06"),
        (Owes::Days, "2021-10-31".to_owned(), false)
    );
}

#[test]
fn what_has_neither_days_nor_a_window_is_due_by_its_due_day_else_at_the_end() {
    let mut file = connection();
    output(&mut file, "ap_asti").due_on = Some(day("2022-06-30"));
    let project = in_memory(&file, "2020-01-01T00:00:00Z");
    let of_plan = |key| owed(&project, OutputKind::ActionPlan, key, "2022-05-01");
    assert_eq!(
        of_plan("ap_asti"),
        (Owes::Report, "2022-06-30".to_owned(), false)
    );
    assert_eq!(
        of_plan("ap_cuneo"),
        (Owes::Report, "2022-12-31".to_owned(), false)
    );
}

#[test]
fn a_due_day_is_over_when_it_is_over() {
    let mut file = connection();
    output(&mut file, "ap_asti").due_on = Some(day("2022-06-30"));
    let project = in_memory(&file, "2020-01-01T00:00:00Z");
    let row = project
        .output_by_key(OutputKind::ActionPlan, "ap_asti")
        .unwrap();
    let is_overdue = |as_of| project.due(row, as_of).unwrap().is_overdue;
    assert!(!is_overdue(AsOf::today(day("2022-06-30"))));
    assert!(is_overdue(AsOf::today(day("2022-07-01"))));
    // Read later, that day is over.
    assert!(is_overdue(AsOf::from(day("2022-06-30"))));
}

#[test]
fn a_project_sets_its_own_lead_times() {
    let mut file = connection();
    file.project.lead_times.0.push(LeadTime {
        kind: OutputKind::ActionPlan,
        days: 10,
    });
    let project = in_memory(&file, "2020-01-01T00:00:00Z");
    let asked_from = |kind, key| due(&project, kind, key, "2022-05-01").unwrap().asked_from;
    assert_eq!(
        asked_from(OutputKind::ActionPlan, "ap_asti"),
        day("2022-12-21")
    );
    assert_eq!(
        asked_from(OutputKind::Policy, "pol_zagreb"),
        day("2022-07-04")
    );
}

#[test]
fn figures_duties_and_lists_call_the_same_outputs_overdue() {
    let project = project();
    for month in project.months() {
        for as_of in [AsOf::from(month.last_day), AsOf::today(month.first_day)] {
            let by_output = overdue(&project, as_of);
            let mut by_duty: Vec<_> = duty::duties(&project, as_of)
                .into_iter()
                .filter(|duty| duty.overdue)
                .filter_map(|duty| duty.output())
                .map(|id| project.output(id).key.as_str())
                .collect();
            by_duty.sort_unstable();
            by_duty.dedup();
            let mut sorted = by_output.clone();
            sorted.sort_unstable();
            assert_eq!(by_duty, sorted, "{as_of:?}");
        }
    }
    let september = AsOf::today(day("2021-09-06"));
    assert_eq!(
        overdue(&project, september),
        ["cop2_w1", "cop2_w2", "cop3_w3", "cop4_w1"]
    );
}

#[test]
fn asti_owes_its_plan_and_its_endorsement() {
    let project = project();
    let tasks = |on: &str| {
        let person = project
            .people
            .iter()
            .find(|row| row.key == "asti-exchanges");
        let duties = duty::duties_of(&project, person.unwrap(), AsOf::today(day(on)));
        let tasks = duties.iter().map(|duty| (duty.task, duty.day.to_string()));
        tasks.collect::<Vec<_>>()
    };
    assert_eq!(tasks("2022-09-01"), []);
    let end = || "2022-12-31".to_owned();
    assert_eq!(
        tasks("2022-11-21"),
        [(Task::Deliver, end()), (Task::Endorse, end())]
    );
}

#[test]
fn a_plan_without_an_endorsement_is_reported_but_does_not_count() {
    let mut file = connection();
    let asti = output(&mut file, "ap_asti");
    asti.history.push(step(Verb::Reported, "2022-10-01"));
    let copy = output(&mut file, "ap_zagreb").evidence.clone();
    output(&mut file, "ap_asti").evidence = copy;
    let project = in_memory(&file, "2020-01-01T00:00:00Z");
    let target = project.target_by_key("action_plans").unwrap();
    let as_of = AsOf::from(day("2022-12-01"));
    let scope = domain::progress::Scope::Project;
    let figure = domain::progress::figure(&project, target, as_of, scope);
    assert_eq!(figure.reported, Some(1));
    let row = project
        .output_by_key(OutputKind::ActionPlan, "ap_asti")
        .unwrap();
    assert_eq!(project.due(row, as_of).unwrap().owes, Owes::Evidence);
    let of_asti = duty::duties(&project, as_of).into_iter();
    let of_asti = of_asti.filter(|duty| duty.subject == Subject::Output(row.id));
    let tasks: Vec<_> = of_asti.map(|duty| duty.task).collect();
    assert_eq!(tasks, [Task::Verify, Task::Endorse]);
}

#[test]
fn the_rest_of_a_target_is_the_coordinator_s_to_plan_ahead_of_time() {
    let project = project();
    let target = project.target_by_key("staff_exchanges").unwrap();
    let rest = |on: &str| {
        let duties = duty::duties(&project, AsOf::today(day(on)));
        let mut duties = duties.into_iter();
        duties
            .find(|duty| duty.subject == Subject::Target(target.id))
            .map(|duty| (duty.task, duty.partner, duty.missing))
    };
    // Half of the time is over on 1 July 2021; exchanges are asked for 60 days ahead.
    assert_eq!(rest("2021-05-01"), None);
    assert_eq!(rest("2021-05-02"), Some((Task::Plan, None, Some(8))));
}

#[test]
fn where_nobody_acts_for_who_leads_the_coordinator_is_asked() {
    let mut file = connection();
    file.people.retain(|person| person.key != "asti-exchanges");
    let project = in_memory(&file, "2020-01-01T00:00:00Z");
    let asked = |key: &str| {
        let person = project.people.iter().find(|row| row.key == key).unwrap();
        let duties = duty::duties_of(&project, person, AsOf::today(day("2022-11-21")));
        duties.iter().any(|duty| {
            let output = duty.output().map(|id| project.output(id).key.as_str());
            output == Some("ap_asti")
        })
    };
    assert!(asked("eurocities-coordination"));
    assert!(!asked("torino-exchanges"));
}
