//! Where a request comes from.

use axum::extract::{ConnectInfo, Request};
use axum::http::HeaderMap;
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// What proxies add the client's address to.
const FORWARDED: &str = "x-forwarded-for";

/// The address of the client, as far as it can be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client(pub IpAddr);

/// The client's address: of the connection, or what trusted proxies say they had it from.
#[must_use]
pub fn address(request: &Request, trusted: &[IpNet]) -> IpAddr {
    behind(peer(request), request.headers(), trusted)
}

/// The other end of the connection; in a test without one, nowhere.
#[must_use]
pub fn peer(request: &Request) -> IpAddr {
    let info = request.extensions().get::<ConnectInfo<SocketAddr>>();
    info.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(address)| address.ip().to_canonical())
}

/// Whether a proxy says that it passes this on.
#[must_use]
pub fn is_forwarded(headers: &HeaderMap) -> bool {
    headers.contains_key(FORWARDED) || headers.contains_key("forwarded")
}

/// Walks back from the nearest hop while it is trusted: what stands before the first one that is
/// not, anyone may have written.
fn behind(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |ip: &IpAddr| trusted.iter().any(|net| net.contains(ip));
    if !is_trusted(&peer) {
        return peer;
    }
    let lines: Vec<&str> = headers.get_all(FORWARDED).iter().filter_map(|v| v.to_str().ok()).collect();
    let mut nearest = peer;
    for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        let Some(ip) = parse(hop.trim()) else { break };
        nearest = ip;
        if !is_trusted(&ip) {
            break;
        }
    }
    nearest
}

/// An address, perhaps with a port.
fn parse(text: &str) -> Option<IpAddr> {
    let ip = text.parse().or_else(|_| text.parse::<SocketAddr>().map(|a| a.ip())).or_else(|_| text.trim_matches(['[', ']']).parse());
    ip.ok().map(|ip: IpAddr| ip.to_canonical())
}

/// What a client is counted by: its address, or for IPv6 its network, of which it has all.
#[must_use]
pub fn counted_by(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) & !u128::from(u64::MAX)).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(FORWARDED, line.parse().unwrap());
        }
        let trusted: Vec<IpNet> = trusted.iter().map(|t| t.parse().unwrap()).collect();
        behind(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn believes_only_trusted_proxies() {
        let all = &["10.0.0.0/8"];
        assert_eq!(seen("203.0.113.9", &["1.2.3.4"], &[]), "203.0.113.9");
        assert_eq!(seen("203.0.113.9", &["1.2.3.4"], all), "203.0.113.9", "not from a proxy");
        assert_eq!(seen("10.0.0.1", &["1.2.3.4"], all), "1.2.3.4");
        assert_eq!(seen("10.0.0.1", &["9.9.9.9, 1.2.3.4, 10.0.0.2"], all), "1.2.3.4", "what the client made up is behind");
        assert_eq!(seen("10.0.0.1", &["9.9.9.9", "1.2.3.4:5678"], all), "1.2.3.4");
        assert_eq!(seen("10.0.0.1", &["unknown"], all), "10.0.0.1");
        assert_eq!(seen("10.0.0.1", &[], all), "10.0.0.1");
        assert_eq!(seen("10.0.0.1", &["[2001:db8::1]:443"], all), "2001:db8::1");
    }

    #[test]
    fn counts_a_network_of_ipv6_as_one() {
        let of = |s: &str| counted_by(s.parse().unwrap());
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_ne!(of("10.0.0.1"), of("10.0.0.2"));
    }
}
