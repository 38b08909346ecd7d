//! Where a request comes from and where it was sent: the ends of the connection, or what a trusted proxy says about them.
//!
//! Anybody can write `X-Forwarded-For` and `X-Forwarded-Proto`; they are believed only from proxies that are named in the
//! settings, and of the first only the last address that is not such a proxy itself.

use crate::app::App;
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use std::convert::Infallible;
use std::net::IpAddr;

/// The other end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// Where a request comes from; `None` only without a connection, as in a test of a handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub Option<IpAddr>);

impl FromRequestParts<App> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<Peer>().map(|peer| peer.0);
        Ok(Self(peer.map(|peer| behind(peer, &parts.headers, &app.config.trusted_proxies))))
    }
}

/// Where this server is reached, as whoever asks named it: scheme and host, no slash at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerAddress(pub String);

impl FromRequestParts<App> for ServerAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<Peer>().map(|peer| peer.0.to_canonical());
        let believed = peer.is_some_and(|peer| app.config.trusted_proxies.contains(&peer));
        Ok(Self(named(&parts.headers, believed)))
    }
}

fn named(headers: &HeaderMap, believed: bool) -> String {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let host = text("host");
    let is_plain = !host.is_empty()
        && host.len() < 256
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".:-[]".contains(&byte));
    let scheme = if believed && text("x-forwarded-proto") == "https" { "https" } else { "http" };
    format!("{scheme}://{}", if is_plain { host } else { "localhost" })
}

fn behind(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    if !trusted.contains(&peer.to_canonical()) {
        return peer;
    }
    let lines = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    let addresses = hops.iter().rev().map_while(|hop| hop.parse::<IpAddr>().ok());
    addresses.map(|address| address.to_canonical()).find(|address| !trusted.contains(address)).unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(peer: &str, forwarded: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        let trusted = ["127.0.0.1", "10.0.0.1"].map(|text| text.parse().unwrap());
        behind(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed_and_only_its_own_word() {
        assert_eq!(from("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(from("127.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(from("127.0.0.1", &["1.1.1.1, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(from("127.0.0.1", &["1.1.1.1", "198.51.100.1, 10.0.0.1"]), "198.51.100.1");
        assert_eq!(from("127.0.0.1", &["1.1.1.1, unknown"]), "127.0.0.1");
        assert_eq!(from("::ffff:127.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(from("127.0.0.1", &[]), "127.0.0.1");
    }

    #[test]
    fn a_server_address_is_whole_takes_nothing_odd_and_believes_only_a_trusted_proxy() {
        let mut headers = HeaderMap::new();
        assert_eq!(named(&headers, true), "http://localhost");
        headers.insert("host", "pasok.example.id".parse().unwrap());
        headers.insert("x-forwarded-proto", "https".parse().unwrap());
        assert_eq!(named(&headers, true), "https://pasok.example.id");
        assert_eq!(named(&headers, false), "http://pasok.example.id");
        headers.insert("host", "a\"b<c".parse().unwrap());
        assert_eq!(named(&headers, true), "https://localhost");
    }
}
