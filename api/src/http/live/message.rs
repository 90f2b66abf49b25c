//! The messages of graphql-transport-ws: parsing, serialisation and close codes.

use std::borrow::Cow;

use async_graphql::{Response, ServerError};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    gateway::{Limits, Operation},
    http::{graphql_json::ResponseBody, json, operation},
};

/// The name of the protocol.
pub const PROTOCOL: &str = "graphql-transport-ws";

/// A message of a client.
#[derive(Debug)]
pub enum ClientMessage {
    Init(Option<Map<String, Value>>),
    Ping(Option<Map<String, Value>>),
    Pong,
    Subscribe { id: String, operation: Operation },
    Complete { id: String },
}

/// Parses a message; else the close code for an invalid one.
pub fn read(text: &str, limits: &Limits) -> Result<ClientMessage, String> {
    let message = json::read(text.as_bytes(), limits)
        .map_err(|unread| format!("The message cannot be read: {unread}"))?;
    let Value::Object(mut message) = message else {
        return Err("A message is a JSON object".to_owned());
    };
    let Some(Value::String(kind)) = message.remove("type") else {
        return Err("A message has a type".to_owned());
    };
    match kind.as_str() {
        "connection_init" => Ok(ClientMessage::Init(payload_of(&kind, &mut message)?)),
        "ping" => Ok(ClientMessage::Ping(payload_of(&kind, &mut message)?)),
        "pong" => payload_of(&kind, &mut message).map(|_| ClientMessage::Pong),
        "subscribe" => {
            let id = id_of(&kind, &mut message)?;
            let payload = message.remove("payload").unwrap_or_default();
            let operation = operation::from_value(payload)
                .map_err(|wrong| format!("The payload of subscribe: {}", wrong.message))?;
            Ok(ClientMessage::Subscribe { id, operation })
        }
        "complete" => Ok(ClientMessage::Complete {
            id: id_of(&kind, &mut message)?,
        }),
        _ => Err("There is no message of this type to a server".to_owned()),
    }
}

fn payload_of(
    kind: &str,
    message: &mut Map<String, Value>,
) -> Result<Option<Map<String, Value>>, String> {
    match message.remove("payload") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(payload)) => Ok(Some(payload)),
        Some(_) => Err(format!("The payload of {kind} is a JSON object")),
    }
}

fn id_of(kind: &str, message: &mut Map<String, Value>) -> Result<String, String> {
    match message.remove("id") {
        Some(Value::String(id)) if !id.is_empty() => Ok(id),
        _ => Err(format!("{kind} has an id")),
    }
}

/// A message of the server.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerMessage<'a> {
    ConnectionAck,
    Pong {
        #[serde(skip_serializing_if = "Option::is_none")]
        payload: Option<Map<String, Value>>,
    },
    Next {
        id: &'a str,
        payload: ResponseBody<'a>,
    },
    Error {
        id: &'a str,
        payload: &'a [ServerError],
    },
    Complete {
        id: &'a str,
    },
}

impl<'a> ServerMessage<'a> {
    /// One response of an operation.
    pub fn next(id: &'a str, response: &'a Response) -> Self {
        Self::Next {
            id,
            payload: ResponseBody::of(response),
        }
    }

    pub fn text(&self) -> String {
        serde_json::to_string(self).expect("a GraphQL response is plain JSON")
    }
}

/// The close code and reason with which the server closes a socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Close {
    pub code: u16,
    pub reason: Cow<'static, str>,
}

/// A close frame has at most 125 bytes, two of which are the code.
const MAX_REASON: usize = 123;

impl Close {
    pub const GOING_AWAY: Self = Self::new(1001, "Going away");
    pub const FAILED: Self = Self::new(1011, "Internal error");
    pub const NOT_TEXT: Self = Self::new(4400, "Messages are texts");
    pub const UNAUTHORIZED: Self = Self::new(4401, "Unauthorized");
    pub const FORBIDDEN: Self = Self::new(4403, "Forbidden");
    pub const OTHER_PROTOCOL: Self = Self::new(4406, "Subprotocol not acceptable");
    pub const NO_GREETING: Self = Self::new(4408, "Connection initialisation timeout");
    pub const GREETED_AGAIN: Self = Self::new(4429, "Too many initialisation requests");

    pub const fn new(code: u16, reason: &'static str) -> Self {
        Self {
            code,
            reason: Cow::Borrowed(reason),
        }
    }

    /// The message is invalid in the protocol.
    pub fn invalid(wrong: String) -> Self {
        Self::with_reason(4400, wrong, "Invalid message received")
    }

    /// The operation of this id is still running.
    pub fn taken(id: &str) -> Self {
        let reason = format!("Subscriber for {id} already exists");
        Self::with_reason(4409, reason, "Subscriber already exists")
    }

    fn with_reason(code: u16, reason: String, short: &'static str) -> Self {
        let reason = if reason.len() > MAX_REASON {
            short.into()
        } else {
            reason.into()
        };
        Self { code, reason }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<ClientMessage, String> {
        super::read(text, &Limits::default())
    }

    #[test]
    fn what_the_protocol_does_not_know_is_told_as_wrong() {
        for (text, reason) in [
            ("", "JSON"),
            ("[]", "object"),
            ("{}", "type"),
            (r#"{"type":1}"#, "type"),
            (r#"{"type":"start"}"#, "type"),
            (r#"{"type":"connection_ack"}"#, "type"),
            (r#"{"type":"next","id":"1","payload":{}}"#, "type"),
            (
                r#"{"type":"connection_init","payload":1}"#,
                "connection_init",
            ),
            (r#"{"type":"ping","payload":[]}"#, "ping"),
            (r#"{"type":"complete"}"#, "id"),
            (r#"{"type":"complete","id":""}"#, "id"),
            (r#"{"type":"subscribe","payload":{"query":"{a}"}}"#, "id"),
            (
                r#"{"type":"subscribe","id":1,"payload":{"query":"{a}"}}"#,
                "id",
            ),
            (r#"{"type":"subscribe","id":"1"}"#, "payload"),
            (r#"{"type":"subscribe","id":"1","payload":{}}"#, "query"),
            (
                r#"{"type":"subscribe","id":"1","payload":{"query":1}}"#,
                "query",
            ),
            (
                r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":[]}}"#,
                "variables",
            ),
            (
                r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","extensions":1}}"#,
                "extensions",
            ),
        ] {
            let wrong = read(text).unwrap_err();
            assert!(wrong.contains(reason), "{text}: {wrong}");
        }
    }

    #[test]
    fn a_payload_may_be_missing_or_null() {
        for text in [
            r#"{"type":"connection_init"}"#,
            r#"{"type":"connection_init","payload":null}"#,
        ] {
            assert!(
                matches!(read(text), Ok(ClientMessage::Init(None))),
                "{text}"
            );
        }
        assert!(matches!(
            read(r#"{"type":"pong","payload":{"a":1}}"#),
            Ok(ClientMessage::Pong)
        ));
    }

    #[test]
    fn a_reason_fits_into_a_close_frame() {
        assert_eq!(Close::taken("7").reason, "Subscriber for 7 already exists");
        let long = Close::taken(&"x".repeat(200));
        assert!(long.reason.len() <= MAX_REASON, "{}", long.reason);
        assert!(Close::invalid("x".repeat(200)).reason.len() <= MAX_REASON);
    }
}
