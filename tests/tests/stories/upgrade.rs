//! A database that a release left is brought up to date, and goes on where it stood.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::Arc,
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{clock::Clock, ids::Ids, ledger, link::LinkKey, plan::plan, store::Store};
use entities::{
    EvidenceKind, NotificationId, NotificationState, ReportState, api_token, evidence,
    notification, person, report,
};
use rstest::rstest;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use tests::{Backend, released::LEFT_AT};
use worker::{mail::Mailer, outbox::Outbox, run, send::Sender, transport::Transport};

use crate::process::binary;

/// Mails that are looked at in one go.
const BATCH: u64 = 10_000;
/// How long the upgraded version works.
const WEEKS: i64 = 5;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

async fn mails(store: &Store) -> BTreeMap<NotificationId, notification::Model> {
    let rows = notification::Entity::find().all(store.db()).await.unwrap();
    rows.into_iter().map(|row| (row.id, row)).collect()
}

/// Works through all that falls due until an instant.
async fn work(sender: &Sender, clock: &Clock, until: DateTime<Utc>) {
    let store = &sender.store;
    ledger::resolve_doubtful(store.db(), clock.now())
        .await
        .unwrap();
    loop {
        run::plan(sender).await.unwrap();
        for id in ledger::hints(store.db(), clock.now(), BATCH, 0)
            .await
            .unwrap()
        {
            sender.send(id).await.unwrap();
        }
        match ledger::next_instant(store.db()).await.unwrap() {
            Some(next) if next <= until => clock.set(next.max(clock.now() + TimeDelta::seconds(1))),
            _ => break,
        }
    }
}

fn mails_in(outbox: &Path) -> usize {
    let entries = fs::read_dir(outbox)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .map(|path| match path.is_dir() {
            true => mails_in(&path),
            false => usize::from(path.extension().is_some_and(|ending| ending == "eml")),
        })
        .sum()
}

/// What was done with the release is there.
async fn holds_what_people_did(store: &Store) {
    let db = store.db();
    assert_eq!(api_token::Entity::find().count(db).await.unwrap(), 2);
    let erased = person::Entity::find()
        .filter(person::Column::ErasedAt.is_not_null())
        .count(db);
    assert_eq!(erased.await.unwrap(), 2);
    let file = evidence::Entity::find()
        .filter(evidence::Column::Kind.eq(EvidenceKind::File))
        .count(db);
    assert_eq!(file.await.unwrap(), 1);
    let reports = report::Entity::find()
        .filter(report::Column::State.eq(ReportState::Ready))
        .count(db);
    assert!(reports.await.unwrap() >= 2);
}

/// What later versions added says nothing of which nobody spoke: roles have no days, texts no
/// translations, nothing is proposed, and what counted counts by the rules that it had.
async fn holds_nothing_that_the_release_had_not(store: &Store) {
    let project = store.project("connection").await.unwrap();
    assert!(!project.roles.is_empty() && !project.targets.is_empty());
    for role in &project.roles {
        assert_eq!((role.from_on, role.until_on), (None, None), "{role:?}");
    }
    for output in &project.outputs {
        assert!(output.translations.0.is_empty(), "{output:?}");
    }
    assert!(project.proposals.is_empty());
    for target in &project.targets {
        assert!(!target.rule.endorsement, "{target:?}");
    }
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_database_of_the_release_is_upgraded_and_mails_nothing_twice(#[case] backend: Backend) {
    let Some(database) = backend.released().await else {
        return;
    };
    migration::migrate(&database.db).await.unwrap();
    assert_eq!(migration::pending(&database.db).await.unwrap(), 0);
    let doctor = binary("connection")
        .arg("doctor")
        .env("DATABASE_URL", &database.url)
        .output()
        .unwrap();
    let said = String::from_utf8(doctor.stdout).unwrap();
    let line = said
        .lines()
        .find(|line| line.contains("DATABASE_URL "))
        .unwrap();
    assert!(
        line.starts_with("ok") && line.contains("is up to date"),
        "{said}"
    );

    let clock = Clock::frozen(at(LEFT_AT));
    let store = Arc::new(Store::new(database.db.clone(), clock.clone(), Ids::Fresh));
    holds_what_people_did(&store).await;
    let keys = store.keys().await.unwrap();
    assert_eq!(keys, ["connection", "probe"]);
    let until = clock.now() + TimeDelta::weeks(WEEKS);
    for key in &keys {
        let project = store.project(key).await.unwrap();
        assert!(!plan(&project, clock.now(), until).is_empty(), "{key}");
    }

    let before = mails(&store).await;
    let sent_in = |rows: &BTreeMap<NotificationId, notification::Model>| {
        let sent = rows
            .values()
            .filter(|row| row.state == NotificationState::Sent);
        sent.map(|row| row.id).collect::<BTreeSet<_>>()
    };
    let waiting = before
        .values()
        .filter(|row| row.state == NotificationState::Due)
        .count();
    assert!(
        sent_in(&before).len() > 20 && waiting > 5,
        "{} and {waiting}",
        sent_in(&before).len()
    );

    let outbox = database.folder.path().join("outbox");
    let sender = Sender {
        store: Arc::clone(&store),
        mailer: Mailer::new(
            "Connection <connection@connection.example>",
            "https://connection.example",
            LinkKey::new(&[7; 32]).unwrap(),
        )
        .unwrap(),
        transport: Transport::Outbox(Outbox::new(&outbox)),
    };
    work(&sender, &clock, until).await;

    let after = mails(&store).await;
    for id in sent_in(&before) {
        assert_eq!(before[&id], after[&id], "a mail that had gone was touched");
    }
    let unfinished: Vec<_> = after
        .values()
        .filter(|row| {
            matches!(
                row.state,
                NotificationState::Due | NotificationState::Sending
            )
        })
        .collect();
    assert!(unfinished.is_empty(), "{unfinished:#?}");
    let sent = &sent_in(&after) - &sent_in(&before);
    assert!(sent.len() > waiting, "{}", sent.len());
    assert_eq!(mails_in(&outbox), sent.len());
    let mut occurrences = BTreeSet::new();
    for row in after.values() {
        let what = (row.person_id, row.category, row.subject_id, &row.occurrence);
        assert!(occurrences.insert(what), "twice: {row:?}");
    }
    assert!(store.project("connection").await.unwrap().revision() > 0);
    holds_nothing_that_the_release_had_not(&store).await;
}
