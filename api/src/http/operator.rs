//! The operator's key: whoever opened an address with it is the operator of a `connection up`.
//!
//! `up` prints its addresses with the key (`/outbox?key=…`). The answer moves the key into a cookie,
//! and the browser to the address without it.

use domain::secret;
use poem::{
    Request, Response,
    http::{HeaderMap, Method, StatusCode, header},
};
use url::form_urlencoded::{Serializer, parse};

use super::{cookie, origin::is_own_form};

/// The parameter of an address that holds the key.
const PARAMETER: &str = "key";
/// How long a browser keeps the key, in seconds: thirty days.
const REMEMBERED: i64 = 30 * 24 * 60 * 60;

/// The key of the operator; never shown by the API.
#[derive(Clone)]
pub struct OperatorKey(String);

impl std::fmt::Debug for OperatorKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OperatorKey(…)")
    }
}

impl OperatorKey {
    /// A key, which is a secret ([`secret::fresh`]); `None` where it is too short or too long.
    #[must_use]
    pub fn new(key: &str) -> Option<Self> {
        cookie::may_be(key).then(|| Self(key.to_owned()))
    }

    /// An address with the key, to be printed.
    #[must_use]
    pub fn address(&self, url: &str) -> String {
        format!("{url}?{PARAMETER}={}", self.0)
    }

    /// Whether a page of ours, or none, sent a request with the key's cookie.
    pub(super) fn is_held(&self, headers: &HeaderMap) -> bool {
        let held = cookie::read(headers, cookie::OPERATOR);
        held.is_some_and(|held| secret::is_same(held, &self.0)) && is_own_form(headers)
    }

    /// The response to an address with the key: its cookie, and the address without the key. `None`
    /// if the request has no key, or a wrong one.
    pub(super) fn accept(&self, request: &Request) -> Option<Response> {
        if ![Method::GET, Method::HEAD].contains(request.method()) {
            return None;
        }
        let uri = request.uri();
        let (keys, rest): (Vec<_>, Vec<_>) =
            parse(uri.query()?.as_bytes()).partition(|(name, _)| name == PARAMETER);
        let [(_, key)] = &keys[..] else {
            return None;
        };
        if !secret::is_same(key, &self.0) {
            return None;
        }
        let mut location = uri.path().to_owned();
        if !rest.is_empty() {
            location.push('?');
            location.push_str(&Serializer::new(String::new()).extend_pairs(rest).finish());
        }
        Some(
            Response::builder()
                .status(StatusCode::SEE_OTHER)
                .header(header::LOCATION, location)
                .header(
                    header::SET_COOKIE,
                    cookie::set_strict(cookie::OPERATOR, &self.0, REMEMBERED),
                )
                .finish(),
        )
    }
}
