//! Roles by the day: in files, in mail, and in a project that is in memory while a day begins.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    clock::Clock,
    command::Import,
    file::{self, ProjectFile},
    ids::Ids,
    ledger,
    plan::{Recheck, plan},
    project::Project,
    record::{Participant, Role},
    store::Store,
    viewer::{Credential, SignedIn, Viewer},
};
use entities::{
    Category, NotificationState, ParticipationStatus, SkipReason, Strings, notification,
};
use rstest::rstest;
use sea_orm::EntityTrait;
use tests::{
    Backend,
    project::{connection, in_memory, output},
};
use uuid::Uuid;

const DELTA: &str = "delta-exchanges";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The first role of a person.
fn role<'a>(file: &'a mut ProjectFile, key: &str) -> &'a mut Role {
    let mut people = file.people.iter_mut();
    let person = people.find(|person| person.key == key).unwrap();
    &mut person.roles[0]
}

/// CONNECTION, where the people of Delta have their role on these days.
fn with_days(from: Option<&str>, until: Option<&str>) -> ProjectFile {
    let mut file = connection();
    let role = role(&mut file, DELTA);
    (role.from, role.until) = (from.map(day), until.map(day));
    file
}

/// The days in August and September 2021 on which somebody is due a mail of a category.
fn days_of(project: &Project, key: &str, category: Category) -> BTreeSet<String> {
    let due = plan(
        project,
        at("2021-08-01T00:00:00Z"),
        at("2021-09-30T00:00:00Z"),
    );
    due.into_iter()
        .filter(|due| due.category == category && project.person(due.person).key == key)
        .map(|due| due.due_at.format("%m-%d").to_string())
        .collect()
}

#[test]
fn who_left_gets_no_mail_and_who_comes_none_before() {
    let reminders = |from, until| {
        let project = in_memory(&with_days(from, until), "2020-01-01T00:00:00Z");
        let days = days_of(&project, DELTA, Category::ExchangeReminder);
        days.into_iter().collect::<Vec<_>>()
    };
    let all = ["08-21", "09-06", "09-13", "09-19"];
    assert_eq!(reminders(None, None), all);
    // The last day of a role is one on which mail still comes.
    assert_eq!(reminders(None, Some("2021-09-06")), all[..2]);
    assert_eq!(reminders(None, Some("2021-09-05")), all[..1]);
    assert_eq!(reminders(Some("2021-09-13"), None), all[2..]);
    assert_eq!(reminders(Some("2021-09-14"), Some("2021-09-18")), [""; 0]);
}

#[test]
fn a_digest_goes_to_who_has_a_role_on_its_day() {
    let file = with_days(None, Some("2021-08-31"));
    let project = in_memory(&file, "2020-01-01T00:00:00Z");
    let digests = days_of(&project, DELTA, Category::Digest);
    assert!(digests.contains("08-30"), "{digests:?}");
    assert!(
        digests.iter().all(|day| day.starts_with("08")),
        "{digests:?}"
    );
}

#[test]
fn who_takes_part_by_name_and_left_gets_no_mail() {
    let mut file = with_days(None, Some("2021-08-31"));
    let visit = output(&mut file, "cop1_w2");
    visit.participants = vec![Participant {
        partner: None,
        person: Some(DELTA.to_owned()),
        who: None,
        status: ParticipationStatus::Expected,
        reason: None,
        since: None,
        sources: Strings::default(),
        translations: Default::default(),
    }];
    let project = in_memory(&file, "2020-01-01T00:00:00Z");
    let days = days_of(&project, DELTA, Category::VisitReminder);
    assert!(days.is_empty(), "{days:?}");
    role(&mut file, DELTA).until = None;
    let project = in_memory(&file, "2020-01-01T00:00:00Z");
    assert!(!days_of(&project, DELTA, Category::VisitReminder).is_empty());
}

#[test]
fn a_file_says_the_days_of_a_role_both_ways() {
    let file = with_days(Some("2020-03-01"), Some("2021-08-31"));
    let project = in_memory(&file, "2020-01-01T00:00:00Z");
    let mut exported = file::export(&project);
    let role = role(&mut exported, DELTA);
    assert_eq!(role.from, Some(day("2020-03-01")));
    assert_eq!(role.until, Some(day("2021-08-31")));
    let text = serde_json::to_value(&exported).unwrap();
    let people = text["people"].as_array().unwrap();
    let delta = people.iter().find(|one| one["key"] == DELTA).unwrap();
    assert_eq!(delta["roles"][0]["until"], "2021-08-31");
    // A role without days is spelled as ever.
    let other = people.iter().find(|one| one["key"] == "paris-exchanges");
    assert!(other.unwrap()["roles"][0]["until"].is_null());
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_mail_that_waits_is_skipped_where_its_reader_left_meanwhile(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let clock = Clock::frozen(at("2021-09-06T05:59:30Z"));
    let store = Store::new(database.db.clone(), clock.clone(), Ids::Fresh);
    let file = with_days(None, Some("2021-09-06"));
    store.import(&file, Import::default()).await.unwrap();
    let project = store.project("connection").await.unwrap();
    let monday = at("2021-09-06T06:00:00Z");
    ledger::claim(store.db(), &project, store.ids(), monday)
        .await
        .unwrap();
    let rows = notification::Entity::find().all(store.db()).await.unwrap();
    let mut rows = rows.into_iter();
    let waiting = |row: &notification::Model| {
        project.person(row.person_id).key == DELTA
            && row.category == Category::ExchangeReminder
            && row.state == NotificationState::Due
    };
    let row = rows.find(waiting).unwrap();
    assert_eq!(Recheck::new(&project, monday).check(&row), Ok(()));
    let later = at("2021-09-07T06:00:00Z");
    assert_eq!(
        Recheck::new(&project, later).check(&row),
        Err(SkipReason::RuleChanged)
    );
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_project_in_memory_goes_by_the_roles_of_the_day(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let clock = Clock::frozen(at("2021-08-31T12:00:00Z"));
    let store = Store::new(database.db.clone(), clock.clone(), Ids::Fresh);
    let file = with_days(Some("2021-09-01"), Some("2021-09-05"));
    store.import(&file, Import::default()).await.unwrap();
    let project = store.project("connection").await.unwrap();
    let mut people = project.people.iter();
    let person = people.find(|row| row.key == DELTA).unwrap().id;
    let viewer = Viewer::Person(SignedIn {
        person,
        by: Credential::Session(Uuid::from_u128(1).into()),
    });
    // 22:30 in the evening is half past midnight in Brussels.
    for (now, has_role) in [
        ("2021-08-31T12:00:00Z", false),
        ("2021-08-31T22:30:00Z", true),
        ("2021-09-05T12:00:00Z", true),
        ("2021-09-05T22:30:00Z", false),
        ("2021-09-03T12:00:00Z", true),
    ] {
        clock.set(at(now));
        let project = store.project("connection").await.unwrap();
        assert_eq!(viewer.has_role(&project), has_role, "{now}");
        let cached = store.cached_revision("connection");
        assert_eq!(cached, Some(project.revision()), "{now}");
    }
}
