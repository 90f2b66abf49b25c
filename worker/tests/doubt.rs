//! A worker that ends in the middle leaves one mail in doubt, not all that it had in hand.

use std::{sync::Arc, time::Duration};

use domain::{clock::Clock, command::Import, ids::Ids, ledger, link::LinkKey, store::Store};
use entities::{NotificationState, notification};
use rstest::rstest;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use tests::{Backend, project::connection};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
    sync::Mutex,
};
use worker::{
    mail::Mailer,
    send::Sender,
    smtp::{Smtp, SmtpUrl},
    transport::Transport,
};

/// A mail server that takes one mail up to its end and never says what became of it.
async fn silent_server() -> SmtpUrl {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        write
            .write_all(b"220 silent.example ESMTP\r\n")
            .await
            .unwrap();
        while let Some(line) = lines.next_line().await.unwrap() {
            let reply: &[u8] = match line.split(' ').next().unwrap() {
                "EHLO" => b"250 silent.example\r\n",
                "DATA" => b"354 go on\r\n",
                "MAIL" | "RCPT" => b"250 ok\r\n",
                _ => b"",
            };
            write.write_all(reply).await.unwrap();
        }
    });
    url.parse().unwrap()
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn of_many_mails_in_hand_one_is_said_to_be_sending(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let came_in = "2021-09-06T05:59:30Z".parse().unwrap();
    let clock = Clock::frozen(came_in);
    let store = Arc::new(Store::new(database.db.clone(), clock.clone(), Ids::Fresh));
    store
        .import(&connection(), Import::default())
        .await
        .unwrap();
    clock.set("2021-09-06T06:00:00Z".parse().unwrap());
    let project = store.fresh("connection").await.unwrap();
    ledger::claim(store.db(), &project, store.ids(), clock.now())
        .await
        .unwrap();
    let sender = Arc::new(Sender {
        store: Arc::clone(&store),
        mailer: Mailer::new(
            "CONNECTION <connection@eurocities.example>",
            "https://connection.example",
            LinkKey::new(&[7; 32]).unwrap(),
        )
        .unwrap(),
        transport: Transport::Smtp(Mutex::new(Smtp::new(silent_server().await))),
    });
    let ids = ledger::hints(store.db(), clock.now(), 1000, 60)
        .await
        .unwrap();
    assert!(ids.len() >= 7);
    let sending: Vec<_> = ids
        .into_iter()
        .map(|id| {
            let sender = Arc::clone(&sender);
            tokio::spawn(async move { sender.send(id).await })
        })
        .collect();
    let in_doubt = || async {
        notification::Entity::find()
            .filter(notification::Column::State.eq(NotificationState::Sending))
            .count(store.db())
            .await
            .unwrap()
    };
    for _ in 0..100 {
        if in_doubt().await > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(in_doubt().await, 1);
    // The worker is gone, and its leases end.
    for task in sending {
        task.abort();
    }
    assert_eq!(in_doubt().await, 1);
}
