//! What COCO tells its operator: logs, figures and traces.
//!
//! A request is logged once, at the edge, by route and never by its query or body, so that no
//! personal data reaches a log. Its id is in the span, in the response as `x-request-id`, and in
//! the line that tells why it failed.

mod carrier;
mod traces;

pub use traces::Traces;

use crate::config::{Config, LogFormat};
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::io::IsTerminal;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::time::Instant;
use tracing::Instrument;
use tracing::field::Empty;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry};

/// Requests slower than this are worth a line.
const SLOW: Duration = Duration::from_secs(1);
/// Upper bounds of the histogram of request times, in seconds.
const BUCKETS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// How long requests took, by method, route and status.
const DURATION: &str = "http_request_duration_seconds";

/// In place of a route where there is none.
const UNMATCHED: &str = "unmatched";

/// The request that is being answered.
#[derive(Debug, Clone)]
pub struct Here {
    /// Its id, as in the log.
    pub id: String,
    /// Its path, without the query.
    pub path: String,
}

tokio::task_local! {
    static HERE: Here;
}

/// The request that is being answered, if one is.
#[must_use]
pub fn here() -> Option<Here> {
    HERE.try_with(Clone::clone).ok()
}

/// Starts logging to standard error, and traces when there is a collector, as configured.
///
/// # Errors
/// When `log` is not a filter, or logging was started before.
pub fn start(config: &Config) -> anyhow::Result<Option<Traces>> {
    // The session layer warns about every cookie that has expired.
    let quiet = format!("{},tower_sessions=error,tower_sessions_core=error,{}=off", config.log, coco::trace::TARGET);
    let filter = EnvFilter::try_new(quiet).map_err(|e| anyhow::anyhow!("COCO_LOG: {e}"))?;
    let traces = Traces::new(config)?;
    match &traces {
        // Traces see what the log does not, so each has a filter of its own.
        Some(traces) => Registry::default().with(traces.layer()).with(lines(config).with_filter(filter)).try_init()?,
        None => Registry::default().with(filter).with(lines(config)).try_init()?,
    }
    Ok(traces)
}

/// Log lines on standard error.
fn lines<S: tracing::Subscriber + for<'a> LookupSpan<'a>>(config: &Config) -> Box<dyn Layer<S> + Send + Sync> {
    let log = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_target(false)
        .with_ansi(std::io::stderr().is_terminal())
        // It would tell of them on the same standard error: when nobody reads that any more, each line
        // would be a panic of whatever wrote it.
        .log_internal_errors(false);
    match config.log_format {
        LogFormat::Text => log.compact().boxed(),
        LogFormat::Json => log.json().flatten_event(true).boxed(),
    }
}

/// The collector of figures, made once for the process.
///
/// # Errors
/// When another collector is installed.
pub fn metrics() -> anyhow::Result<PrometheusHandle> {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    static MAKING: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _one_at_a_time = MAKING.lock();
    if let Some(handle) = HANDLE.get() {
        return Ok(handle.clone());
    }
    let builder = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Full(DURATION.into()), BUCKETS)?;
    let handle = builder.install_recorder()?;
    metrics::describe_histogram!(DURATION, metrics::Unit::Seconds, "Time to answer a request, by route and status.");
    Ok(HANDLE.get_or_init(|| handle).clone())
}

/// Gives a request its id and span, and tells how it went.
pub async fn track(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let (method, route) = (request.method().clone(), route(&request));
    let here = Here { id: request_id(), path: request.uri().path().to_owned() };
    let id = here.id.clone();
    let span = tracing::info_span!("http", id, %method, route, trace_id = Empty);
    let traced = traces::request(&request, &route);
    if let Some(trace_id) = traces::id(&traced) {
        span.record("trace_id", tracing::field::display(trace_id));
    }
    let mut response = HERE.scope(here, next.run(request).instrument(span.clone()).instrument(traced.clone())).await;
    traces::answered(&traced, response.status());
    let took = start.elapsed();
    let _in = span.enter();
    let (status, ms) = (response.status().as_u16(), took.as_millis() as u64);
    if took > SLOW {
        tracing::warn!(status, ms, "http.slow");
    } else {
        tracing::debug!(status, ms, "http.done");
    }
    let histogram =
        metrics::histogram!(DURATION, "method" => word(&method), "route" => route, "status" => response.status().as_str().to_owned());
    histogram.record(took);
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    response
}

/// The route, of which there are few, rather than the path, of which there are many.
fn route(request: &Request) -> String {
    let path = request.uri().path();
    match request.extensions().get::<MatchedPath>() {
        Some(matched) if matched.as_str().starts_with("/sfn/") => {
            coco::actor::entry("POST", path).map_or("/sfn/unknown", |entry| entry.path).to_owned()
        }
        Some(matched) => matched.as_str().to_owned(),
        None => UNMATCHED.to_owned(),
    }
}

/// A method as a label; whatever a client makes up is one word.
const fn word(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// Unique in this process, and most likely among processes.
fn request_id() -> String {
    static NEXT: OnceLock<AtomicU64> = OnceLock::new();
    let next = NEXT.get_or_init(|| {
        use std::hash::{BuildHasher, RandomState};
        AtomicU64::new(RandomState::new().hash_one(std::process::id()) & 0xffff_ffff_0000_0000)
    });
    format!("{:016x}", next.fetch_add(1, Ordering::Relaxed))
}
