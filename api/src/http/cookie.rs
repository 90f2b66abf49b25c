//! Cookies: their names, how they are read and how they are set.
//!
//! The prefix `__Host-` has browsers see to it that they are set by this very host, over a secure
//! connection, for all paths.

use poem::http::{HeaderMap, HeaderValue, header};

/// By which a browser shows who is signed in.
pub const SESSION: &str = "__Host-connection-session";
/// By which a browser shows that it asked for a link.
pub const BROWSER: &str = "__Host-connection-browser";

/// How long a secret is, which is all that these cookies hold.
const LENGTH: usize = 43;

/// The value of a cookie, where it is there once and may be one of ours.
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter();
    let mut values = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(other, _)| *other == name)
        .map(|(_, value)| value);
    let value = values.next()?;
    let may_be_ours = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let is_ours = value.len() == LENGTH && value.bytes().all(may_be_ours);
    (is_ours && values.next().is_none()).then_some(value)
}

/// Sets a cookie for so many seconds; none are left: removes it. `Lax`: a link in a mail opens a
/// page as whoever is signed in, and no other site's form or script acts as them.
pub fn set(name: &str, value: &str, seconds: i64) -> HeaderValue {
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; Secure; SameSite=Lax");
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
