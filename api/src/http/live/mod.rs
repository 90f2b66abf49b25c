//! Live responses: graphql-transport-ws over WebSockets, and graphql-sse in its distinct
//! connections mode. docs/LIVE.md is the manual.
//!
//! [`seats`] limits the number of connections, [`limits`] the resources of each; [`operation`]
//! executes operations for both protocols; [`upgrade`] accepts or refuses a WebSocket handshake,
//! [`socket`] serves the socket with the messages of [`message`]; [`sse`] writes an event stream.

mod limits;
mod message;
mod operation;
mod seats;
mod socket;
mod sse;
mod upgrade;

use std::{future::pending, sync::Arc, time::Duration};

use poem::{
    Response,
    http::{HeaderValue, StatusCode, header},
};
use tokio::{sync::watch, time::timeout};

use super::{client_address::Client, response};
pub use limits::LiveLimits;
pub use operation::Executor;
use seats::{LimitReached, Seat, Seats};
pub use sse::{refused_mode, stream};
pub use upgrade::upgraded;

/// The live connections of a process.
#[derive(Clone, Debug)]
pub struct Live {
    pub limits: LiveLimits,
    seats: Arc<Seats>,
    draining: watch::Receiver<bool>,
}

impl Live {
    /// A process without connections; all end when `draining` is true.
    pub fn new(limits: LiveLimits, draining: watch::Receiver<bool>) -> Self {
        let seats = Arc::new(Seats::new(&limits));
        Self {
            limits,
            seats,
            draining,
        }
    }

    /// The number of open sockets and event streams.
    pub fn connections(&self) -> usize {
        self.seats.taken()
    }

    /// Waits until all have ended, with a timeout.
    pub async fn ended(&self, patience: Duration) {
        if timeout(patience, self.seats.empty()).await.is_err() {
            let left = self.seats.taken();
            tracing::warn!(left, "Live connections did not end in time");
        }
    }

    /// A seat for one more connection; else the response that refuses it.
    fn seat(&self, client: Client) -> Result<Seat, Box<Response>> {
        if *self.draining.borrow() {
            return Err(Box::new(refused(
                StatusCode::SERVICE_UNAVAILABLE,
                "GOING_AWAY",
                "This server is about to stop: connect again.",
            )));
        }
        let refusal = |full| match full {
            LimitReached::Client => refused(
                StatusCode::TOO_MANY_REQUESTS,
                "TOO_MANY_CONNECTIONS",
                &format!(
                    "One address may keep {} live connections open: close one first.",
                    self.limits.connections_each
                ),
            ),
            LimitReached::All => refused(
                StatusCode::SERVICE_UNAVAILABLE,
                "TOO_MANY_CONNECTIONS",
                "As many live connections are open as this server keeps: try again later.",
            ),
        };
        self.seats
            .take(client)
            .map_err(|full| Box::new(refusal(full)))
    }
}

/// Whether a client may try again.
fn refused(status: StatusCode, code: &str, message: &str) -> Response {
    let mut response = response::error(status, code, message);
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    response
}

/// Completes when the server shuts down; never, if it cannot be shut down.
async fn asked_to_stop(draining: &mut watch::Receiver<bool>) {
    if draining.wait_for(|draining| *draining).await.is_err() {
        pending::<()>().await;
    }
}
