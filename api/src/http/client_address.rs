//! The address of a client behind trusted proxies, and the rate limit key that follows from it.

use std::{
    net::{IpAddr, Ipv6Addr, SocketAddr},
    str::FromStr,
};

use domain::{settings::TRUSTED_PROXIES, viewer::Viewer};
use ipnet::IpNet;
use poem::http::HeaderMap;

use crate::gateway::RateLimitKey;

/// A client: one viewer at one address, behind trusted proxies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Client {
    viewer: Viewer,
    /// The /64 network for IPv6: one client has all of its addresses.
    address: IpAddr,
}

impl Client {
    pub fn new(viewer: Viewer, address: IpAddr) -> Self {
        let address = network_of(address);
        Self { viewer, address }
    }

    pub fn viewer(&self) -> Viewer {
        self.viewer
    }
}

/// An address of IPv4, or the /64 network of one of IPv6: whoever has one has all of its addresses.
pub fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}

/// The trusted proxies, whose `X-Forwarded-For` is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl Default for TrustedProxies {
    /// The loopback networks: only proxies on this machine send from there.
    fn default() -> Self {
        TRUSTED_PROXIES
            .default
            .and_then(|text| text.parse().ok())
            .expect("the default is a list of networks, which a test shows")
    }
}

/// A network, or an address as a network of one. An IPv4-mapped network of IPv6 is that of IPv4.
fn network(text: &str) -> Result<IpNet, String> {
    let network = match text.parse::<IpAddr>() {
        Ok(address) => Ok(address.to_canonical().into()),
        Err(_) => text.parse::<IpNet>(),
    };
    let wrong = |_| format!("{text:?} is neither an address nor a network such as 10.0.0.0/8");
    network.map_err(wrong)
}

impl FromStr for TrustedProxies {
    type Err = String;

    /// Addresses and networks, separated by commas.
    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty());
        parts.map(network).collect::<Result<_, _>>().map(Self)
    }
}

impl TrustedProxies {
    /// Whether an address is that of a trusted proxy.
    pub fn trusts(&self, address: IpAddr) -> bool {
        // A network of IPv6 may contain the IPv4-mapped addresses.
        let mapped = match address.to_canonical() {
            IpAddr::V4(address) => address.to_ipv6_mapped().into(),
            IpAddr::V6(address) => IpAddr::V6(address),
        };
        let address = address.to_canonical();
        let holds = |network: &IpNet| network.contains(&address) || network.contains(&mapped);
        self.0.iter().any(holds)
    }

    /// The client's address: the last one that is not a trusted proxy. Earlier entries of
    /// `X-Forwarded-For` may be forged.
    fn origin(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut origin = peer;
        let lines = headers.get_all("x-forwarded-for").iter().rev();
        for line in lines {
            for entry in line.to_str().unwrap_or_default().rsplit(',') {
                if !self.trusts(origin) {
                    return origin;
                }
                // An invalid entry hides the client: the proxy that forwarded the request is
                // charged.
                let Some(address) = address_of(entry.trim()) else {
                    return origin;
                };
                origin = address;
            }
        }
        origin
    }
}

/// The address of an entry, which may have a port.
fn address_of(entry: &str) -> Option<IpAddr> {
    let bare = entry.trim_start_matches('[').trim_end_matches(']');
    bare.parse()
        .ok()
        .or_else(|| entry.parse().ok().map(|socket: SocketAddr| socket.ip()))
}

/// The network of a client behind trusted proxies.
pub fn client_network(
    peer: Option<SocketAddr>,
    headers: &HeaderMap,
    proxies: &TrustedProxies,
) -> IpAddr {
    let peer = peer.map_or(Ipv6Addr::UNSPECIFIED.into(), |peer| peer.ip());
    network_of(proxies.origin(peer, headers))
}

/// The rate limit key of a request.
pub fn rate_limit_key(
    viewer: Viewer,
    peer: Option<SocketAddr>,
    headers: &HeaderMap,
    proxies: &TrustedProxies,
) -> RateLimitKey {
    match viewer {
        Viewer::Operator => RateLimitKey::Operator,
        Viewer::Person(signed_in) => RateLimitKey::Person(signed_in.person),
        Viewer::Anonymous => {
            let peer = peer.map_or(Ipv6Addr::UNSPECIFIED.into(), |peer| peer.ip());
            RateLimitKey::at(proxies.origin(peer, headers))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(proxies: &str, peer: &str, forwarded: &[&str]) -> String {
        let proxies: TrustedProxies = proxies.parse().unwrap();
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        proxies.origin(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn the_last_address_that_is_no_trusted_proxy_s_pays() {
        let ours = "10.0.0.0/8, 192.0.2.7,2001:db8::/32";
        for (proxies, peer, forwarded, expected) in [
            ("", "198.51.100.1", &["203.0.113.5"][..], "198.51.100.1"),
            (ours, "198.51.100.1", &["203.0.113.5"], "198.51.100.1"),
            (ours, "10.1.2.3", &["203.0.113.5"], "203.0.113.5"),
            (ours, "::ffff:10.1.2.3", &["203.0.113.5"], "203.0.113.5"),
            (ours, "10.1.2.3", &["1.1.1.1, 203.0.113.5"], "203.0.113.5"),
            (
                ours,
                "10.1.2.3",
                &["1.1.1.1, 203.0.113.5, 192.0.2.7"],
                "203.0.113.5",
            ),
            (ours, "10.1.2.3", &["1.1.1.1", "203.0.113.5"], "203.0.113.5"),
            (ours, "10.1.2.3", &["203.0.113.5:4711"], "203.0.113.5"),
            (ours, "2001:db8::7", &["[2001:4860::1]:80"], "2001:4860::1"),
            (ours, "2001:db8::7", &["[2001:4860::1]"], "2001:4860::1"),
            (ours, "10.1.2.3", &["unknown"], "10.1.2.3"),
            (ours, "10.1.2.3", &["203.0.113.5, unknown"], "10.1.2.3"),
            (ours, "10.1.2.3", &["10.0.0.1, 10.0.0.2"], "10.0.0.1"),
            (ours, "10.1.2.3", &[], "10.1.2.3"),
            ("0.0.0.0/0", "198.51.100.1", &["203.0.113.5"], "203.0.113.5"),
        ] {
            assert_eq!(
                origin(proxies, peer, forwarded),
                expected,
                "{proxies} {forwarded:?}"
            );
        }
    }

    #[test]
    fn proxies_on_the_machine_itself_are_trusted_unless_others_are_named() {
        let headers: HeaderMap = [(
            "x-forwarded-for".parse().unwrap(),
            "203.0.113.5".parse().unwrap(),
        )]
        .into_iter()
        .collect();
        let proxies = TrustedProxies::default();
        for peer in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
            let origin = proxies.origin(peer.parse().unwrap(), &headers);
            assert_eq!(origin.to_string(), "203.0.113.5", "{peer}");
        }
    }

    #[test]
    fn a_proxy_that_is_neither_address_nor_network_is_refused() {
        for text in [
            "proxy.example",
            "10.0.0.0/33",
            "10.0.0.0/",
            "::/129",
            "10.0.0",
        ] {
            let wrong = text.parse::<TrustedProxies>().unwrap_err();
            assert!(wrong.contains("neither an address"), "{wrong}");
        }
    }
}
