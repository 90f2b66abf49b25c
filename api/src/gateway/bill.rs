//! What a client is charged for a response: what was made of it, as far as the cost that was taken
//! before does not cover it.
//!
//! The cost taken before is never given back: its weights pay for work that no value shows. What
//! exceeds it is taken when the response is made, was stopped, or is dropped because its time is up
//! or its client left; the bucket may then owe, up to a burst.

use std::sync::{Arc, atomic::AtomicU64};

use async_graphql::{
    Response,
    meter::{Bounds, Exceeded, Meter, WAITING},
};

use prometheus_client::metrics::counter::Counter;
use tokio::sync::Semaphore;

use super::{
    limits::{self, Limits},
    rate_limit::{RateLimitKey, RateLimiter},
    rejection::Rejection,
};

/// The number of responses that were begun and not made to their end.
#[derive(Clone, Debug, Default)]
pub struct Unfinished {
    /// They exceeded a bound.
    pub too_complex: Counter<u64, AtomicU64>,
    /// They were dropped: their time was up, or their client left.
    pub dropped: Counter<u64, AtomicU64>,
}

/// The meter of a response, or of one after another, and who is charged.
#[derive(Debug)]
pub struct Bill {
    pub meter: Arc<Meter>,
    limiter: Arc<RateLimiter>,
    unfinished: Unfinished,
    /// `None` if nobody is charged, as for what a test asks the gateway itself.
    key: Option<RateLimitKey>,
    /// The cost that was taken before.
    paid: u64,
}

impl Bill {
    pub fn new(
        limits: &Limits,
        lanes: Arc<Semaphore>,
        limiter: Arc<RateLimiter>,
        unfinished: Unfinished,
        key: Option<RateLimitKey>,
        paid: u64,
    ) -> Self {
        let bounds = Bounds {
            values: limits.values as u64,
            work: limits.work as u64,
            bytes: limits.answer_bytes as u64,
        };
        Self {
            meter: Arc::new(Meter::new(bounds, lanes)),
            limiter,
            unfinished,
            key,
            paid,
        }
    }

    /// The cost of what was made so far, at least what was taken before.
    pub fn cost(&self) -> u64 {
        self.paid.max(self.meter.values())
    }

    /// Counts a response that exceeds a bound, and makes the one instead of it.
    pub fn too_complex(&self, limits: &Limits, exceeded: Exceeded) -> Response {
        self.unfinished.too_complex.inc();
        too_complex(limits, exceeded)
    }

    /// Charges what was made since the last time.
    pub fn settle(&mut self) {
        let rest = self.meter.values().saturating_sub(self.paid);
        self.paid = 0;
        self.meter.reset();
        if let Some(key) = &self.key
            && rest > 0
        {
            self.limiter.debit(key, rest);
        }
    }
}

impl Drop for Bill {
    fn drop(&mut self) {
        if self.meter.values() > 0 {
            self.unfinished.dropped.inc();
        }
        self.settle();
    }
}

fn too_complex(limits: &Limits, exceeded: Exceeded) -> Response {
    let (what, found, most) = match exceeded {
        Exceeded::Values(found) => ("values made for the answer", found, limits.values),
        Exceeded::Work(found) => {
            let what = "values made and records gone through, 16 as one";
            (what, found, limits.work)
        }
        Exceeded::Bytes(found) => ("bytes made for the answer", found, limits.answer_bytes),
        Exceeded::Waiting(found) => {
            let what = "entries of lists without pages in the answer, at once";
            (what, found, usize::try_from(WAITING).unwrap_or(usize::MAX))
        }
    };
    match Rejection::too_much(limits::COST, what, found, most) {
        Rejection::Request(response) => *response,
        Rejection::ReadsOnly | Rejection::RateLimited(_) => unreachable!("it is a response"),
    }
}
