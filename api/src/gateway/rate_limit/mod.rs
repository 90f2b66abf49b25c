//! Rate limits by token bucket: clients are limited by the cost of their responses, not by the
//! number of requests.
//!
//! Each client has a token bucket: it contains a burst, each response takes its cost out of it, and
//! it refills steadily. Without Redis the buckets are in the memory of this process. With Redis
//! they are there, and this process leases a part of the burst at a time and spends it locally, so
//! that few requests wait for Redis. All processes together then never spend more than the bucket,
//! except for the rest of the part that each leased last: at most burst + processes × burst / 20 at
//! once, and never more than the rate for long. While Redis is unavailable, each process has
//! buckets of its own.

mod bounded;
mod lease;
mod token_bucket;

use entities::PersonId;
use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
    sync::Arc,
    time::{Duration, Instant},
};

use super::{limits::Limits, shared_redis::SharedRedis};
use bounded::Bounded;
use lease::Leases;
use token_bucket::TokenBucket;

/// The rate limit key: the client whose token bucket is charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RateLimitKey {
    /// The operator on this machine.
    Operator,
    /// A person, by any of their sessions and API tokens.
    Person(PersonId),
    /// An anonymous client, by its address, or by its /64 network for IPv6.
    Address(IpAddr),
}

impl RateLimitKey {
    /// The key of an address. A customer has a /64 network of IPv6, with 2^64 addresses.
    #[must_use]
    pub fn at(address: IpAddr) -> Self {
        Self::Address(match address.to_canonical() {
            IpAddr::V6(address) => {
                let network = u128::from(address) >> 64 << 64;
                Ipv6Addr::from(network).into()
            }
            address => address,
        })
    }
}

/// The rate at which a bucket refills, and its capacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rate {
    burst: u64,
    per_minute: u64,
}

impl Rate {
    /// `None` if there is no limit.
    fn new(per_minute: usize, burst: usize) -> Option<Self> {
        (per_minute > 0).then_some(Self {
            burst: (burst as u64).max(1),
            per_minute: per_minute as u64,
        })
    }
}

/// The client exceeded its rate limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryAfter(pub Duration);

impl RetryAfter {
    /// The seconds to wait, as in `Retry-After`.
    #[must_use]
    pub fn seconds(self) -> u64 {
        self.0.as_secs() + u64::from(self.0.subsec_nanos() > 0)
    }
}

impl fmt::Display for RetryAfter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.seconds();
        write!(
            f,
            "You have asked for too much lately: ask again after {seconds} seconds."
        )
    }
}

/// The rate limiter: the token buckets of all clients.
#[derive(Debug)]
pub struct RateLimiter {
    of_address: Option<Rate>,
    of_viewer: Option<Rate>,
    here: Bounded<RateLimitKey, TokenBucket>,
    leases: Option<Leases>,
}

impl RateLimiter {
    pub fn new(limits: &Limits, shared: Option<Arc<SharedRedis>>) -> Self {
        Self {
            of_address: Rate::new(limits.rate, limits.burst),
            of_viewer: Rate::new(limits.viewer_rate, limits.viewer_burst),
            here: Bounded::new(limits.rate_limit_keys),
            leases: shared.map(|shared| Leases::new(shared, limits.rate_limit_keys)),
        }
    }

    /// Takes a cost out of the client's bucket that has arisen already: what it does not contain is
    /// owed, a burst at most. Redis is not asked; this process has its next lease pay for it.
    pub fn debit(&self, rate_limit_key: &RateLimitKey, cost: u64) {
        let Some(rate) = self.rate(rate_limit_key) else {
            return;
        };
        let cost = cost.min(rate.burst);
        if let Some(leases) = &self.leases {
            leases.debit(*rate_limit_key, rate, cost);
        }
        let now = Instant::now();
        let full = || TokenBucket::full(rate, now);
        (self.here).with(*rate_limit_key, full, |bucket| {
            bucket.debit(rate, cost, now);
        });
    }

    fn rate(&self, rate_limit_key: &RateLimitKey) -> Option<Rate> {
        match rate_limit_key {
            RateLimitKey::Operator => None,
            RateLimitKey::Person(_) => self.of_viewer,
            RateLimitKey::Address(_) => self.of_address,
        }
    }

    /// Takes a cost out of the client's bucket. A cost greater than the burst takes all of it.
    ///
    /// # Errors
    /// The time to wait until the bucket contains enough; nothing is taken then.
    pub async fn spend(&self, rate_limit_key: &RateLimitKey, cost: u64) -> Result<(), RetryAfter> {
        let Some(rate) = self.rate(rate_limit_key) else {
            return Ok(());
        };
        let cost = cost.min(rate.burst);
        if let Some(leases) = &self.leases
            && let Some(decided) = leases.spend(*rate_limit_key, rate, cost).await
        {
            return decided.map_err(RetryAfter);
        }
        let now = Instant::now();
        let full = || TokenBucket::full(rate, now);
        (self.here)
            .with(*rate_limit_key, full, |bucket| bucket.take(rate, cost, now))
            .map_err(RetryAfter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Limits {
        Limits {
            rate: 60,
            burst: 100,
            ..Limits::default()
        }
    }

    fn rate_limit_key(address: &str) -> RateLimitKey {
        RateLimitKey::at(address.parse().unwrap())
    }

    #[tokio::test]
    async fn a_burst_is_spent_by_cost_and_each_address_has_its_own() {
        let rate_limiter = RateLimiter::new(&limits(), None);
        let one = rate_limit_key("192.0.2.1");
        assert!(rate_limiter.spend(&one, 60).await.is_ok());
        let wait = rate_limiter.spend(&one, 60).await.unwrap_err();
        assert_eq!(wait.seconds(), 20);
        assert!(rate_limiter.spend(&one, 40).await.is_ok());
        assert!(
            rate_limiter
                .spend(&rate_limit_key("192.0.2.2"), 60)
                .await
                .is_ok()
        );
        assert!(
            rate_limiter
                .spend(&RateLimitKey::Operator, u64::MAX)
                .await
                .is_ok()
        );
    }

    #[tokio::test]
    async fn what_costs_more_than_a_burst_takes_all_of_it() {
        let rate_limiter = RateLimiter::new(&limits(), None);
        assert!(
            rate_limiter
                .spend(&rate_limit_key("192.0.2.1"), u64::MAX)
                .await
                .is_ok()
        );
        assert!(
            rate_limiter
                .spend(&rate_limit_key("192.0.2.1"), 2)
                .await
                .is_err()
        );
    }

    #[test]
    fn a_network_of_ipv6_is_one_payer() {
        assert_eq!(
            rate_limit_key("2001:db8::1"),
            rate_limit_key("2001:db8::ffff:1:2:3")
        );
        assert_ne!(
            rate_limit_key("2001:db8::1"),
            rate_limit_key("2001:db8:0:1::1")
        );
        assert_eq!(
            rate_limit_key("::ffff:192.0.2.1"),
            rate_limit_key("192.0.2.1")
        );
        assert_ne!(rate_limit_key("192.0.2.1"), rate_limit_key("192.0.2.2"));
    }
}
