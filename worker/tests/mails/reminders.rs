//! Reminders.

use domain::plan::{Subject, plan};
use domain::project::Project;
use entities::*;
use i18n::Language;

use super::given::{self, at, compare, mailer, project, reminder, row};

const THESSALONIKI: (OutputKind, &str) = (OutputKind::StaffExchange, "x_thessaloniki_delta_leg1");
const TURIN: (OutputKind, &str) = (OutputKind::Visit, "cop1_w2");
const INTERIM: (OutputKind, &str) = (OutputKind::Event, "interim_meeting");
/// 09:00 in Athens, 08:00 in Brussels.
const MONDAY: &str = "2021-09-06T06:00:00Z";

fn reworded(project: &Project, change: impl Fn(&mut output::Model)) -> Project {
    let mut rows = project.rows().clone();
    for output in &mut rows.outputs {
        if output.key == THESSALONIKI.1 {
            change(output);
        }
    }
    Project::new(rows)
}

#[test]
fn fourteen_days_before_thessaloniki_host_guest_and_participant_get_their_own_lists() {
    let project = project();
    let mail = |to| reminder(&project, THESSALONIKI, to, MONDAY);
    compare("exchange-14-host-en", &mail("thessaloniki-exchanges"));
    compare("exchange-14-guest-en", &mail("delta-exchanges"));
    compare("exchange-14-participant-en", &mail("anatoliki-exchanges"));
}

#[test]
fn a_reader_gets_their_own_language() {
    let mut rows = given::rows();
    for person in &mut rows.people {
        person.locale = "it-IT".to_owned();
        person.time_zone = "Europe/Rome".to_owned();
    }
    let project = Project::new(rows);
    let mail = |to| reminder(&project, THESSALONIKI, to, MONDAY);
    compare("exchange-14-host-it", &mail("thessaloniki-exchanges"));
    compare("exchange-14-guest-it", &mail("delta-exchanges"));
}

#[test]
fn each_step_says_what_to_do_now() {
    let project = project();
    for (to, day) in [
        ("delta-exchanges", "2021-08-21"),
        ("delta-exchanges", "2021-09-13"),
        ("delta-exchanges", "2021-09-19"),
        ("thessaloniki-exchanges", "2021-08-21"),
        ("thessaloniki-exchanges", "2021-09-13"),
        ("thessaloniki-exchanges", "2021-09-19"),
    ] {
        let mail = reminder(&project, THESSALONIKI, to, &format!("{day}T06:00:00Z"));
        let steps = mail.text.split("To prepare now").nth(1).unwrap();
        let steps = steps.split("On the agenda").next().unwrap();
        let count = steps.lines().filter(|line| line.starts_with("* ")).count();
        assert!((2..=4).contains(&count), "{}", mail.text);
    }
    let eve = reminder(
        &project,
        THESSALONIKI,
        "delta-exchanges",
        "2021-09-19T06:00:00Z",
    );
    assert!(eve.subject.starts_with("Tomorrow: "), "{}", eve.subject);
}

#[test]
fn the_turin_visit_is_told_to_host_expert_and_participants() {
    let project = project();
    let mail = |to| reminder(&project, TURIN, to, "2021-09-11T07:00:00Z");
    compare("visit-30-host-it", &mail("torino-exchanges"));
    compare("visit-30-expert-en", &mail("migrationwork-facilitation"));
    compare("visit-30-participant-en", &mail("thessaloniki-exchanges"));
}

#[test]
fn the_interim_meeting_is_told_to_all_partners() {
    let project = project();
    let mail = |to| reminder(&project, INTERIM, to, "2021-09-11T07:00:00Z");
    compare("meeting-2-en", &mail("tampere-exchanges"));
    compare("meeting-2-it", &mail("anci-piemonte-exchanges"));
}

#[test]
fn a_moved_exchange_says_from_when_and_why_and_raises_the_entry_s_sequence() {
    let mut rows = given::rows();
    let output = rows
        .outputs
        .iter()
        .find(|output| output.key == THESSALONIKI.1)
        .unwrap();
    let event = rows
        .output_events
        .iter()
        .find(|event| event.output_id == output.id)
        .unwrap();
    let moved = output_event::Model {
        id: OutputEventId(uuid::Uuid::from_u128(1)),
        position: -1,
        verb: Verb::Rescheduled,
        effective_on: "2021-06-01".parse().ok(),
        reason: Some("Travel was not possible.".to_owned()),
        old_starts: "2021-05-31".parse().ok(),
        old_ends: "2021-06-04".parse().ok(),
        new_starts: output.starts,
        new_ends: output.ends,
        ..event.clone()
    };
    rows.output_events.push(moved);
    let project = Project::new(rows);
    let mail = reminder(&project, THESSALONIKI, "delta-exchanges", MONDAY);
    compare("exchange-14-moved-en", &mail);
    assert!(mail.calendar.unwrap().contains("\r\nSEQUENCE:1\r\n"));
}

#[test]
fn what_is_not_known_stays_unknown() {
    let project = project();
    let antwerp = (OutputKind::StaffExchange, "x_antwerp");
    let mail = reminder(&project, antwerp, "antwerp-exchanges", MONDAY);
    compare("exchange-days-open-en", &mail);
    assert_eq!(mail.calendar, None);
    let piedmont = (OutputKind::StaffExchange, "x_torino_anci_piemonte_leg2");
    let mail = reminder(&project, piedmont, "asti-exchanges", "2022-05-20T07:00:00Z");
    assert!(mail.text.contains("giugno 2022"), "{}", mail.text);
    assert!(mail.text.contains("È Lei a ospitare"), "{}", mail.text);
    assert_eq!(mail.calendar, None);
}

#[test]
fn data_are_never_markup() {
    let evil = "<script>alert(\"x\")</script> & Co\r\nBcc: eve@evil.example";
    let project = reworded(&project(), |output| {
        output.title.0.insert("en".to_owned(), evil.to_owned());
        output.place = Some(evil.to_owned());
    });
    let mail = reminder(&project, THESSALONIKI, "delta-exchanges", MONDAY);
    assert!(!mail.html.contains("<script"), "{}", mail.html);
    assert!(mail.html.contains("&lt;script&gt;alert"));
    assert!(mail.text.contains("<script>alert(\"x\")</script> & Co"));
}

#[test]
fn an_hour_s_difference_is_told_with_both_times() {
    let project = project();
    let mail = reminder(
        &project,
        TURIN,
        "thessaloniki-exchanges",
        "2021-09-11T07:00:00Z",
    );
    let text = mail.text.replace("\n  ", " ");
    assert!(
        text.contains("are one hour behind yours: 09:00 there is 10:00 for you (Europe/Athens)"),
        "{}",
        mail.text
    );
}

#[test]
fn every_reminder_of_the_whole_project_reads_well_in_every_language() {
    for language in Language::all() {
        let mut rows = given::rows();
        for person in &mut rows.people {
            person.locale = language.tag.to_owned();
        }
        let project = Project::new(rows);
        let (from, to) = (at("2020-01-01T00:00:00Z"), at("2023-01-31T00:00:00Z"));
        let due = plan(&project, from, to);
        let reminders = due
            .into_iter()
            .filter(|due| matches!(due.subject, Subject::Output(_)));
        let mut count = 0;
        for due in reminders {
            let person = project.person(due.person);
            let row = row(&project, person, due.category, due.subject, due.due_at);
            let is_of_days = due.category != Category::DueReminder;
            let mail = match is_of_days {
                true => mailer().reminder(&project, &row, due.due_at),
                false => mailer().due_reminder(&project, &row, due.due_at),
            };
            let mail = mail.unwrap();
            assert_eq!(mail.calendar.is_some(), is_of_days, "{}", mail.subject);
            let too_long = |line: &&str| line.chars().count() > 72 && !line.contains("https://");
            assert_eq!(mail.text.lines().find(too_long), None);
            for page in [&mail.subject, &mail.text, &mail.html] {
                assert!(!page.contains("{ $"), "{page}");
            }
            count += 1;
        }
        assert!(count > 300, "{count}");
    }
}

#[test]
fn a_city_is_asked_what_came_of_its_challenge_with_all_that_it_was_told() {
    let project = project();
    let now = at("2022-01-11T08:00:00Z");
    let output = project.output_by_key(TURIN.0, TURIN.1).unwrap();
    let question = |to| {
        let reader = given::person(&project, to);
        let row = row(&project, reader, Category::Question, output.id, now);
        mailer().outcome_question(&project, &row, now).unwrap()
    };
    compare("outcome-en", &question("prague-exchanges"));
    compare("outcome-it", &question("torino-exchanges"));
    // Whoever stands in for a city is told whose challenges they are.
    let stand_in = question("eurocities-coordination");
    assert!(stand_in.text.contains("Prague"), "{}", stand_in.text);
    assert!(stand_in.text.contains("Torino"), "{}", stand_in.text);
}
