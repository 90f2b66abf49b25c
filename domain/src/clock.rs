//! Where time comes from. Everything else is handed the time.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use chrono::{DateTime, NaiveDate, SubsecRound, TimeDelta, Utc};

use crate::zone::{self, Zone};

/// The product's only source of time.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// The machine's clock, moved: the product runs at another time, and runs on.
    Offset(TimeDelta),
    /// A clock that moves only when it is set.
    Frozen(Arc<Mutex<DateTime<Utc>>>),
}

impl Clock {
    /// A clock that shows this instant now and runs on.
    #[must_use]
    pub fn starting_at(instant: DateTime<Utc>) -> Self {
        Self::Offset(instant - Self::System.now())
    }

    /// A clock that stands at this instant until it is set.
    #[must_use]
    pub fn frozen(instant: DateTime<Utc>) -> Self {
        Self::Frozen(Arc::new(Mutex::new(instant)))
    }

    /// Moves a frozen clock; the others keep their own time.
    pub fn set(&self, instant: DateTime<Utc>) {
        if let Self::Frozen(now) = self {
            *now.lock().expect("no holder of this lock panics") = instant;
        }
    }

    /// The instant that this clock shows, to the microsecond (what PostgreSQL keeps).
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is where time is handed in")]
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Self::System => Utc::now().trunc_subsecs(6),
            Self::Offset(by) => (Utc::now() + *by).trunc_subsecs(6),
            Self::Frozen(now) => *now.lock().expect("no holder of this lock panics"),
        }
    }

    /// The calendar day that it is in a zone.
    #[must_use]
    pub fn today(&self, zone: &Zone) -> NaiveDate {
        zone::day_in(self.now(), zone)
    }
}

/// How long the machine has been up. No one sets it, and it counts while a process or the machine
/// stands still (where the system has such a clock), so a lease is over when it says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Uptime(Duration);

impl Uptime {
    #[cfg(target_os = "linux")]
    #[must_use]
    pub fn now() -> Self {
        use rustix::time::{ClockId, clock_gettime};
        let time = clock_gettime(ClockId::Boottime);
        let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
        Self(Duration::from_secs(seconds))
    }

    #[cfg(not(target_os = "linux"))]
    #[must_use]
    pub fn now() -> Self {
        use std::{sync::LazyLock, time::Instant};
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        Self(START.elapsed())
    }

    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        let seconds = u64::try_from(seconds).unwrap_or_default();
        Self(self.0.saturating_add(Duration::from_secs(seconds)))
    }
}
