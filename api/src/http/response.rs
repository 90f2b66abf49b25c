//! Simple responses, and the headers of every response.

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

/// A plain text response.
pub fn plain(status: StatusCode, line: &str) -> Response {
    Response::builder()
        .status(status)
        .content_type("text/plain; charset=utf-8")
        .body(format!("{line}\n"))
}

/// A response with a media type.
pub fn typed(media_type: &str, body: impl Into<String>) -> Response {
    bytes(media_type, body.into().into_bytes())
}

/// A response of bytes with a media type.
pub fn bytes(media_type: &str, body: Vec<u8>) -> Response {
    Response::builder().content_type(media_type).body(body)
}

/// 405: the page does not have this method.
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

/// An error response to a request that is not a GraphQL request.
pub fn error(status: StatusCode, code: &str, message: &str) -> Response {
    let body = json!({ "errors": [{ "message": message, "extensions": { "code": code } }] });
    Response::builder()
        .status(status)
        .content_type("application/json; charset=utf-8")
        .body(body.to_string())
}

/// 429: the client's token bucket is empty.
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

/// 404: no page has this path.
pub fn no_page() -> Response {
    plain(StatusCode::NOT_FOUND, "There is no such page.")
}

/// poem's errors in our format: an unknown path, or a failed extractor.
pub fn of_error(error: &poem::Error) -> Response {
    if error.is::<NotFoundError>() {
        return no_page();
    }
    let id = incident();
    tracing::error!(incident = %id, %error, "An endpoint failed");
    failed(id)
}

/// 500: the log has the cause under the same incident id.
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

/// Tells browsers to come by https alone, for a year.
pub fn stay_with_https(response: &mut Response) {
    response.headers_mut().insert(
        header::STRICT_TRANSPORT_SECURITY,
        HeaderValue::from_static("max-age=31536000"),
    );
}

/// Forbids to store a response that is for one viewer alone. It may still have an ETag, for programs
/// that keep what they were given.
pub fn forbid_storing(response: &mut Response) {
    let headers = response.headers_mut();
    let current = headers.get(header::CACHE_CONTROL);
    let is_forbidden = current.is_some_and(|value| value.as_bytes().starts_with(b"no-store"));
    if !is_forbidden {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// Adds the security headers, which prevent type sniffing, and reading or framing by other sites.
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
    // Reserves the space for all headers at once.
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
