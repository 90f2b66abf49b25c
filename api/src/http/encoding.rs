//! Response bodies: compression by gzip, and validation of cached bodies by ETag.

use std::{io::Write, sync::OnceLock};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use poem::{
    Response,
    http::{HeaderMap, HeaderValue, StatusCode, header},
};
use sha2::{Digest, Sha256};

use super::negotiation;

/// The minimum size in bytes of a compressed body: shorter ones would hardly become smaller.
const WORTH_IT: usize = 1024;

/// A body with its media type. It is compressed and hashed at most once, however often it is sent.
#[derive(Debug)]
pub struct EncodedBody {
    media_type: HeaderValue,
    plain: Bytes,
    gzip: OnceLock<Option<Bytes>>,
    tag: OnceLock<HeaderValue>,
}

impl EncodedBody {
    pub fn new(media_type: &'static str, plain: impl Into<Bytes>) -> Self {
        Self {
            media_type: HeaderValue::from_static(media_type),
            plain: plain.into(),
            gzip: OnceLock::new(),
            tag: OnceLock::new(),
        }
    }

    /// The maximum size in bytes, with both encodings.
    pub fn bytes(&self) -> usize {
        size_of::<Self>() + 2 * self.plain.len()
    }

    /// The response in an encoding that the client accepts.
    pub fn response(&self, headers: &HeaderMap) -> Response {
        let mut response = self.body(headers);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, self.media_type.clone());
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        response
    }

    /// The response for a client that may cache it and revalidates it: 304 without a body if the
    /// client has the same one.
    pub fn cacheable_response(&self, headers: &HeaderMap) -> Response {
        let tag = self.tag();
        let mut response = if is_current(headers, tag) {
            Response::builder()
                .status(StatusCode::NOT_MODIFIED)
                .header(header::VARY, "Accept-Encoding")
                .finish()
        } else {
            self.response(headers)
        };
        let headers = response.headers_mut();
        headers.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static("private, no-cache"),
        );
        headers.insert(header::ETAG, tag.clone());
        response
    }

    fn body(&self, headers: &HeaderMap) -> Response {
        if self.plain.len() >= WORTH_IT
            && negotiation::takes_gzip(headers)
            && let Some(gzip) = self.gzip.get_or_init(|| gzip(&self.plain))
        {
            let mut response = Response::builder().body(gzip.clone());
            response
                .headers_mut()
                .insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            return response;
        }
        Response::builder().body(self.plain.clone())
    }

    /// The ETag, a hash of the body; weak, since it is the same in both encodings.
    fn tag(&self) -> &HeaderValue {
        self.tag.get_or_init(|| {
            let mut digest = Sha256::new();
            digest.update(self.media_type.as_bytes());
            digest.update([0]);
            digest.update(&self.plain);
            let name = BASE64_URL_SAFE_NO_PAD.encode(digest.finalize());
            HeaderValue::try_from(format!("W/\"{name}\"")).expect("base64 may stand in a header")
        })
    }
}

/// The compressed bytes; `None` if they are not smaller.
fn gzip(plain: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 4), Compression::fast());
    encoder.write_all(plain).ok()?;
    let gzip = encoder.finish().ok()?;
    (gzip.len() < plain.len()).then(|| gzip.into())
}

/// Whether the client has the body of an ETag.
fn is_current(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let tag = tag.to_str().map(opaque).unwrap_or_default();
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|named| named.trim() == "*" || opaque(named) == tag)
}
