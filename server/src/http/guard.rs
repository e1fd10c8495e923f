//! No way in without a policy: every route is looked up in the business's list of entry points.
//!
//! This is the first of two checks. It knows the role, the action and a token's scopes; the
//! service then looks at the thing itself.

use super::forms;
use super::identify::wants_html;
use super::problem::Problem;
use app::context::Identity;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use coco::Error;
use coco::actor::{Action, ENTRY_POINTS, entry};

/// Lets through what the list of entry points allows this person to try.
pub async fn guard(request: Request, next: Next) -> Response {
    match check(&request) {
        Ok(()) => next.run(request).await,
        Err(Refusal::Problem(Error::Unauthenticated)) if is_form(&request) => Redirect::to(&sign_in(&request)).into_response(),
        Err(Refusal::Problem(e)) => forms::refuse(e.into(), request.uri().path(), request.headers()),
        Err(Refusal::Method(allowed)) => not_allowed(&allowed),
    }
}

enum Refusal {
    Problem(Error),
    /// The path is known, with these methods.
    Method(String),
}

fn check(request: &Request) -> Result<(), Refusal> {
    let path = path(request).ok_or(Refusal::Problem(Error::NotFound))?;
    let method = if request.method() == Method::HEAD { &Method::GET } else { request.method() };
    let Some(entry) = entry(method.as_str(), path) else {
        let allowed: Vec<&str> = ENTRY_POINTS.iter().filter(|e| e.path == path).map(|e| e.method).collect();
        if allowed.is_empty() {
            // A server function that does not exist is the caller's fault, a route without policy ours.
            if !path.starts_with("/sfn/") {
                tracing::error!(%method, path, "guard.route_without_policy");
            }
            return Err(Refusal::Problem(Error::NotFound));
        }
        return Err(Refusal::Method(allowed.join(", ")));
    };
    if entry.action == Action::Public {
        return Ok(());
    }
    let identity = request.extensions().get::<Identity>().and_then(|i| i.0.as_ref());
    let actor = identity.ok_or(Refusal::Problem(Error::Unauthenticated))?;
    if actor.may_try(entry.action) { Ok(()) } else { Err(Refusal::Problem(Error::Forbidden)) }
}

/// The path as the list of entry points has it: the route's pattern, or the server function's own.
fn path(request: &Request) -> Option<&str> {
    let matched = request.extensions().get::<MatchedPath>()?.as_str();
    Some(if matched.starts_with("/sfn/") { request.uri().path() } else { matched })
}

/// A form sent by a page without JavaScript, whose session ended meanwhile.
fn is_form(request: &Request) -> bool {
    request.uri().path().starts_with("/sfn/") && wants_html(request.headers())
}

/// The page to sign in at, and to come back from to the page of the form.
fn sign_in(request: &Request) -> String {
    let referer = request.headers().get(header::REFERER).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let from = referer.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
    super::pages::sign_in_and_return_to(from.unwrap_or_default())
}

fn not_allowed(allowed: &str) -> Response {
    let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", format!("Use {allowed} here."));
    let mut response = problem.into_response();
    if let Ok(value) = HeaderValue::from_str(allowed) {
        response.headers_mut().insert(header::ALLOW, value);
    }
    response
}
