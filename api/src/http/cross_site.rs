//! Cross-site requests: whether a page of another site made a browser send a request without a
//! preflight.
//!
//! A POST is safe: it needs `application/json`, for which browsers send a preflight. A GET only
//! reads, and other sites cannot see the response, but they could measure its time. So GETs that
//! such a page makes a browser send for an image, a script, a frame or a navigation are refused.
//! Browsers mark them (`Sec-Fetch-Site`); other programs do not, and need no header. A request with
//! CORS has an origin, which is checked instead.

use poem::http::{HeaderMap, header};

use super::negotiation::JSON;

/// Headers that a page can send to another site only after a preflight.
const PREFLIGHTED: [&str; 4] = [
    "graphql-require-preflight",
    "apollo-require-preflight",
    "x-apollo-operation-name",
    "x-requested-with",
];

/// Whether a GET is such a cross-site request.
pub fn is_forced(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site");
    let is_elsewhere = site.is_some_and(|site| site != "same-origin" && site != "none");
    let names_origin = headers.contains_key(header::ORIGIN);
    let is_json = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(JSON.as_bytes()));
    let was_asked = is_json || PREFLIGHTED.iter().any(|name| headers.contains_key(*name));
    is_elsewhere && !names_origin && !was_asked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_site_has_a_browser_fetch_is_forced_and_nothing_else() {
        let site = |site| ("sec-fetch-site", site);
        for (headers, expected) in [
            (&[][..], false),
            (&[site("none")], false),
            (&[site("same-origin")], false),
            (&[site("cross-site")], true),
            (&[site("same-site")], true),
            (&[site("cross-site"), ("accept", "image/*")], true),
            (&[site("cross-site"), ("content-type", "text/plain")], true),
            (
                &[site("cross-site"), ("content-type", "application/json")],
                false,
            ),
            (
                &[site("cross-site"), ("graphql-require-preflight", "1")],
                false,
            ),
            (
                &[site("cross-site"), ("origin", "https://other.example")],
                false,
            ),
            // Grafana and other programs.
            (&[("accept", "application/json;q=0.9,text/plain")], false),
            (&[("sec-fetch-mode", "cors")], false),
        ] {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.append(*name, value.parse().unwrap());
            }
            assert_eq!(is_forced(&map), expected, "{headers:?}");
        }
    }
}
