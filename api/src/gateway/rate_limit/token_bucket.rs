//! A token bucket: its content, and the instant since which it refills.

use std::time::{Duration, Instant};

use super::Rate;

/// The content, scaled so that nothing is lost by rounding.
#[derive(Clone, Copy, Debug)]
pub struct TokenBucket {
    /// The content times 60,000; negative if it owes.
    left: i128,
    at: Instant,
}

const MINUTE: i128 = 60_000;

impl TokenBucket {
    pub fn full(rate: Rate, now: Instant) -> Self {
        Self {
            left: i128::from(rate.burst) * MINUTE,
            at: now,
        }
    }

    /// Takes a cost out; else the time until the bucket contains as much.
    pub fn take(&mut self, rate: Rate, cost: u64, now: Instant) -> Result<(), Duration> {
        self.refill(rate, now);
        let left = self.left - i128::from(cost) * MINUTE;
        if left >= 0 {
            self.left = left;
            return Ok(());
        }
        let missing = left.unsigned_abs().div_ceil(u128::from(rate.per_minute));
        let millis = u64::try_from(missing).unwrap_or(u64::MAX);
        Err(Duration::from_millis(millis))
    }

    /// Takes a cost out that has arisen already. The bucket then owes what it does not contain, a
    /// burst at most.
    pub fn debit(&mut self, rate: Rate, cost: u64, now: Instant) {
        self.refill(rate, now);
        let most = i128::from(rate.burst) * MINUTE;
        self.left = (self.left - i128::from(cost) * MINUTE).max(-most);
    }

    fn refill(&mut self, rate: Rate, now: Instant) {
        let passed = now.saturating_duration_since(self.at).as_millis();
        let passed = u64::try_from(passed).unwrap_or(u64::MAX);
        if passed > 0 {
            let gained = i128::from(passed).saturating_mul(i128::from(rate.per_minute));
            let most = i128::from(rate.burst) * MINUTE;
            self.left = self.left.saturating_add(gained).min(most);
            self.at += Duration::from_millis(passed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_owes_a_burst_at_most_and_refuses_until_it_is_paid() {
        let rate = Rate {
            burst: 100,
            per_minute: 60,
        };
        let start = Instant::now();
        let mut bucket = TokenBucket::full(rate, start);
        bucket.debit(rate, 150, start);
        let wait = |seconds| Err(Duration::from_secs(seconds));
        assert_eq!(bucket.take(rate, 1, start), wait(51));
        bucket.debit(rate, 1_000_000, start);
        assert_eq!(bucket.take(rate, 1, start), wait(101));
        assert_eq!(
            bucket.take(rate, 1, start + Duration::from_secs(101)),
            Ok(())
        );
    }

    #[test]
    fn a_bucket_fills_up_steadily_and_holds_a_burst_at_most() {
        let rate = Rate {
            burst: 100,
            per_minute: 60,
        };
        let start = Instant::now();
        let at = |millis| start + Duration::from_millis(millis);
        let mut bucket = TokenBucket::full(rate, start);
        assert_eq!(bucket.take(rate, 100, at(0)), Ok(()));
        assert_eq!(
            bucket.take(rate, 1, at(400)),
            Err(Duration::from_millis(600))
        );
        assert_eq!(bucket.take(rate, 1, at(1_000)), Ok(()));
        // Refused requests take nothing out.
        for millis in 1_001..2_000 {
            assert!(bucket.take(rate, 1, at(millis)).is_err());
        }
        assert_eq!(bucket.take(rate, 1, at(2_000)), Ok(()));
        assert_eq!(bucket.take(rate, 100, at(10_000_000)), Ok(()));
        assert!(bucket.take(rate, 1, at(10_000_000)).is_err());
    }
}
