//! What a refused request is told: RFC 9457 problem details.
//!
//! The one place where an error of the business becomes a response. What is our own fault is
//! logged here, once, with its cause; the caller learns only that it was ours.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use coco::Error;
use coco::error::{Conflict, ConflictKind, FieldError};
use serde::{Deserialize, Serialize};

use super::identify::wants_html;
pub use super::json::{ApiJson, MAX_BODY};

/// The media type of [`Body`].
pub const MEDIA_TYPE: &str = "application/problem+json";

/// A refusal on its way out.
#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: String,
    errors: Vec<FieldError>,
    retry_after: Option<u32>,
    /// For the log alone.
    cause: Option<String>,
}

/// The body of a refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Body {
    /// Always `about:blank`; `code` tells kinds apart.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What to do about it, for a person.
    pub detail: String,
    /// What it is, for a program: `not_found`, `invalid`, `stale` …
    pub code: String,
    /// The fields that are wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Where it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
}

/// What handlers return.
pub type Result<T, E = Problem> = std::result::Result<T, E>;

impl Problem {
    /// A refusal with this status, code and advice.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), errors: Vec::new(), retry_after: None, cause: None }
    }

    /// The same, about these fields.
    #[must_use]
    pub fn with_errors(mut self, errors: Vec<FieldError>) -> Self {
        self.errors = errors;
        self
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// What to do about it, for a person.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// In words for someone whose browser loads a page or sends a form by itself, as a problem for
    /// programs.
    #[must_use]
    pub fn answer(self, request: &HeaderMap) -> Response {
        if !wants_html(request) {
            return self.into_response();
        }
        let text = format!("{}\n", self.detail);
        let mut response = self.into_response();
        *response.body_mut() = text.into();
        let headers = response.headers_mut();
        headers.remove(header::CONTENT_LENGTH);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        response
    }

    fn body(&self) -> Body {
        Body {
            kind: "about:blank".into(),
            title: self.status.canonical_reason().unwrap_or("Error").into(),
            status: self.status.as_u16(),
            detail: self.detail.clone(),
            code: self.code.into(),
            errors: self.errors.clone(),
            instance: crate::telemetry::here().map(|r| r.path),
        }
    }

    fn log(&self) {
        if let Some(cause) = &self.cause {
            let request = crate::telemetry::here().map(|r| r.id).unwrap_or_default();
            tracing::error!(code = self.code, request, cause, "http.failed");
        }
    }
}

/// What went wrong in one word, for programs.
#[must_use]
pub const fn code(e: &Error) -> &'static str {
    match e {
        Error::NotFound => "not_found",
        Error::Forbidden => "forbidden",
        Error::Unauthenticated => "unauthenticated",
        Error::Invalid(_) => "invalid",
        Error::Conflict(Conflict { kind: ConflictKind::Stale, .. }) => "stale",
        Error::Conflict(Conflict { kind: ConflictKind::IllegalMove, .. }) => "illegal_move",
        Error::Conflict(Conflict { kind: ConflictKind::Duplicate, .. }) => "duplicate",
        Error::RateLimited(_) => "rate_limited",
        Error::TooLarge(_) => "too_large",
        Error::Unavailable(_) | Error::Unchecked(_) => "unavailable",
        Error::Internal(_) => "internal",
    }
}

impl From<Error> for Problem {
    fn from(e: Error) -> Self {
        let status = StatusCode::from_u16(e.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut problem = Self::new(status, code(&e), e.to_string());
        match e {
            Error::Invalid(errors) => problem.errors = errors,
            Error::RateLimited(seconds) => problem.retry_after = Some(seconds),
            Error::Unavailable(cause) | Error::Unchecked(cause) | Error::Internal(cause) => problem.cause = Some(cause),
            _ => {}
        }
        problem
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.log();
        let mut response = (self.status, axum::Json(self.body())).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_has_its_status_and_code() {
        let cases = [
            (Error::NotFound, 404, "not_found"),
            (Error::Forbidden, 403, "forbidden"),
            (Error::invalid("name", "Say it."), 422, "invalid"),
            (Error::conflict(ConflictKind::Stale, "Older."), 409, "stale"),
            (Error::TooLarge(1), 413, "too_large"),
        ];
        for (error, status, code) in cases {
            let body = Problem::from(error).body();
            assert_eq!((body.status, body.code.as_str()), (status, code));
        }
    }

    #[test]
    fn causes_stay_inside() {
        let response = Problem::from(Error::internal("SELECT secret")).into_response();
        assert_eq!(response.status(), 500);
        let body = serde_json::to_string(&Problem::from(Error::internal("SELECT secret")).body()).unwrap();
        assert!(!body.contains("secret"), "{body}");
    }

    #[test]
    fn says_when_to_come_back() {
        let response = Problem::from(Error::RateLimited(7)).into_response();
        assert_eq!(response.headers()[header::RETRY_AFTER], "7");
        assert_eq!(response.headers()[header::CONTENT_TYPE], MEDIA_TYPE);
    }
}
