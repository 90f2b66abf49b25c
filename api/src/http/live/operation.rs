//! One operation as a stream of events for its client. A panic ends only the operation.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use async_graphql::{Response, ServerError};
use domain::{account, store::Store, viewer::Viewer};
use futures::{
    FutureExt,
    stream::{self, BoxStream, Stream, StreamExt},
};
use tokio::time::timeout;

use crate::{
    gateway::{Access, Gateway, Operation, PreparedOperation, RateLimitKey, Rejection},
    http::graphql_json::never_ran,
    schema::incident,
};

/// The interval at which an idle operation checks whether the viewer's session or token is still
/// valid.
pub const CHECKED: Duration = Duration::from_secs(5);

/// An event of an operation. The stream ends after any event but `Next`.
#[derive(Debug)]
pub enum Event {
    /// The operation was rejected or failed with these errors, and has ended.
    Refused(Box<Response>),
    /// A response of the operation, which others may have, too.
    Next(Arc<Response>),
    /// The operation has ended: there are no more responses.
    Complete,
}

/// The context of operations: the viewer, the store and the limits.
#[derive(Debug)]
pub struct Executor {
    pub gateway: Arc<Gateway>,
    pub store: Arc<Store>,
    pub viewer: Viewer,
    /// The rate limit key: the token bucket that is charged.
    pub rate_limit_key: RateLimitKey,
    /// The time limit of a single response.
    pub patience: Duration,
}

impl Executor {
    /// The same context on behalf of another viewer.
    pub fn on_behalf_of(&self, viewer: Viewer, rate_limit_key: RateLimitKey) -> Self {
        Self {
            gateway: Arc::clone(&self.gateway),
            store: Arc::clone(&self.store),
            viewer,
            rate_limit_key,
            patience: self.patience,
        }
    }

    /// Whether the viewer's session or token is still valid. If the database is unavailable, it
    /// counts as valid until the next check.
    pub async fn holds(&self) -> bool {
        let Viewer::Person(signed_in) = self.viewer else {
            return true;
        };
        let holds = account::is_valid(&self.store, signed_in).await;
        holds.unwrap_or_else(|error| {
            tracing::warn!(%error, "Nobody can say whether a credential still holds");
            true
        })
    }

    /// Checks and executes an operation.
    pub fn ask(self: &Arc<Self>, operation: Operation) -> BoxStream<'static, Event> {
        let executor = Arc::clone(self);
        let events = async move {
            let bytes = operation.query.len();
            let admitted = executor.gateway.admit(
                &executor.rate_limit_key,
                bytes,
                operation,
                executor.viewer,
                Access::Write,
            );
            match admitted.await {
                Ok(ready) => executor.answers(ready),
                Err(Rejection::RateLimited(wait)) => {
                    only(Event::Refused(Box::new(Rejection::rate_limited(wait))))
                }
                Err(Rejection::Request(response)) => only(Event::Refused(response)),
                Err(Rejection::ReadsOnly) => unreachable!("it may write"),
            }
        };
        survived(events.into_stream().flatten())
    }

    /// Executes an accepted operation.
    pub fn run(self: &Arc<Self>, ready: PreparedOperation) -> BoxStream<'static, Event> {
        survived(self.answers(ready))
    }

    fn answers(self: &Arc<Self>, ready: PreparedOperation) -> BoxStream<'static, Event> {
        let Self {
            gateway,
            store,
            viewer,
            rate_limit_key,
            ..
        } = &**self;
        if ready.is_subscription() {
            let answers = gateway.subscribe(store, *viewer, *rate_limit_key, ready);
            let answers = answers.map(Event::Next);
            return answers.chain(stream::iter([Event::Complete])).boxed();
        }
        let executor = Arc::clone(self);
        let answer = async move {
            let answered = executor
                .gateway
                .run(&executor.store, executor.viewer, ready);
            match timeout(executor.patience, answered).await {
                Ok(answered) if !never_ran(&answered.response) => {
                    let response = Arc::new(answered.response);
                    stream::iter([Event::Next(response), Event::Complete]).boxed()
                }
                Ok(answered) => only(Event::Refused(Box::new(answered.response))),
                Err(_) => only(Event::Refused(Box::new(late()))),
            }
        };
        answer.into_stream().flatten().boxed()
    }
}

/// The stream of an operation that ends at once.
fn only(event: Event) -> BoxStream<'static, Event> {
    stream::iter([event]).boxed()
}

/// Events until a panic, which becomes an internal error.
fn survived(events: impl Stream<Item = Event> + Send + 'static) -> BoxStream<'static, Event> {
    let events = AssertUnwindSafe(events).catch_unwind();
    events
        .map(|event| {
            event.unwrap_or_else(|_| {
                let id = incident();
                tracing::error!(incident = %id, "An operation panicked");
                Event::Refused(Box::new(failed(&id.to_string())))
            })
        })
        .boxed()
}

fn failed(incident: &str) -> Response {
    let mut error = coded("INTERNAL", "Something failed on the server.");
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("incident", incident);
    Response::from_errors(vec![error])
}

/// The error for a session or token that is no longer valid.
pub fn unauthenticated() -> Response {
    Response::from_errors(vec![coded(
        "UNAUTHENTICATED",
        "You are signed out, or your token was revoked or is over.",
    )])
}

fn late() -> Response {
    Response::from_errors(vec![coded(
        "TIMEOUT",
        "This took too long and was given up. Ask for less at once, or try again.",
    )])
}

/// An error of an operation as a whole.
pub fn coded(code: &str, message: impl Into<String>) -> ServerError {
    let mut error = ServerError::new(message, None);
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("code", code);
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_ends_its_operation_with_an_error_that_hides_it() {
        let answers = stream::iter([1, 2, 3]).map(|number| {
            assert!(number < 2, "the cause");
            Event::Next(Arc::default())
        });
        let events: Vec<Event> = survived(answers).collect().await;
        let [Event::Next(_), Event::Refused(text)] = &events[..] else {
            panic!("{events:?}");
        };
        let text = serde_json::to_value(text).unwrap();
        assert_eq!(text["errors"][0]["extensions"]["code"], "INTERNAL");
        assert!(!text.to_string().contains("the cause"), "{text}");
    }
}
