//! How requests come in: who asks, whether they may, and what goes around every response.
//!
//! From the outside in: [`crate::telemetry::track`] gives the request its id, a panic becomes a
//! problem, [`headers`] and compression see the response last. Then, for all but files and health:
//! the session, [`csrf`], [`identify`]; and for what programs and pages call, [`rate_limit`] and
//! [`guard`].

pub mod assets;
pub mod client;
pub mod csrf;
mod forms;
mod functions;
pub mod guard;
pub mod headers;
mod health;
pub mod identify;
pub mod json;
mod listen;
pub mod pages;
mod patience;
pub mod problem;
pub mod rate_limit;
pub mod session;
pub mod visitors;

pub use listen::serve;

use crate::state::AppState;
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use problem::Problem;
use std::any::Any;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{Predicate, SizeAbove};

/// Everything COCO answers.
pub fn router(state: &AppState) -> Router {
    let calls =
        Router::new().merge(crate::rest::router()).merge(crate::live::router()).merge(functions::router()).layer(from_fn(guard::guard));
    let known = calls
        .merge(pages::router(state))
        .fallback(pages::fallback)
        .layer(from_fn_with_state(state.clone(), rate_limit::rate_limit))
        .layer(from_fn_with_state(state.clone(), identify::identify))
        .layer(from_fn_with_state(state.clone(), csrf::csrf))
        .layer(session::layer(&state.services, &state.config));
    known
        .merge(assets::router(&state.site))
        .merge(health::router())
        .layer(compression())
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(state.clone(), headers::headers))
        .layer(from_fn(crate::telemetry::track))
        .with_state(state.clone())
}

/// Pages and data over one kilobyte, quickly rather than small. Files are compressed already; streams
/// of events and sockets must not wait for a block to fill.
fn compression() -> CompressionLayer<impl Predicate> {
    let text = |_: axum::http::StatusCode, _: axum::http::Version, headers: &axum::http::HeaderMap, _: &axum::http::Extensions| {
        let kind = headers.get(axum::http::header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        kind.starts_with("text/html") || kind.starts_with("application/json") || kind.starts_with(problem::MEDIA_TYPE)
    };
    CompressionLayer::new().gzip(true).br(true).quality(CompressionLevel::Fastest).compress_when(SizeAbove::new(1024).and(text))
}

fn panicked(cause: Box<dyn Any + Send>) -> Response {
    let text = cause.downcast_ref::<&str>().map(|s| (*s).to_owned()).or_else(|| cause.downcast_ref::<String>().cloned());
    Problem::from(coco::Error::internal(format!("panic: {}", text.unwrap_or_default()))).into_response()
}
