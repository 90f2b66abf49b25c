//! Pub/sub over Redis: API processes publish their changes, so that the others have them within
//! milliseconds.
//!
//! Nothing depends on it. What is lost here, since Redis was away or a message went astray, the
//! store's poll finds within a second.

use std::{convert::Infallible, time::Duration};

use domain::store::{RevisionChanged, Store};
use futures::StreamExt;
use redis::{AsyncCommands, ErrorKind, RedisError, RedisResult};
use tokio::{
    sync::broadcast::error::RecvError,
    time::{Instant, MissedTickBehavior, interval, sleep, timeout},
};
use tracing::{info, warn};

/// How long Redis may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);
/// How often Redis is asked whether it still listens to what is subscribed.
const PING: Duration = Duration::from_secs(5);
/// The pause after a first failure; it doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// A connection that held for so long was a good one: the pauses begin anew after it.
const STEADY: Duration = Duration::from_secs(10);

/// Publishes this process's changes, and applies those of others to its store.
#[derive(Clone, Debug)]
pub struct PubSub {
    redis: redis::Client,
    channel: String,
}

impl PubSub {
    /// Over the channel of the client's database. Redis itself has channels for all its databases
    /// together, so the number stands in the name.
    #[must_use]
    pub fn new(redis: redis::Client) -> Self {
        let number = redis.get_connection_info().redis_settings().db();
        let channel = format!("connection:{number}:news");
        Self { redis, channel }
    }

    /// Over a channel of this name.
    #[must_use]
    pub fn named(redis: redis::Client, channel: &str) -> Self {
        let channel = channel.to_owned();
        Self { redis, channel }
    }

    /// Runs until it is dropped; connects again and again where Redis goes away.
    pub async fn run(&self, store: &Store) {
        let mut pause = FIRST_PAUSE;
        loop {
            let began = Instant::now();
            let Err(error) = self.synchronize(store).await;
            if began.elapsed() > STEADY {
                pause = FIRST_PAUSE;
            }
            if pause == FIRST_PAUSE {
                warn!(%error, "Redis is away: changes by other processes are found by polling");
            }
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Publishes and applies changes until the connection fails.
    async fn synchronize(&self, store: &Store) -> RedisResult<Infallible> {
        // Own changes before this are older than the others' next poll.
        let mut written = store.local_changes();
        let subscription = patiently(self.redis.get_async_pubsub()).await?;
        let (mut subscription, mut messages) = subscription.split();
        patiently(subscription.subscribe(&self.channel)).await?;
        let mut redis = patiently(self.redis.get_multiplexed_async_connection()).await?;
        info!("Changes are published to other processes over Redis");
        let mut ping = interval(PING);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                own = written.recv() => match own {
                    Ok(news) => {
                        let text = serde_json::to_string(&news).expect("ids and numbers are JSON");
                        patiently(redis.publish::<_, _, ()>(&self.channel, text)).await?;
                    }
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => std::future::pending().await,
                },
                message = messages.next() => {
                    let message = message.ok_or_else(closed)?;
                    match serde_json::from_slice::<RevisionChanged>(message.get_payload_bytes()) {
                        Ok(news) => store.apply_remote(news),
                        Err(error) => warn!(%error, "A message of another process is unreadable"),
                    }
                }
                _ = ping.tick() => {
                    patiently(subscription.ping::<redis::Value>()).await?;
                }
            }
        }
    }
}

/// What Redis answers, unless it takes too long.
async fn patiently<T>(reply: impl Future<Output = RedisResult<T>>) -> RedisResult<T> {
    match timeout(PATIENCE, reply).await {
        Ok(answer) => answer,
        Err(_) => Err(RedisError::from((ErrorKind::Io, "Redis does not answer"))),
    }
}

fn closed() -> RedisError {
    RedisError::from((ErrorKind::Io, "the connection was closed"))
}
