//! How much one who asks may ask for in a while: by what the answers cost, not by how many there
//! are.
//!
//! Everyone has a bucket: it holds a burst, each answer takes its cost out of it, and it fills up
//! steadily. Without Redis the buckets lie in this process. With it they lie there, and this process
//! takes a part of the burst at a time and spends it here, so that few answers wait for Redis. What
//! all processes together give out then never exceeds the bucket, except for what each still holds
//! of the part that it took last: at most burst + processes × burst / 20 at once, and never more
//! than the rate for long. When Redis is away, each process keeps buckets of its own.

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

/// Whose bucket an answer is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RateLimitKey {
    /// Whoever runs the product on this machine.
    Operator,
    /// Whoever signed in, wherever they ask from, or uses a token of theirs.
    Person(PersonId),
    /// Whoever asks from an address, or, of IPv6, from a network of the smallest size.
    Address(IpAddr),
}

impl RateLimitKey {
    /// The one who asks from an address. A network of IPv6 has 2^64 addresses for one customer.
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

/// How fast a bucket fills up, and how much it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rate {
    burst: u64,
    per_minute: u64,
}

impl Rate {
    /// None where there is no limit.
    fn new(per_minute: usize, burst: usize) -> Option<Self> {
        (per_minute > 0).then_some(Self {
            burst: (burst as u64).max(1),
            per_minute: per_minute as u64,
        })
    }
}

/// It is too much for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryAfter(pub Duration);

impl RetryAfter {
    /// After how many seconds it may be asked again, as `Retry-After` says it.
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

/// What everyone has left.
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

    /// Takes a cost out of the payer's bucket. One that is greater than the burst takes all of it.
    ///
    /// # Errors
    /// How long to wait until the bucket holds enough; nothing is taken then.
    pub async fn spend(&self, rate_limit_key: &RateLimitKey, cost: u64) -> Result<(), RetryAfter> {
        let rate = match rate_limit_key {
            RateLimitKey::Operator => None,
            RateLimitKey::Person(_) => self.of_viewer,
            RateLimitKey::Address(_) => self.of_address,
        };
        let Some(rate) = rate else {
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
