//! The request id, by which the log lines of a request are found.

use poem::http::{HeaderMap, HeaderName, HeaderValue};

use crate::schema::incident;

pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The maximum length of an id that is accepted from a header.
const LONGEST: usize = 64;

/// The id from the request's header, if it is safe in a log; else a new one.
pub fn of(headers: &HeaderMap) -> HeaderValue {
    let given = headers
        .get(HEADER)
        .filter(|given| is_plain(given.as_bytes()));
    given.cloned().unwrap_or_else(|| {
        let new = incident().to_string();
        HeaderValue::try_from(new).expect("a UUID may stand in a header")
    })
}

/// The id of a request that has passed the middleware.
pub fn text(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(HEADER)?.to_str().ok()?;
    Some(value.to_owned())
}

fn is_plain(name: &[u8]) -> bool {
    let may_stand = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    (1..=LONGEST).contains(&name.len()) && name.iter().all(may_stand)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_name_is_taken_over_only_where_it_can_do_no_harm() {
        let id_of = |name: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(HEADER, name.parse().unwrap());
            of(&headers).to_str().unwrap().to_owned()
        };
        assert_eq!(id_of("a-B_1.2"), "a-B_1.2");
        for bad in ["", "a b", "a\"b", "id=1", &"a".repeat(65)] {
            let new = id_of(bad);
            assert!(Uuid::parse_str(&new).is_ok(), "{bad} gave {new}");
        }
    }
}
