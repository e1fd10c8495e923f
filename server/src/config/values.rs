//! How each kind of value is read, and what is said when it can't be.

use super::LogFormat;
use ipnet::IpNet;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::path::PathBuf;

/// A share from none to all, in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio(u32);

impl Ratio {
    /// Everything.
    pub const ALL: Self = Self(1_000_000);

    /// As a number from 0 to 1.
    #[must_use]
    pub fn as_f64(self) -> f64 {
        f64::from(self.0) / 1e6
    }
}

/// How a person on this machine reaches `listen`.
pub fn url_of(listen: SocketAddr) -> String {
    if listen.ip().is_unspecified() { format!("http://localhost:{}", listen.port()) } else { format!("http://{listen}") }
}

pub fn rate_default(n: u32) -> NonZeroU32 {
    NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN)
}

pub fn path(text: &str) -> Result<PathBuf, String> {
    if text.is_empty() { Err("is empty; give a folder".into()) } else { Ok(PathBuf::from(text)) }
}

pub fn address(text: &str) -> Result<SocketAddr, String> {
    let text = text.replace("localhost", "127.0.0.1");
    text.parse().map_err(|_| format!("“{text}” is not an address and port; use one like 127.0.0.1:3000"))
}

pub fn host_port(text: &str) -> Result<String, String> {
    let good = text.rsplit_once(':').is_some_and(|(host, port)| is_host(host) && port.parse().is_ok_and(|port: u16| port > 0));
    if good { Ok(text.into()) } else { Err(format!("“{text}” is not a host and port; use one like 127.0.0.1:3310")) }
}

/// A name or an address; of IPv6 in brackets.
fn is_host(text: &str) -> bool {
    match text.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']').is_some_and(|ip| ip.parse::<Ipv6Addr>().is_ok()),
        None => !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_".contains(&b)),
    }
}

pub fn database(text: &str) -> Result<String, String> {
    let sqlite = text.strip_prefix("sqlite:").is_some_and(|path| !path.trim_start_matches('/').is_empty());
    let known = sqlite || text.starts_with("postgres://") || text.starts_with("postgresql://");
    if known { Ok(text.into()) } else { Err("is not a database we know; use sqlite://path/to/file.db or postgres://user@host/name".into()) }
}

pub fn public_url(text: &str) -> Result<String, String> {
    let wrong = || format!("“{text}” is not an address like https://help.example.com");
    let text = text.trim_end_matches('/');
    let (scheme, host) = text.split_once("://").ok_or_else(wrong)?;
    let good = !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b));
    if matches!(scheme, "http" | "https") && good { Ok(text.to_ascii_lowercase()) } else { Err(wrong()) }
}

pub fn networks(text: &str) -> Result<Vec<IpNet>, String> {
    let one = |part: &str| {
        let net = part.parse::<IpNet>().or_else(|_| part.parse::<IpAddr>().map(IpNet::from));
        net.map_err(|_| format!("“{part}” is neither an IP address nor a network like 10.0.0.0/8"))
    };
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(one).collect()
}

pub fn filter(text: &str) -> Result<String, String> {
    tracing_subscriber::EnvFilter::try_new(text)
        .map(|_| text.to_owned())
        .map_err(|e| format!("{e}; use info, or something like server=debug,warn"))
}

pub fn log_format(text: &str) -> Result<LogFormat, String> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err(format!("“{text}” is not a format; use text or json")),
    }
}

pub fn switch(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" | "" => Ok(false),
        _ => Err(format!("“{text}” is neither true nor false")),
    }
}

pub fn rate(text: &str) -> Result<NonZeroU32, String> {
    text.parse().map_err(|_| format!("“{text}” is not a whole number from 1"))
}

pub fn metrics_token(text: &str) -> Result<Option<String>, String> {
    if text.len() >= 16 { Ok(Some(text.to_owned())) } else { Err("is too short to be a secret; use 16 characters or more".into()) }
}

/// Where a collector takes OTLP over HTTP, without `/v1/traces`.
pub fn collector(text: &str) -> Result<String, String> {
    if text.starts_with("https://") {
        return Err("is spoken to without TLS; use http:// and a collector on this machine or network, which can go on with TLS".into());
    }
    let wrong = || format!("“{text}” is not an address like http://127.0.0.1:4318");
    let address = text.trim_end_matches('/').parse::<axum::http::Uri>().map_err(|_| wrong())?;
    let plain = address.scheme_str() == Some("http") && address.query().is_none();
    let named = address.authority().is_some_and(|a| is_host(a.host()) && (a.as_str() == a.host() || a.port_u16().is_some()));
    let alone = !text.contains('@');
    if plain && named && alone { Ok(text.trim_end_matches('/').into()) } else { Err(wrong()) }
}

pub fn ratio(text: &str) -> Result<Ratio, String> {
    let share = text.parse::<f64>().ok().filter(|share| (0.0..=1.0).contains(share));
    share.map(|share| Ratio((share * 1e6).round() as u32)).ok_or_else(|| format!("“{text}” is not a share from 0 to 1, such as 0.1"))
}
