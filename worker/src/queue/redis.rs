//! The queue in Redis: several processes share it.

use std::fmt;
use std::sync::LazyLock;
use std::time::Duration;

use anyhow::Context;
use apalis_core::backend::ext::BackendExt;
use apalis_redis::{Config, RedisStorage};
use domain::job::Job;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, Script};

use super::backend::{HEARTBEAT, HintCodec, Hints, MISSED_HEARTBEATS};

/// A stall of this length is a slow server; redis-rs's 500 ms would end the worker.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(10);
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(5);
const TIDY_BATCH: usize = 1_000;

/// The script that removes finished jobs by id: from their set, with data and metadata.
static FORGET: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local ids = redis.call('spop', KEYS[1], ARGV[1])
         for _, id in ipairs(ids) do
             redis.call('hdel', KEYS[2], id)
             redis.call('del', KEYS[3] .. ':' .. id)
         end
         return #ids",
    )
});

#[derive(Clone)]
pub(super) struct Store {
    connection: ConnectionManager,
    config: Config,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redis").finish_non_exhaustive()
    }
}

impl Store {
    pub(super) async fn connect(url: &str, name: &str) -> anyhow::Result<Self> {
        let client =
            Client::open(url).context("REDIS_URL is not redis://[user:pass@]host[:port]")?;
        let settings = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(CONNECTION_TIMEOUT))
            .set_response_timeout(Some(RESPONSE_TIMEOUT))
            .set_max_delay(Duration::from_secs(1))
            .set_number_of_retries(4);
        let connection = ConnectionManager::new_with_config(client, settings)
            .await
            .context("no Redis server answers at REDIS_URL")?;
        let config = Config::default()
            .queue(name)
            .heartbeat_interval(HEARTBEAT)
            .missed_heartbeats(MISSED_HEARTBEATS)
            .lock_tasks(false)
            .emit_events(false);
        Ok(Self { connection, config })
    }

    pub(super) fn backend(&self, batch: usize) -> impl Hints {
        RedisStorage::<Job>::new(self.connection.clone())
            .with_config(self.config.clone().batch_size(batch))
            .with_codec(HintCodec)
    }

    pub(super) async fn outstanding(&self) -> anyhow::Result<u64> {
        let (active, scheduled): (u64, u64) = redis::pipe()
            .llen(self.config.active_jobs_list())
            .zcard(self.config.scheduled_jobs_set())
            .query_async(&mut self.connection.clone())
            .await
            .context("could not count the jobs in Redis")?;
        Ok(active + scheduled)
    }

    pub(super) async fn tidy(&self) -> anyhow::Result<()> {
        for ended in [self.config.done_jobs_set(), self.config.dead_jobs_set()] {
            loop {
                let forgotten: usize = FORGET
                    .key(&ended)
                    .key(self.config.job_data_hash())
                    .key(self.config.job_meta_hash())
                    .arg(TIDY_BATCH)
                    .invoke_async(&mut self.connection.clone())
                    .await
                    .context("could not forget the jobs that are done")?;
                if forgotten < TIDY_BATCH {
                    break;
                }
            }
        }
        Ok(())
    }
}
