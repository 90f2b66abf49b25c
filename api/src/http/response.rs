//! Responses of the plainer kinds, and what every response carries.

use poem::{
    Body, Response,
    error::NotFoundError,
    http::{HeaderValue, StatusCode, header},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    gateway::{RetryAfter, limits},
    schema::incident,
};

/// A line of text.
pub fn plain(status: StatusCode, line: &str) -> Response {
    Response::builder()
        .status(status)
        .content_type("text/plain; charset=utf-8")
        .body(format!("{line}\n"))
}

/// A body of a type.
pub fn typed(media_type: &str, body: impl Into<String>) -> Response {
    bytes(media_type, body.into().into_bytes())
}

/// A body of a type, as bytes.
pub fn bytes(media_type: &str, body: Vec<u8>) -> Response {
    Response::builder().content_type(media_type).body(body)
}

/// The method is none of those that the page has.
pub fn not_allowed(allowed: &'static str) -> Response {
    let mut response = plain(
        StatusCode::METHOD_NOT_ALLOWED,
        &format!("This page takes {allowed}."),
    );
    response
        .headers_mut()
        .insert(header::ALLOW, HeaderValue::from_static(allowed));
    response
}

/// An error of a GraphQL request that never became one.
pub fn error(status: StatusCode, code: &str, message: &str) -> Response {
    let body = json!({ "errors": [{ "message": message, "extensions": { "code": code } }] });
    Response::builder()
        .status(status)
        .content_type("application/json; charset=utf-8")
        .body(body.to_string())
}

/// The client's token bucket is empty.
pub fn rate_limited(wait: RetryAfter) -> Response {
    let mut response = error(
        StatusCode::TOO_MANY_REQUESTS,
        limits::RATE,
        &wait.to_string(),
    );
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(wait.seconds()));
    response
}

/// No page has this path.
pub fn no_page() -> Response {
    plain(StatusCode::NOT_FOUND, "There is no such page.")
}

/// poem's errors in our words: a path that no route has, or an extractor that found nothing.
pub fn of_error(error: &poem::Error) -> Response {
    if error.is::<NotFoundError>() {
        return no_page();
    }
    let id = incident();
    tracing::error!(incident = %id, %error, "An endpoint failed");
    failed(id)
}

/// Something failed on the server; its log tells what, under the same id.
pub fn failed(incident: Uuid) -> Response {
    let body = json!({ "errors": [{
        "message": "Something failed on the server.",
        "extensions": { "code": "INTERNAL", "incident": incident.to_string() },
    }] });
    Response::builder()
        .status(StatusCode::INTERNAL_SERVER_ERROR)
        .content_type("application/json; charset=utf-8")
        .body(Body::from_string(body.to_string()))
}

/// Adds what keeps browsers from guessing types, and other sites from reading or framing pages.
pub fn secured(mut response: Response) -> Response {
    const ALWAYS: [(header::HeaderName, &str); 4] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            header::HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ];
    // At once, and not bit by bit.
    response.headers_mut().reserve(ALWAYS.len() + 2);
    for (name, value) in ALWAYS {
        response
            .headers_mut()
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
        .headers_mut()
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; \
             base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        ));
    response
}
