//! The queue in a SQLite file of its own: the embedded default, where one process does all.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use apalis_core::backend::ext::BackendExt;
use apalis_sqlite::{Config, SqliteConnectOptions, SqlitePool, SqlitePoolOptions, SqliteStorage};
use domain::job::Job;
use sea_orm::sqlx;
use sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};

use super::backend::{HEARTBEAT, HintCodec, Hints, MISSED_HEARTBEATS};

/// Indexes of apalis's that make each ack search the whole queue; fetching needs none of them.
const SLOW_INDEXES: [&str; 4] = [
    "DROP INDEX IF EXISTS LIdx",
    "DROP INDEX IF EXISTS idx_jobs_status_run_at",
    "DROP INDEX IF EXISTS idx_jobs_job_type_status_run_at",
    "DROP INDEX IF EXISTS idx_jobs_claimable",
];

/// Removes finished jobs, and workers without jobs.
const FORGET: [&str; 2] = [
    "DELETE FROM Jobs WHERE status IN ('Done', 'Failed', 'Killed')",
    "DELETE FROM Workers WHERE last_seen < strftime('%s', 'now') - 86400
     AND NOT EXISTS (SELECT 1 FROM Jobs WHERE lock_by = Workers.id)",
];

#[derive(Clone, Debug)]
pub(super) struct Store {
    pool: SqlitePool,
    config: Config,
}

impl Store {
    pub(super) async fn open(path: &Path, name: &str) -> anyhow::Result<Self> {
        // Not `setup()`: it sets synchronous=OFF and more on the connection.
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(Duration::from_secs(10));
        let pool = SqlitePoolOptions::new()
            .max_connections(4)
            .connect_with(options)
            .await
            .with_context(|| format!("could not open the queue {}", path.display()))?;
        SqliteStorage::migrations()
            .run(&pool)
            .await
            .with_context(|| format!("could not migrate the queue {}", path.display()))?;
        for drop in SLOW_INDEXES {
            sqlx::query(drop).execute(&pool).await?;
        }
        let config = Config::default()
            .queue(name)
            .heartbeat_interval(HEARTBEAT)
            .missed_heartbeats(MISSED_HEARTBEATS)
            .lock_tasks(false);
        Ok(Self { pool, config })
    }

    pub(super) fn backend(&self, batch: usize) -> impl Hints {
        SqliteStorage::<Job>::new(&self.pool)
            .with_config(self.config.clone().batch_size(batch))
            .with_codec(HintCodec)
    }

    pub(super) async fn outstanding(&self) -> anyhow::Result<u64> {
        let waiting: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM Jobs
             WHERE job_type = ? AND status = 'Pending' AND lock_by IS NULL",
        )
        .bind(self.config.queue.as_ref())
        .fetch_one(&self.pool)
        .await
        .context("could not count the jobs in the queue's file")?;
        Ok(waiting.unsigned_abs())
    }

    pub(super) async fn tidy(&self) -> anyhow::Result<()> {
        for delete in FORGET {
            sqlx::query(delete)
                .execute(&self.pool)
                .await
                .context("could not forget the jobs that are done")?;
        }
        Ok(())
    }
}
