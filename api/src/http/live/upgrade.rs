//! The WebSocket handshake.
//!
//! A browser lets any page open a WebSocket to any server, with the user's cookies, so the page's
//! origin must be checked here.

use poem::{
    Request, Response,
    http::{HeaderValue, StatusCode, header},
};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tracing::debug;

use super::{
    Client, Executor, Live,
    message::PROTOCOL,
    socket::{self, Session},
};
use crate::http::{negotiation::lists, origin, response};

/// The only version of the WebSocket protocol.
const VERSION: HeaderValue = HeaderValue::from_static("13");

/// Upgrades the connection, or refuses the handshake.
pub fn upgraded(
    live: &Live,
    executor: Executor,
    client: Client,
    origins: &[String],
    request: &Request,
) -> Response {
    let headers = request.headers();
    if origin::single(headers, header::SEC_WEBSOCKET_VERSION) != VERSION.to_str().ok() {
        let mut response = response::plain(
            StatusCode::UPGRADE_REQUIRED,
            "Sockets speak version 13 of the WebSocket protocol.",
        );
        response
            .headers_mut()
            .insert(header::SEC_WEBSOCKET_VERSION, VERSION);
        return response;
    }
    let key = origin::single(headers, header::SEC_WEBSOCKET_KEY);
    let (Some(key), true) = (key, lists(headers, header::CONNECTION, "upgrade")) else {
        return response::plain(
            StatusCode::BAD_REQUEST,
            "This is half a WebSocket handshake.",
        );
    };
    if !origin::is_own_page(headers) && origin::allowed(headers, origins).is_none() {
        return response::error(
            StatusCode::FORBIDDEN,
            "FORBIDDEN",
            "Pages of this origin may not open sockets here.",
        );
    }
    let seat = match live.seat(client) {
        Ok(seat) => seat,
        Err(response) => return *response,
    };
    let speaks_protocol = lists(headers, header::SEC_WEBSOCKET_PROTOCOL, PROTOCOL);
    let mut response = Response::builder()
        .status(StatusCode::SWITCHING_PROTOCOLS)
        .header(header::CONNECTION, "upgrade")
        .header(header::UPGRADE, "websocket")
        .header(
            header::SEC_WEBSOCKET_ACCEPT,
            derive_accept_key(key.as_bytes()),
        )
        .finish();
    if speaks_protocol {
        response.headers_mut().insert(
            header::SEC_WEBSOCKET_PROTOCOL,
            HeaderValue::from_static(PROTOCOL),
        );
    }
    let Ok(taken) = request.take_upgrade() else {
        return response::plain(
            StatusCode::BAD_REQUEST,
            "There is no connection to take over.",
        );
    };
    let session = Session {
        executor: executor.into(),
        limits: live.limits,
        draining: live.draining.clone(),
        speaks_protocol,
        seat,
    };
    tokio::spawn(async move {
        match taken.await {
            Ok(connection) => socket::serve(connection, session).await,
            Err(error) => debug!(%error, "A connection was gone before it became a socket"),
        }
    });
    response
}
