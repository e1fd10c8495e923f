//! What handlers take from a request, refused with a problem.

use crate::http::problem::Problem;
use app::context::Identity;
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Path, Query};
use axum::http::StatusCode;
use axum::http::request::Parts;
use coco::Error;
use coco::actor::Actor;
use serde::de::DeserializeOwned;

/// What handlers answer with.
pub type Api<T> = Result<T, Problem>;

/// Who asks.
#[derive(Debug, Clone)]
pub struct Caller(pub Actor);

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Api<Self> {
        let actor = parts.extensions.get::<Identity>().and_then(|i| i.0.clone());
        actor.map(Self).ok_or_else(|| Error::Unauthenticated.into())
    }
}

/// What the path names; what cannot name anything is not found.
#[derive(Debug, Clone)]
pub struct Named<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Api<Self> {
        Path::<T>::from_request_parts(parts, state).await.map(|p| Self(p.0)).map_err(|_| Error::NotFound.into())
    }
}

/// What the query asks for. All its fields are optional texts, read by `words`.
#[derive(Debug, Clone)]
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Api<Self> {
        let unreadable = |e: QueryRejection| Problem::new(StatusCode::BAD_REQUEST, "malformed", e.body_text());
        Query::<T>::from_request_parts(parts, state).await.map(|q| Self(q.0)).map_err(unreadable)
    }
}
