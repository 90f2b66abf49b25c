//! Redis as shared state of several processes, with a short timeout and a fallback when it is
//! unavailable.

use std::{
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use redis::{
    FromRedisValue, RedisError,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use tokio::time::timeout;
use tracing::{info, warn};

/// The timeout after which Redis counts as unavailable.
const PATIENCE: Duration = Duration::from_millis(150);
/// The pause before the next attempt after Redis was unavailable, so that requests do not each wait
/// for the timeout.
const PAUSE: Duration = Duration::from_secs(1);

/// Redis, connected at its first use.
pub struct SharedRedis {
    client: redis::Client,
    connection: OnceLock<ConnectionManager>,
    is_away: AtomicBool,
    /// The instant of the next attempt.
    again_at: Mutex<Option<Instant>>,
}

impl std::fmt::Debug for SharedRedis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SharedRedis").finish_non_exhaustive()
    }
}

impl SharedRedis {
    pub fn new(client: redis::Client) -> Self {
        Self {
            client,
            connection: OnceLock::new(),
            is_away: AtomicBool::new(false),
            again_at: Mutex::default(),
        }
    }

    /// Runs a command in Redis; `None` if it is unavailable, which is logged once.
    pub async fn run<T: FromRedisValue>(&self, command: &redis::Cmd) -> Option<T> {
        if self.is_away.load(Ordering::Relaxed) && !self.may_try() {
            return None;
        }
        let result = async { command.query_async(&mut self.connection()?).await };
        let why = match timeout(PATIENCE, result).await {
            Ok(Ok(value)) => {
                if self.is_away.swap(false, Ordering::Relaxed) {
                    info!("Redis is back");
                }
                return Some(value);
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => "it does not answer in time".to_owned(),
        };
        *self.again_at() = Some(Instant::now() + PAUSE);
        if !self.is_away.swap(true, Ordering::Relaxed) {
            warn!(
                error = why,
                "Redis is away: this process limits rates alone, and finds no persisted queries"
            );
        }
        None
    }

    /// Whether the next attempt is due; true for one request only.
    fn may_try(&self) -> bool {
        let now = Instant::now();
        let mut again_at = self.again_at();
        if again_at.is_some_and(|at| now < at) {
            return false;
        }
        *again_at = Some(now + PAUSE);
        true
    }

    fn again_at(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.again_at.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn connection(&self) -> Result<ConnectionManager, RedisError> {
        if let Some(known) = self.connection.get() {
            return Ok(known.clone());
        }
        let settings = ConnectionManagerConfig::new()
            .set_number_of_retries(0)
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE));
        let new = ConnectionManager::new_lazy_with_config(self.client.clone(), settings)?;
        Ok(self.connection.get_or_init(|| new).clone())
    }
}
