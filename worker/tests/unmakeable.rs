//! A mail that cannot be made is tried again some times and then fails visibly, and what happens on a
//! digest's own day is in the next one.

use std::{path::Path, sync::Arc};

use chrono::{DateTime, Utc};
use domain::{clock::Clock, command::Import, ids::Ids, ledger, link::LinkKey, store::Store};
use entities::{
    Category, NotificationState, OutputKind, PersonId, SkipReason, Verb, notification,
    output_event, person,
};
use rstest::rstest;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter,
};
use tests::{Backend, TestDatabase, project::connection};
use worker::{mail::Mailer, outbox::Outbox, run, send::Sender, transport::Transport};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn sender(database: &TestDatabase, clock: &Clock, outbox: &Path) -> Sender {
    Sender {
        store: Arc::new(Store::new(database.db.clone(), clock.clone(), Ids::Fresh)),
        mailer: Mailer::new(
            "CONNECTION <connection@connection.example>",
            "https://connection.example",
            LinkKey::new(&[7; 32]).unwrap(),
        )
        .unwrap(),
        transport: Transport::Outbox(Outbox::new(outbox)),
    }
}

/// Claims and sends all that is due, until an instant.
async fn work(sender: &Sender, clock: &Clock, until: DateTime<Utc>) {
    loop {
        run::plan(sender).await.unwrap();
        let due = ledger::hints(sender.store.db(), clock.now(), 10_000, 0);
        sender.send_all(&due.await.unwrap()).await.unwrap();
        match ledger::next_instant(sender.store.db()).await.unwrap() {
            Some(next) if next <= until => {
                clock.set(next.max(clock.now() + chrono::TimeDelta::seconds(1)));
            }
            _ => return clock.set(until),
        }
    }
}

async fn person_of(sender: &Sender, key: &str) -> person::Model {
    let person = person::Entity::find().filter(person::Column::Key.eq(key));
    person.one(sender.store.db()).await.unwrap().unwrap()
}

async fn mails(sender: &Sender, person: PersonId, category: Category) -> Vec<notification::Model> {
    let rows = notification::Entity::find()
        .filter(notification::Column::PersonId.eq(person))
        .filter(notification::Column::Category.eq(category));
    rows.all(sender.store.db()).await.unwrap()
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_mail_that_cannot_be_made_counts_its_attempts_and_fails_with_the_reason(
    #[case] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let home = tempfile::tempdir().unwrap();
    let clock = Clock::frozen(at("2021-09-06T05:59:30Z"));
    let first = sender(&database, &clock, home.path());
    first
        .store
        .import(&connection(), Import::default())
        .await
        .unwrap();
    // As an older release took them.
    let delta = person_of(&first, "delta-exchanges").await;
    let bad = person::ActiveModel {
        id: Set(delta.id),
        address: Set(Some("a..b@delta.example".to_owned())),
        ..Default::default()
    };
    bad.update(&database.db).await.unwrap();
    let thessaloniki = person_of(&first, "thessaloniki-exchanges").await;
    let broken = person::ActiveModel {
        id: Set(thessaloniki.id),
        name: Set(Some("Exchanges\nBcc: x@y.example".to_owned())),
        ..Default::default()
    };
    broken.update(&database.db).await.unwrap();

    let sender = sender(&database, &clock, home.path());
    work(&sender, &clock, at("2021-09-09T06:00:00Z")).await;
    let rows = mails(&sender, delta.id, Category::ExchangeReminder).await;
    assert!(!rows.is_empty());
    for row in rows {
        assert_eq!(row.state, NotificationState::Failed, "{row:?}");
        assert!(row.attempts >= 5, "{row:?}");
        let detail = row.detail.unwrap();
        assert!(detail.contains("address of the recipient"), "{detail}");
        assert!(!detail.contains("a..b"), "no address is told: {detail}");
    }
    for row in mails(&sender, thessaloniki.id, Category::ExchangeReminder).await {
        let is_visible = [NotificationState::Sent, NotificationState::Failed];
        assert!(is_visible.contains(&row.state), "{row:?}");
    }
    let torino = person_of(&sender, "eurocities-coordination").await;
    let beside = mails(&sender, torino.id, Category::Digest).await;
    assert!(
        beside
            .iter()
            .any(|row| row.state == NotificationState::Sent)
    );
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn what_is_cancelled_on_the_day_of_a_digest_is_in_the_next_one(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let home = tempfile::tempdir().unwrap();
    // A Monday, after the digests: nobody has had one before.
    let clock = Clock::frozen(at("2021-09-06T09:00:00Z"));
    let first = sender(&database, &clock, home.path());
    first
        .store
        .import(&connection(), Import::default())
        .await
        .unwrap();
    let project = first.store.fresh("connection").await.unwrap();
    let exchange = (OutputKind::StaffExchange, "x_thessaloniki_delta_leg1");
    let exchange = project.output_by_key(exchange.0, exchange.1).unwrap();
    let steps = project.events_of(exchange.id);
    // Its later steps are as if they never came.
    let later = steps.iter().filter(|step| step.verb != Verb::Planned);
    for step in later {
        output_event::Entity::delete_by_id(step.id)
            .exec(first.store.db())
            .await
            .unwrap();
    }
    let cancelled = output_event::Model {
        id: Ids::Fresh
            .make("output_event", exchange.id.into(), "cancelled")
            .into(),
        project_id: project.id(),
        output_id: exchange.id,
        position: 100,
        verb: Verb::Cancelled,
        effective_on: Some("2021-09-06".parse().unwrap()),
        recorded_at: at("2021-09-06T09:05:00Z"),
        reason: Some("the host withdrew".to_owned()),
        ..Default::default()
    };
    output_event::Entity::insert(cancelled.into_active_model())
        .exec_without_returning(first.store.db())
        .await
        .unwrap();

    let sender = sender(&database, &clock, home.path());
    work(&sender, &clock, at("2021-09-13T12:00:00Z")).await;
    let rows = notification::Entity::find()
        .filter(notification::Column::Category.eq(Category::Digest))
        .all(sender.store.db())
        .await
        .unwrap();
    let with_address = rows
        .iter()
        .filter(|row| row.reason != Some(SkipReason::NoAddress));
    let states: Vec<_> = with_address.map(|row| row.state).collect();
    assert!(states.len() > 10);
    let told = states.iter().all(|state| *state == NotificationState::Sent);
    assert!(told, "{rows:?}");
}
