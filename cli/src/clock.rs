//! The clock of a data folder: commands beside a running `connection up` go by the clock of that.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    path::Path,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use chrono::TimeDelta;
use domain::clock::Clock;

/// The file that the process locks while it runs: however it ends, the system unlocks it.
const LOCK: &str = "up.lock";
/// The file that says by how many microseconds its clock differs from the machine's.
const OFFSET: &str = "up.clock";
/// How often a lock or an offset is tried that another process is about to release or to write.
const ATTEMPTS: usize = 20;
const PAUSE: Duration = Duration::from_millis(50);

/// The lock of a data folder, for as long as the value lives.
#[derive(Debug)]
pub struct Announcement {
    /// None beside a process that goes by the machine's clock, too.
    _lock: Option<File>,
}

/// Announces that a process runs on a data folder by a clock.
///
/// # Errors
/// If another one runs on it by another clock.
pub async fn announce(data: &Path, clock: &Clock) -> Result<Announcement> {
    let shown = data.display();
    let path = data.join(LOCK);
    let mut options = OpenOptions::new();
    let file = options.write(true).create(true).truncate(false).open(path);
    let file = file.with_context(|| format!("{shown} cannot be written to"))?;
    for _ in 0..ATTEMPTS {
        match file.try_lock() {
            Ok(()) => {
                let offset = offset_of(clock).to_string();
                fs::write(data.join(OFFSET), offset)
                    .with_context(|| format!("{shown} cannot be written to"))?;
                return Ok(Announcement { _lock: Some(file) });
            }
            // A command holds it for a moment.
            Err(TryLockError::WouldBlock) => tokio::time::sleep(PAUSE).await,
            // A file system without locks.
            Err(TryLockError::Error(_)) => return Ok(Announcement { _lock: None }),
        }
    }
    if matches!(clock, Clock::System) && matches!(of(data).await?, Clock::System) {
        return Ok(Announcement { _lock: None });
    }
    bail!(
        "connection up runs on {shown} already, by another clock: stop it, or name another folder \
         with --data"
    );
}

/// The clock of the process that runs on a data folder, else the machine's.
///
/// # Errors
/// If one runs, and its clock cannot be read.
pub async fn of(data: &Path) -> Result<Clock> {
    let Ok(file) = File::open(data.join(LOCK)) else {
        return Ok(Clock::System);
    };
    if !matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)) {
        return Ok(Clock::System);
    }
    let path = data.join(OFFSET);
    for _ in 0..ATTEMPTS {
        let text = fs::read_to_string(&path).unwrap_or_default();
        match text.parse() {
            Ok(0) => return Ok(Clock::System),
            Ok(offset) => return Ok(Clock::Offset(TimeDelta::microseconds(offset))),
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
    bail!(
        "connection up runs, and {} does not say by which clock: start it again",
        path.display()
    );
}

fn offset_of(clock: &Clock) -> i64 {
    match clock {
        Clock::Offset(by) => by.num_microseconds().unwrap_or_default(),
        Clock::System | Clock::Frozen(_) => 0,
    }
}
