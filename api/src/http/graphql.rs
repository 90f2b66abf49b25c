//! GraphQL over HTTP: POST with JSON, GET for queries.

use std::sync::Arc;

use async_graphql::{Response as GraphQlResponse, ServerError, Value};
use bytes::Bytes;
use domain::viewer::Viewer;
use poem::{
    Request, Response,
    http::{HeaderMap, HeaderValue, StatusCode, header},
};
use serde::Serialize;
use tokio::time::timeout;

use super::{
    App,
    body::{self, Unread},
    cross_site,
    encoding::EncodedBody,
    live::{self, Guest},
    negotiation::{Events, GRAPHQL_JSON, JSON, events, wanted},
    request::{self, Wrong},
    request_id,
    response::{error, not_allowed, too_much},
    response_cache::{CacheKey, CachedResponse},
};
use crate::gateway::{
    Access, Execution, Operation, PreparedOperation, RateLimitKey, Rejection, limits,
};

/// Answers the operation that a body holds.
pub async fn post(app: &App, viewer: Viewer, request: &mut Request) -> Response {
    let guest = guest(viewer, request);
    if !is_json(request.content_type()) {
        return error(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UNSUPPORTED_MEDIA_TYPE",
            "A request's body must be JSON in UTF-8: send it with content-type: application/json.",
        );
    }
    let key = match idempotency_key(request.headers()) {
        Ok(key) => key,
        Err(refusal) => return *refusal,
    };
    let rate_limit_key = app.rate_limit_key(viewer, request);
    let limits = app.gateway.limits();
    let read = body::read(request.take_body(), limits.body);
    let Ok(read) = timeout(app.config.patience / 2, read).await else {
        return error(
            StatusCode::REQUEST_TIMEOUT,
            "REQUEST_TIMEOUT",
            "The body took too long to arrive.",
        );
    };
    let text = match read {
        Ok(text) => text,
        Err(Unread::TooLarge) => {
            return error(
                StatusCode::PAYLOAD_TOO_LARGE,
                limits::BODY,
                &format!(
                    "This asks for too much: bytes in the body: more than {} are not read.",
                    limits.body
                ),
            );
        }
        Err(Unread::Ended) => return bad_request("The body ended before it was complete."),
    };
    let came = Came {
        guest,
        rate_limit_key,
        headers: request.headers(),
        access: Access::Write,
        text: text.clone(),
        key,
    };
    answered(app, came, || request::in_body(&text, limits)).await
}

/// Answers the query that the query string holds.
pub async fn get(app: &App, viewer: Viewer, request: &Request) -> Response {
    if cross_site::is_forced(request.headers()) {
        return error(
            StatusCode::FORBIDDEN,
            "CROSS_SITE_REFUSED",
            "A page of another site asks here: send graphql-require-preflight: 1, or POST.",
        );
    }
    let query = request.uri().query().unwrap_or_default();
    let came = Came {
        guest: guest(viewer, request),
        rate_limit_key: app.rate_limit_key(viewer, request),
        headers: request.headers(),
        access: Access::Read,
        text: Bytes::copy_from_slice(query.as_bytes()),
        key: None,
    };
    let limits = app.gateway.limits();
    answered(app, came, || request::in_query_string(request, limits)).await
}

/// How long a client's own key may be.
const LONGEST_KEY: usize = 200;

/// The client's own key for what it asks.
fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Box<Response>> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default().trim();
    if text.is_empty() || text.len() > LONGEST_KEY {
        return Err(Box::new(bad_request(
            "Idempotency-Key: write 1 to 200 letters, digits and signs, such as a UUID.",
        )));
    }
    Ok(Some(text.to_owned()))
}

/// Who asks, and from where.
pub fn guest(viewer: Viewer, request: &Request) -> Guest {
    Guest::new(viewer, request.remote_addr().as_socket_addr().copied())
}

/// A request for an operation, as it came.
struct Came<'a> {
    guest: Guest,
    rate_limit_key: RateLimitKey,
    headers: &'a HeaderMap,
    access: Access,
    /// What spells the operation.
    text: Bytes,
    /// The client's own key for what it asks: asking again does nothing more.
    key: Option<String>,
}

/// The answer that is kept; else the operation is read and run. What a kept answer does without is
/// boxed, or each request would carry the room for it.
async fn answered(
    app: &App,
    came: Came<'_>,
    read: impl FnOnce() -> Result<Operation, Wrong>,
) -> Response {
    if let Some(refusal) = live::refused_mode(came.headers) {
        return refusal;
    }
    let events = events(came.headers);
    if events == Events::Sooner {
        return match read() {
            Ok(operation) => Box::pin(streamed(app, &came, operation)).await,
            Err(Wrong { code, message }) => error(StatusCode::BAD_REQUEST, code, &message),
        };
    }
    let Some(media_type) = wanted(came.headers) else {
        return not_acceptable(
            "Answers are application/graphql-response+json or application/json.",
        );
    };
    let question = CacheKey {
        viewer: came.guest.viewer(),
        access: came.access,
        media_type,
        text: came.text.clone(),
    };
    let rate_limiter = app.gateway.rate_limiter();
    if let Some(answer) = app.kept.get(&question, &app.config.store) {
        if let Err(wait) = rate_limiter.spend(&came.rate_limit_key, answer.cost).await {
            return too_much(wait);
        }
        app.metrics.kept.inc();
        return sent(&answer, &question, came.headers);
    }
    app.metrics.made.inc();
    match read() {
        Ok(operation) => Box::pin(made(app, &came, question, events, operation)).await,
        Err(Wrong { code, message }) => error(StatusCode::BAD_REQUEST, code, &message),
    }
}

/// The answer of an operation that runs, which is kept if it may be.
async fn made(
    app: &App,
    came: &Came<'_>,
    question: CacheKey,
    events: Events,
    operation: Operation,
) -> Response {
    let ready = match app.admitted(came, operation).await {
        Ok(ready) => ready,
        Err(Rejection::Request(response)) => {
            return failed(&response, question.media_type, came.headers);
        }
        Err(Rejection::ReadsOnly) => return not_allowed("POST"),
        Err(Rejection::Later(wait)) => return too_much(wait),
    };
    let cost = ready.cost();
    #[expect(clippy::cast_precision_loss, reason = "it is counted in buckets")]
    app.metrics.cost.observe(cost as f64);
    if ready.is_subscription() {
        return match events {
            Events::No => not_acceptable(
                "A subscription is answered as text/event-stream, or over a WebSocket.",
            ),
            _ => stream_of(app, came, Ok(ready)),
        };
    }
    let Execution {
        response,
        dependencies,
    } = app
        .gateway
        .run(&app.config.store, question.viewer, ready)
        .await;
    if !response.errors.is_empty() {
        return failed(&response, question.media_type, came.headers);
    }
    let body = encoded(&response, question.media_type);
    match dependencies {
        None => priced(given(&body, &question, came.headers), cost),
        Some(dependencies) => {
            let answer = Arc::new(CachedResponse {
                body,
                dependencies,
                cost,
            });
            let sent = sent(&answer, &question, came.headers);
            app.kept.keep(question, answer);
            sent
        }
    }
}

/// The operation's answers as an event stream.
async fn streamed(app: &App, came: &Came<'_>, operation: Operation) -> Response {
    match app.admitted(came, operation).await {
        Ok(ready) => stream_of(app, came, Ok(ready)),
        Err(Rejection::Request(response)) => stream_of(app, came, Err(*response)),
        Err(Rejection::ReadsOnly) => not_allowed("POST"),
        Err(Rejection::Later(wait)) => too_much(wait),
    }
}

fn stream_of(
    app: &App,
    came: &Came<'_>,
    ready: Result<PreparedOperation, GraphQlResponse>,
) -> Response {
    let asker = Arc::new(app.asker(came.guest.viewer(), came.rate_limit_key));
    let events = ready.map(|ready| asker.run(ready));
    live::stream(&app.live, came.guest, asker, events)
}

impl App {
    /// What a request asks for, if it may run and who asks can pay for it.
    async fn admitted(
        &self,
        came: &Came<'_>,
        operation: Operation,
    ) -> Result<PreparedOperation, Rejection> {
        let (viewer, bytes) = (came.guest.viewer(), came.text.len());
        let ready = (self.gateway)
            .admit(&came.rate_limit_key, bytes, operation, viewer, came.access)
            .await?;
        Ok(ready.asked_in(request_id::text(came.headers), came.key.clone()))
    }
}

/// An answer that is kept, with what it costs.
fn sent(answer: &CachedResponse, question: &CacheKey, asked: &HeaderMap) -> Response {
    priced(given(&answer.body, question, asked), answer.cost)
}

/// Says what an answer cost, so that whoever writes a dashboard sees it.
fn priced(mut response: Response, cost: u64) -> Response {
    response
        .headers_mut()
        .insert("x-cost", HeaderValue::from(cost));
    response
}

/// An answer without errors: what a GET asked for, its client may keep.
fn given(body: &EncodedBody, question: &CacheKey, asked: &HeaderMap) -> Response {
    varied(match question.access {
        Access::Read => body.kept_response(asked),
        Access::Write => body.response(asked),
    })
}

/// An answer with errors. Its status tells, in the type of GraphQL over HTTP, whether anything ran.
fn failed(response: &GraphQlResponse, media_type: &str, asked: &HeaderMap) -> Response {
    let mut failed = varied(encoded(response, media_type).response(asked));
    if never_ran(response) && media_type == GRAPHQL_JSON {
        failed.set_status(StatusCode::BAD_REQUEST);
    }
    failed
}

/// Whether nothing of a request ran.
pub fn never_ran(response: &GraphQlResponse) -> bool {
    response.data == Value::Null
        && !response.errors.is_empty()
        && response.errors.iter().all(|error| error.path.is_empty())
}

/// Answers go by what the client accepts.
fn varied(mut response: Response) -> Response {
    response.headers_mut().insert(
        header::VARY,
        HeaderValue::from_static("Accept, Accept-Encoding"),
    );
    response
}

fn not_acceptable(message: &str) -> Response {
    error(StatusCode::NOT_ACCEPTABLE, "NOT_ACCEPTABLE", message)
}

/// What clients get of a response: no data at all where nothing of the request ran.
#[derive(Debug, Serialize)]
pub struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "<[ServerError]>::is_empty")]
    errors: &'a [ServerError],
}

impl<'a> Body<'a> {
    pub fn of(response: &'a GraphQlResponse) -> Self {
        Self {
            data: (!never_ran(response)).then_some(&response.data),
            errors: &response.errors,
        }
    }
}

/// What clients get of a response, as JSON on one line.
pub fn body_of(response: &GraphQlResponse) -> String {
    serde_json::to_string(&Body::of(response)).expect("a GraphQL response is plain JSON")
}

fn encoded(response: &GraphQlResponse, media_type: &str) -> EncodedBody {
    let content_type = match media_type {
        GRAPHQL_JSON => "application/graphql-response+json; charset=utf-8",
        _ => "application/json; charset=utf-8",
    };
    EncodedBody::new(content_type, body_of(response))
}

/// Whether a content type is JSON in UTF-8.
fn is_json(content_type: Option<&str>) -> bool {
    let mut parts = content_type.unwrap_or_default().split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    essence.eq_ignore_ascii_case(JSON)
        && parts
            .filter_map(|part| part.split_once('='))
            .filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
            .all(|(_, value)| value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8"))
}

fn bad_request(message: &str) -> Response {
    error(StatusCode::BAD_REQUEST, request::BAD_REQUEST, message)
}
