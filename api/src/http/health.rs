//! Health checks: liveness and readiness.

use std::sync::Arc;

use poem::{Response, handler, http::StatusCode, web::Data};

use super::{App, response::plain};

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
    match app.readiness.of(app.config.store.db()).await {
        Ok(()) => plain(StatusCode::OK, "ready"),
        Err(line) => plain(StatusCode::SERVICE_UNAVAILABLE, line),
    }
}
