//! Whether the process is alive, and whether it can answer.

use std::{sync::Arc, time::Duration};

use domain::database;
use poem::{Response, handler, http::StatusCode, web::Data};
use tokio::time::timeout;
use tracing::warn;

use super::{App, response::plain};

/// After how long a silent database counts as gone.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process is alive.
#[handler]
pub fn alive() -> Response {
    plain(StatusCode::OK, "alive")
}

/// Whether the process takes requests: the database answers, and it is not about to end.
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
