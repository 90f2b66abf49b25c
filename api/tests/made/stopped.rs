//! An answer that is stopped in the midst of it: its time is up, or its client left.

use std::{net::SocketAddr, time::Duration};

use api::{Access, Config, Limits, Operation, RateLimitKey, serve};
use domain::viewer::Viewer;
use futures::FutureExt;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};

use super::{CIRCLE, PAIRINGS, founded, with};
use crate::support::link_key;

/// Later than anything here takes.
const SOON: Duration = Duration::from_secs(30);

/// A server whose answers have no bound but time; where it serves, and where its metrics are.
async fn unbounded(patience: Duration) -> (SocketAddr, SocketAddr) {
    let api = founded(PAIRINGS).await;
    let free = async || TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (listener, metrics) = (free().await, free().await.local_addr().unwrap());
    let address = listener.local_addr().unwrap();
    let config = Config {
        limits: endless(),
        request_timeout: patience,
        metrics_at: Some(metrics),
        ..Config::new(api.store.clone(), link_key())
    };
    tokio::spawn(async move {
        serve(listener, config, std::future::pending())
            .await
            .unwrap();
        drop(api);
    });
    (address, metrics)
}

fn endless() -> Limits {
    Limits {
        values: 1_000_000_000,
        work: 1_000_000_000,
        answer_bytes: 1024 * 1024 * 1024,
        rate: 0,
        ..Limits::default()
    }
}

/// Waits until so many answers were dropped.
async fn dropped(metrics: SocketAddr, count: usize) {
    let line = format!("connection_answers_dropped_total {count}");
    let waits = async {
        loop {
            let page = reqwest::get(format!("http://{metrics}/metrics")).await;
            let page = page.unwrap().text().await.unwrap();
            if page.lines().any(|found| found == line) {
                return;
            }
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(SOON, waits).await.expect(&line);
}

#[tokio::test]
async fn the_time_limit_ends_an_answer_in_the_midst_of_it() {
    // One thread serves all: nothing fires while an answer is made, unless that yields.
    let (address, metrics) = unbounded(Duration::from_millis(500)).await;
    let ask = reqwest::Client::new()
        .post(format!("http://{address}/graphql"))
        .json(&json!({ "query": CIRCLE }))
        .send();
    let answer = timeout(SOON, ask).await.unwrap().unwrap();
    assert_eq!(answer.status(), 503);
    assert!(answer.text().await.unwrap().contains("TIMEOUT"));
    dropped(metrics, 1).await;
}

#[tokio::test]
async fn a_client_that_leaves_stops_the_work() {
    let (address, metrics) = unbounded(Duration::from_secs(600)).await;
    let body = json!({ "query": CIRCLE }).to_string();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    for count in 1..=3 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        let early = timeout(Duration::from_millis(300), stream.read_u8()).await;
        assert!(early.is_err(), "it was answered");
        drop(stream);
        dropped(metrics, count).await;
    }
}

#[tokio::test]
async fn whoever_leaves_pays_what_was_made_and_no_more_is_made() {
    let api = with(founded(PAIRINGS).await, |limits| {
        *limits = Limits {
            rate: 1,
            ..endless()
        }
    });
    let key = RateLimitKey::at([192, 0, 2, 1].into());
    let operation = Operation::new(CIRCLE);
    let ready = (api.gateway)
        .admit(&key, 100, operation, Viewer::Anonymous, Access::Write)
        .await;
    let Ok(ready) = ready else {
        panic!("it is refused before it runs");
    };
    let before = ready.cost();
    let mut run = Box::pin(api.gateway.run(&api.store, Viewer::Anonymous, ready));
    for _ in 0..200 {
        assert!((&mut run).now_or_never().is_none(), "it ended");
        sleep(Duration::from_millis(1)).await;
    }
    drop(run);
    assert_eq!(api.gateway.unfinished().dropped.get(), 1);
    // The burst is a million; about a thousand values were made in each turn.
    let spend = async |cost| api.gateway.rate_limiter().spend(&key, cost).await.is_ok();
    assert!(!spend(900_000).await, "it cost {before} before");
}
