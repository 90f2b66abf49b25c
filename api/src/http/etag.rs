//! Answers that a client keeps, and asks only whether they still hold.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use poem::{
    Response,
    http::{HeaderMap, HeaderValue, StatusCode, header},
};
use sha2::{Digest, Sha256};

/// A body that its client may keep, if it asks each time; no body at all where it has this one.
pub fn kept(asked: &HeaderMap, content_type: &str, body: String) -> Response {
    let tag = tag(content_type, &body);
    let mut response = if is_known(asked, &tag) {
        Response::builder()
            .status(StatusCode::NOT_MODIFIED)
            .finish()
    } else {
        Response::builder().content_type(content_type).body(body)
    };
    let headers = response.headers_mut();
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// Names a body of a type by what it holds.
fn tag(content_type: &str, body: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(content_type);
    digest.update([0]);
    digest.update(body);
    format!("\"{}\"", BASE64_URL_SAFE_NO_PAD.encode(digest.finalize()))
}

/// Whether the client says that it has the body of a tag.
fn is_known(asked: &HeaderMap, tag: &str) -> bool {
    asked
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.trim_start_matches("W/") == tag)
}
