//! Health checks: liveness and readiness.

use std::{sync::Arc, time::Duration};

use domain::database;
use poem::{Response, handler, http::StatusCode, web::Data};
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};
use tracing::warn;

use super::{App, response::plain};

/// The timeout after which a silent database counts as unavailable.
const PATIENCE: Duration = Duration::from_secs(2);

/// Liveness: the process runs.
#[handler]
pub fn alive() -> Response {
    plain(StatusCode::OK, "alive")
}

/// How long an answer of the database holds: whoever asks more often does not reach it.
const HOLDS: Duration = Duration::from_secs(1);

/// What the database answered last, and when.
#[derive(Debug, Default)]
pub struct Readiness(Mutex<Option<(Instant, Result<(), &'static str>)>>);

impl Readiness {
    /// Whether the database answers. Those who ask at the same time wait for one answer.
    async fn of(&self, app: &App) -> Result<(), &'static str> {
        let mut last = self.0.lock().await;
        if let Some((at, answer)) = *last
            && at.elapsed() < HOLDS
        {
            return answer;
        }
        let answer = match timeout(PATIENCE, database::ping(app.config.store.db())).await {
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

/// Readiness: the database responds, and the process is not shutting down.
#[handler]
pub async fn ready(Data(app): Data<&Arc<App>>) -> Response {
    let is_draining = *app.draining.borrow();
    if is_draining {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "About to stop.");
    }
    match app.readiness.of(app).await {
        Ok(()) => plain(StatusCode::OK, "ready"),
        Err(line) => plain(StatusCode::SERVICE_UNAVAILABLE, line),
    }
}
