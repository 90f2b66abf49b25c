//! Event streams of graphql-sse: one operation per connection.

use std::{io, sync::Arc};

use async_graphql::Response as GraphQlResponse;
use futures::stream::{self, BoxStream, StreamExt};
use poem::{
    Body, Response,
    http::{HeaderMap, HeaderName, StatusCode, header},
};
use tokio::{
    sync::watch,
    time::{Instant, Interval, MissedTickBehavior, interval_at},
};

use super::{
    Executor, Live, asked_to_stop,
    operation::{CHECKED, Event, unauthenticated},
    seats::Seat,
};
use crate::http::{client_address::Client, graphql_json, response};

/// The header of the single connection mode, which has all operations of a client in one stream.
const TOKEN: HeaderName = HeaderName::from_static("x-graphql-event-stream-token");

/// The refusal of a request of the single connection mode; `None` for other requests.
pub fn refused_mode(headers: &HeaderMap) -> Option<Response> {
    headers.contains_key(TOKEN).then(|| {
        response::error(
            StatusCode::BAD_REQUEST,
            "BAD_REQUEST",
            "Event streams are served in distinct connections mode only: send each operation by a \
             request of its own, without a token.",
        )
    })
}

/// Streams the events of an operation.
pub fn stream(
    live: &Live,
    client: Client,
    executor: Arc<Executor>,
    events: Result<BoxStream<'static, Event>, GraphQlResponse>,
) -> Response {
    let seat = match live.seat(client) {
        Ok(seat) => seat,
        Err(response) => return *response,
    };
    let events =
        events.unwrap_or_else(|refused| stream::iter([Event::Refused(Box::new(refused))]).boxed());
    let mut beats = interval_at(Instant::now() + live.limits.ping, live.limits.ping);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut checks = interval_at(Instant::now() + CHECKED, CHECKED);
    checks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let open = Open {
        executor,
        checks,
        events,
        beats,
        draining: live.draining.clone(),
        _seat: seat,
    };
    let rest = stream::unfold(Some(open), |open| async { open?.next().await });
    // The first keep-alive message opens the stream, even if there is no event for a long time.
    let chunks = stream::iter([BEAT.to_owned()]).chain(rest);
    Response::builder()
        .content_type("text/event-stream; charset=utf-8")
        .header(header::CACHE_CONTROL, "no-store, no-transform")
        .header(header::VARY, "Accept")
        .header("x-accel-buffering", "no")
        .body(Body::from_bytes_stream(chunks.map(Ok::<_, io::Error>)))
}

/// A stream that has not ended.
struct Open {
    executor: Arc<Executor>,
    events: BoxStream<'static, Event>,
    checks: Interval,
    beats: Interval,
    draining: watch::Receiver<bool>,
    _seat: Seat,
}

/// The keep-alive message, a comment, which is not an event.
const BEAT: &str = ":\n\n";
/// The empty data are required: browsers do not dispatch an event without data.
const COMPLETE: &str = "event: complete\ndata: \n\n";

impl Open {
    /// The next message, and whether another may follow. On shutdown the stream ends without
    /// `complete`: its operation has not ended, and the client reconnects.
    async fn next(mut self) -> Option<(String, Option<Self>)> {
        loop {
            let event = tokio::select! {
                biased;
                () = asked_to_stop(&mut self.draining) => return None,
                _ = self.checks.tick() => None,
                _ = self.beats.tick() => return Some((BEAT.to_owned(), Some(self))),
                event = self.events.next() => Some(event),
            };
            if !self.executor.holds().await {
                return Some((next(&unauthenticated()) + COMPLETE, None));
            }
            return Some(match event {
                None => continue,
                Some(Some(Event::Next(response))) => (next(&response), Some(self)),
                Some(Some(Event::Refused(response))) => (next(&response) + COMPLETE, None),
                Some(Some(Event::Complete) | None) => (COMPLETE.to_owned(), None),
            });
        }
    }
}

fn next(response: &GraphQlResponse) -> String {
    format!("event: next\ndata: {}\n\n", graphql_json::to_json(response))
}
