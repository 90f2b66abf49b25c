//! Health checks: liveness and readiness.

use std::{sync::Arc, time::Duration};

use domain::database;
use poem::{Response, handler, http::StatusCode, web::Data};
use tokio::time::timeout;
use tracing::warn;

use super::{App, response::plain};

/// The timeout after which a silent database counts as unavailable.
const PATIENCE: Duration = Duration::from_secs(2);

/// Liveness: the process runs.
#[handler]
pub fn alive() -> Response {
    plain(StatusCode::OK, "alive")
}

/// Readiness: the database responds, and the process is not shutting down.
#[handler]
pub async fn ready(Data(app): Data<&Arc<App>>) -> Response {
    let is_draining = *app.draining.borrow();
    if is_draining {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "About to stop.");
    }
    match timeout(PATIENCE, database::ping(app.config.store.db())).await {
        Ok(Ok(())) => plain(StatusCode::OK, "ready"),
        Ok(Err(error)) => {
            warn!(%error, "The database does not answer");
            plain(
                StatusCode::SERVICE_UNAVAILABLE,
                "The database does not answer.",
            )
        }
        Err(_) => {
            warn!("The database does not answer in time");
            plain(
                StatusCode::SERVICE_UNAVAILABLE,
                "The database does not answer.",
            )
        }
    }
}
