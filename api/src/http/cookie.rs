//! Cookies: their names, how they are read and how they are set.
//!
//! With the prefix `__Host-`, browsers accept them only from this host, over a secure connection,
//! for all paths.

use poem::http::{HeaderMap, HeaderValue, header};

/// The session cookie.
pub const SESSION: &str = "__Host-connection-session";
/// The cookie of the operator of a `connection up`.
pub const OPERATOR: &str = "__Host-connection-operator";
/// The cookie of a browser that requested a sign-in link.
pub const BROWSER: &str = "__Host-connection-browser";

/// The cookie of a browser in which a person was signed in.
pub const KNOWN: &str = "__Host-connection-known";

/// The length of a secret, which is the whole value of most cookies.
const LENGTH: usize = 43;
/// The length of a signed token of a known browser.
const KNOWN_LENGTH: usize = 96;

/// The value of a cookie; `None` if it is missing, repeated or cannot be ours.
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter();
    let mut values = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(other, _)| *other == name)
        .map(|(_, value)| value);
    let value = values.next()?;
    let length = match name {
        KNOWN => KNOWN_LENGTH,
        _ => LENGTH,
    };
    let is_ours = value.len() == length && value.bytes().all(is_of_secrets);
    (is_ours && values.next().is_none()).then_some(value)
}

/// Whether a text can be the value of a cookie that holds a secret.
pub fn may_be(text: &str) -> bool {
    text.len() == LENGTH && text.bytes().all(is_of_secrets)
}

fn is_of_secrets(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_".contains(&byte)
}

/// Sets a cookie that browsers send with requests of our own pages alone.
pub fn set_strict(name: &str, value: &str, seconds: i64) -> HeaderValue {
    with_site(name, value, seconds, "Strict")
}

/// Sets a cookie for a number of seconds; 0 removes it. `SameSite=Lax`: a link in a mail opens a
/// page with the session, but forms and scripts of other sites cannot use it.
pub fn set(name: &str, value: &str, seconds: i64) -> HeaderValue {
    with_site(name, value, seconds, "Lax")
}

fn with_site(name: &str, value: &str, seconds: i64, site: &str) -> HeaderValue {
    let text =
        format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; Secure; SameSite={site}");
    HeaderValue::try_from(text).expect("a secret may stand in a header")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_read_where_it_stands_once_and_looks_like_ours() {
        let secret = "a".repeat(LENGTH);
        let cookie = |lines: &[String]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(header::COOKIE, line.parse().unwrap());
            }
            read(&headers, SESSION).map(str::to_owned)
        };
        let ours = format!("{SESSION}={secret}");
        assert_eq!(cookie(std::slice::from_ref(&ours)), Some(secret.clone()));
        assert_eq!(cookie(&[format!("a=b; {ours};c=d")]), Some(secret.clone()));
        assert_eq!(cookie(&["a=b".to_owned(), ours.clone()]), Some(secret));
        for lines in [
            vec![],
            vec![ours.clone(), ours.clone()],
            vec![format!("{ours}; {ours}")],
            vec![format!("{SESSION}=short")],
            vec![format!("x{ours}")],
            vec![format!("{SESSION}={}", "\"".repeat(LENGTH))],
        ] {
            assert_eq!(cookie(&lines), None, "{lines:?}");
        }
    }
}
