//! The worker's loop: periodic ticks query the tables, jobs process single rows.
//!
//! Any number of workers may run. A tick queries the work that is due, so a missed tick only delays
//! it, and concurrent ticks are harmless.

use std::{sync::Arc, time::Duration};

use anyhow::Result;
use chrono::{DateTime, Utc};
use domain::{
    account::privacy,
    database,
    files::Files,
    job::Job,
    ledger,
    retention::{self, Removed, Retention},
};
use futures::future::{BoxFuture, join_all};
use tokio::{sync::watch, time::MissedTickBehavior};

use crate::{
    issue,
    queue::{MAX_OUTSTANDING, Queue},
    send::Sender,
    transport::Transport,
};

/// A periodic task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tick {
    /// Claim due mail in projects whose hint is due.
    Plan,
    /// Push hints of waiting mails into the queue.
    Sweep,
    /// Resolve mails whose lease expired during the handover; push hints of reports that are
    /// requested but not issued yet.
    Recover,
    /// Apply retention, and remove mails to people who were erased.
    Tidy,
    /// Remove files that were left behind half-written, and those that nothing refers to.
    Files,
}

/// The schedule: every periodic task, and its interval in seconds.
pub const TICKS: [(Tick, u64); 5] = [
    (Tick::Plan, 5),
    (Tick::Sweep, 2),
    (Tick::Recover, 60),
    (Tick::Tidy, 60),
    (Tick::Files, 3600),
];

/// A worker: its dependencies for sending, and its queue.
#[derive(Clone, Debug)]
pub struct Worker {
    pub sender: Arc<Sender>,
    pub queue: Queue,
    /// The seconds after which a waiting mail gets another hint.
    pub hint_seconds: i64,
    /// Retention periods.
    pub retention: Retention,
    /// The store of uploaded files.
    pub files: Option<Files>,
}

impl Worker {
    /// Runs until the stop signal; then finishes the mails that it is sending.
    ///
    /// # Errors
    /// If these mails do not finish in time.
    pub fn run(self, stop: watch::Receiver<bool>) -> BoxFuture<'static, Result<()>> {
        // Boxed, so that binaries and tests do not compile the whole worker again.
        Box::pin(self.work(stop))
    }

    async fn work(self, stop: watch::Receiver<bool>) -> Result<()> {
        let ticks = join_all(TICKS.map(|(tick, seconds)| {
            let (worker, stop) = (self.clone(), stop.clone());
            tokio::spawn(async move { worker.repeat(tick, seconds, stop).await })
        }));
        let sender = Arc::clone(&self.sender);
        let handle = move |job| {
            let sender = Arc::clone(&sender);
            async move { handle(&sender, job).await }
        };
        let result = self.queue.run(handle, stop_signal(stop)).await;
        ticks.await;
        result
    }

    async fn repeat(&self, tick: Tick, seconds: u64, stop: watch::Receiver<bool>) {
        let mut interval = tokio::time::interval(Duration::from_secs(seconds));
        interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut stop = std::pin::pin!(stop_signal(stop));
        loop {
            tokio::select! {
                () = &mut stop => return,
                _ = interval.tick() => {}
            }
            if let Err(error) = self.tick(tick).await {
                tracing::error!(?tick, ?error, "A tick failed; the next one makes up for it");
            }
        }
    }

    async fn tick(&self, tick: Tick) -> Result<()> {
        let store = &self.sender.store;
        let now = store.clock().now();
        match tick {
            Tick::Plan => {
                plan(&self.sender).await?;
                self.sweep().await
            }
            Tick::Sweep => self.sweep().await,
            Tick::Tidy => self.tidy().await,
            Tick::Files => self.tidy_files().await,
            Tick::Recover => {
                let count = ledger::resolve_doubtful(store.db(), now).await?;
                if count > 0 {
                    tracing::warn!(count, "Recovered mails that may or may not have arrived");
                }
                for id in issue::pending(store).await? {
                    self.queue.push(Job::MakeReport(id)).await?;
                }
                Ok(())
            }
        }
    }

    /// Applies retention, and removes mails to people who were erased.
    ///
    /// # Errors
    /// If the database or a folder fails; the next tick repeats it.
    pub async fn tidy(&self) -> Result<()> {
        let store = &self.sender.store;
        let now = store.clock().now();
        let removed = (self.retention)
            .apply(store.db(), self.files.as_ref(), now)
            .await?;
        if removed != Removed::default() {
            tracing::info!(?removed, "Applied retention");
        }
        privacy::forget_details(store.db()).await?;
        let result = self.tidy_mails(now).await;
        // Even if that failed: removed data must also leave the files of the database.
        database::empty_log(store.db()).await?;
        result
    }

    /// Removes files that were left behind half-written, and those that nothing refers to.
    async fn tidy_files(&self) -> Result<()> {
        let Some(files) = &self.files else {
            return Ok(());
        };
        let abandoned = files.remove_abandoned().await?;
        let unreferenced = retention::remove_unreferenced(self.sender.store.db(), files).await?;
        if abandoned > 0 || unreferenced > 0 {
            tracing::info!(abandoned, unreferenced, "Removed files that nobody needs");
        }
        Ok(())
    }

    /// Removes old mails and those to erased people. The files are removed first, since only the
    /// rows have their names.
    async fn tidy_mails(&self, now: DateTime<Utc>) -> Result<()> {
        let db = self.sender.store.db();
        let old = self.retention.mails(db, now).await?;
        if let Transport::Outbox(outbox) = &self.sender.transport {
            // People who were erased while no worker ran are included.
            let mut mails = privacy::mails_of_erased(db).await?;
            mails.extend(&old);
            let count = outbox.forget(&mails).await?;
            if count > 0 {
                tracing::info!(
                    count,
                    "Removed mails that are old or to people who were erased"
                );
            }
        }
        let count = retention::remove_mails(db, &old).await?;
        if count > 0 {
            tracing::info!(count, "Removed old mails from the ledger");
        }
        Ok(())
    }

    async fn sweep(&self) -> Result<()> {
        let store = &self.sender.store;
        let now = store.clock().now();
        let hints = ledger::hints(store.db(), now, MAX_OUTSTANDING, self.hint_seconds).await?;
        for id in hints {
            self.queue.push(Job::SendMail(id)).await?;
        }
        Ok(())
    }
}

/// Claims due mail in every project whose hint is due.
pub async fn plan(sender: &Sender) -> Result<()> {
    let store = &sender.store;
    let now = store.clock().now();
    for key in ledger::to_plan(store.db(), now).await? {
        match claim(sender, &key, now).await {
            Ok(0) => {}
            Ok(claimed) => tracing::info!(project = key, claimed, "Claimed mails that are due"),
            Err(error) => tracing::error!(project = key, ?error, "Could not plan a project"),
        }
    }
    Ok(())
}

async fn claim(sender: &Sender, key: &str, now: DateTime<Utc>) -> Result<usize> {
    let store = &sender.store;
    let project = store.fresh(key).await?;
    Ok(ledger::claim(store.db(), &project, store.ids(), now).await?)
}

async fn handle(sender: &Sender, job: Job) {
    let result = match job {
        Job::SendMail(id) => sender.send(id).await,
        Job::MakeReport(id) => issue::issue(&sender.store, id).await,
        Job::Unknown => Ok(()),
    };
    if let Err(error) = result {
        tracing::error!(?job, ?error, "A job failed; the sweep finds its row again");
    }
}

async fn stop_signal(mut stop: watch::Receiver<bool>) {
    // An error means that the sender is dropped, which also means to stop.
    let _ = stop.wait_for(|stop| *stop).await;
}
