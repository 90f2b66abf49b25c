//! The viewer of a request without credentials: the operator on this machine, or anonymous.

use std::net::SocketAddr;

use domain::viewer::Viewer;
use poem::http::{HeaderMap, header};

use super::origin::{is_own_page, single};

/// The headers that proxies add to forwarded requests.
const PROXIED: [&str; 6] = [
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
    "via",
];

/// The viewer of a request without credentials: a client on this machine is the operator; every
/// other client is anonymous.
///
/// The peer's address alone is not enough: DNS rebinding makes a browser send the requests of a
/// foreign page to 127.0.0.1, and a proxy on the same machine forwards requests of others. So the
/// request must also have a loopback host and no header of a proxy, and a page that sent it must be
/// ours.
#[must_use]
pub fn viewer_of(peer: Option<SocketAddr>, headers: &HeaderMap) -> Viewer {
    let is_local = peer.is_some_and(|peer| peer.ip().to_canonical().is_loopback());
    let host = single(headers, header::HOST);
    let asks_here = host.is_some_and(is_loopback_name);
    let is_direct = PROXIED.iter().all(|name| !headers.contains_key(*name));
    if is_local && asks_here && is_direct && is_own_page(headers) {
        Viewer::Operator
    } else {
        Viewer::Anonymous
    }
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
        viewer_of(peer.parse().ok(), &map)
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
        for name in PROXIED {
            let headers = [("host", "localhost:8000"), (name, "203.0.113.5")];
            assert_eq!(viewer(HERE, &headers), Viewer::Anonymous, "{name}");
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
