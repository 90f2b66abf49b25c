//! One mail per person and occasion, whichever rules ask for it, and none about days after somebody left.

use chrono::{DateTime, Utc};
use domain::{
    clock::Clock, command::Import, file::ProjectFile, ids::Ids, ledger, plan::plan,
    project::Project, store::Store,
};
use entities::{Category, Days, NotificationState, notification};
use rstest::rstest;
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait};
use tests::{
    Backend,
    project::{connection, in_memory},
};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// The people who are due mail of a category on a day, and what of.
fn due(file: &ProjectFile, category: Category, day: &str) -> Vec<(String, String)> {
    let project: Project = in_memory(file, "2020-01-01T00:00:00Z");
    let (from, to) = (
        at(&format!("{day}T00:00:00Z")),
        at(&format!("{day}T23:00:00Z")),
    );
    let due = plan(&project, from, to).into_iter();
    let due = due.filter(|due| due.category == category);
    due.map(|due| (project.person(due.person).key.clone(), due.occurrence))
        .collect()
}

/// Adds a second rule of a category, in the evening, with days of its own.
fn add_rule(file: &mut ProjectFile, category: Category, offsets: &[i32]) {
    let mut rules = file.reminder_rules.iter();
    let mut rule = rules
        .find(|rule| rule.category == category)
        .unwrap()
        .clone();
    rule.key = "another".to_owned();
    rule.at_time = "18:00".to_owned();
    rule.offsets = Days(offsets.to_vec());
    file.reminder_rules.push(rule);
}

#[rstest]
#[case::of_reminders(Category::ExchangeReminder, &[14, 3])]
#[case::of_digests(Category::Digest, &[])]
fn two_rules_that_meet_on_one_day_ask_for_one_mail(
    #[case] category: Category,
    #[case] offsets: &[i32],
) {
    let mut file = connection();
    let before = due(&file, category, "2021-09-06");
    assert!(!before.is_empty());
    add_rule(&mut file, category, offsets);
    assert_eq!(due(&file, category, "2021-09-06"), before);
    if !offsets.is_empty() {
        let alone = due(&file, category, "2021-09-17");
        assert!(!alone.is_empty(), "a step that one of them has alone goes");
    }
}

#[test]
fn who_leaves_before_an_exchange_gets_no_mail_about_it_in_whatever_part() {
    let mut file = connection();
    let category = Category::ExchangeReminder;
    let before = due(&file, category, "2021-09-06");
    let is_delta = |(person, _): &&(String, String)| person == "delta-exchanges";
    assert!(before.iter().any(|mail| is_delta(&mail)));
    let mut partners = file.partners.iter_mut();
    let delta = partners
        .find(|partner| partner.organisation == "delta")
        .unwrap();
    // After the mail, before the exchange of 20 September.
    delta.left_on = Some("2021-09-15".parse().unwrap());
    let after = due(&file, category, "2021-09-06");
    assert!(!after.is_empty());
    assert_eq!(after.iter().find(is_delta), None);
    // Who leaves when it is over is told.
    let mut partners = file.partners.iter_mut();
    let delta = partners
        .find(|partner| partner.organisation == "delta")
        .unwrap();
    delta.left_on = Some("2021-09-25".parse().unwrap());
    assert_eq!(due(&file, category, "2021-09-06"), before);
}

/// As the release before wrote occurrences: with the key of the rule.
const AS_BEFORE: &str = "update notification set occurrence =
    (select key from reminder_rule where reminder_rule.id = rule_id) || '/' || occurrence;
    delete from seaql_migrations where version = 'm20261128_000018_occasions'";

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_ledger_of_the_release_before_sends_nothing_twice(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let db = &database.db;
    let clock = Clock::frozen(at("2021-09-06T05:59:30Z"));
    let store = Store::new(db.clone(), clock, Ids::Fresh);
    store
        .import(&connection(), Import::default())
        .await
        .unwrap();
    let now = at("2021-09-06T12:00:00Z");
    let project = store.fresh("connection").await.unwrap();
    let claim = || ledger::claim(db, &project, store.ids(), now);
    assert!(claim().await.unwrap() > 0);
    let all = || async { notification::Entity::find().all(db).await.unwrap() };
    let reminder = all().await;
    let reminder = reminder
        .iter()
        .find(|row| row.category == Category::ExchangeReminder)
        .unwrap();
    let first = ledger::lease(db, reminder.id, now).await.unwrap().unwrap();
    assert!(first.begin_sending(db, "<x@test.example>").await.unwrap());
    first.finish(db, ledger::Outcome::Sent, now).await.unwrap();
    let before = all().await;
    for statement in AS_BEFORE.split(';') {
        db.execute_unprepared(statement).await.unwrap();
    }
    // And a second rule had asked for the one that was sent.
    let second = notification::Model {
        id: Ids::Fresh
            .make("notification", reminder.id.into(), "x")
            .into(),
        occurrence: format!("another/{}", reminder.occurrence),
        ..reminder.clone()
    };
    notification::Entity::insert(sea_orm::IntoActiveModel::into_active_model(second.clone()))
        .exec_without_returning(db)
        .await
        .unwrap();

    migration::migrate(db).await.unwrap();
    assert_eq!(claim().await.unwrap(), 0, "all that is due was claimed");
    let after = all().await;
    assert_eq!(after.len(), before.len() + 1);
    for row in &before {
        assert!(after.contains(row), "{row:?}");
    }
    let count = notification::Entity::find().count(db).await.unwrap();
    assert_eq!(count, u64::try_from(after.len()).unwrap());
    // The second is asked for by nothing any more.
    let left = after.iter().find(|row| row.id == second.id).unwrap();
    assert_eq!(left.state, NotificationState::Due);
    let check = domain::plan::Recheck::new(&project, now).check(left);
    assert_eq!(check, Err(entities::SkipReason::RuleChanged));
}
