//! GraphQL over HTTP: POST with JSON, GET for queries.
//!
//! A [`GraphqlRequest`] is handled in this order: parsing; content negotiation; the response cache;
//! the rate limit; the checks of the gateway; the execution; and its response is cached if it
//! depends on projects alone.

use std::sync::Arc;

use async_graphql::Response as GraphQlResponse;
use domain::viewer::Viewer;
use poem::{
    Body, Request, Response, handler,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    web::Data,
};

use super::{
    App,
    encoding::EncodedBody,
    graphql_json::{never_ran, to_json},
    live,
    negotiation::{Events, GRAPHQL_JSON, is_websocket_handshake, response_type},
    request::{self, GraphqlRequest},
    response::{error, not_allowed, rate_limited},
    response_cache::{CacheKey, CachedResponse},
};
use crate::gateway::{Access, Execution, Operation, PreparedOperation, Rejection};

/// Handles a POST: the operation in its body.
#[handler]
pub async fn post(
    Data(app): Data<&Arc<App>>,
    Data(viewer): Data<&Viewer>,
    http: &Request,
    body: Body,
) -> Response {
    match GraphqlRequest::from_post(app, *viewer, http, body).await {
        Ok(request) => answer(app, request).await,
        Err(refusal) => *refusal,
    }
}

/// Handles a GET: the query in its query string, or a WebSocket handshake.
#[handler]
pub async fn get(
    Data(app): Data<&Arc<App>>,
    Data(viewer): Data<&Viewer>,
    http: &Request,
) -> Response {
    if is_websocket_handshake(http.headers()) {
        let client = request::client(app, *viewer, http);
        let executor = app.executor(*viewer, app.rate_limit_key(*viewer, http));
        return live::upgraded(&app.live, executor, client, &app.config.origins, http);
    }
    match GraphqlRequest::from_get(app, *viewer, http) {
        Ok(request) => answer(app, request).await,
        Err(refusal) => *refusal,
    }
}

/// The cached response, or that of the executed operation. The future of the execution is boxed, or
/// each request would allocate its size.
async fn answer(app: &App, request: GraphqlRequest<'_>) -> Response {
    if let Some(refusal) = live::refused_mode(request.headers()) {
        return refusal;
    }
    let limits = app.gateway.limits();
    if request.events == Events::Sooner {
        return match request.operation(limits) {
            Ok(operation) => Box::pin(stream(app, &request, operation)).await,
            Err(wrong) => wrong.response(),
        };
    }
    let Some(media_type) = response_type(request.headers()) else {
        return not_acceptable(
            "Answers are application/graphql-response+json or application/json.",
        );
    };
    let key = request.cache_key(media_type);
    if let Some(cached) = app.response_cache.get(&key, &app.config.store) {
        let limiter = app.gateway.rate_limiter();
        if let Err(retry_after) = limiter.spend(&request.rate_limit_key, cached.cost).await {
            return rate_limited(retry_after);
        }
        app.metrics.cache_hits.inc();
        return with_cost(success(&cached.body, &key, request.headers()), cached.cost);
    }
    app.metrics.cache_misses.inc();
    match request.operation(limits) {
        Ok(operation) => Box::pin(execute(app, &request, key, operation)).await,
        Err(wrong) => wrong.response(),
    }
}

/// Executes an operation, and caches its response if possible.
async fn execute(
    app: &App,
    request: &GraphqlRequest<'_>,
    key: CacheKey,
    operation: Operation,
) -> Response {
    let headers = request.headers();
    let prepared = match admit(app, request, operation).await {
        Ok(prepared) => prepared,
        Err(Rejection::Request(response)) => return failure(&response, key.media_type, headers),
        Err(Rejection::ReadsOnly) => return not_allowed("POST"),
        Err(Rejection::RateLimited(retry_after)) => return rate_limited(retry_after),
    };
    if prepared.is_subscription() {
        return match request.events {
            Events::No => not_acceptable(
                "A subscription is answered as text/event-stream, or over a WebSocket.",
            ),
            _ => event_stream(app, request, Ok(prepared)),
        };
    }
    let Execution {
        response,
        dependencies,
        cost,
    } = (app.gateway)
        .run(&app.config.store, request.viewer(), prepared)
        .await;
    #[expect(clippy::cast_precision_loss, reason = "it is counted in buckets")]
    app.metrics.cost.observe(cost as f64);
    if !response.errors.is_empty() {
        return failure(&response, key.media_type, headers);
    }
    let body = encode(&response, key.media_type);
    let response = with_cost(success(&body, &key, headers), cost);
    if let Some(dependencies) = dependencies {
        let cached = CachedResponse {
            body,
            dependencies,
            cost,
        };
        app.response_cache.insert(key, Arc::new(cached));
    }
    response
}

/// The responses of an operation as an event stream.
async fn stream(app: &App, request: &GraphqlRequest<'_>, operation: Operation) -> Response {
    match admit(app, request, operation).await {
        Ok(prepared) => event_stream(app, request, Ok(prepared)),
        Err(Rejection::Request(response)) => event_stream(app, request, Err(*response)),
        Err(Rejection::ReadsOnly) => not_allowed("POST"),
        Err(Rejection::RateLimited(retry_after)) => rate_limited(retry_after),
    }
}

fn event_stream(
    app: &App,
    request: &GraphqlRequest<'_>,
    prepared: Result<PreparedOperation, GraphQlResponse>,
) -> Response {
    let executor = Arc::new(app.executor(request.viewer(), request.rate_limit_key));
    let events = prepared.map(|prepared| executor.run(prepared));
    live::stream(&app.live, request.client, executor, events)
}

/// The operation of a request, if the gateway accepts it and the rate limit allows it.
async fn admit(
    app: &App,
    request: &GraphqlRequest<'_>,
    operation: Operation,
) -> Result<PreparedOperation, Rejection> {
    let bytes = request.text.len();
    let (key, viewer, access) = (&request.rate_limit_key, request.viewer(), request.access);
    let prepared = (app.gateway)
        .admit(key, bytes, operation, viewer, access)
        .await?;
    Ok(prepared.of_request(request.id(), request.idempotency_key.clone()))
}

/// Adds the header with the cost of the response, for the author of a dashboard.
fn with_cost(mut response: Response, cost: u64) -> Response {
    response
        .headers_mut()
        .insert("x-cost", HeaderValue::from(cost));
    response
}

/// A response without errors; the client may cache that to a GET.
fn success(body: &EncodedBody, key: &CacheKey, headers: &HeaderMap) -> Response {
    vary(match key.access {
        Access::Read => body.cacheable_response(headers),
        Access::Write => body.response(headers),
    })
}

/// A response with errors. In the media type of GraphQL over HTTP its status says whether the
/// operation was executed.
fn failure(response: &GraphQlResponse, media_type: &str, headers: &HeaderMap) -> Response {
    let mut failure = vary(encode(response, media_type).response(headers));
    if never_ran(response) && media_type == GRAPHQL_JSON {
        failure.set_status(StatusCode::BAD_REQUEST);
    }
    failure
}

/// Adds `Vary`: responses depend on what the client accepts.
fn vary(mut response: Response) -> Response {
    response.headers_mut().insert(
        header::VARY,
        HeaderValue::from_static("Accept, Accept-Encoding"),
    );
    response
}

fn not_acceptable(message: &str) -> Response {
    error(StatusCode::NOT_ACCEPTABLE, "NOT_ACCEPTABLE", message)
}

fn encode(response: &GraphQlResponse, media_type: &str) -> EncodedBody {
    let content_type = match media_type {
        GRAPHQL_JSON => "application/graphql-response+json; charset=utf-8",
        _ => "application/json; charset=utf-8",
    };
    EncodedBody::new(content_type, to_json(response))
}
