//! Links to sign in with, from their row in the ledger to the outbox, or to the reason why not.

use std::{fs, path::Path, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    account::{
        link::{self, Redemption},
        user,
    },
    actor::Actor,
    clock::Clock,
    ids::Ids,
    ledger,
    link::LinkKey,
    store::Store,
};
use entities::{NotificationState, PersonId, SkipReason, notification, person, sign_in_link};
use rstest::rstest;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use tests::Backend;
use worker::{mail::Mailer, outbox::Outbox, send::Sender, transport::Transport};

const ADDRESS: &str = "exchange-desk@torino.example";

fn key() -> LinkKey {
    LinkKey::new(&[7; 32]).unwrap()
}

fn noon() -> DateTime<Utc> {
    "2021-09-06T12:00:00Z".parse().unwrap()
}

fn sender(database: &tests::TestDatabase) -> Sender {
    let clock = Clock::frozen(noon());
    Sender {
        store: Arc::new(Store::new(database.db.clone(), clock, Ids::Fresh)),
        mailer: Mailer::new(
            "Connection <connection@connection.example>",
            "https://connection.example",
            key(),
        )
        .unwrap(),
        transport: Transport::Outbox(Outbox::new(database.folder.path().join("outbox"))),
    }
}

async fn somebody(store: &Store) -> PersonId {
    let wanted = user::NewUser {
        key: None,
        name: None,
        address: Some(ADDRESS.to_owned()),
        locale: "en".to_owned(),
        time_zone: "Europe/Rome".to_owned(),
        role: None,
        may_create_projects: false,
    };
    let added = user::add(store, &Actor::COMMAND, wanted).await;
    added.unwrap().id
}

/// Asks for a link, and hands the mails that are due to the sender.
async fn asked(store: &Store) {
    link::request(store, &key(), link::LinkRequest::new(ADDRESS, "browser"))
        .await
        .unwrap();
}

async fn sent(sender: &Sender) -> Vec<notification::Model> {
    let store = &sender.store;
    let now = store.clock().now();
    for id in ledger::hints(store.db(), now, 100, 60).await.unwrap() {
        sender.send(id).await.unwrap();
    }
    notification::Entity::find()
        .order_by_asc(notification::Column::CreatedAt)
        .order_by_asc(notification::Column::Id)
        .all(store.db())
        .await
        .unwrap()
}

async fn change(store: &Store, person: PersonId, change: person::ActiveModel) {
    person::Entity::update_many()
        .set(change)
        .filter(person::Column::Id.eq(person))
        .exec(store.db())
        .await
        .unwrap();
}

fn mails(folder: &Path) -> Vec<String> {
    let mut mails = Vec::new();
    for month in fs::read_dir(folder.join("outbox")).into_iter().flatten() {
        for mail in fs::read_dir(month.unwrap().path()).unwrap() {
            mails.push(fs::read_to_string(mail.unwrap().path()).unwrap());
        }
    }
    mails
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn the_link_in_the_mail_signs_in(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let sender = sender(&database);
    let store = &sender.store;
    let person = somebody(store).await;
    // Whoever wants no other mail still gets what they ask for.
    let paused = person::ActiveModel {
        paused_until: Set(Some("2022-01-01".parse().unwrap())),
        ..Default::default()
    };
    change(store, person, paused).await;
    asked(store).await;
    let [row] = &sent(&sender).await[..] else {
        panic!("one mail")
    };
    assert_eq!(row.state, NotificationState::Sent, "{row:?}");
    let [mail] = &mails(database.folder.path())[..] else {
        panic!("one mail")
    };
    let message = mail_parser::MessageParser::default()
        .parse(mail.as_bytes())
        .unwrap();
    let text = message.body_text(0).unwrap();
    let begin = "https://connection.example/sign-in/";
    let named = text
        .lines()
        .find_map(|line| line.strip_prefix(begin))
        .unwrap();
    let (id, secret) = named.split_once('.').unwrap();
    let id = entities::SignInLinkId(id.parse().unwrap());
    let used = link::redeem(store, id, secret, Some("browser"))
        .await
        .unwrap();
    assert!(matches!(used, Redemption::SignedIn(new) if new.person == person));
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn what_is_of_no_more_use_is_not_sent_and_says_why(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let sender = sender(&database);
    let store = &sender.store;
    let person = somebody(store).await;
    let mut expected = Vec::new();

    asked(store).await;
    sign_in_link::Entity::update_many()
        .set(sign_in_link::ActiveModel {
            used_at: Set(Some(noon())),
            ..Default::default()
        })
        .filter(sign_in_link::Column::UsedAt.is_null())
        .exec(store.db())
        .await
        .unwrap();
    expected.push(SkipReason::Used);
    sent(&sender).await;

    asked(store).await;
    store.clock().set(noon() + TimeDelta::minutes(15));
    expected.push(SkipReason::TooLate);
    sent(&sender).await;

    for (reason, row) in [
        (
            SkipReason::Suppressed,
            person::ActiveModel {
                suppressed_at: Set(Some(noon())),
                ..Default::default()
            },
        ),
        (
            SkipReason::NoAddress,
            person::ActiveModel {
                suppressed_at: Set(None),
                address: Set(None),
                ..Default::default()
            },
        ),
        (
            SkipReason::Erased,
            person::ActiveModel {
                erased_at: Set(Some(noon())),
                ..Default::default()
            },
        ),
    ] {
        let back = person::ActiveModel {
            address: Set(Some(ADDRESS.to_owned())),
            erased_at: Set(None),
            suppressed_at: Set(None),
            ..Default::default()
        };
        change(store, person, back).await;
        store
            .clock()
            .set(store.clock().now() + TimeDelta::seconds(1));
        asked(store).await;
        change(store, person, row).await;
        expected.push(reason);
        sent(&sender).await;
    }
    let rows = sent(&sender).await;
    let reasons: Vec<_> = rows.iter().filter_map(|row| row.reason).collect();
    assert_eq!(reasons, expected);
    assert!(mails(database.folder.path()).is_empty());
}
