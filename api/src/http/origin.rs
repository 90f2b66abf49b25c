//! Origins: which sites' pages may send requests from a browser.

use domain::settings::{ALLOWED_ORIGINS, Wrong};
use poem::{
    Request,
    http::{HeaderMap, Method, Uri, header},
};

/// The value of a header; `None` if it is missing or repeated.
pub fn single(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// Whether a page of the same host, or no page, sent the request.
pub fn is_own_page(headers: &HeaderMap) -> bool {
    if !headers.contains_key(header::ORIGIN) {
        return true;
    }
    let origin = single(headers, header::ORIGIN).and_then(|origin| origin.parse::<Uri>().ok());
    let Some(authority) = origin.as_ref().and_then(Uri::authority) else {
        return false;
    };
    single(headers, header::HOST).is_some_and(|host| authority.as_str().eq_ignore_ascii_case(host))
}

/// Whether a page of the same host, or no page, sent a form. `Sec-Fetch-Site`, which no page can
/// forge, decides if it is present: our pages send no referrer, so the origin of their forms is
/// `null`.
pub fn is_own_form(headers: &HeaderMap) -> bool {
    match headers.get("sec-fetch-site") {
        Some(site) => site == "same-origin" || site == "none",
        None => is_own_page(headers),
    }
}

/// Whether a request is a form that a page of another host sent.
pub fn is_foreign_form(request: &Request) -> bool {
    *request.method() == Method::POST && !is_own_form(request.headers())
}

/// The origin that a page of an allowed site sent the request from.
pub fn allowed<'a>(headers: &'a HeaderMap, origins: &[String]) -> Option<&'a str> {
    let origin = single(headers, header::ORIGIN)?;
    let is_listed = |listed: &String| listed.eq_ignore_ascii_case(origin);
    origins.iter().any(is_listed).then_some(origin)
}

/// The sites of `ALLOWED_ORIGINS`.
///
/// # Errors
/// If one of them is not an origin in the form that browsers send.
pub fn origins() -> Result<Vec<String>, Wrong> {
    let text = ALLOWED_ORIGINS.value().unwrap_or_default();
    let listed = text.split(',').map(str::trim).filter(|one| !one.is_empty());
    listed
        .map(|one| {
            let why = || {
                ALLOWED_ORIGINS.wrong(format!(
                    "{one} is no origin: it takes a scheme and a host, and nothing after them"
                ))
            };
            is_origin(one).then(|| one.to_owned()).ok_or_else(why)
        })
        .collect()
}

/// Whether a text is a scheme, a host and optionally a port.
fn is_origin(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else {
        return false;
    };
    let uri = text.parse::<Uri>().ok();
    let authority = uri.as_ref().and_then(Uri::authority);
    ["http", "https"].contains(&scheme)
        && authority.is_some_and(|authority| authority.as_str() == rest)
        && !rest.contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_scheme_and_a_host() {
        for text in [
            "https://dashboard.example",
            "http://localhost:3000",
            "http://[::1]:3000",
        ] {
            assert!(is_origin(text), "{text}");
        }
        for text in [
            "*",
            "null",
            "dashboard.example",
            "https://dashboard.example/",
            "https://dashboard.example/page",
            "https://somebody@dashboard.example",
            "ftp://dashboard.example",
            "https://",
        ] {
            assert!(!is_origin(text), "{text}");
        }
    }

    #[test]
    fn only_a_listed_origin_is_allowed() {
        let listed = ["https://dashboard.example".to_owned()];
        let allows = |origin: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ORIGIN, origin.parse().unwrap());
            allowed(&headers, &listed).is_some()
        };
        assert!(allows("https://dashboard.example"));
        for origin in [
            "http://dashboard.example",
            "https://dashboard.example:8443",
            "https://dashboard.example.evil.example",
            "null",
            "",
        ] {
            assert!(!allows(origin), "{origin}");
        }
        assert_eq!(allowed(&HeaderMap::new(), &listed), None);
    }
}
