//! The business's error on its way to the page. The status of the response follows from it.

use crate::json;
use leptos::prelude::{FromServerFnError, ServerFnErrorErr};
use leptos::server_fn::codec::JsonEncoding;
use serde::{Deserialize, Serialize};

/// What a server function answers with when it can't do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApiError {
    /// The business refuses.
    Refused(coco::Error),
    /// The server could not be reached or did not understand.
    Connection,
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;
    fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
        match value {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                coco::Error::invalid("", "We didn't understand that. Reload the page and try again.").into()
            }
            _ => Self::Connection,
        }
    }
    fn de(data: leptos::server_fn::Bytes) -> Self {
        Self::read(&data)
    }
}

impl From<coco::Error> for ApiError {
    fn from(error: coco::Error) -> Self {
        #[cfg(feature = "ssr")]
        answer_with(&error);
        Self::Refused(without_cause(error))
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(e) => e.fmt(f),
            Self::Connection => f.write_str("We can't reach the server. Check your connection and try again."),
        }
    }
}

impl std::error::Error for ApiError {}

impl ApiError {
    /// From the body of an answer: ours, or a problem of those who stand before the server functions.
    #[must_use]
    pub fn read(body: &[u8]) -> Self {
        /// As much of a problem as is shown.
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Problem {
            status: u16,
            detail: Option<String>,
        }
        let body = std::str::from_utf8(body).unwrap_or_default();
        if let Ok(error) = json::read(body) {
            return error;
        }
        let problem: Problem = json::read(body).unwrap_or_default();
        match (problem.status, problem.detail) {
            (401, _) => Self::Refused(coco::Error::Unauthenticated),
            (403, _) => Self::Refused(coco::Error::Forbidden),
            (404, _) => Self::Refused(coco::Error::NotFound),
            (_, Some(detail)) => Self::Refused(coco::Error::invalid("", detail)),
            _ => Self::Connection,
        }
    }
    /// The message for a field, if this is about it.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<String> {
        match self {
            Self::Refused(e) => e.field(name).map(str::to_owned),
            Self::Connection => None,
        }
    }
    /// The message when it is about no field that a form shows.
    #[must_use]
    pub fn general(&self) -> Option<String> {
        match self {
            Self::Refused(coco::Error::Invalid(fields)) if fields.iter().all(|f| !f.field.is_empty()) => None,
            other => Some(other.to_string()),
        }
    }
    /// There is no such thing, or not for this person.
    #[must_use]
    pub const fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused(coco::Error::NotFound))
    }
    /// It may work when the server can be reached again, without anyone doing anything.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Connection | Self::Refused(coco::Error::Unavailable(_) | coco::Error::Unchecked(_)))
    }
    /// Asking again would be answered the same.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        use coco::Error::{Forbidden, Invalid, NotFound, Unauthenticated};
        matches!(self, Self::Refused(NotFound | Forbidden | Unauthenticated | Invalid(_)))
    }
    /// Someone else saved meanwhile.
    #[must_use]
    pub const fn is_stale(&self) -> bool {
        matches!(self, Self::Refused(coco::Error::Conflict(c)) if matches!(c.kind, coco::error::ConflictKind::Stale))
    }
}

/// Causes are for the log; they may quote SQL.
fn without_cause(error: coco::Error) -> coco::Error {
    match error {
        coco::Error::Internal(_) => coco::Error::Internal(String::new()),
        coco::Error::Unavailable(_) => coco::Error::Unavailable(String::new()),
        coco::Error::Unchecked(_) => coco::Error::Unchecked(String::new()),
        other => other,
    }
}

/// Sets the status of the response, and logs once what is our own fault. The answer to a form sent without
/// JavaScript is a way back to its page, with the error in the address: its status stays.
#[cfg(feature = "ssr")]
fn answer_with(error: &coco::Error) {
    let request = leptos::prelude::use_context::<http::request::Parts>();
    let is_form = request
        .is_some_and(|r| r.method == http::Method::POST && crate::context::header("accept").is_some_and(|a| a.contains("text/html")));
    if !is_form
        && let Some(response) = leptos::prelude::use_context::<leptos_axum::ResponseOptions>()
        && let Ok(status) = http::StatusCode::from_u16(error.status())
    {
        response.set_status(status);
    }
    if let coco::Error::Internal(cause) | coco::Error::Unavailable(cause) | coco::Error::Unchecked(cause) = error {
        tracing::error!(%cause, "server_fn.failed");
    }
}

/// What server functions return.
pub type ApiResult<T> = Result<T, ApiError>;

#[cfg(test)]
mod tests {
    use super::ApiError;

    #[test]
    fn causes_stay_on_the_server() {
        let full = coco::Error::Unavailable("disk /data full".into());
        for error in [coco::Error::Internal("SELECT secret".into()), full, coco::Error::Unchecked("secret:3310 is away".into())] {
            let words = error.to_string();
            let sent = ApiError::from(error);
            let json = serde_json::to_string(&sent).unwrap();
            assert!(!json.contains("secret") && !json.contains("disk"), "{json}");
            assert_eq!(sent.to_string(), words);
        }
    }
}
