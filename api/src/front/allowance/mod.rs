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
mod bucket;
mod lease;

use entities::PersonId;
use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
    sync::Arc,
    time::{Duration, Instant},
};

use super::{limits::Limits, shared::Shared};
use bounded::Bounded;
use bucket::Bucket;
use lease::Leases;

/// Whose bucket an answer is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Payer {
    /// Whoever runs the product on this machine.
    Operator,
    /// Whoever signed in, wherever they ask from, or uses a token of theirs.
    Person(PersonId),
    /// Whoever asks from an address, or, of IPv6, from a network of the smallest size.
    Address(IpAddr),
}

impl Payer {
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
pub struct Wait(pub Duration);

impl Wait {
    /// After how many seconds it may be asked again, as `Retry-After` says it.
    #[must_use]
    pub fn seconds(self) -> u64 {
        self.0.as_secs() + u64::from(self.0.subsec_nanos() > 0)
    }
}

impl fmt::Display for Wait {
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
pub struct Allowance {
    of_address: Option<Rate>,
    of_viewer: Option<Rate>,
    here: Bounded<Payer, Bucket>,
    leases: Option<Leases>,
}

impl Allowance {
    pub fn new(limits: &Limits, shared: Option<Arc<Shared>>) -> Self {
        Self {
            of_address: Rate::new(limits.rate, limits.burst),
            of_viewer: Rate::new(limits.viewer_rate, limits.viewer_burst),
            here: Bounded::new(limits.kept_payers),
            leases: shared.map(|shared| Leases::new(shared, limits.kept_payers)),
        }
    }

    /// Takes a cost out of the payer's bucket. One that is greater than the burst takes all of it.
    ///
    /// # Errors
    /// How long to wait until the bucket holds enough; nothing is taken then.
    pub async fn spend(&self, payer: &Payer, cost: u64) -> Result<(), Wait> {
        let rate = match payer {
            Payer::Operator => None,
            Payer::Person(_) => self.of_viewer,
            Payer::Address(_) => self.of_address,
        };
        let Some(rate) = rate else {
            return Ok(());
        };
        let cost = cost.min(rate.burst);
        if let Some(leases) = &self.leases
            && let Some(decided) = leases.spend(*payer, rate, cost).await
        {
            return decided.map_err(Wait);
        }
        let now = Instant::now();
        let full = || Bucket::full(rate, now);
        (self.here)
            .with(*payer, full, |bucket| bucket.take(rate, cost, now))
            .map_err(Wait)
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

    fn payer(address: &str) -> Payer {
        Payer::at(address.parse().unwrap())
    }

    #[tokio::test]
    async fn a_burst_is_spent_by_cost_and_each_address_has_its_own() {
        let allowance = Allowance::new(&limits(), None);
        let one = payer("192.0.2.1");
        assert!(allowance.spend(&one, 60).await.is_ok());
        let wait = allowance.spend(&one, 60).await.unwrap_err();
        assert_eq!(wait.seconds(), 20);
        assert!(allowance.spend(&one, 40).await.is_ok());
        assert!(allowance.spend(&payer("192.0.2.2"), 60).await.is_ok());
        assert!(allowance.spend(&Payer::Operator, u64::MAX).await.is_ok());
    }

    #[tokio::test]
    async fn what_costs_more_than_a_burst_takes_all_of_it() {
        let allowance = Allowance::new(&limits(), None);
        assert!(allowance.spend(&payer("192.0.2.1"), u64::MAX).await.is_ok());
        assert!(allowance.spend(&payer("192.0.2.1"), 2).await.is_err());
    }

    #[test]
    fn a_network_of_ipv6_is_one_payer() {
        assert_eq!(payer("2001:db8::1"), payer("2001:db8::ffff:1:2:3"));
        assert_ne!(payer("2001:db8::1"), payer("2001:db8:0:1::1"));
        assert_eq!(payer("::ffff:192.0.2.1"), payer("192.0.2.1"));
        assert_ne!(payer("192.0.2.1"), payer("192.0.2.2"));
    }
}
