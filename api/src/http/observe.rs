//! The outermost middleware: the request's id and log span, its time limit, its metrics, and the
//! headers of every response.
//!
//! poem's `RequestId` accepts any header, and needs a feature; ours accepts only what is safe in a
//! log, see [`request_id`].

use std::{sync::Arc, time::Instant};

use domain::log::follow;
use poem::{Endpoint, Request, Response, http::StatusCode};
use tokio::time::timeout;
use tracing::{Instrument, info, info_span, warn};

use super::{App, cors, request_id, response, sign_in};

/// The server's state, which the outermost middleware adds to each request.
fn app(request: &Request) -> Arc<App> {
    let app = request.data::<Arc<App>>();
    Arc::clone(app.expect("the service adds it to each request"))
}

/// Identifies, logs and counts a request, and adds the headers of its response.
pub async fn observe<E: Endpoint<Output = Response>>(
    next: Arc<E>,
    mut request: Request,
) -> poem::Result<Response> {
    let start = Instant::now();
    let app = app(&request);
    let id = request_id::of(request.headers());
    request.headers_mut().insert(request_id::HEADER, id.clone());
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let name = id.to_str().unwrap_or_default();
    let shown = sign_in::redact(&path);
    let span = info_span!("request", id = name, method = method.as_str(), path = shown);
    if let Some(caller) = request.header("traceparent") {
        follow(&span, caller);
    }
    let reader = cors::reader(request.headers(), &app.config.origins);
    let answer = async {
        let response = match next.call(request).await {
            Ok(response) => response,
            Err(error) => response::of_error(&error),
        };
        info!(status = response.status().as_u16(), "Answered");
        response
    };
    let mut response = response::secured(answer.instrument(span).await);
    if app.config.is_https {
        response::stay_with_https(&mut response);
    }
    if path == "/graphql" && !app.config.origins.is_empty() {
        cors::readable(response.headers_mut(), reader);
    }
    response.headers_mut().insert(request_id::HEADER, id);
    app.metrics
        .answered(&method, &path, response.status(), start.elapsed());
    Ok(response)
}

/// Cancels a request that exceeds the time limit.
pub async fn limit_time<E: Endpoint<Output = Response>>(
    next: Arc<E>,
    request: Request,
) -> poem::Result<Response> {
    let limit = app(&request).config.request_timeout;
    timeout(limit, next.call(request))
        .await
        .unwrap_or_else(|_| {
            warn!("A request took too long");
            Ok(response::error(
                StatusCode::SERVICE_UNAVAILABLE,
                "TIMEOUT",
                "This took too long and was given up. Ask for less at once, or try again.",
            ))
        })
}
