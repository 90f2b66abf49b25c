//! The job queue: a hint from the process that wrote a row to a worker that acts on it, by apalis
//! over Redis or SQLite.
//!
//! The ledger is the truth and the backlog; a job here is a hint that may be lost, duplicated or
//! late, and the handler must tolerate all three. So this module only transports hints:
//!
//! - a handler never fails a job: retry lives in the ledger, and apalis keeps none of its promises
//!   about it. A panic or an overlong job is logged and counts as done;
//! - a handler runs as a task of its own, so that a queue that breaks cannot cancel a mail half sent;
//! - anything that breaks apalis's worker (lost connection, wiped store, restarted server) makes a new
//!   worker with a new name after a pause, never the end of the process;
//! - at most [`MAX_OUTSTANDING`] hints wait at a time: 8,000 stop apalis-redis for good.

mod backend;
mod redis;
mod sqlite;
#[cfg(test)]
mod tests;

use std::future::Future;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use apalis::layers::WorkerBuilderExt;
use apalis_core::backend::ext::BackendExt;
use apalis_core::backend::ext::poll_strategy::{PollSnapshot, PollStrategy};
use apalis_core::monitor::Monitor;
use apalis_core::worker::builder::WorkerBuilder;
use backend::Hints;
use domain::job::Job;
use futures::FutureExt;
use tokio::sync::Semaphore;
use tokio::time::{Interval, MissedTickBehavior, interval, sleep, timeout};

/// The maximum number of waiting hints; the sweep finds the rows of others.
pub const MAX_OUTSTANDING: u64 = 1_000;

/// The name of the one queue, in Redis the prefix of its keys.
const NAME: &str = "connection:jobs";
const POLL_EVERY: Duration = Duration::from_millis(250);
const TIDY_EVERY: Duration = Duration::from_secs(60);
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// The settings of a process's worker.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The number of concurrent jobs.
    pub concurrency: usize,
    /// The time limit after which a job is dropped. Longer than the wait for the lane and the
    /// longest SMTP exchange together.
    pub job: Duration,
    /// The grace period of running jobs when [`Queue::run`] shuts down.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            concurrency: 8,
            job: Duration::from_secs(20 * 60),
            grace: Duration::from_secs(30),
        }
    }
}

impl Limits {
    /// Hints fetched at a time. Not the 100 that make benchmarks fast: apalis sends no heartbeat
    /// while fetched jobs wait, and 100 mails on one slow connection outlast six beats.
    fn batch(self) -> usize {
        (self.concurrency * 2).clamp(1, 100)
    }
}

/// A handle on the queue; clones share the connection.
#[derive(Clone, Debug)]
pub struct Queue {
    store: Store,
    limits: Limits,
}

#[derive(Clone, Debug)]
enum Store {
    Redis(redis::Store),
    Sqlite(sqlite::Store),
}

impl Queue {
    /// Connects to the Redis server at `url`; fails if none answers within some seconds.
    pub async fn redis(url: &str) -> anyhow::Result<Self> {
        let store = redis::Store::connect(url, NAME).await?;
        Ok(Self {
            store: Store::Redis(store),
            limits: Limits::default(),
        })
    }

    /// Opens or creates the queue in the SQLite file at `path`, a file of its own beside the data.
    pub async fn sqlite(path: &Path) -> anyhow::Result<Self> {
        let store = sqlite::Store::open(path, NAME).await?;
        Ok(Self {
            store: Store::Sqlite(store),
            limits: Limits::default(),
        })
    }

    /// The same queue with other settings.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Pushes a hint for any worker. If too many hints wait, it is dropped without an error, since
    /// the sweep finds the row; an error of the queue is equally harmless.
    pub async fn push(&self, job: Job) -> anyhow::Result<()> {
        if self.outstanding().await? >= MAX_OUTSTANDING {
            tracing::debug!(
                ?job,
                "Dropped a hint: {MAX_OUTSTANDING} wait already, the sweep finds it"
            );
            return Ok(());
        }
        match &self.store {
            Store::Redis(store) => push(store.backend(self.limits.batch()), job).await,
            Store::Sqlite(store) => push(store.backend(self.limits.batch()), job).await,
        }
    }

    /// The number of hints that wait to be fetched.
    pub async fn outstanding(&self) -> anyhow::Result<u64> {
        match &self.store {
            Store::Redis(store) => store.outstanding().await,
            Store::Sqlite(store) => store.outstanding().await,
        }
    }

    /// Runs `handler` for each job until `shutdown` completes, then waits for running jobs. Returns
    /// an error only if some still run after the grace period; the ledger has their rows.
    pub async fn run<F, Fut>(
        &self,
        handler: F,
        shutdown: impl Future<Output = ()> + Send,
    ) -> anyhow::Result<()>
    where
        F: Fn(Job) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let (limits, batch) = (self.limits, self.limits.batch());
        let work = async {
            match &self.store {
                Store::Redis(store) => work(store.backend(batch), limits, handler, shutdown).await,
                Store::Sqlite(store) => work(store.backend(batch), limits, handler, shutdown).await,
            }
        };
        tokio::select! {
            result = work => result,
            never = self.tidy() => match never {},
        }
    }

    /// Removes finished jobs, which apalis would store for ever.
    async fn tidy(&self) -> std::convert::Infallible {
        loop {
            let result = match &self.store {
                Store::Redis(store) => store.tidy().await,
                Store::Sqlite(store) => store.tidy().await,
            };
            if let Err(error) = result {
                tracing::debug!(
                    error = format!("{error:#}"),
                    "Could not tidy the queue, will try again"
                );
            }
            sleep(TIDY_EVERY).await;
        }
    }
}

async fn push(mut backend: impl Hints, job: Job) -> anyhow::Result<()> {
    backend.push(job).await.context("could not push a job")
}

async fn work<B, F, Fut>(
    backend: B,
    limits: Limits,
    handler: F,
    shutdown: impl Future<Output = ()> + Send,
) -> anyhow::Result<()>
where
    B: Hints,
    F: Fn(Job) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let slots = Arc::new(Semaphore::new(limits.concurrency));
    let run_job = {
        let slots = slots.clone();
        move |job: Job| run_job(handler.clone(), job, limits.job, slots.clone())
    };
    let mut shutdown = pin!(shutdown.fuse());
    let mut pause = SHORTEST_PAUSE;
    for attempt in 0_u64.. {
        let name = worker_name(attempt);
        let (backend, run_job) = (backend.clone(), run_job.clone());
        let monitor = Monitor::new().register(move |_| {
            WorkerBuilder::new(name.as_str())
                .backend(backend.clone().poll_with_strategy(Ticker::new()))
                .concurrency(limits.concurrency)
                .build(run_job.clone())
        });
        let context = monitor.context();
        let started = Instant::now();
        let mut running = pin!(monitor.run());
        tokio::select! {
            ended = &mut running => match ended {
                Ok(()) => tracing::warn!("The queue's worker ended by itself, starting another"),
                Err(error) => tracing::warn!(%error, "The queue's worker broke, starting another"),
            },
            () = &mut shutdown => {
                if let Err(error) = context.shutdown() {
                    tracing::warn!(%error, "Could not ask the queue's worker to stop");
                }
                if timeout(limits.grace, running).await.is_err() {
                    tracing::warn!("The queue's worker did not stop in time, left it");
                }
                break;
            }
        }
        if started.elapsed() > LONGEST_PAUSE * 2 {
            pause = SHORTEST_PAUSE;
        }
        tokio::select! {
            () = sleep(pause) => pause = (pause * 2).min(LONGEST_PAUSE),
            () = &mut shutdown => break,
        }
    }
    // Jobs outlive the worker that fetched them.
    let all = u32::try_from(limits.concurrency).context("too many jobs at a time")?;
    let idle = timeout(limits.grace, slots.acquire_many(all)).await;
    ensure!(
        idle.is_ok(),
        "{} jobs still ran {:?} after the shutdown began",
        limits.concurrency - slots.available_permits(),
        limits.grace
    );
    Ok(())
}

/// Runs one job to its end, even if the worker that waits for it ends.
async fn run_job<F, Fut>(handler: F, job: Job, limit: Duration, slots: Arc<Semaphore>)
where
    F: Fn(Job) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let slot = slots
        .acquire_owned()
        .await
        .expect("the semaphore is never closed");
    let running = tokio::spawn(async move {
        let _slot = slot;
        timeout(limit, async { handler(job).await }).await
    });
    match running.await {
        Ok(Ok(())) => {}
        Ok(Err(_)) => tracing::error!(?job, "Gave up a job after {limit:?}"),
        Err(error) => tracing::error!(?job, %error, "A job panicked"),
    }
}

/// A new worker name: apalis refuses one that was active within 30 s.
fn worker_name(attempt: u64) -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host = host.trim();
    let pid = std::process::id();
    let random = RandomState::new().build_hasher().finish();
    format!("{host}-{pid}-{random:016x}-{attempt}")
}

/// Wakes the worker at a steady pace. apalis's own interval loses its waker between two beats.
struct Ticker(Interval);

impl Ticker {
    fn new() -> Self {
        let mut ticks = interval(POLL_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self(ticks)
    }
}

impl PollStrategy for Ticker {
    fn poll_drive(&mut self, cx: &mut Context<'_>, _: &PollSnapshot) -> Poll<Option<()>> {
        let mut driven = Poll::Pending;
        // Only a tick that is pending registers the waker.
        while self.0.poll_tick(cx).is_ready() {
            driven = Poll::Ready(Some(()));
        }
        driven
    }
}
