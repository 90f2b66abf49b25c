//! Weekly digests.

use chrono::NaiveDate;
use domain::brief::{DigestDay, Since};
use domain::project::{AsOf, Project};
use entities::*;
use worker::mail::Mail;

use super::given::{self, at, compare, mailer, person, project, row};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn digest(project: &Project, to: &str, on: &str, since: &str) -> Option<Mail> {
    let now = at(&format!("{on}T06:00:00Z"));
    let person = person(project, to);
    let since = Since {
        day: day(since),
        recorded_at: None,
    };
    let brief = DigestDay::new(project, AsOf::from(day(on))).digest(person, since)?;
    let row = row(project, person, Category::Digest, project.id(), now);
    Some(mailer().digest(&brief, &row, now).unwrap())
}

#[test]
fn a_city_sees_its_own_duties_first() {
    let project = project();
    let thessaloniki = digest(
        &project,
        "thessaloniki-exchanges",
        "2021-09-06",
        "2021-08-30",
    );
    compare("digest-city-en", &thessaloniki.unwrap());
    let torino = digest(&project, "torino-exchanges", "2021-10-18", "2021-10-11");
    compare("digest-city-it", &torino.unwrap());
}

#[test]
fn the_coordinator_sees_what_nobody_leads_and_what_waits_to_be_verified() {
    let project = project();
    let coordinator = "eurocities-coordination";
    let mail = digest(&project, coordinator, "2021-09-27", "2021-09-20").unwrap();
    compare("digest-coordinator-en", &mail);
    let last = digest(&project, coordinator, "2022-12-26", "2022-12-19").unwrap();
    compare("digest-coordinator-end-en", &last);
    let cut = last
        .text
        .lines()
        .filter(|line| line.trim().starts_with("and "))
        .count();
    assert!(cut >= 1, "a list that was cut says so");
}

#[test]
fn a_coordinator_who_reads_italian_gets_italian() {
    let mut rows = given::rows();
    for person in &mut rows.people {
        person.locale = "it".to_owned();
    }
    let project = Project::new(rows);
    let mail = digest(
        &project,
        "eurocities-coordination",
        "2021-09-27",
        "2021-09-20",
    )
    .unwrap();
    compare("digest-coordinator-it", &mail);
}

#[test]
fn a_returned_report_says_what_is_missing() {
    let mut rows = given::rows();
    let output = rows
        .outputs
        .iter()
        .find(|output| output.key == "x_thessaloniki_delta_leg1")
        .unwrap();
    let reported = rows
        .output_events
        .iter()
        .find(|event| event.output_id == output.id)
        .unwrap();
    let returned = output_event::Model {
        id: OutputEventId(uuid::Uuid::from_u128(2)),
        position: reported.position + 1,
        verb: Verb::Returned,
        effective_on: "2021-09-28".parse().ok(),
        reason: Some("The attendance lists".to_owned()),
        ..reported.clone()
    };
    rows.output_events.push(returned);
    let project = Project::new(rows);
    let mail = digest(
        &project,
        "thessaloniki-exchanges",
        "2021-10-04",
        "2021-09-27",
    )
    .unwrap();
    let text = mail.text.replace("\n  ", " ");
    assert!(text.contains("Missing: The attendance lists. "), "{text}");
    assert!(text.contains("sent back"), "{text}");
}

/// The project on 6 September 2021, with Prague's proposal of other days for the visit to Torino, and
/// another project's of another name for Torino.
fn proposed(locale: &str) -> Project {
    let mut rows = given::rows();
    for person in &mut rows.people {
        person.locale = locale.to_owned();
    }
    let visit = rows.outputs.iter().find(|row| row.key == "cop1_w2");
    let visit = visit.unwrap().id;
    // It was open then.
    let later = day("2021-09-06");
    rows.output_events
        .retain(|row| row.output_id != visit || row.effective_on.is_some_and(|on| on < later));
    let organisation = |key: &str| {
        let mut all = rows.organisations.iter();
        all.find(|row| row.key == key).unwrap().id
    };
    let prague = organisation("prague");
    let partner = rows.partners.iter();
    let mut partner = partner.filter(|row| row.organisation_id == prague);
    let dates = proposal::Model {
        id: ProposalId(uuid::Uuid::from_u128(3)),
        project_id: rows.project.id,
        key: "proposal-1".to_owned(),
        output_id: Some(visit),
        by_id: partner.next().map(|row| row.id),
        proposed_at: at("2021-09-03T09:00:00Z"),
        reason: "A strike of the railways".to_owned(),
        until: day("2021-09-17"),
        starts: "2021-10-18".parse().ok(),
        ends: "2021-10-20".parse().ok(),
        ..Default::default()
    };
    let name = proposal::Model {
        id: ProposalId(uuid::Uuid::from_u128(4)),
        key: "change-1".to_owned(),
        position: 1,
        kind: ProposalKind::Organisation,
        output_id: None,
        by_id: None,
        reason: "Its English name".to_owned(),
        starts: None,
        ends: None,
        change_id: Some(uuid::Uuid::from_u128(5)),
        record_id: Some(organisation("torino").into()),
        changes: ProposedChanges(vec![ProposedChange {
            field: "name".to_owned(),
            from: "Torino".into(),
            to: "Turin".into(),
        }]),
        is_asked: true,
        ..dates.clone()
    };
    rows.proposals = vec![dates, name];
    Project::new(rows)
}

#[test]
fn a_proposal_waits_in_the_digest_of_whoever_may_decide_it_with_its_day_and_link() {
    let of = |locale: &str, to: &str| digest(&proposed(locale), to, "2021-09-06", "2021-08-30");
    for locale in ["en", "it"] {
        let mail = of(locale, "eurocities-coordination").unwrap();
        compare(&format!("digest-proposals-{locale}"), &mail);
    }
    let host = of("en", "torino-exchanges").unwrap().text;
    assert!(host.contains("Proposed to you"), "{host}");
    let words: Vec<_> = host.split_whitespace().collect();
    let words = words.join(" ");
    assert!(
        words.contains("A strike of the railways. It lapses after"),
        "{words}"
    );
    assert!(!host.contains("Turin"), "{host}");
    // Whoever proposes it is not asked.
    let prague = of("en", "prague-exchanges");
    assert!(prague.is_none_or(|mail| !mail.text.contains("Proposed to you")));
    // It has lapsed a week later.
    let later = digest(
        &proposed("en"),
        "torino-exchanges",
        "2021-09-20",
        "2021-09-13",
    );
    assert!(later.is_none_or(|mail| !mail.text.contains("Proposed to you")));
}

#[test]
fn every_week_of_the_project_has_its_digest_or_nothing_to_say() {
    let project = project();
    let monday = day("2020-01-06");
    let mut mails = 0;
    for week in monday
        .iter_weeks()
        .take_while(|week| *week <= day("2022-12-31"))
    {
        let since = week.checked_sub_days(chrono::Days::new(7)).unwrap();
        let Some(mail) = digest(
            &project,
            "eurocities-coordination",
            &week.to_string(),
            &since.to_string(),
        ) else {
            continue;
        };
        mails += 1;
        let too_long = |line: &&str| line.chars().count() > 72 && !line.contains("https://");
        assert_eq!(mail.text.lines().find(too_long), None);
    }
    assert!(mails > 100, "{mails}");
}
