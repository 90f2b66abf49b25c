//! How much live connections may take, and how they end with the server.

use std::time::Duration;

use api::LiveLimits;
use serde_json::json;
use tokio::io::AsyncWriteExt;

use super::{
    client::{Server, Socket},
    events::Stream,
};

const FOLLOW: &str = r#"subscription { projectChanged(key: "connection") { revision } }"#;

/// Writes bytes past the client's own frames.
async fn write(socket: &mut Socket, bytes: &[u8]) {
    socket.inner.get_mut().write_all(bytes).await.unwrap();
}

/// The head of a masked frame: its first byte, and how long it says that it is.
fn head(first: u8, length: u64) -> Vec<u8> {
    let mut bytes = vec![first, 0xff];
    bytes.extend(length.to_be_bytes());
    bytes.extend([0; 4]);
    bytes
}

#[tokio::test]
async fn an_overlong_message_is_closed_with_1009_before_it_is_sent() {
    let server = Server::new().await;
    for length in [128 * 1024 + 1, 1 << 30, u64::MAX >> 1] {
        let mut socket = server.greeted().await;
        // The head alone: the server does not wait for what it announces.
        write(&mut socket, &head(0x81, length)).await;
        assert_eq!(socket.closed().await.0, 1009, "{length}");
    }
}

#[tokio::test]
async fn an_overlong_message_in_pieces_is_closed_with_1009() {
    let server = Server::new().await;
    let mut socket = server.greeted().await;
    let piece = vec![b' '; 60 * 1024];
    for first in [0x01, 0x00, 0x00] {
        write(&mut socket, &head(first, piece.len() as u64)).await;
        write(&mut socket, &piece).await;
    }
    assert_eq!(socket.closed().await.0, 1009);
}

#[tokio::test]
async fn what_is_no_frame_is_closed_with_1002() {
    let server = Server::new().await;
    let mut socket = server.greeted().await;
    write(&mut socket, &[0x81, 0x02, b'{', b'}']).await; // not masked
    assert_eq!(socket.closed().await.0, 1002);
}

#[tokio::test]
async fn one_socket_runs_so_many_operations_at_once() {
    let server = Server::limited(LiveLimits {
        streams: 2,
        ..LiveLimits::default()
    })
    .await;
    let mut socket = server.greeted().await;
    for id in ["1", "2"] {
        socket.subscribe(id, FOLLOW).await;
        assert_eq!(socket.hears().await["type"], "next");
    }
    socket.subscribe("3", FOLLOW).await;
    let message = socket.hears().await;
    assert_eq!(message["type"], "error");
    assert_eq!(message["id"], "3");
    assert_eq!(
        message["payload"][0]["extensions"]["code"],
        "TOO_MANY_STREAMS"
    );
    socket.say(json!({ "type": "complete", "id": "1" })).await;
    socket.subscribe("3", FOLLOW).await;
    assert_eq!(socket.hears().await["type"], "next");
}

#[tokio::test]
async fn one_address_keeps_so_many_connections_of_both_kinds() {
    let server = Server::limited(LiveLimits {
        connections_each: 2,
        ..LiveLimits::default()
    })
    .await;
    let first = server.greeted().await;
    let stream = Stream::follow(&server).await;
    assert_eq!(stream.status, 200);
    assert_eq!(server.handshake(&[]).await.0, 429);
    let refused = Stream::follow(&server).await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.header("retry-after"), "5");
    drop(first);
    drop(stream);
    // The server notices soon.
    for _ in 0..200 {
        if server.handshake(&[]).await.0 == 101 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("a seat stays taken");
}

#[tokio::test]
async fn behind_a_proxy_each_client_has_connections_of_its_own() {
    let server = Server::limited(LiveLimits {
        connections_each: 1,
        ..LiveLimits::default()
    })
    .await;
    let mut open = Vec::new();
    for (address, status) in [
        ("203.0.113.1", 101),
        ("203.0.113.1", 429),
        ("203.0.113.2", 101),
        // What a client wrote itself stands before what the proxy saw.
        ("203.0.113.9, 203.0.113.2", 429),
        ("2001:db8::1", 101),
        ("2001:db8::2", 429),
    ] {
        let (answered, socket) = server.handshake(&[("x-forwarded-for", address)]).await;
        assert_eq!(answered, status, "{address}");
        open.extend(socket);
    }
    assert_eq!(open.len(), 3);
}

#[tokio::test]
async fn all_together_keep_so_many_connections() {
    let server = Server::limited(LiveLimits {
        connections: 1,
        ..LiveLimits::default()
    })
    .await;
    let _first = server.greeted().await;
    assert_eq!(server.handshake(&[]).await.0, 503);
}

#[tokio::test]
async fn a_server_that_stops_closes_sockets_with_1001_and_ends_event_streams() {
    let server = Server::new().await;
    let mut busy = server.greeted().await;
    busy.subscribe("1", FOLLOW).await;
    busy.hears().await;
    let idle = server.open().await;
    let mut stream = Stream::follow(&server).await;
    assert_eq!(stream.event().await.0, "next");
    let (busy, idle, rest, ()) =
        tokio::join!(busy.closed(), idle.closed(), stream.rest(), server.stop());
    let going_away = (1001, "Going away".to_owned());
    assert_eq!((busy, idle), (going_away.clone(), going_away));
    assert!(!rest.contains("complete"), "{rest}");
}
