//! Charges clients for pages that ask the database, as the gateway does for operations.

use std::sync::Arc;

use domain::viewer::Viewer;
use poem::{Endpoint, Request, Response};

use super::{App, response};

/// The cost of a page: by default, a thousand at once and three thousand a minute are possible.
const PAGE: u64 = 1_000;

/// The middleware that charges the authenticated client of a page before the page is made.
pub async fn charge<E: Endpoint<Output = Response>>(
    endpoint: Arc<E>,
    request: Request,
) -> poem::Result<Response> {
    let app: &App = request
        .data::<Arc<App>>()
        .expect("the service adds it to each request");
    let viewer = request.data::<Viewer>().copied();
    let rate_limit_key = app.rate_limit_key(viewer.unwrap_or(Viewer::Anonymous), &request);
    let rate_limiter = app.gateway.rate_limiter();
    match rate_limiter.spend(&rate_limit_key, PAGE).await {
        Ok(()) => endpoint.call(request).await,
        Err(wait) => Ok(response::rate_limited(wait)),
    }
}
