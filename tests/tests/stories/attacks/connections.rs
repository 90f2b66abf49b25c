//! Attacks by connections: before a request is read, and after it is answered.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use futures::{SinkExt, StreamExt};
use rustix::process::Resource;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, sleep, timeout},
};
use tokio_tungstenite::{
    client_async,
    tungstenite::{Message, client::IntoClientRequest},
};

use super::{ATTACKER, Target, ask, closed, connect, metric};

/// Deadlines that a story can wait for.
const SHORT: [(&str, &str); 3] = [
    ("HEAD_SECONDS", "2"),
    ("IDLE_SECONDS", "2"),
    ("STALL_SECONDS", "2"),
];

/// A deadline of heads within which any machine opens all the connections of a story: none of them
/// is given up before the last one came, so that seats are counted and not speeds.
const UNHURRIED: (&str, &str) = ("HEAD_SECONDS", "12");

/// Later than any of these deadlines.
const LATER: Duration = Duration::from_secs(40);

/// The names of metrics.
const CUT_HEAD: &str = r#"connection_connections_cut_total{reason="head"}"#;
const CUT_IDLE: &str = r#"connection_connections_cut_total{reason="idle"}"#;
const CUT_STALL: &str = r#"connection_connections_cut_total{reason="stall"}"#;
const REFUSED_ADDRESS: &str = r#"connection_connections_refused_total{reason="address"}"#;
const REFUSED_ALL: &str = r#"connection_connections_refused_total{reason="all"}"#;

const HEALTH: &[u8] = b"GET /healthz HTTP/1.1\r\nhost: attacked\r\n\r\n";

/// HTTP/2 without TLS: its preface, its settings, and streams that never end.
fn streams(count: u32) -> Vec<u8> {
    let mut bytes = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0".to_vec();
    for at in 0..count {
        // HEADERS of five bytes, with END_HEADERS: GET, http, / and an empty authority.
        bytes.extend(b"\0\0\x05\x01\x04");
        bytes.extend((at * 2 + 1).to_be_bytes());
        bytes.extend(b"\x82\x86\x84\x01\0");
    }
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn http_2_without_tls_is_not_spoken() {
    let mut target = Target::start(&[]);
    let bytes = streams(450_000);
    for (name, address) in [
        ("450,000 streams of HTTP/2", target.address),
        ("the same, at the metrics", target.metrics),
    ] {
        let attack = async {
            let mut stream = connect(address, ATTACKER).await.unwrap();
            // It is closed in the midst of it, so that this fails.
            let written = timeout(LATER, stream.write_all(&bytes)).await;
            assert!(written.is_ok(), "it does not listen, and is open");
            let mut answer = Vec::new();
            let ended = timeout(LATER, stream.read_to_end(&mut answer)).await;
            assert!(ended.is_ok(), "it is still open");
            // A frame of settings would begin an HTTP/2 connection.
            assert_ne!(answer.get(3), Some(&4), "HTTP/2 is spoken: {answer:?}");
            "closed"
        };
        target.withstands(name, attack).await;
    }
}

/// So many connections that begin a request and do not go on.
async fn silent(to: SocketAddr, from: Ipv4Addr, count: usize) -> Vec<TcpStream> {
    let mut streams = Vec::new();
    for _ in 0..count {
        let mut stream = connect(to, from).await.unwrap();
        // A refused one may be closed already.
        let _ = stream.write_all(b"GET /gra").await;
        streams.push(stream);
    }
    streams
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_has_so_many_connections_and_a_head_so_long() {
    api::raise_open_files();
    let mut target = Target::start(&[UNHURRIED]);
    let (address, metrics) = (target.address, target.metrics);
    let attack = async {
        let streams = silent(address, ATTACKER, 1_100).await;
        assert_eq!(closed(streams, LATER).await, 1_100);
        "503 of 850, closed"
    };
    target
        .withstands("1,100 halves of a request line", attack)
        .await;
    assert_eq!(target.metric(REFUSED_ADDRESS).await, 850);
    assert_eq!(target.metric(CUT_HEAD).await, 250);
    let attack = async {
        let streams = silent(metrics, ATTACKER, 240).await;
        assert_eq!(closed(streams, LATER).await, 240);
        "closed"
    };
    target
        .withstands("240 of them, at the metrics", attack)
        .await;
    assert_eq!(target.metric(CUT_HEAD).await, 490);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_addresses_together_have_so_many_connections() {
    let mut target = Target::start(&[("CONNECTIONS", "60"), UNHURRIED]);
    let address = target.address;
    let proxied = connect(address, Ipv4Addr::LOCALHOST).await.unwrap();
    let streams = silent(address, ATTACKER, 59).await;
    // Who comes then is told, and not left to wait.
    let answer = ask(address, Ipv4Addr::LOCALHOST, "/healthz").await;
    let answer = answer.unwrap_or_default();
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 503 "),
        "{answer}"
    );
    assert_eq!(target.metric(REFUSED_ALL).await, 1);
    assert_eq!(closed(streams, LATER).await, 59);
    drop(proxied);
    let again = async {
        let answer = ask(address, ATTACKER, "/healthz").await.unwrap();
        answer.lines().next().unwrap_or_default().to_owned()
    };
    target
        .withstands("a request when they are gone", again)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_byte_by_byte_and_an_idle_connection_end_in_time() {
    let mut target = Target::start(&SHORT);
    let address = target.address;
    let attack = async {
        let drips = (0..100).map(|_| async {
            let mut stream = connect(address, ATTACKER).await.unwrap();
            stream.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
            let start = Instant::now();
            while stream.write_all(b"a: b\r\n").await.is_ok() {
                assert!(start.elapsed() < LATER, "it still listens");
                sleep(Duration::from_millis(100)).await;
            }
        });
        futures::future::join_all(drips).await;
        "closed"
    };
    target.withstands("100 heads line by line", attack).await;
    assert_eq!(target.metric(CUT_HEAD).await, 100);
    let attack = async {
        let mut streams = Vec::new();
        for _ in 0..100 {
            let mut stream = connect(address, ATTACKER).await.unwrap();
            stream.write_all(HEALTH).await.unwrap();
            streams.push(stream);
        }
        assert_eq!(closed(streams, LATER).await, 100);
        "200, closed"
    };
    target.withstands("100 idle connections", attack).await;
    assert_eq!(target.metric(CUT_IDLE).await, 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_nobody_takes_end_in_time() {
    let mut target = Target::start(&SHORT);
    let (address, metrics) = (target.address, target.metrics);
    let attack = async {
        let request = "GET /schema.graphql HTTP/1.1\r\nhost: attacked\r\n\r\n".repeat(100);
        let mut streams = Vec::new();
        for _ in 0..40 {
            let mut stream = connect(address, ATTACKER).await.unwrap();
            stream.write_all(request.as_bytes()).await.unwrap();
            streams.push(stream);
        }
        let start = Instant::now();
        while metric(metrics, CUT_STALL).await < 40 {
            assert!(start.elapsed() < LATER, "they are still waited for");
            sleep(Duration::from_millis(100)).await;
        }
        drop(streams);
        "closed"
    };
    target
        .withstands("40 clients that read nothing", attack)
        .await;
    assert_eq!(target.metric(CUT_STALL).await, 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_file_descriptors_it_rests_and_goes_on_later() {
    let mut target = Target::start(&SHORT);
    // Fewer than it found at its start, so that it does not know.
    target.limit(Resource::Nofile, 80);
    let address = target.address;
    let before = target.cpu();
    let streams = silent(address, ATTACKER, 200).await;
    sleep(Duration::from_millis(1_500)).await;
    let spent = target.cpu() - before;
    assert!(spent < Duration::from_millis(700), "it spins: {spent:?}");
    drop(streams);
    // Until those that were in the way have passed their deadline.
    let start = Instant::now();
    while timeout(
        Duration::from_secs(1),
        ask(address, Ipv4Addr::LOCALHOST, "/healthz"),
    )
    .await
    .map_or(true, |answer| answer.is_err())
    {
        assert!(start.elapsed() < LATER, "it does not accept any more");
    }
    let again = async {
        let answer = ask(address, ATTACKER, "/healthz").await.unwrap();
        answer.lines().next().unwrap_or_default().to_owned()
    };
    target
        .withstands("200 connections for 80 files, then", again)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deadlines_of_heads_and_idle_connections_leave_live_ones_alone() {
    let target = Target::start(&SHORT);
    let stream = connect(target.address, ATTACKER).await.unwrap();
    let url = format!("ws://{}/graphql", target.address);
    let mut request = url.into_client_request().unwrap();
    let protocol = "graphql-transport-ws".parse().unwrap();
    request
        .headers_mut()
        .insert("sec-websocket-protocol", protocol);
    let (mut socket, _) = client_async(request, stream).await.unwrap();
    let client = reqwest::Client::new();
    let query = r#"subscription { projectChanged(key: "connection") { project { acronym } } }"#;
    let mut events = client
        .post(format!("http://{}/graphql", target.address))
        .header("accept", "text/event-stream")
        .json(&json!({ "query": query }))
        .send()
        .await
        .unwrap();
    let init = r#"{ "type": "connection_init" }"#;
    socket.send(Message::text(init)).await.unwrap();
    let ack = socket.next().await.unwrap().unwrap();
    assert!(ack.to_string().contains("connection_ack"), "{ack}");
    assert!(events.chunk().await.unwrap().is_some());
    sleep(Duration::from_secs(5)).await;
    let ping = r#"{ "type": "ping" }"#;
    socket.send(Message::text(ping)).await.unwrap();
    let pong = socket.next().await.unwrap().unwrap();
    assert!(pong.to_string().contains("pong"), "{pong}");
    let quiet = timeout(Duration::from_millis(500), events.chunk()).await;
    let is_open = quiet.is_err() || matches!(quiet, Ok(Ok(Some(_))));
    assert!(is_open, "the event stream has ended");
    assert_eq!(target.metric(CUT_IDLE).await, 0);
}
