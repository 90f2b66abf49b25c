//! Subscriptions: each event is paid for, and the same document is answered once per revision for
//! all who have the same rights.
//!
//! async-graphql would answer each subscriber by itself. So the resolver only gives the events of a
//! subscription ([`Feed`]), and each event is then answered as an operation of its own, whose answer
//! others share.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
};

use async_graphql::Response;
use chrono::NaiveDate;
use domain::{store::Store, viewer::Viewer};
use entities::ProjectId;
use futures::stream::{self, BoxStream, StreamExt};
use tokio::{sync::OnceCell, time::sleep};

use super::{
    Gateway, RateLimitKey, RateLimiter, error_codes, operation::PreparedOperation, request,
};
use crate::schema::{Change, Events, Feed, Reads, Schema, subscribe};

/// The number of answers that are looked through for those that nobody holds any more.
const MAX_ANSWERS: usize = 256;

/// What an answer is the answer to: with it, every subscriber has the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    /// The document, the name of the operation and its variables.
    operation: String,
    viewer: Viewer,
    project: ProjectId,
    before: Option<i64>,
    after: i64,
    today: NaiveDate,
}

/// An answer, once somebody made it.
type Shared = Arc<OnceCell<Arc<Response>>>;

/// The answers that subscribers share. Only subscribers hold them, each until its next event: nothing
/// of an older revision stays in memory.
#[derive(Debug, Default)]
pub struct SharedAnswers {
    answers: Mutex<HashMap<Key, Weak<OnceCell<Arc<Response>>>>>,
    made: AtomicU64,
}

impl SharedAnswers {
    /// How many answers were made.
    pub fn made(&self) -> u64 {
        self.made.load(Ordering::Relaxed)
    }

    fn of(&self, key: Key) -> Shared {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shared) = answers.get(&key).and_then(Weak::upgrade) {
            return shared;
        }
        if answers.len() >= MAX_ANSWERS {
            answers.retain(|_, answer| answer.strong_count() > 0);
        }
        let shared = Shared::default();
        answers.insert(key, Arc::downgrade(&shared));
        shared
    }
}

impl Gateway {
    /// Executes a subscription on a viewer's behalf: a stream of responses, until it ends or is
    /// dropped. The first event was paid for when the operation was admitted; each further one is
    /// charged to the client. One whose bucket is empty gets its event later, and then the newest.
    pub fn subscribe(
        &self,
        store: &Arc<Store>,
        viewer: Viewer,
        rate_limit_key: RateLimitKey,
        ready: PreparedOperation,
    ) -> BoxStream<'static, Arc<Response>> {
        let subscriber = Subscriber {
            schema: self.schema.clone(),
            store: Arc::clone(store),
            rate_limiter: Arc::clone(&self.rate_limiter),
            answers: Arc::clone(&self.subscription_answers),
            viewer,
            rate_limit_key,
            ready,
            state: State::New,
            answer: None,
        };
        let steps = stream::unfold(subscriber, |mut subscriber| async move {
            let response = subscriber.next().await?;
            Some((response, subscriber))
        });
        steps.boxed()
    }

    /// How many answers to subscriptions were made; each may be sent to many subscribers.
    #[must_use]
    pub fn subscription_answers(&self) -> u64 {
        self.subscription_answers.made()
    }
}

enum State {
    New,
    Following(Box<Events>),
    Ended,
}

struct Subscriber {
    schema: Schema,
    store: Arc<Store>,
    rate_limiter: Arc<RateLimiter>,
    answers: Arc<SharedAnswers>,
    viewer: Viewer,
    rate_limit_key: RateLimitKey,
    ready: PreparedOperation,
    state: State,
    /// The last answer, which later subscribers share.
    answer: Option<Shared>,
}

impl Subscriber {
    /// The next response; `None` at the end.
    async fn next(&mut self) -> Option<Arc<Response>> {
        let change = match std::mem::replace(&mut self.state, State::Ended) {
            State::Ended => return None,
            State::New => {
                let feed = Arc::new(Feed::follow());
                if let Some((refusal, _)) = self.run(&feed).await {
                    return Some(Arc::new(refusal));
                }
                let mut events = feed.take()?;
                let change = events.first();
                self.state = State::Following(Box::new(events));
                change
            }
            State::Following(mut events) => {
                let change = self.wait(&mut events).await;
                if change.is_ok() {
                    self.state = State::Following(events);
                }
                change
            }
        };
        match change {
            Ok(change) => Some(self.answer(change).await),
            Err(error) => {
                let (response, _) = self.run(&Arc::new(Feed::of(Err(error)))).await?;
                Some(Arc::new(response))
            }
        }
    }

    /// The next change, once the client can pay for it.
    async fn wait(&self, events: &mut Events) -> async_graphql::Result<Change> {
        loop {
            events.wait().await;
            while let Err(wait) = self.pay().await {
                sleep(wait.0).await;
            }
            if let Some(change) = events.newest().await? {
                return Ok(change);
            }
        }
    }

    async fn pay(&self) -> Result<(), super::RetryAfter> {
        let cost = self.ready.cost();
        self.rate_limiter.spend(&self.rate_limit_key, cost).await
    }

    /// The answer to an event: made here, or by somebody with the same question and rights.
    async fn answer(&mut self, change: Change) -> Arc<Response> {
        let key = Key {
            operation: self.ready.fingerprint.clone().unwrap_or_default(),
            viewer: self.viewer,
            project: change.project(),
            before: change.before(),
            after: change.revision(),
            today: change.today(),
        };
        let shared = self.answers.of(key);
        let make = async || {
            self.answers.made.fetch_add(1, Ordering::Relaxed);
            let feed = Arc::new(Feed::of(Ok(change.clone())));
            let answered = self.run(&feed).await;
            match answered {
                Some((response, true)) => Ok(Arc::new(response)),
                // What depends on more than the project is answered to each by itself.
                Some((response, false)) => Err(Arc::new(response)),
                None => Err(Arc::new(Response::default())),
            }
        };
        let answer = match shared.get_or_try_init(make).await {
            Ok(answer) => Arc::clone(answer),
            Err(own) => own,
        };
        self.answer = Some(shared);
        answer
    }

    /// Runs the operation with a feed: its one response, and whether others may share it.
    async fn run(&self, feed: &Arc<Feed>) -> Option<(Response, bool)> {
        let reads = Arc::new(Reads::new(Arc::clone(&self.store)));
        let request = request(&reads, self.viewer, self.ready.clone()).data(Arc::clone(feed));
        let response = subscribe(&self.schema, request).next().await?;
        let response = error_codes::coded(response);
        let is_shared = response.errors.is_empty() && reads.dependencies().is_some();
        Some((response, is_shared))
    }
}
