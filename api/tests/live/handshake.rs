//! Who gets a socket.

use super::client::Server;

async fn status(server: &Server, headers: &[(&str, &str)]) -> u16 {
    server.handshake(headers).await.0
}

#[tokio::test]
async fn half_a_handshake_is_refused() {
    let server = Server::new().await;
    assert_eq!(
        status(&server, &[("sec-websocket-version", "12")]).await,
        426
    );
    assert_eq!(status(&server, &[("sec-websocket-version", "")]).await, 426);
    assert_eq!(status(&server, &[("sec-websocket-key", "")]).await, 400);
    assert_eq!(status(&server, &[("connection", "close")]).await, 400);
}

#[tokio::test]
async fn headers_are_read_in_any_case() {
    let server = Server::new().await;
    let headers = [
        ("upgrade", "WebSocket"),
        ("connection", "keep-alive, UPGRADE"),
    ];
    assert_eq!(status(&server, &headers).await, 101);
}

#[tokio::test]
async fn a_page_of_another_site_gets_no_socket_unless_it_is_allowed() {
    let server = Server::with(|config| {
        config.origins = vec!["https://dashboard.example".to_owned()];
    })
    .await;
    let own = format!("http://{}", server.address);
    for (origin, expected) in [
        (own.as_str(), 101),
        ("https://dashboard.example", 101),
        ("http://dashboard.example", 403),
        ("https://evil.example", 403),
        ("http://localhost:1", 403),
        ("null", 403),
    ] {
        let (status, _) = server.handshake(&[("origin", origin)]).await;
        assert_eq!(status, expected, "{origin}");
    }
}

#[tokio::test]
async fn another_subprotocol_or_none_is_closed_with_4406() {
    let server = Server::new().await;
    for protocol in ["graphql-ws", "mqtt, soap", ""] {
        let headers = [("sec-websocket-protocol", protocol)];
        let socket = server.handshake(&headers).await.1.unwrap();
        assert!(
            !socket
                .head
                .to_lowercase()
                .contains("sec-websocket-protocol")
        );
        let expected = (4406, "Subprotocol not acceptable".to_owned());
        assert_eq!(socket.closed().await, expected, "{protocol}");
    }
}

#[tokio::test]
async fn the_subprotocol_is_chosen_among_several() {
    let server = Server::new().await;
    let headers = [("sec-websocket-protocol", "graphql-ws, graphql-transport-ws")];
    let mut socket = server.handshake(&headers).await.1.unwrap();
    let head = socket.head.to_lowercase();
    assert!(
        head.contains("sec-websocket-protocol: graphql-transport-ws\r\n"),
        "{head}"
    );
    socket.greet().await;
}
