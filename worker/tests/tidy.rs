//! Mails in an outbox go with their rows in the ledger, and never after them.

use std::{path::Path, sync::Arc};

use chrono::{DateTime, Utc};
use domain::{
    clock::Clock, command::Import, ids::Ids, link::LinkKey, retention::Retention, store::Store,
};
use entities::{Category, NotificationState, PersonId, notification};
use rstest::rstest;
use sea_orm::{EntityTrait, IntoActiveModel, prelude::Uuid};
use tests::{Backend, TestDatabase, project::connection};
use worker::{
    mail::Mailer,
    outbox::{self, Outbox},
    queue::Queue,
    run::Worker,
    send::Sender,
    transport::Transport,
};

fn noon() -> DateTime<Utc> {
    "2021-09-06T12:00:00Z".parse().unwrap()
}

/// What sends into an outbox at a path.
fn sender(database: &TestDatabase, outbox: &Path) -> Arc<Sender> {
    let clock = Clock::frozen(noon());
    Arc::new(Sender {
        store: Arc::new(Store::new(database.db.clone(), clock, Ids::Fresh)),
        mailer: Mailer::new(
            "CONNECTION <connection@eurocities.example>",
            "https://connection.example",
            LinkKey::new(&[7; 32]).unwrap(),
        )
        .unwrap(),
        transport: Transport::Outbox(Outbox::new(outbox)),
    })
}

/// A mail that was sent when it was due.
fn mail(person: PersonId, number: u128, due: DateTime<Utc>) -> notification::Model {
    notification::Model {
        id: Uuid::from_u128(number).into(),
        project_id: None,
        person_id: person,
        category: Category::SignIn,
        subject_id: Uuid::from_u128(number),
        occurrence: "link".to_owned(),
        rule_id: None,
        report_id: None,
        due_at: due,
        useful_until: due,
        state: NotificationState::Sent,
        reason: None,
        detail: None,
        attempts: 0,
        next_attempt_at: due,
        hinted: None,
        lease_until: None,
        fence: 1,
        message_id: None,
        sent_at: Some(due),
        created_at: due,
    }
}

/// The numbers of the mails in the ledger.
async fn ledger(database: &TestDatabase) -> Vec<u128> {
    let rows = notification::Entity::find()
        .all(&database.db)
        .await
        .unwrap();
    let mut numbers: Vec<u128> = rows.iter().map(|row| row.id.0.as_u128()).collect();
    numbers.sort_unstable();
    numbers
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn the_file_of_an_old_mail_goes_before_its_row(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let folder = database.folder.path();
    let kept = Outbox::new(folder.join("outbox"));
    let worker = Worker {
        sender: sender(&database, kept.dir()),
        queue: Queue::sqlite(&folder.join("queue.db")).await.unwrap(),
        hint_seconds: 60,
        retention: Retention::default(),
        files: None,
    };
    let store = Arc::clone(&worker.sender.store);
    store
        .import(&connection(), Import::default())
        .await
        .unwrap();
    let project = store.fresh("connection").await.unwrap();
    let person = project.people[0].id;
    let old: DateTime<Utc> = "2015-03-02T06:00:00Z".parse().unwrap();
    let mut files = Vec::new();
    for (number, due) in [(1, old), (2, noon())] {
        let row = mail(person, number, due);
        let name = format!("2015-03/a-mail-{}-somebody", outbox::short(row.id));
        files.push(
            kept.deliver(&name, b"Subject: A\r\n\r\n.\r\n")
                .await
                .unwrap(),
        );
        notification::Entity::insert(row.into_active_model())
            .exec_without_returning(&database.db)
            .await
            .unwrap();
    }
    // Where the outbox fails, the row goes on telling of the file.
    std::fs::write(folder.join("no folder"), "").unwrap();
    let broken = Worker {
        sender: sender(&database, &folder.join("no folder")),
        ..worker.clone()
    };
    broken.tidy().await.unwrap_err();
    assert_eq!(ledger(&database).await, [1, 2]);
    assert!(files[0].exists());
    worker.tidy().await.unwrap();
    assert_eq!(ledger(&database).await, [2]);
    assert!(!files[0].exists() && files[1].exists());
}
