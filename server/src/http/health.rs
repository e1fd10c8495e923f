//! What watches COCO asks: whether it lives, whether it can work, and how much it does.

use super::client::{is_forwarded, peer};
use super::identify::bearer;
use super::problem::Problem;
use crate::state::AppState;
use axum::extract::{Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use coco::auth::secret;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// The database must answer within this to be ready.
const PATIENCE: Duration = Duration::from_secs(3);

/// The routes.
pub fn router() -> Router<AppState> {
    Router::new().route("/healthz", get(healthz)).route("/readyz", get(readyz)).route("/metrics", get(metrics))
}

/// The process lives.
async fn healthz() -> &'static str {
    "ok\n"
}

/// The database answers; its schema was brought up to date before this route existed.
async fn readyz(State(state): State<AppState>) -> Result<Json<Value>, Problem> {
    if state.lifecycle.is_stopping() {
        return Err(coco::Error::Unavailable("stopping".into()).into());
    }
    probe(&state).await?;
    Ok(Json(json!({ "status": "ready" })))
}

/// How long the database takes to answer nothing.
async fn probe(state: &AppState) -> coco::Result<Duration> {
    let start = Instant::now();
    timeout(PATIENCE, state.services.core.db.ping())
        .await
        .map_err(|_| coco::Error::Unavailable("the database does not answer".into()))??;
    Ok(start.elapsed())
}

/// Figures, for this machine or whoever brings the token.
async fn metrics(State(state): State<AppState>, request: Request) -> Response {
    if !may_read(&state, &request) {
        return Problem::from(coco::Error::NotFound).into_response();
    }
    gauges(&state).await;
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], state.metrics.render()).into_response()
}

fn may_read(state: &AppState, request: &Request) -> bool {
    // Proxies need not say that they pass something on: what is published is asked for its token.
    let local = state.config.is_private() && peer(request).is_loopback() && !is_forwarded(request.headers());
    // By their hashes, so that the time a comparison takes tells nothing.
    let told = |expected: &String| bearer(request.headers()).is_some_and(|t| secret::hash(t) == secret::hash(expected));
    local || state.config.metrics_token.as_ref().is_some_and(told)
}

async fn gauges(state: &AppState) {
    let up = probe(state).await;
    metrics::gauge!("coco_database_up").set(if up.is_ok() { 1.0 } else { 0.0 });
    if let Ok(took) = up {
        metrics::gauge!("coco_database_read_seconds").set(took.as_secs_f64());
    }
    let journey = &state.services.journey;
    if let (Ok(last), Ok(search)) = (journey.last_seq().await, journey.cursor("search").await) {
        metrics::gauge!("coco_journey_events").set(last as f64);
        metrics::gauge!("coco_journey_lag_events", "reader" => "search").set((last - search) as f64);
    }
}
