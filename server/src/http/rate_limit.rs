//! How often someone may ask.
//!
//! Programs and pages are counted by their token or session, those who try to sign in by their
//! address. Counting is one look-up in a sharded map and one atomic exchange, and is per process:
//! with several nodes each counts for itself.

use super::client::{Client, counted_by};
use super::forms;
use super::identify::Credential;
use crate::config::Config;
use crate::state::AppState;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use std::hash::Hash;
use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZeroU32;

type Limiter<K> = RateLimiter<K, DashMapStateStore<K>, DefaultClock, StateInformationMiddleware>;

/// Server functions by which someone proves who they are, or makes us send mail.
const SIGN_IN: [&str; 5] = ["sign_in", "register", "forgot_password", "reset_password", "set_up"];

/// The limits of this process.
pub struct Limits {
    api: Limiter<Key>,
    api_rate: NonZeroU32,
    sign_in: Limiter<IpAddr>,
    clock: DefaultClock,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Secret(u64),
    Address(IpAddr),
}

/// What is left of a limit, for the response.
#[derive(Debug, Clone, Copy)]
struct Left {
    limit: u32,
    remaining: u32,
    /// Seconds until nothing is counted any more.
    reset: u32,
}

impl Limits {
    /// As configured.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        let per_second = Quota::per_second(config.api_rate);
        let per_minute = Quota::per_minute(config.sign_in_rate);
        Self {
            api: RateLimiter::dashmap(per_second).with_middleware(),
            api_rate: config.api_rate,
            sign_in: RateLimiter::dashmap(per_minute).with_middleware(),
            clock: DefaultClock::default(),
        }
    }

    /// Forgets those who have not asked for a while.
    pub fn sweep(&self) {
        self.api.retain_recent();
        self.api.shrink_to_fit();
        self.sign_in.retain_recent();
        self.sign_in.shrink_to_fit();
    }

    fn api(&self, key: &Key) -> Result<Left, (Left, u32)> {
        let limit = self.api_rate.get();
        match self.api.check_key(key) {
            Ok(now) => {
                let remaining = now.remaining_burst_capacity();
                Ok(Left { limit, remaining, reset: (limit - remaining.min(limit)).div_ceil(limit) })
            }
            Err(not_yet) => Err((Left { limit, remaining: 0, reset: 1 }, seconds(&not_yet, &self.clock))),
        }
    }

    fn sign_in(&self, address: IpAddr) -> Result<(), u32> {
        self.sign_in.check_key(&counted_by(address)).map(|_| ()).map_err(|not_yet| seconds(&not_yet, &self.clock))
    }
}

fn seconds(not_yet: &governor::NotUntil<governor::clock::QuantaInstant>, clock: &DefaultClock) -> u32 {
    let wait = not_yet.wait_time_from(clock.now());
    u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u32::MAX).max(1)
}

/// Counts a request, and refuses those beyond the limit.
pub async fn rate_limit(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let extensions = request.extensions();
    let address = extensions.get::<Client>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |c| c.0);
    let key = match extensions.get::<Credential>() {
        Some(Credential::Secret(n)) => Key::Secret(*n),
        _ => Key::Address(counted_by(address)),
    };
    if is_sign_in(request.uri().path())
        && let Err(wait) = state.limits.sign_in(address)
    {
        return refused(wait, &request);
    }
    let (left, mut response) = match state.limits.api(&key) {
        Ok(left) => (left, next.run(request).await),
        Err((left, wait)) => (left, refused(wait, &request)),
    };
    let headers = response.headers_mut();
    headers.insert(HeaderName::from_static("ratelimit-limit"), HeaderValue::from(left.limit));
    headers.insert(HeaderName::from_static("ratelimit-remaining"), HeaderValue::from(left.remaining));
    headers.insert(HeaderName::from_static("ratelimit-reset"), HeaderValue::from(left.reset));
    response
}

fn is_sign_in(path: &str) -> bool {
    path.strip_prefix("/sfn/app/auth/api/").is_some_and(|name| SIGN_IN.contains(&name))
}

fn refused(wait: u32, request: &Request) -> Response {
    forms::refuse(coco::Error::RateLimited(wait).into(), request.uri().path(), request.headers())
}
