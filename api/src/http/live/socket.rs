//! A WebSocket of graphql-transport-ws, from its handshake to its end.
//!
//! One task reads, executes and writes in turn. So a client that reads slowly only slows down its
//! own operations: the next response is computed only after the last one was written, and no queue
//! grows.

use std::{collections::HashMap, pin::pin, sync::Arc, time::Duration};

use async_graphql::Response;
use futures::{
    SinkExt,
    stream::{AbortHandle, Abortable, BoxStream, SelectAll, StreamExt},
};
use poem::Upgraded;
use serde_json::{Map, Value};
use tokio::{
    io::AsyncReadExt,
    sync::watch,
    time::{Instant, MissedTickBehavior, interval_at, sleep, timeout},
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Bytes, Error, Message,
        protocol::{CloseFrame, Role, WebSocketConfig},
    },
};
use tracing::debug;

use super::{
    Executor, LiveLimits, asked_to_stop,
    message::{self, ClientMessage, Close, ServerMessage},
    operation::{CHECKED, Event, coded},
    seats::Seat,
};
use crate::{
    gateway::{Operation, RateLimitKey},
    http::bearer::{WRONG_TOKEN, of_bearer},
    schema::internal,
};

/// The size of the read buffer, which an idle socket retains.
const READ_BUFFER: usize = 4 * 1024;
/// The time for which a closed socket waits for the client to disconnect.
const PARTING: Duration = Duration::from_secs(1);

/// The session of a socket.
#[derive(Debug)]
pub struct Session {
    pub executor: Arc<Executor>,
    pub limits: LiveLimits,
    pub draining: watch::Receiver<bool>,
    /// Whether the client requested the subprotocol.
    pub speaks_protocol: bool,
    pub seat: Seat,
}

/// The end of a conversation.
#[derive(Debug)]
enum End {
    /// The server closes it.
    Close(Close),
    /// The input is not a WebSocket, or a message is too long: nothing more can be read.
    Broken(Close),
    /// The client closed it.
    Closed,
    /// The client is disconnected, or does not read.
    Gone,
}

impl From<Close> for End {
    fn from(close: Close) -> Self {
        Self::Close(close)
    }
}

/// Serves one client until it leaves, breaks the protocol or the server stops.
pub async fn serve(connection: Upgraded, session: Session) {
    let longest = Some(session.limits.message_bytes);
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_message_size(longest)
        .max_frame_size(longest);
    let socket = WebSocketStream::from_raw_socket(connection, Role::Server, Some(config)).await;
    let mut conversation = Conversation {
        socket,
        is_greeted: false,
        running: SelectAll::new(),
        handles: HashMap::new(),
        session,
    };
    let end = if conversation.session.speaks_protocol {
        match conversation.talk().await {
            Ok(never) => match never {},
            Err(end) => end,
        }
    } else {
        Close::OTHER_PROTOCOL.into()
    };
    let Conversation {
        socket, session, ..
    } = conversation;
    debug!(?end, "A socket ended");
    // After this, a client that neither reads nor disconnects is dropped.
    let _ = timeout(PARTING, part(socket, end)).await;
    drop(session.seat);
}

/// Sends the close frame, and waits for the client to disconnect, so that it reads the reason.
async fn part(mut socket: WebSocketStream<Upgraded>, end: End) {
    let (close, is_readable) = match end {
        End::Close(close) => (Some(close), true),
        End::Broken(close) => (Some(close), false),
        End::Closed => (None, true),
        End::Gone => return,
    };
    let result = match close {
        None => socket.flush().await,
        Some(Close { code, reason }) => {
            let frame = CloseFrame {
                code: code.into(),
                reason: reason.into_owned().into(),
            };
            socket.close(Some(frame)).await
        }
    };
    if result.is_err() {
        return;
    }
    if is_readable {
        while let Some(Ok(_)) = socket.next().await {}
        return;
    }
    let mut connection = socket.into_inner();
    let mut ignored = [0; READ_BUFFER];
    while connection.read(&mut ignored).await.is_ok_and(|n| n > 0) {}
}

type Running = Abortable<BoxStream<'static, (Arc<str>, Event)>>;

struct Conversation {
    socket: WebSocketStream<Upgraded>,
    session: Session,
    is_greeted: bool,
    running: SelectAll<Running>,
    /// Ends a running operation, by its id.
    handles: HashMap<Arc<str>, AbortHandle>,
}

/// Serves messages until the conversation ends.
enum Never {}

impl Conversation {
    async fn talk(&mut self) -> Result<Never, End> {
        let LiveLimits { greeting, ping, .. } = self.session.limits;
        let mut draining = self.session.draining.clone();
        let mut greeting = pin!(sleep(greeting));
        let mut pings = interval_at(Instant::now() + ping, ping);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut checks = interval_at(Instant::now() + CHECKED, CHECKED);
        checks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut is_heard = true;
        loop {
            tokio::select! {
                () = asked_to_stop(&mut draining) => return Err(Close::GOING_AWAY.into()),
                () = &mut greeting, if !self.is_greeted => {
                    return Err(Close::NO_GREETING.into());
                }
                _ = pings.tick() => {
                    if !is_heard {
                        return Err(End::Gone);
                    }
                    is_heard = false;
                    self.send(Message::Ping(Bytes::new())).await?;
                }
                _ = checks.tick() => self.check().await?,
                message = self.socket.next() => {
                    is_heard = true;
                    self.hear(message).await?;
                }
                Some((id, event)) = self.running.next(), if !self.running.is_empty() => {
                    self.tell(&id, event).await?;
                }
            }
        }
    }

    async fn hear(&mut self, message: Option<Result<Message, Error>>) -> Result<(), End> {
        let text = match message {
            Some(Ok(Message::Text(text))) => text,
            // The WebSocket library replies to protocol-level pings while it reads.
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => return Ok(()),
            Some(Ok(Message::Binary(_))) => return Err(Close::NOT_TEXT.into()),
            Some(Ok(Message::Close(_))) => return Err(End::Closed),
            Some(Err(error)) => return Err(broken(&error)),
            None => return Err(End::Gone),
        };
        match message::read(&text, self.session.executor.gateway.limits())
            .map_err(Close::invalid)?
        {
            ClientMessage::Init(_) if self.is_greeted => Err(Close::GREETED_AGAIN.into()),
            ClientMessage::Init(payload) => {
                if let Some(credentials) = credentials(payload.as_ref()) {
                    self.sign_in(credentials).await?;
                }
                self.is_greeted = true;
                self.say(&ServerMessage::ConnectionAck).await
            }
            ClientMessage::Ping(payload) => self.say(&ServerMessage::Pong { payload }).await,
            ClientMessage::Pong => Ok(()),
            ClientMessage::Subscribe { .. } if !self.is_greeted => Err(Close::UNAUTHORIZED.into()),
            ClientMessage::Subscribe { id, operation } => self.start(id, operation).await,
            ClientMessage::Complete { id } => {
                if let Some(handle) = self.handles.remove(&*id) {
                    handle.abort();
                }
                Ok(())
            }
        }
    }

    /// Continues as the person of the token in `connection_init`.
    async fn sign_in(&mut self, credentials: &Value) -> Result<(), End> {
        let executor = &self.session.executor;
        let text = credentials.as_str().unwrap_or_default();
        let viewer = match of_bearer(&executor.store, text).await {
            Ok(Some(viewer)) => viewer,
            Ok(None) => {
                let rate_limiter = executor.gateway.rate_limiter();
                // The socket is closed, whether or not the client can pay.
                let _ = rate_limiter
                    .spend(&executor.rate_limit_key, WRONG_TOKEN)
                    .await;
                return Err(Close::FORBIDDEN.into());
            }
            Err(error) => {
                internal(&error);
                return Err(Close::FAILED.into());
            }
        };
        let rate_limit_key = viewer
            .person()
            .map_or(executor.rate_limit_key, RateLimitKey::Person);
        self.session.executor = Arc::new(executor.on_behalf_of(viewer, rate_limit_key));
        Ok(())
    }

    /// Ends the conversation if its viewer's session or token is no longer valid.
    async fn check(&mut self) -> Result<(), End> {
        match self.session.executor.holds().await {
            true => Ok(()),
            false => Err(Close::FORBIDDEN.into()),
        }
    }

    async fn start(&mut self, id: String, operation: Operation) -> Result<(), End> {
        self.check().await?;
        if self.handles.contains_key(&*id) {
            return Err(Close::taken(&id).into());
        }
        let most = self.session.limits.streams;
        if self.handles.len() >= most {
            let message = format!("{most} operations run on this socket: complete one first.");
            let payload = &[coded("TOO_MANY_STREAMS", message)];
            return self.say(&ServerMessage::Error { id: &id, payload }).await;
        }
        let id: Arc<str> = id.into();
        let (handle, registration) = AbortHandle::new_pair();
        let named = Arc::clone(&id);
        let events = self.session.executor.ask(operation);
        let events = events.map(move |event| (Arc::clone(&named), event)).boxed();
        self.running.push(Abortable::new(events, registration));
        self.handles.insert(id, handle);
        Ok(())
    }

    async fn tell(&mut self, id: &str, event: Event) -> Result<(), End> {
        self.check().await?;
        if !matches!(event, Event::Next(_)) {
            self.handles.remove(id);
        }
        match event {
            Event::Next(response) => self.say(&ServerMessage::next(id, &response)).await,
            Event::Complete => self.say(&ServerMessage::Complete { id }).await,
            Event::Refused(response) => {
                let Response { errors, .. } = *response;
                let payload = &errors;
                self.say(&ServerMessage::Error { id, payload }).await
            }
        }
    }

    async fn say(&mut self, what: &ServerMessage<'_>) -> Result<(), End> {
        self.send(Message::text(what.text())).await
    }

    /// Writes a message out, unless the client takes too long to read it.
    async fn send(&mut self, message: Message) -> Result<(), End> {
        let patience = self.session.limits.ping;
        tokio::select! {
            sent = timeout(patience, self.socket.send(message)) => match sent {
                Ok(Ok(())) => Ok(()),
                Ok(Err(_)) | Err(_) => Err(End::Gone),
            },
            () = asked_to_stop(&mut self.session.draining) => Err(Close::GOING_AWAY.into()),
        }
    }
}

/// The token in the payload of `connection_init`: pages cannot add headers to a WebSocket. Invalid
/// credentials are refused rather than ignored: the client expects more than anonymous access.
fn credentials(payload: Option<&Map<String, Value>>) -> Option<&Value> {
    let mut fields = payload?.iter();
    let named = |name: &str| name.eq_ignore_ascii_case("authorization");
    let is_there = |value: &Value| !value.is_null() && value != "";
    fields
        .find(|(name, value)| named(name) && is_there(value))
        .map(|(_, value)| value)
}

/// The reason for which nothing more can be read.
fn broken(error: &Error) -> End {
    End::Broken(match error {
        Error::Capacity(_) => Close::new(1009, "The message is too long"),
        Error::Utf8(_) => Close::new(1007, "The text is not UTF-8"),
        Error::Protocol(_) => Close::new(1002, "This is no WebSocket frame"),
        _ => return End::Gone,
    })
}
