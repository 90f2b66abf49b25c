//! CORS: what pages of the sites of `ALLOWED_ORIGINS` may send and read, and no others. They
//! authenticate by what they send; the browser adds no cookies for them.
//!
//! poem's `Cors` answers no 403 to a preflight and sets no `Cross-Origin-Resource-Policy`.

use std::sync::Arc;

use poem::{
    Request, Response, handler,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    web::Data,
};

use super::{App, origin, response};

/// What a page may send, beyond what every page may.
const SENT: &str = "authorization, content-type, idempotency-key, if-none-match, \
                    graphql-require-preflight, x-request-id, traceparent";
/// What a page may read of an answer, beyond what every page may.
const READ: &str = "etag, retry-after, x-request-id, x-cost";
/// For how many seconds a browser need not ask again.
const REMEMBERED: &str = "600";

/// The site that may read the answer, if a page of it asked.
pub fn reader(headers: &HeaderMap, origins: &[String]) -> Option<HeaderValue> {
    let origin = origin::allowed(headers, origins)?;
    HeaderValue::from_str(origin).ok()
}

/// Answers a preflight. OPTIONS that is none is no method of the page.
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

/// Lets the page that asked read the answer, if there is such a page.
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
