//! A server on a port of its own, and a client that says exactly what it is told to.

use std::{io, net::SocketAddr, time::Duration};

use api::{Config, LiveLimits, serve};
use domain::{command::Import, file::ProjectFile};
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::timeout,
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Message, protocol::Role},
};

use crate::support::{Api, link_key};

/// Long enough for a busy machine.
pub const SOON: Duration = Duration::from_secs(20);

/// The API on a port.
pub struct Server {
    pub api: Api,
    pub address: SocketAddr,
    stop: oneshot::Sender<()>,
    served: JoinHandle<io::Result<()>>,
}

impl Server {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn limited(limits: LiveLimits) -> Self {
        Self::with(|config| config.live = limits).await
    }

    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let api = Api::new().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut config = Config::new(api.store.clone(), link_key());
        change(&mut config);
        let (stop, stopped) = oneshot::channel::<()>();
        let served = tokio::spawn(serve(listener, config, async {
            let _ = stopped.await;
        }));
        Self {
            api,
            address,
            stop,
            served,
        }
    }

    /// Asks the server to stop, and waits until it has.
    pub async fn stop(self) {
        self.stop.send(()).unwrap();
        timeout(SOON, self.served).await.unwrap().unwrap().unwrap();
    }

    pub async fn import(&self, file: &ProjectFile) {
        let imported = self.api.store.import(file, Import::default()).await;
        assert!(!imported.unwrap().changes.is_empty());
    }

    /// A handshake with these headers beside the usual ones: the status of its answer, and the
    /// socket where there is one.
    pub async fn handshake(&self, headers: &[(&str, &str)]) -> (u16, Option<Socket>) {
        let mut usual = vec![
            ("host", self.address.to_string()),
            ("connection", "Upgrade".into()),
            ("upgrade", "websocket".into()),
            ("sec-websocket-version", "13".into()),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==".into()),
            ("sec-websocket-protocol", "graphql-transport-ws".into()),
        ];
        usual.retain(|(name, _)| !headers.iter().any(|(other, _)| other == name));
        let given = headers.iter().map(|(name, value)| (*name, (*value).into()));
        let mut text = "GET /graphql HTTP/1.1\r\n".to_owned();
        for (name, value) in usual.into_iter().chain(given) {
            if !value.is_empty() {
                text += &format!("{name}: {value}\r\n");
            }
        }
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        stream.write_all(b"\r\n").await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(timeout(SOON, stream.read_u8()).await.unwrap().unwrap());
        }
        let head = String::from_utf8(head).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        if status != 101 {
            return (status, None);
        }
        assert!(head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "{head}");
        let inner = WebSocketStream::from_raw_socket(stream, Role::Client, None).await;
        (status, Some(Socket { inner, head }))
    }

    /// A socket that nobody has greeted.
    pub async fn open(&self) -> Socket {
        self.handshake(&[]).await.1.unwrap()
    }

    /// A socket that is ready for operations.
    pub async fn greeted(&self) -> Socket {
        let mut socket = self.open().await;
        socket.greet().await;
        socket
    }
}

/// The client's side of a socket.
pub struct Socket {
    pub inner: WebSocketStream<TcpStream>,
    /// The server's answer to the handshake.
    pub head: String,
}

impl Socket {
    pub async fn greet(&mut self) {
        self.say(json!({ "type": "connection_init" })).await;
        assert_eq!(self.hears().await, json!({ "type": "connection_ack" }));
    }

    pub async fn say(&mut self, message: Value) {
        self.say_text(&message.to_string()).await;
    }

    pub async fn say_text(&mut self, text: &str) {
        self.inner.send(Message::text(text)).await.unwrap();
    }

    pub async fn subscribe(&mut self, id: &str, query: &str) {
        self.say(json!({ "id": id, "type": "subscribe", "payload": { "query": query } }))
            .await;
    }

    /// The next message of the protocol.
    pub async fn hears(&mut self) -> Value {
        loop {
            let message = timeout(SOON, self.inner.next()).await.unwrap();
            match message.unwrap().unwrap() {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// The code and the reason with which the server closes; messages before are passed over.
    pub async fn closed(mut self) -> (u16, String) {
        loop {
            let message = timeout(SOON, self.inner.next()).await.unwrap();
            if let Message::Close(frame) = message.unwrap().unwrap() {
                let frame = frame.unwrap();
                return (frame.code.into(), frame.reason.to_string());
            }
        }
    }
}
