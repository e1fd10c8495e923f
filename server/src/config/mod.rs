//! How COCO is asked to run.
//!
//! Three layers, each over the one before: a file (`coco.toml` here, or `--config FILE`), the
//! environment (`COCO_` and the key in capitals), and flags (`--data-dir` and the like). All
//! values are checked at start; what is wrong is named by the key as it was written.
//!
//! ```toml
//! # coco.toml. Every key may be left out; these are the defaults.
//! data_dir = "data"                             # database, uploads, mail outbox
//! database_url = "sqlite://data/coco.db"        # or postgres://user:password@host/name
//! listen = "127.0.0.1:3000"
//! public_url = "http://127.0.0.1:3000"          # as people reach it; https makes cookies Secure
//! trusted_proxies = []                          # ["10.0.0.0/8"]: whose X-Forwarded-For to believe
//! log = "info"                                  # or "server=debug,warn"
//! log_format = "text"                           # or "json"
//! demo = false                                  # marks the installation as a demonstration
//! api_rate = 5000                               # requests per second for each token or session
//! sign_in_rate = 10                             # sign-ins per minute for each client address
//! socket_rate = 1000                            # frames per second for each person over all their sockets
//! sockets_per_staff = 50                        # sockets that one of the staff may have
//! sockets_per_customer = 20                     # sockets that one customer may have
//! max_connections = 20000                       # connections at once
//! # clamd = "127.0.0.1:3310"                    # looks through uploads for viruses
//! # metrics_token = "…"                         # lets others than this machine read /metrics
//! # otlp_endpoint = "http://127.0.0.1:4318"     # sends traces to this OpenTelemetry collector
//! otlp_ratio = 1.0                              # the share of requests that are traced
//! # site_dir = "target/site"                    # pages' files from here, not from the program
//! ```

mod layers;
mod values;

pub use layers::{Layers, Source};
pub use values::Ratio;

use anyhow::Result;
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::path::PathBuf;
use values::{
    address, collector, database, filter, host_port, log_format, metrics_token, networks, path, public_url, rate, rate_default, ratio,
    switch, url_of,
};

/// The keys there are.
pub const KEYS: [&str; 19] = [
    "database_url",
    "data_dir",
    "listen",
    "public_url",
    "trusted_proxies",
    "log",
    "log_format",
    "demo",
    "api_rate",
    "sign_in_rate",
    "socket_rate",
    "sockets_per_staff",
    "sockets_per_customer",
    "max_connections",
    "clamd",
    "metrics_token",
    "otlp_endpoint",
    "otlp_ratio",
    "site_dir",
];

/// How COCO runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// `sqlite://path` or `postgres://…`.
    pub database_url: String,
    /// Where uploads, the mail outbox and SQLite's file are.
    pub data_dir: PathBuf,
    /// Where to accept connections.
    pub listen: SocketAddr,
    /// The address people use, without a slash at the end: for links, the Origin of requests, and
    /// whether cookies are Secure.
    pub public_url: String,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// What is logged, as a `tracing` filter.
    pub log: String,
    /// How it is logged.
    pub log_format: LogFormat,
    /// This installation is a demonstration; only said, changes nothing.
    pub demo: bool,
    /// Requests per second for each token or session.
    pub api_rate: NonZeroU32,
    /// Sign-ins, registrations and password links per minute for each client address.
    pub sign_in_rate: NonZeroU32,
    /// Frames per second for each person over all their sockets.
    pub socket_rate: NonZeroU32,
    /// Sockets that one of the staff may have.
    pub sockets_per_staff: NonZeroU32,
    /// Sockets that one customer may have.
    pub sockets_per_customer: NonZeroU32,
    /// Connections at once; more wait to be accepted.
    pub max_connections: NonZeroU32,
    /// Host and port of the clamd that looks through uploads; without it nobody does.
    pub clamd: Option<String>,
    /// Who brings it may read `/metrics`; without it only this machine may, where COCO is not published.
    pub metrics_token: Option<String>,
    /// Where traces go, by OTLP over HTTP; without it nothing is traced.
    pub otlp_endpoint: Option<String>,
    /// The share of requests that are traced, where the caller does not say.
    pub otlp_ratio: Ratio,
    /// The site's files, when not those built into the program.
    pub site_dir: Option<PathBuf>,
}

/// The form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs, one object a line.
    Json,
}

impl Config {
    /// Reads and checks every key.
    ///
    /// # Errors
    /// Names the key as it was written and says what would be right.
    pub fn from_layers(layers: &Layers) -> Result<Self> {
        let data_dir = layers.get("data_dir", PathBuf::from("data"), path)?;
        let listen = layers.get("listen", SocketAddr::from(([127, 0, 0, 1], 3000)), address)?;
        Ok(Self {
            database_url: layers.get("database_url", format!("sqlite://{}", data_dir.join("coco.db").display()), database)?,
            public_url: layers.get("public_url", url_of(listen), public_url)?,
            trusted_proxies: layers.get("trusted_proxies", Vec::new(), networks)?,
            log: layers.get("log", "info".to_owned(), filter)?,
            log_format: layers.get("log_format", LogFormat::Text, log_format)?,
            demo: layers.get("demo", false, switch)?,
            api_rate: layers.get("api_rate", rate_default(5000), rate)?,
            sign_in_rate: layers.get("sign_in_rate", rate_default(10), rate)?,
            socket_rate: layers.get("socket_rate", rate_default(1000), rate)?,
            sockets_per_staff: layers.get("sockets_per_staff", rate_default(50), rate)?,
            sockets_per_customer: layers.get("sockets_per_customer", rate_default(20), rate)?,
            max_connections: layers.get("max_connections", rate_default(20_000), rate)?,
            clamd: layers.get("clamd", None, |text| host_port(text).map(Some))?,
            metrics_token: layers.get("metrics_token", None, metrics_token)?,
            otlp_endpoint: layers.get("otlp_endpoint", None, |text| collector(text).map(Some))?,
            otlp_ratio: layers.get("otlp_ratio", Ratio::ALL, ratio)?,
            site_dir: layers.get("site_dir", None, |text| path(text).map(Some))?,
            data_dir,
            listen,
        })
    }

    /// Cookies are Secure and browsers told to stay with https.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// Host, and port if it is not the usual one, of [`Config::public_url`].
    #[must_use]
    pub fn public_host(&self) -> &str {
        self.public_url.split_once("://").map_or("", |(_, host)| host)
    }

    /// People reach it on this machine only.
    #[must_use]
    pub fn is_private(&self) -> bool {
        let host = self.public_host();
        let host = host.strip_prefix('[').and_then(|h| h.split_once(']')).map_or_else(|| host.split(':').next().unwrap_or(host), |h| h.0);
        host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
    }

    /// The file of a SQLite database.
    #[must_use]
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        let path = self.database_url.strip_prefix("sqlite:")?.trim_start_matches("//");
        Some(PathBuf::from(path.split('?').next().unwrap_or_default()))
    }

    /// The same after the system chose the port, when it was asked to (port 0).
    #[must_use]
    pub fn bound_to(mut self, address: SocketAddr) -> Self {
        if self.public_url == url_of(self.listen) {
            self.public_url = url_of(address);
        }
        self.listen = address;
        self
    }
}

#[cfg(test)]
mod tests;
