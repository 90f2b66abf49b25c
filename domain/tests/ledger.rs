//! The ledger on every database: claimed once, leased by one, settled when in doubt.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    clock::Clock,
    command::Import,
    file::ProjectFile,
    ids::Ids,
    ledger::{self, Outcome},
    store::Store,
};
use entities::{
    Category, Channel, NotificationId, NotificationState, SkipReason, audit_entry, notification,
    person,
};
use rstest::rstest;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
};
use serde_json::json;
use tests::{Backend, TestDatabase, project::connection};

/// Monday, 06:00 UTC: fourteen days before the exchange in Thessaloniki.
const MONDAY: &str = "2021-09-06T06:00:00Z";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

async fn audited(store: &Store, verb: &str) -> Vec<audit_entry::Model> {
    audit_entry::Entity::find()
        .filter(audit_entry::Column::Verb.eq(verb))
        .all(store.db())
        .await
        .unwrap()
}

/// A store whose project came in at an instant.
async fn store(database: &TestDatabase, file: &ProjectFile, came_in: &str) -> Store {
    let store = Store::new(database.db.clone(), Clock::frozen(at(came_in)), Ids::Fresh);
    store.import(file, Import::default()).await.unwrap();
    store
}

async fn claim(store: &Store, now: &str) -> usize {
    let project = store.fresh("connection").await.unwrap();
    ledger::claim(store.db(), &project, store.ids(), at(now))
        .await
        .unwrap()
}

async fn rows(store: &Store, category: Category) -> Vec<notification::Model> {
    notification::Entity::find()
        .filter(notification::Column::Category.eq(category))
        .all(store.db())
        .await
        .unwrap()
}

/// One mail that waits.
async fn one(store: &Store, category: Category) -> NotificationId {
    rows(store, category)
        .await
        .into_iter()
        .find(|row| row.state == NotificationState::Due)
        .unwrap()
        .id
}

async fn row(store: &Store, id: NotificationId) -> notification::Model {
    notification::Entity::find_by_id(id)
        .one(store.db())
        .await
        .unwrap()
        .unwrap()
}

/// Lets every lease end, as if its time were over.
async fn end_leases(store: &Store) {
    store
        .db()
        .execute_unprepared("update notification set lease_until = 1 where lease_until is not null")
        .await
        .unwrap();
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn what_is_due_is_claimed_once(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database, &connection(), "2021-09-06T05:59:30Z").await;
    let first = claim(&store, MONDAY).await;
    assert!(first > 0);
    assert_eq!(claim(&store, MONDAY).await, 0);
    assert!(!rows(&store, Category::ExchangeReminder).await.is_empty());
    assert!(!rows(&store, Category::Digest).await.is_empty());
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn two_workers_that_claim_at_once_write_each_row_once(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database, &connection(), "2021-09-06T05:59:30Z").await;
    let project = store.fresh("connection").await.unwrap();
    let claims = (0..4).map(|_| {
        let (db, project, ids) = (store.db().clone(), project.clone(), store.ids());
        tokio::spawn(async move { ledger::claim(&db, &project, ids, at(MONDAY)).await.unwrap() })
    });
    for claim in claims.collect::<Vec<_>>() {
        claim.await.unwrap();
    }
    let due = domain::plan::plan(&project, at("2021-09-06T05:59:30Z"), at(MONDAY)).len();
    let written = notification::Entity::find()
        .all(store.db())
        .await
        .unwrap()
        .len();
    assert_eq!(written, due);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn what_lay_before_the_project_came_in_is_never_planned(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database, &connection(), "2021-09-06T05:59:30Z").await;
    claim(&store, MONDAY).await;
    let before = notification::Entity::find()
        .filter(notification::Column::DueAt.lte(at("2021-09-06T05:59:30Z")))
        .all(store.db())
        .await
        .unwrap();
    assert_eq!(before, []);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn of_missed_steps_only_the_latest_useful_one_goes_out(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database, &connection(), "2021-08-01T00:00:00Z").await;
    claim(&store, "2021-09-13T06:30:00Z").await;
    let delta = person::Entity::find()
        .filter(person::Column::Key.eq("delta-exchanges"))
        .one(store.db())
        .await
        .unwrap()
        .unwrap();
    let mut states: Vec<_> = rows(&store, Category::ExchangeReminder)
        .await
        .into_iter()
        .filter(|row| row.person_id == delta.id)
        .map(|row| (row.occurrence, row.state, row.reason))
        .collect();
    states.sort_by(|a, b| a.0.cmp(&b.0));
    let (skipped, due) = (NotificationState::Skipped, NotificationState::Due);
    assert_eq!(
        states,
        [
            ("14/2021-09-20/0".into(), skipped, Some(SkipReason::TooLate)),
            ("30/2021-09-20/0".into(), skipped, Some(SkipReason::TooLate)),
            ("7/2021-09-20/0".into(), due, None),
        ]
    );
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_worker_that_was_away_for_months_makes_up_for_it(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database, &connection(), "2020-11-01T00:00:00Z").await;
    claim(&store, "2020-11-02T12:00:00Z").await;
    claim(&store, MONDAY).await;
    let reports: Vec<_> = rows(&store, Category::ProgressReport).await;
    let sent_to_one: Vec<_> = reports
        .iter()
        .filter(|row| row.person_id == reports[0].person_id)
        .filter(|row| row.state == NotificationState::Due)
        .map(|row| row.occurrence.as_str())
        .collect();
    assert_eq!(sent_to_one, ["2020-10", "2021-08"]);
    assert!(reports.iter().any(|row| row.occurrence == "2021-03"));
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn who_has_no_address_is_skipped_with_the_reason(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database, &connection(), "2021-09-06T05:59:30Z").await;
    claim(&store, MONDAY).await;
    let zurich = person::Entity::find()
        .filter(person::Column::Address.is_null())
        .one(store.db())
        .await
        .unwrap()
        .unwrap();
    let digests = rows(&store, Category::Digest).await;
    let skipped = digests
        .iter()
        .find(|row| row.person_id == zurich.id)
        .unwrap();
    assert_eq!(
        (skipped.state, skipped.reason),
        (NotificationState::Skipped, Some(SkipReason::NoAddress))
    );
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_hint_is_given_once_until_it_is_forgotten(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database, &connection(), "2021-09-06T05:59:30Z").await;
    claim(&store, MONDAY).await;
    let first = ledger::hints(store.db(), at(MONDAY), 1000, 60)
        .await
        .unwrap();
    assert!(first.len() > 10);
    assert_eq!(
        ledger::hints(store.db(), at(MONDAY), 1000, 60)
            .await
            .unwrap(),
        []
    );
    store
        .db()
        .execute_unprepared("update notification set hinted = hinted - 61")
        .await
        .unwrap();
    let again = ledger::hints(store.db(), at(MONDAY), 1000, 60)
        .await
        .unwrap();
    assert_eq!(first.len(), again.len());
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn no_more_hints_are_outstanding_than_asked_for(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database, &connection(), "2021-09-06T05:59:30Z").await;
    claim(&store, MONDAY).await;
    assert_eq!(
        ledger::hints(store.db(), at(MONDAY), 7, 60)
            .await
            .unwrap()
            .len(),
        7
    );
    assert_eq!(
        ledger::hints(store.db(), at(MONDAY), 9, 60)
            .await
            .unwrap()
            .len(),
        2
    );
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn one_mail_is_in_one_worker_s_hands(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database, &connection(), "2021-09-06T05:59:30Z").await;
    claim(&store, MONDAY).await;
    let id = one(&store, Category::ExchangeReminder).await;
    let leases = (0..8).map(|_| {
        let db = store.db().clone();
        tokio::spawn(async move { ledger::lease(&db, id, at(MONDAY)).await.unwrap().is_some() })
    });
    let mut taken = 0;
    for lease in leases.collect::<Vec<_>>() {
        taken += usize::from(lease.await.unwrap());
    }
    assert_eq!(taken, 1);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_lost_lease_can_neither_send_nor_say_how_it_ended(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database, &connection(), "2021-09-06T05:59:30Z").await;
    claim(&store, MONDAY).await;
    let id = one(&store, Category::ExchangeReminder).await;
    let slow = ledger::lease(store.db(), id, at(MONDAY))
        .await
        .unwrap()
        .unwrap();
    end_leases(&store).await;
    let fast = ledger::lease(store.db(), id, at(MONDAY))
        .await
        .unwrap()
        .unwrap();
    assert!(
        !slow
            .begin_sending(store.db(), "<slow@test.example>")
            .await
            .unwrap()
    );
    assert!(
        fast.begin_sending(store.db(), "<fast@test.example>")
            .await
            .unwrap()
    );
    slow.finish(
        store.db(),
        Outcome::Skipped(SkipReason::TooLate),
        at(MONDAY),
    )
    .await
    .unwrap();
    fast.finish(store.db(), Outcome::Sent, at(MONDAY))
        .await
        .unwrap();
    let row = row(&store, id).await;
    assert_eq!(row.state, NotificationState::Sent);
    assert_eq!(row.message_id.as_deref(), Some("<fast@test.example>"));
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn trouble_is_tried_again_later_and_not_for_ever(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database, &connection(), "2021-09-06T05:59:30Z").await;
    claim(&store, MONDAY).await;
    let id = one(&store, Category::Digest).await;
    let mut now = at(MONDAY);
    let mut waits = Vec::new();
    for _ in 0..60 {
        let Some(lease) = ledger::lease(store.db(), id, now).await.unwrap() else {
            break;
        };
        assert!(
            lease
                .begin_sending(store.db(), "<x@test.example>")
                .await
                .unwrap()
        );
        lease
            .finish(store.db(), Outcome::Retry("450 busy".into()), now)
            .await
            .unwrap();
        let row = row(&store, id).await;
        if row.state != NotificationState::Due {
            break;
        }
        assert_eq!(
            ledger::lease(store.db(), id, now)
                .await
                .unwrap()
                .map(|_| ()),
            None
        );
        waits.push((row.next_attempt_at - now).num_minutes());
        now = row.next_attempt_at;
    }
    assert_eq!(waits[..5], [1, 5, 30, 120, 60]);
    assert_eq!(row(&store, id).await.state, NotificationState::Failed);
    assert!(now - at(MONDAY) <= TimeDelta::days(2));
    assert!(now - at(MONDAY) > TimeDelta::hours(46));
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn what_the_operator_must_mend_waits_as_long_as_it_is_useful(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database, &connection(), "2021-09-06T05:59:30Z").await;
    claim(&store, MONDAY).await;
    let id = one(&store, Category::Digest).await;
    let useful_until = at(MONDAY) + TimeDelta::days(5);
    let longer = notification::ActiveModel {
        id: Set(id),
        useful_until: Set(useful_until),
        ..Default::default()
    };
    longer.update(store.db()).await.unwrap();
    let mut now = at(MONDAY);
    for _ in 0..200 {
        let Some(lease) = ledger::lease(store.db(), id, now).await.unwrap() else {
            break;
        };
        let begun = lease.begin_sending(store.db(), "<x@test.example>");
        assert!(begun.await.unwrap());
        let blocked = Outcome::Blocked("550 relay denied".into());
        lease.finish(store.db(), blocked, now).await.unwrap();
        now = row(&store, id).await.next_attempt_at;
    }
    let row = row(&store, id).await;
    assert_eq!(row.state, NotificationState::Skipped);
    assert_eq!(row.reason, Some(SkipReason::TooLate));
    assert!(useful_until - now <= TimeDelta::hours(1), "{now}");
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_refused_address_is_not_written_to_again(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database, &connection(), "2021-09-06T05:59:30Z").await;
    claim(&store, MONDAY).await;
    let id = one(&store, Category::ExchangeReminder).await;
    let lease = ledger::lease(store.db(), id, at(MONDAY))
        .await
        .unwrap()
        .unwrap();
    lease
        .begin_sending(store.db(), "<x@test.example>")
        .await
        .unwrap();
    let refused = Outcome::Failed {
        detail: "550 no such user".into(),
        suppress: true,
    };
    lease.finish(store.db(), refused, at(MONDAY)).await.unwrap();
    let row = row(&store, id).await;
    assert_eq!(row.state, NotificationState::Failed);
    let project = store.fresh("connection").await.unwrap();
    assert_eq!(project.revision(), 2);
    let person = project.person(row.person_id);
    let reason = ledger::refused(store.db(), person, Category::Digest, at(MONDAY))
        .await
        .unwrap();
    assert_eq!(reason, Some(SkipReason::Suppressed));
    let [entry] = &audited(&store, "suppressAddress").await[..] else {
        panic!("one entry")
    };
    assert_eq!(
        (entry.record_id, entry.channel),
        (person.id.0, Channel::Worker)
    );
    assert_eq!(entry.person_id, None);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_crash_while_sending_repeats_a_reminder_and_not_a_digest(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database, &connection(), "2021-09-06T05:59:30Z").await;
    claim(&store, MONDAY).await;
    let reminder = one(&store, Category::ExchangeReminder).await;
    let digest = one(&store, Category::Digest).await;
    for id in [reminder, digest] {
        let lease = ledger::lease(store.db(), id, at(MONDAY))
            .await
            .unwrap()
            .unwrap();
        assert!(
            lease
                .begin_sending(store.db(), "<same@test.example>")
                .await
                .unwrap()
        );
    }
    assert_eq!(
        ledger::resolve_doubtful(store.db(), at(MONDAY))
            .await
            .unwrap(),
        0
    );
    end_leases(&store).await;
    assert_eq!(
        ledger::resolve_doubtful(store.db(), at(MONDAY))
            .await
            .unwrap(),
        2
    );
    let again = row(&store, reminder).await;
    assert_eq!(again.state, NotificationState::Due);
    assert_eq!(again.message_id.as_deref(), Some("<same@test.example>"));
    assert_eq!(row(&store, digest).await.state, NotificationState::Unknown);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn who_sends_too_late_cannot_undo_what_was_settled(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database, &connection(), "2021-09-06T05:59:30Z").await;
    claim(&store, MONDAY).await;
    let id = one(&store, Category::Digest).await;
    let lease = ledger::lease(store.db(), id, at(MONDAY))
        .await
        .unwrap()
        .unwrap();
    assert!(
        lease
            .begin_sending(store.db(), "<x@test.example>")
            .await
            .unwrap()
    );
    end_leases(&store).await;
    ledger::resolve_doubtful(store.db(), at(MONDAY))
        .await
        .unwrap();
    lease
        .finish(store.db(), Outcome::Retry("late".into()), at(MONDAY))
        .await
        .unwrap();
    assert_eq!(row(&store, id).await.state, NotificationState::Unknown);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn settling_leaves_alone_what_was_finished(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database, &connection(), "2021-09-06T05:59:30Z").await;
    claim(&store, MONDAY).await;
    let id = one(&store, Category::ExchangeReminder).await;
    let lease = ledger::lease(store.db(), id, at(MONDAY))
        .await
        .unwrap()
        .unwrap();
    assert!(
        lease
            .begin_sending(store.db(), "<x@test.example>")
            .await
            .unwrap()
    );
    lease
        .finish(store.db(), Outcome::Sent, at(MONDAY))
        .await
        .unwrap();
    lease
        .finish(store.db(), Outcome::Unknown("again".into()), at(MONDAY))
        .await
        .unwrap();
    assert_eq!(row(&store, id).await.state, NotificationState::Sent);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_quiet_project_is_not_looked_at_until_something_is_due(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database, &connection(), "2021-09-06T06:00:30Z").await;
    assert_eq!(
        ledger::to_plan(store.db(), at("2021-09-06T06:01:00Z"))
            .await
            .unwrap(),
        ["connection"]
    );
    claim(&store, "2021-09-06T06:01:00Z").await;
    let next = ledger::next_instant(store.db()).await.unwrap().unwrap();
    assert!(next > at("2021-09-06T06:01:00Z"));
    assert_eq!(
        ledger::to_plan(store.db(), next - TimeDelta::seconds(1))
            .await
            .unwrap(),
        Vec::<String>::new()
    );
    assert_eq!(
        ledger::to_plan(store.db(), next).await.unwrap(),
        ["connection"]
    );

    let mut newer = connection();
    newer.project.acronym = "CONNECTED".into();
    store.import(&newer, Import::default()).await.unwrap();
    assert_eq!(
        ledger::to_plan(store.db(), at("2021-09-06T06:02:00Z"))
            .await
            .unwrap(),
        ["connection"]
    );
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn who_declined_a_category_gets_none_of_it(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database, &connection(), "2021-09-06T05:59:30Z").await;
    let torino = person::Entity::find()
        .filter(person::Column::Key.eq("torino-exchanges"))
        .one(store.db())
        .await
        .unwrap()
        .unwrap();
    ledger::decline(
        store.db(),
        torino.id,
        Category::Digest,
        store.ids(),
        at(MONDAY),
    )
    .await
    .unwrap();
    ledger::decline(
        store.db(),
        torino.id,
        Category::Digest,
        store.ids(),
        at(MONDAY),
    )
    .await
    .unwrap();
    claim(&store, MONDAY).await;
    let digests = rows(&store, Category::Digest).await;
    let theirs = digests
        .iter()
        .find(|row| row.person_id == torino.id)
        .unwrap();
    assert_eq!(theirs.reason, Some(SkipReason::Unsubscribed));
    // Once, and by the link that was mailed to them.
    let [entry] = &audited(&store, "declineMail").await[..] else {
        panic!("one entry")
    };
    assert_eq!(
        (entry.person_id, entry.channel),
        (Some(torino.id), Channel::Link)
    );
    assert_eq!(entry.after, Some(json!({ "unsubscribed": "(personal)" })));
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn who_accepts_a_category_again_gets_the_next_of_it(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database, &connection(), "2021-09-06T05:59:30Z").await;
    let torino = person::Entity::find()
        .filter(person::Column::Key.eq("torino-exchanges"))
        .one(store.db())
        .await
        .unwrap()
        .unwrap();
    let (db, ids, digest) = (store.db(), store.ids(), Category::Digest);
    ledger::decline(db, torino.id, digest, ids, at(MONDAY))
        .await
        .unwrap();
    claim(&store, MONDAY).await;
    for _ in 0..2 {
        ledger::accept(db, torino.id, digest, at(MONDAY))
            .await
            .unwrap();
    }
    claim(&store, "2021-09-13T06:00:00Z").await;
    let mut theirs = rows(&store, digest).await;
    theirs.retain(|row| row.person_id == torino.id);
    theirs.sort_by_key(|row| row.due_at);
    let outcomes: Vec<_> = theirs.iter().map(|row| (row.state, row.reason)).collect();
    assert_eq!(
        outcomes,
        [
            (NotificationState::Skipped, Some(SkipReason::Unsubscribed)),
            (NotificationState::Due, None),
        ]
    );
    let [entry] = &audited(&store, "acceptMail").await[..] else {
        panic!("one entry")
    };
    assert_eq!(
        (entry.person_id, entry.channel),
        (Some(torino.id), Channel::Link)
    );
    assert_eq!(entry.after, Some(json!({ "unsubscribed": "(personal)" })));
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_paused_person_is_left_alone_until_the_day(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database, &connection(), "2021-09-06T05:59:30Z").await;
    person::Entity::update_many()
        .set(person::ActiveModel {
            paused_until: Set(Some("2021-09-07".parse().unwrap())),
            ..Default::default()
        })
        .filter(person::Column::Key.eq("torino-exchanges"))
        .exec(store.db())
        .await
        .unwrap();
    let store = Store::new(store.db().clone(), store.clock().clone(), store.ids());
    claim(&store, MONDAY).await;
    let paused = rows(&store, Category::Digest).await;
    assert_eq!(
        paused
            .iter()
            .filter(|row| row.reason == Some(SkipReason::Paused))
            .count(),
        1
    );
}
