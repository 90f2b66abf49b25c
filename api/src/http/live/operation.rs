//! One operation as a stream of what its client is told. A panic ends the operation, and it alone.

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
    http::graphql::never_ran,
    schema::incident,
};

/// How often it is asked whether a viewer's session or token still holds, when nothing is told.
pub const CHECKED: Duration = Duration::from_secs(5);

/// What a client is told of its operation. The stream ends after anything but `Next`.
#[derive(Debug)]
pub enum Event {
    /// Nothing of it ran, or it broke down: it has these errors and is over.
    Refused(Response),
    /// It has this answer.
    Next(Response),
    /// There are no more answers.
    Complete,
}

/// On whose behalf operations run, and over what.
#[derive(Debug)]
pub struct Executor {
    pub gateway: Arc<Gateway>,
    pub store: Arc<Store>,
    pub viewer: Viewer,
    /// Who pays for what is asked.
    pub rate_limit_key: RateLimitKey,
    /// How long a single answer may take.
    pub patience: Duration,
}

impl Executor {
    /// The same on behalf of another viewer.
    pub fn on_behalf_of(&self, viewer: Viewer, rate_limit_key: RateLimitKey) -> Self {
        Self {
            gateway: Arc::clone(&self.gateway),
            store: Arc::clone(&self.store),
            viewer,
            rate_limit_key,
            patience: self.patience,
        }
    }

    /// Whether the viewer may go on: their session or token still holds. Where the database cannot
    /// say so now, it will be asked again soon.
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

    /// Checks an operation and runs it.
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
                    only(Event::Refused(Rejection::rate_limited(wait)))
                }
                Err(Rejection::Request(response)) => only(Event::Refused(*response)),
                Err(Rejection::ReadsOnly) => unreachable!("it may write"),
            }
        };
        survived(events.into_stream().flatten())
    }

    /// Runs an operation that may run.
    pub fn run(self: &Arc<Self>, ready: PreparedOperation) -> BoxStream<'static, Event> {
        survived(self.answers(ready))
    }

    fn answers(self: &Arc<Self>, ready: PreparedOperation) -> BoxStream<'static, Event> {
        let Self {
            gateway,
            store,
            viewer,
            ..
        } = &**self;
        if ready.is_subscription() {
            let answers = gateway.subscribe(store, *viewer, ready).map(Event::Next);
            return answers.chain(stream::iter([Event::Complete])).boxed();
        }
        let executor = Arc::clone(self);
        let answer = async move {
            let answered = executor
                .gateway
                .run(&executor.store, executor.viewer, ready);
            match timeout(executor.patience, answered).await {
                Ok(answered) if !never_ran(&answered.response) => {
                    stream::iter([Event::Next(answered.response), Event::Complete]).boxed()
                }
                Ok(answered) => only(Event::Refused(answered.response)),
                Err(_) => only(Event::Refused(late())),
            }
        };
        answer.into_stream().flatten().boxed()
    }
}

/// An operation that ends at once.
fn only(event: Event) -> BoxStream<'static, Event> {
    stream::iter([event]).boxed()
}

/// Events until a panic, which is told as an error and no more than that.
fn survived(events: impl Stream<Item = Event> + Send + 'static) -> BoxStream<'static, Event> {
    let events = AssertUnwindSafe(events).catch_unwind();
    events
        .map(|event| {
            event.unwrap_or_else(|_| {
                let id = incident();
                tracing::error!(incident = %id, "An operation panicked");
                Event::Refused(failed(&id.to_string()))
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

/// The session or token does not hold any more.
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
            Event::Next(Response::default())
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
