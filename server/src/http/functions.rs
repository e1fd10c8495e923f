//! Server functions: what pages call.

use super::forms;
use super::json::{MAX_BODY, read};
use super::pages::provide;
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

async fn call(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = match read(&parts.headers, body, MAX_BODY).await {
        Ok(body) => body,
        Err(problem) => return forms::refuse(problem, parts.uri.path(), &parts.headers),
    };
    let request = Request::from_parts(parts, Body::from(body));
    let context = move || provide(&state);
    let mut response = leptos_axum::handle_server_fns_with_context(context, request).await.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
