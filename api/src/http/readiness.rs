//! Whether the database answers, asked once a second at most.

use std::time::Duration;

use domain::database;
use sea_orm::DatabaseConnection;
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};
use tracing::warn;

/// The timeout after which a silent database counts as unavailable.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long an answer of the database holds: whoever asks more often does not reach it.
const HOLDS: Duration = Duration::from_secs(1);

/// What the database answered last, and when.
#[derive(Debug, Default)]
pub struct Readiness(Mutex<Option<(Instant, Result<(), &'static str>)>>);

impl Readiness {
    /// Whether the database answers; else what to say. Those who ask at the same time wait for one answer.
    pub async fn of(&self, db: &DatabaseConnection) -> Result<(), &'static str> {
        let mut last = self.0.lock().await;
        if let Some((at, answer)) = *last
            && at.elapsed() < HOLDS
        {
            return answer;
        }
        let answer = match timeout(PATIENCE, database::ping(db)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => {
                warn!(%error, "The database does not answer");
                Err("The database does not answer.")
            }
            Err(_) => {
                warn!("The database does not answer in time");
                Err("The database does not answer.")
            }
        };
        *last = Some((Instant::now(), answer));
        answer
    }
}
