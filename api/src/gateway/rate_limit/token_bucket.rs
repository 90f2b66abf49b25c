//! A token bucket: its content, and the instant since which it refills.

use std::time::{Duration, Instant};

use super::Rate;

/// The content, scaled so that nothing is lost by rounding.
#[derive(Clone, Copy, Debug)]
pub struct TokenBucket {
    /// The content times 60,000.
    left: u128,
    at: Instant,
}

const MINUTE: u128 = 60_000;

impl TokenBucket {
    pub fn full(rate: Rate, now: Instant) -> Self {
        Self {
            left: u128::from(rate.burst) * MINUTE,
            at: now,
        }
    }

    /// Takes a cost out; else the time until the bucket contains as much.
    pub fn take(&mut self, rate: Rate, cost: u64, now: Instant) -> Result<(), Duration> {
        let passed = now.saturating_duration_since(self.at).as_millis();
        if passed > 0 {
            let gained = passed.saturating_mul(u128::from(rate.per_minute));
            let most = u128::from(rate.burst) * MINUTE;
            self.left = self.left.saturating_add(gained).min(most);
            self.at += Duration::from_millis(u64::try_from(passed).unwrap_or(u64::MAX));
        }
        let wanted = u128::from(cost) * MINUTE;
        match self.left.checked_sub(wanted) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => {
                let missing = (wanted - self.left).div_ceil(u128::from(rate.per_minute));
                let millis = u64::try_from(missing).unwrap_or(u64::MAX);
                Err(Duration::from_millis(millis))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
