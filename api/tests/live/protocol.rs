//! What breaks the protocol, and how the socket is closed then.

use std::time::{Duration, Instant};

use api::{Limits, LiveLimits};
use futures::SinkExt;
use serde_json::json;
use tokio::{io::AsyncReadExt, time::timeout};
use tokio_tungstenite::tungstenite::Message;

use super::client::{SOON, Server};

const FOLLOW: &str = r#"subscription { projectChanged(key: "connection") { revision } }"#;

#[tokio::test]
async fn a_socket_that_nobody_greets_is_closed_with_4408() {
    let server = Server::limited(LiveLimits {
        greeting: Duration::from_millis(200),
        ..LiveLimits::default()
    })
    .await;
    let (silent, mut greeted) = (server.open().await, server.greeted().await);
    let expected = (4408, "Connection initialisation timeout".to_owned());
    assert_eq!(silent.closed().await, expected);
    greeted.say(json!({ "type": "ping" })).await;
    assert_eq!(greeted.hears().await, json!({ "type": "pong" }));
}

#[tokio::test]
async fn a_second_greeting_is_closed_with_4429() {
    let server = Server::new().await;
    let mut socket = server.greeted().await;
    socket.say(json!({ "type": "connection_init" })).await;
    let expected = (4429, "Too many initialisation requests".to_owned());
    assert_eq!(socket.closed().await, expected);
}

#[tokio::test]
async fn an_operation_before_the_greeting_is_closed_with_4401() {
    let server = Server::new().await;
    let mut socket = server.open().await;
    socket.subscribe("1", "{ __typename }").await;
    assert_eq!(socket.closed().await, (4401, "Unauthorized".to_owned()));
}

#[tokio::test]
async fn credentials_that_are_none_are_closed_with_4403() {
    let server = Server::new().await;
    let mut socket = server.open().await;
    let payload = json!({ "Authorization": "Bearer x" });
    socket
        .say(json!({ "type": "connection_init", "payload": payload }))
        .await;
    assert_eq!(socket.closed().await, (4403, "Forbidden".to_owned()));

    let mut socket = server.open().await;
    let payload = json!({ "authorization": null, "client": "dashboard" });
    socket
        .say(json!({ "type": "connection_init", "payload": payload }))
        .await;
    assert_eq!(socket.hears().await, json!({ "type": "connection_ack" }));
}

#[tokio::test]
async fn tokens_that_are_none_are_charged() {
    let server = Server::with(|config| {
        config.limits = Limits {
            rate: 60,
            burst: 3_000,
            ..Limits::default()
        };
    })
    .await;
    let ask = async || {
        let request = reqwest::Client::new().get(format!("http://{}/", server.address));
        request.send().await.unwrap().status().as_u16()
    };
    for _ in 0..2 {
        let mut socket = server.open().await;
        let payload = json!({ "authorization": "Bearer connection_none" });
        socket
            .say(json!({ "type": "connection_init", "payload": payload }))
            .await;
        assert_eq!(socket.closed().await.0, 4403);
    }
    // Two tokens and a page are all that the bucket holds.
    assert_eq!(ask().await, 200);
    assert_eq!(ask().await, 429);
}

#[tokio::test]
async fn what_is_no_message_of_the_protocol_is_closed_with_4400() {
    let server = Server::new().await;
    for text in [
        "nonsense",
        "[]",
        r#"{"type":"start","id":"1"}"#,
        r#"{"type":"connection_ack"}"#,
        r#"{"type":"subscribe","payload":{"query":"{ __typename }"}}"#,
        r#"{"type":"subscribe","id":"1","payload":{}}"#,
        r#"{"type":"complete"}"#,
        r#"{"type":"ping","payload":1}"#,
    ] {
        let mut socket = server.greeted().await;
        socket.say_text(text).await;
        assert_eq!(socket.closed().await.0, 4400, "{text}");
    }
    let deep = "[".repeat(50_000);
    let mut socket = server.greeted().await;
    socket.say_text(&deep).await;
    assert_eq!(socket.closed().await.0, 4400);
    let mut socket = server.greeted().await;
    let binary = Message::binary(&br#"{"type":"ping"}"#[..]);
    socket.inner.send(binary).await.unwrap();
    assert_eq!(socket.closed().await.0, 4400);
}

#[tokio::test]
async fn an_id_in_use_is_closed_with_4409_and_may_be_used_again_afterwards() {
    let server = Server::new().await;
    let mut socket = server.greeted().await;
    for _ in 0..3 {
        socket.subscribe("a", FOLLOW).await;
        assert_eq!(socket.hears().await["type"], "next");
        socket.say(json!({ "type": "complete", "id": "a" })).await;
    }
    socket.subscribe("a", FOLLOW).await;
    socket.subscribe("a", "{ __typename }").await;
    let expected = (4409, "Subscriber for a already exists".to_owned());
    assert_eq!(socket.closed().await, expected);
}

#[tokio::test]
async fn a_ping_is_answered_with_its_payload_even_before_the_greeting() {
    let server = Server::new().await;
    let mut socket = server.open().await;
    socket
        .say(json!({ "type": "ping", "payload": { "at": 7 } }))
        .await;
    let expected = json!({ "type": "pong", "payload": { "at": 7 } });
    assert_eq!(socket.hears().await, expected);
    socket.say(json!({ "type": "pong" })).await;
    socket
        .say(json!({ "type": "complete", "id": "unknown" }))
        .await;
    socket.greet().await;
}

#[tokio::test]
async fn a_peer_that_answers_no_ping_is_dropped_and_one_that_does_stays() {
    let server = Server::limited(LiveLimits {
        ping: Duration::from_millis(400),
        ..LiveLimits::default()
    })
    .await;
    let mut answering = server.greeted().await;
    let mute = server.greeted().await;
    let began = Instant::now();
    let answers = tokio::spawn(async move {
        // A client answers pings while it reads.
        let _ = timeout(Duration::from_secs(3), answering.hears()).await;
        answering
    });
    let mut stream = mute.inner.into_inner();
    let mut bytes = Vec::new();
    timeout(SOON, stream.read_to_end(&mut bytes))
        .await
        .unwrap()
        .unwrap();
    assert!(began.elapsed() >= Duration::from_millis(400));
    assert_eq!(bytes.first(), Some(&0x89), "a ping came first: {bytes:?}");
    let mut answering = answers.await.unwrap();
    answering.say(json!({ "type": "ping" })).await;
    assert_eq!(answering.hears().await, json!({ "type": "pong" }));
}

#[tokio::test]
async fn a_client_that_hangs_up_is_answered() {
    let server = Server::new().await;
    let mut socket = server.greeted().await;
    socket.subscribe("1", FOLLOW).await;
    socket.hears().await;
    socket.inner.close(None).await.unwrap();
    let mut stream = socket.inner.into_inner();
    let mut bytes = Vec::new();
    timeout(SOON, stream.read_to_end(&mut bytes))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(bytes.first(), Some(&0x88), "{bytes:?}");
}
