//! CORS: what pages of the sites of `ALLOWED_ORIGINS` may send and read. They authenticate by a
//! token; the browser adds no cookies for them.
//!
//! poem's `Cors` answers no 403 to a preflight and sets no `Cross-Origin-Resource-Policy`.

use std::sync::Arc;

use poem::{
    Request, Response, handler,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    web::Data,
};

use super::{App, origin, response};

/// The request headers that a page may send besides the safelisted ones.
const SENT: &str = "authorization, content-type, idempotency-key, if-none-match, \
                    graphql-require-preflight, x-request-id, traceparent";
/// The response headers that a page may read besides the safelisted ones.
const READ: &str = "etag, retry-after, x-request-id, x-cost";
/// The seconds for which a browser may cache a preflight.
const REMEMBERED: &str = "600";

/// The allowed origin of a request's page, which may read the response.
pub fn reader(headers: &HeaderMap, origins: &[String]) -> Option<HeaderValue> {
    let origin = origin::allowed(headers, origins)?;
    HeaderValue::from_str(origin).ok()
}

/// Responds to a preflight. Any other OPTIONS request gets 405.
#[handler]
pub fn preflight(Data(app): Data<&Arc<App>>, request: &Request) -> Response {
    if request
        .header(header::ACCESS_CONTROL_REQUEST_METHOD)
        .is_none()
    {
        return response::not_allowed("GET, POST");
    }
    if origin::allowed(request.headers(), &app.config.origins).is_none() {
        return response::plain(
            StatusCode::FORBIDDEN,
            "Pages of this site may not ask here.",
        );
    }
    let response = Response::builder()
        .status(StatusCode::NO_CONTENT)
        .header(header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST")
        .header(header::ACCESS_CONTROL_ALLOW_HEADERS, SENT)
        .header(header::ACCESS_CONTROL_MAX_AGE, REMEMBERED);
    response.finish()
}

/// Adds the headers by which the page of an allowed origin may read the response.
pub fn readable(headers: &mut HeaderMap, reader: Option<HeaderValue>) {
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    let Some(reader) = reader else {
        return;
    };
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, reader);
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static(READ),
    );
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
}
