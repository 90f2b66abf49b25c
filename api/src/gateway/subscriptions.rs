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
use tokio::{
    sync::{OnceCell, Semaphore},
    time::sleep,
};

use super::{
    Gateway, Limits, RateLimitKey, RateLimiter, Unfinished, bill::Bill, error_codes,
    operation::PreparedOperation, request,
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
    /// charged to the client, as is what is made for it beyond its cost. One whose bucket is empty gets
    /// its event later, and then the newest. A response that exceeds a bound is the last one.
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
            limits: self.limits,
            lanes: Arc::clone(&self.lanes),
            unfinished: self.unfinished.clone(),
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
    limits: Limits,
    lanes: Arc<Semaphore>,
    unfinished: Unfinished,
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
                if let Some(refusal) = self.run(&feed).await {
                    return Some(Arc::new(refusal.response));
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
                let answered = self.run(&Arc::new(Feed::of(Err(error)))).await?;
                Some(Arc::new(answered.response))
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
            match self.run(&feed).await {
                Some(answered) if answered.is_shared => Ok(Arc::new(answered.response)),
                // What depends on more than the project is answered to each by itself.
                Some(answered) => Err((Arc::new(answered.response), answered.is_last)),
                None => Err((Arc::new(Response::default()), false)),
            }
        };
        let (answer, is_last) = match shared.get_or_try_init(make).await {
            Ok(answer) => (Arc::clone(answer), false),
            Err(own) => own,
        };
        if is_last {
            self.state = State::Ended;
        }
        self.answer = Some(shared);
        answer
    }

    /// Runs the operation with a feed: its one response, within the bounds of one.
    async fn run(&self, feed: &Arc<Feed>) -> Option<Answered> {
        let reads = Arc::new(Reads::new(Arc::clone(&self.store)));
        let request = request(&reads, self.viewer, self.ready.clone())
            .data(self.limits.quota())
            .data(Arc::clone(feed));
        let mut bill = Bill::new(
            &self.limits,
            Arc::clone(&self.lanes),
            Arc::clone(&self.rate_limiter),
            self.unfinished.clone(),
            Some(self.rate_limit_key),
            self.ready.cost(),
        );
        let mut responses = subscribe(&self.schema, request);
        let meter = Arc::clone(&bill.meter);
        let made = meter.run(responses.next()).await;
        let answered = match made {
            Ok(response) => {
                let response = error_codes::coded(response?);
                let is_shared = response.errors.is_empty() && reads.dependencies().is_some();
                Answered {
                    response,
                    is_shared,
                    is_last: false,
                }
            }
            Err(exceeded) => Answered {
                response: bill.too_complex(&self.limits, exceeded),
                is_shared: false,
                is_last: true,
            },
        };
        bill.settle();
        Some(answered)
    }
}

/// A response to an event.
struct Answered {
    response: Response,
    /// Whether whoever asks the same with the same rights may have it, too.
    is_shared: bool,
    /// Whether it exceeds a bound, and none follows.
    is_last: bool,
}
