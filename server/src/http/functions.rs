//! Server functions: what pages call.

use super::json::{MAX_BODY, read};
use super::pages::provide;
use super::problem::Problem;
use crate::state::AppState;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;

/// The one route; which functions there are is for the guard to say. None reads by GET, so none
/// can be called by a link.
pub fn router() -> Router<AppState> {
    Router::new().route("/sfn/{*function}", post(call))
}

async fn call(State(state): State<AppState>, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let body = read(&parts.headers, body, MAX_BODY).await?;
    let request = Request::from_parts(parts, Body::from(body));
    let context = move || provide(&state);
    let mut response = leptos_axum::handle_server_fns_with_context(context, request).await.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
