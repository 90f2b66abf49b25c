//! The viewer of a request without credentials: the operator on this machine, or anonymous.

use std::net::SocketAddr;

use domain::viewer::Viewer;
use poem::http::{HeaderMap, Version, header};

use super::origin::{is_own_page, single};

/// The headers that proxies add to forwarded requests, besides all that begin with [`FORWARDED`].
const PROXIED: [&str; 3] = ["forwarded", "x-real-ip", "via"];
const FORWARDED: &str = "x-forwarded-";

/// The viewer of a request without credentials: a client on this machine is the operator; every
/// other client is anonymous.
///
/// The peer's address alone is not enough: DNS rebinding makes a browser send the requests of a
/// foreign page to 127.0.0.1, and a proxy on the same machine forwards requests of others. So the
/// request must also come by HTTP/1.1 (a plain proxy speaks HTTP/1.0), with a loopback host and no
/// header of a proxy, and no other site may have sent it.
#[must_use]
pub fn viewer_of(peer: Option<SocketAddr>, version: Version, headers: &HeaderMap) -> Viewer {
    let is_local = peer.is_some_and(|peer| peer.ip().to_canonical().is_loopback());
    let host = single(headers, header::HOST);
    let asks_here = host.is_some_and(is_loopback_name);
    let is_of_proxy = |name: &str| name.starts_with(FORWARDED) || PROXIED.contains(&name);
    let is_direct = !headers.keys().any(|name| is_of_proxy(name.as_str()));
    let is_ours = is_own_page(headers) && is_own_fetch(headers);
    if is_local && asks_here && is_direct && is_ours && version == Version::HTTP_11 {
        Viewer::Operator
    } else {
        Viewer::Anonymous
    }
}

/// Whether a browser says of a request that no other site made it fetch this.
fn is_own_fetch(headers: &HeaderMap) -> bool {
    let mut sites = headers.get_all("sec-fetch-site").iter();
    sites.all(|site| site == "same-origin" || site == "none")
}

/// Whether an authority names this machine, with any port.
fn is_loopback_name(authority: &str) -> bool {
    let name = match authority.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => authority,
    };
    ["localhost", "127.0.0.1", "[::1]"].contains(&name.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: &str = "127.0.0.1:50000";

    fn viewer(peer: &str, headers: &[(&'static str, &str)]) -> Viewer {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        viewer_of(peer.parse().ok(), Version::HTTP_11, &map)
    }

    #[test]
    fn whoever_sits_at_the_machine_is_the_operator() {
        for host in [
            "localhost",
            "localhost:8000",
            "LOCALHOST:8000",
            "127.0.0.1:8000",
            "[::1]:8000",
            "[::1]",
        ] {
            assert_eq!(viewer(HERE, &[("host", host)]), Viewer::Operator, "{host}");
        }
        let host = [("host", "localhost:8000")];
        assert_eq!(viewer("[::1]:50000", &host), Viewer::Operator);
        assert_eq!(viewer("[::ffff:127.0.0.1]:50000", &host), Viewer::Operator);
    }

    #[test]
    fn another_machine_is_anonymous() {
        let host = [("host", "localhost:8000")];
        for peer in ["192.168.1.7:50000", "[2001:db8::1]:50000", "none"] {
            assert_eq!(viewer(peer, &host), Viewer::Anonymous, "{peer}");
        }
    }

    #[test]
    fn a_name_that_was_rebound_to_this_machine_is_anonymous() {
        for host in [
            "evil.example",
            "evil.example:8000",
            "localhost.evil.example",
            "127.0.0.1.evil.example:8000",
            "evil.example:localhost",
            "",
        ] {
            assert_eq!(viewer(HERE, &[("host", host)]), Viewer::Anonymous, "{host}");
        }
        assert_eq!(viewer(HERE, &[]), Viewer::Anonymous);
        let twice = [("host", "localhost"), ("host", "evil.example")];
        assert_eq!(viewer(HERE, &twice), Viewer::Anonymous);
    }

    #[test]
    fn whatever_a_proxy_passes_on_is_anonymous() {
        let forwarded = [
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-proto",
            "x-forwarded-port",
        ];
        for name in PROXIED.into_iter().chain(forwarded) {
            let headers = [("host", "localhost:8000"), (name, "203.0.113.5")];
            assert_eq!(viewer(HERE, &headers), Viewer::Anonymous, "{name}");
        }
    }

    #[test]
    fn what_comes_by_another_version_is_of_a_proxy() {
        let mut headers = HeaderMap::new();
        headers.insert("host", "localhost:8000".parse().unwrap());
        let peer = HERE.parse().ok();
        for version in [Version::HTTP_09, Version::HTTP_10, Version::HTTP_2] {
            let viewer = viewer_of(peer, version, &headers);
            assert_eq!(viewer, Viewer::Anonymous, "{version:?}");
        }
        let viewer = viewer_of(peer, Version::HTTP_11, &headers);
        assert_eq!(viewer, Viewer::Operator);
    }

    #[test]
    fn what_another_site_has_a_browser_fetch_is_anonymous() {
        for (site, expected) in [
            ("none", Viewer::Operator),
            ("same-origin", Viewer::Operator),
            ("same-site", Viewer::Anonymous),
            ("cross-site", Viewer::Anonymous),
            ("", Viewer::Anonymous),
        ] {
            let headers = [("host", "localhost:8000"), ("sec-fetch-site", site)];
            assert_eq!(viewer(HERE, &headers), expected, "{site}");
        }
    }

    #[test]
    fn a_page_of_another_site_is_anonymous_and_our_own_is_not() {
        let with = |origin| viewer(HERE, &[("host", "localhost:8000"), ("origin", origin)]);
        assert_eq!(with("http://localhost:8000"), Viewer::Operator);
        for origin in [
            "http://evil.example",
            "http://localhost:3000",
            "http://127.0.0.1:8000",
            "null",
            "localhost:8000.evil.example",
            "",
        ] {
            assert_eq!(with(origin), Viewer::Anonymous, "{origin}");
        }
    }
}
