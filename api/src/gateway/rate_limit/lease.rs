//! Token buckets in Redis, from which this process leases a part at a time.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::Mutex;

use super::{Rate, RateLimitKey, bounded::Bounded};
use crate::gateway::shared_redis::SharedRedis;

/// The number of parts of a burst.
const PARTS: u64 = 20;
/// The time during which this process may spend a part.
const LEASE_TIME: Duration = Duration::from_secs(10);
/// The maximum time during which a refusal is repeated without asking Redis.
const REPEATED: Duration = Duration::from_secs(1);

/// The number of locks by which clients wait for Redis in parallel.
const TURNS: usize = 64;

/// The Lua script that takes a part out of a bucket, by the time of Redis. Returns the amount
/// taken, and the milliseconds to wait if nothing was taken.
const TAKE: &str = r"
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local burst, per_minute = tonumber(ARGV[1]), tonumber(ARGV[2])
local needed, wanted = tonumber(ARGV[3]), tonumber(ARGV[4])
local known = redis.call('HMGET', KEYS[1], 'left', 'at')
local left = tonumber(known[1]) or burst
local passed = math.max(0, now - (tonumber(known[2]) or now))
left = math.min(burst, left + passed * per_minute / 60000)
local taken, wait = 0, 0
if left >= needed then
    taken = math.floor(math.min(left, wanted))
    left = left - taken
else
    wait = math.ceil((needed - left) * 60000 / per_minute)
end
redis.call('HSET', KEYS[1], 'left', string.format('%.3f', left), 'at', string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', burst * 60000 / per_minute + 1000))
return {taken, wait}
";

#[derive(Debug)]
pub struct Leases {
    shared: Arc<SharedRedis>,
    leases: Bounded<RateLimitKey, Lease>,
    turns: [Mutex<()>; TURNS],
}

/// A leased part of a bucket.
#[derive(Clone, Copy, Debug)]
struct Lease {
    left: u64,
    /// What the client owes beyond it.
    owed: u64,
    until: Instant,
    /// The last refused cost, and until when it is refused.
    refused: Option<(u64, Instant)>,
}

impl Lease {
    fn empty(now: Instant) -> Self {
        Self {
            left: 0,
            owed: 0,
            until: now,
            refused: None,
        }
    }

    /// Takes a cost out, or repeats the refusal; `None` if Redis must decide.
    fn take(&mut self, cost: u64, now: Instant) -> Option<Result<(), Duration>> {
        if now >= self.until {
            self.left = 0;
        }
        if let Some(left) = self.left.checked_sub(cost.saturating_add(self.owed)) {
            self.left = left;
            self.owed = 0;
            return Some(Ok(()));
        }
        let (refused, until) = self.refused?;
        (cost >= refused && now < until).then(|| Err(until - now))
    }
}

impl Leases {
    pub fn new(shared: Arc<SharedRedis>, most: usize) -> Self {
        Self {
            shared,
            leases: Bounded::new(most),
            turns: [const { Mutex::const_new(()) }; TURNS],
        }
    }

    /// Takes a cost out of a client's bucket; `None` if Redis is unavailable.
    pub async fn spend(
        &self,
        rate_limit_key: RateLimitKey,
        rate: Rate,
        cost: u64,
    ) -> Option<Result<(), Duration>> {
        if let Some(decided) = self.take_locally(rate_limit_key, cost) {
            return Some(decided);
        }
        Box::pin(self.renewed(rate_limit_key, rate, cost)).await
    }

    /// The same, after leasing another part from Redis.
    async fn renewed(
        &self,
        rate_limit_key: RateLimitKey,
        rate: Rate,
        cost: u64,
    ) -> Option<Result<(), Duration>> {
        // One request at a time leases for a client: many at once would each take a part, and the
        // last would find the bucket empty although this process has all of it.
        let _turn = self.turns[turn_of(rate_limit_key)].lock().await;
        if let Some(decided) = self.take_locally(rate_limit_key, cost) {
            return Some(decided);
        }
        let now = Instant::now();
        let owed = |lease: &mut Lease| lease.owed;
        let owed = (self.leases).with(rate_limit_key, || Lease::empty(now), owed);
        let due = cost.saturating_add(owed).min(rate.burst);
        let wanted = due.max(rate.burst / PARTS);
        let (taken, wait) = self.take(rate_limit_key, rate, due, wanted).await?;
        let now = Instant::now();
        let decided = self.leases.with(
            rate_limit_key,
            || Lease::empty(now),
            |lease| {
                if taken < due {
                    let wait = Duration::from_millis(wait.max(1));
                    lease.refused = Some((cost, now + wait.min(REPEATED)));
                    return Err(wait);
                }
                lease.left = lease.left.saturating_add(taken - due);
                lease.owed = lease.owed.saturating_sub(owed);
                lease.until = now + LEASE_TIME;
                lease.refused = None;
                Ok(())
            },
        );
        Some(decided)
    }

    /// Takes a cost out of the part leased here that has arisen already; the rest is owed.
    pub fn debit(&self, rate_limit_key: RateLimitKey, rate: Rate, cost: u64) {
        let now = Instant::now();
        let owe = |lease: &mut Lease| lease.owed = lease.owed.saturating_add(cost).min(rate.burst);
        self.leases.with(rate_limit_key, || Lease::empty(now), owe);
    }

    /// Takes a cost out of the part leased here; `None` if Redis must decide.
    fn take_locally(
        &self,
        rate_limit_key: RateLimitKey,
        cost: u64,
    ) -> Option<Result<(), Duration>> {
        let now = Instant::now();
        let here = |lease: &mut Lease| lease.take(cost, now);
        self.leases.with(rate_limit_key, || Lease::empty(now), here)
    }

    async fn take(
        &self,
        rate_limit_key: RateLimitKey,
        rate: Rate,
        needed: u64,
        wanted: u64,
    ) -> Option<(u64, u64)> {
        let name = match rate_limit_key {
            RateLimitKey::Operator => "operator".to_owned(),
            RateLimitKey::Person(person) => person.to_string(),
            RateLimitKey::Address(address) => address.to_string(),
        };
        let mut command = redis::cmd("EVAL");
        command
            .arg(TAKE)
            .arg(1)
            .arg(format!("connection:allowance:{name}"))
            .arg(rate.burst)
            .arg(rate.per_minute)
            .arg(needed)
            .arg(wanted);
        self.shared.run(&command).await
    }
}

/// The index of the lock of a client.
fn turn_of(rate_limit_key: RateLimitKey) -> usize {
    let mut hasher = DefaultHasher::new();
    rate_limit_key.hash(&mut hasher);
    usize::try_from(hasher.finish() % TURNS as u64).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate {
        burst: 1_000,
        per_minute: 60,
    };

    fn leases() -> Option<Leases> {
        let url = ::tests::service("TEST_REDIS_URL")?;
        let shared = SharedRedis::new(redis::Client::open(url).unwrap());
        Some(Leases::new(Arc::new(shared), 100))
    }

    fn stranger() -> RateLimitKey {
        use std::hash::{BuildHasher, RandomState};
        let random = RandomState::new().hash_one(());
        RateLimitKey::Address(std::net::Ipv6Addr::from(u128::from(random) << 64).into())
    }

    #[tokio::test]
    async fn processes_share_one_bucket_and_take_it_in_parts() {
        let (Some(one), Some(other)) = (leases(), leases()) else {
            return;
        };
        let rate_limit_key = stranger();
        let mut given = 0;
        while let Some(Ok(())) = one.spend(rate_limit_key, RATE, 10).await {
            given += 10;
            let other = other.spend(rate_limit_key, RATE, 10).await.unwrap();
            given += if other.is_ok() { 10 } else { 0 };
        }
        // The bucket gains one a second meanwhile.
        assert!((1_000..1_100).contains(&given), "{given}");
        let wait = other
            .spend(rate_limit_key, RATE, 100)
            .await
            .unwrap()
            .unwrap_err();
        assert!(wait > Duration::from_secs(60), "{wait:?}");
    }

    #[tokio::test]
    async fn most_answers_do_not_ask_redis() {
        let Some(leases) = leases() else {
            return;
        };
        let rate_limit_key = stranger();
        assert_eq!(leases.spend(rate_limit_key, RATE, 1).await, Some(Ok(())));
        let away = Leases {
            shared: Arc::new(SharedRedis::new(
                redis::Client::open("redis://127.0.0.1:1").unwrap(),
            )),
            ..leases
        };
        // 49 of the 50 taken are left; the next one would need another lease.
        for _ in 0..49 {
            assert_eq!(away.spend(rate_limit_key, RATE, 1).await, Some(Ok(())));
        }
        assert_eq!(away.spend(rate_limit_key, RATE, 1).await, None);
    }

    #[tokio::test]
    async fn all_who_ask_at_once_get_what_the_bucket_holds() {
        let Some(leases) = leases() else {
            return;
        };
        let rate_limit_key = stranger();
        let requests = (0..90).map(|_| leases.spend(rate_limit_key, RATE, 10));
        let results = futures::future::join_all(requests).await;
        assert!(
            results.iter().all(|one| *one == Some(Ok(()))),
            "{results:?}"
        );
    }
}
