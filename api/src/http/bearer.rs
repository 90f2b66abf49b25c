//! API tokens in requests: `Authorization: Bearer` (RFC 6750).

use domain::{account::token, store::Store, viewer::Viewer};
use poem::http::{HeaderMap, header};

/// The cost of an invalid token.
pub const WRONG_TOKEN: u64 = 1_000;

/// The authentication scheme of tokens.
const BEARER: &str = "bearer";

/// The person of a value of `Authorization`, which is `Bearer` and a token.
pub async fn of_bearer(store: &Store, text: &str) -> domain::error::Result<Option<Viewer>> {
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case(BEARER) => {
            let session = token::authenticate(store, token.trim()).await?;
            Ok(session.map(Viewer::Person))
        }
        _ => Ok(None),
    }
}

/// The value of `Authorization` with a token. Other schemes are ignored: they are for a proxy in
/// front of us. Two tokens are ambiguous.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let values = headers.get_all(header::AUTHORIZATION).iter();
    let mut tokens = values
        .filter_map(|value| value.to_str().ok())
        .filter(|text| {
            let scheme = text.split(' ').next().unwrap_or_default();
            scheme.eq_ignore_ascii_case(BEARER)
        });
    let token = tokens.next()?;
    Some(tokens.next().map_or(token, |_| ""))
}
