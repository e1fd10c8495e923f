//! Request bodies in JSON, with refusals that say what to change.

use super::problem::Problem;
use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use coco::error::FieldError;
use serde::de::DeserializeOwned;
use std::time::Duration;
use tokio::time::timeout;

/// The largest JSON body, in bytes.
pub const MAX_BODY: usize = 1024 * 1024;
/// How long a whole body may take.
const BODY_WITHIN: Duration = Duration::from_secs(60);

/// A body read as JSON into `T`.
///
/// Refused with 415 when it is not declared as JSON, 413 beyond [`MAX_BODY`], 400 when it is not
/// JSON at all, and 422 naming the field when it is JSON of another shape.
#[derive(Debug, Clone, Copy)]
pub struct ApiJson<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for ApiJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            let detail = "Send the body as application/json.";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail));
        }
        let (parts, body) = request.into_parts();
        let bytes = read(&parts.headers, body, MAX_BODY).await?;
        parse(&bytes).map(Self)
    }
}

/// The whole body, at most `limit` bytes; refused before it is read when it says that it is longer.
///
/// # Errors
/// 413 beyond the limit, 400 when the connection broke, 408 when it takes too long.
pub async fn read(headers: &HeaderMap, body: Body, limit: usize) -> Result<bytes::Bytes, Problem> {
    let declared: Option<u64> = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse().ok());
    if declared.is_some_and(|n| n > limit as u64) {
        return Err(too_large(limit));
    }
    whole(body, limit, BODY_WITHIN).await
}

async fn whole(body: Body, limit: usize, within: Duration) -> Result<bytes::Bytes, Problem> {
    let whole = timeout(within, axum::body::to_bytes(body, limit)).await.map_err(|_| too_slow())?;
    whole.map_err(|e| {
        let limited = std::error::Error::source(&e).is_some_and(|e| e.is::<http_body_util::LengthLimitError>());
        if limited { too_large(limit) } else { Problem::new(StatusCode::BAD_REQUEST, "malformed", "The body ended early.") }
    })
}

/// The body did not come in time.
#[must_use]
pub fn too_slow() -> Problem {
    Problem::new(StatusCode::REQUEST_TIMEOUT, "too_slow", "The body took too long to arrive.")
}

fn too_large(limit: usize) -> Problem {
    coco::Error::TooLarge(limit as u64).into()
}

/// Reads `T` from JSON text.
///
/// # Errors
/// 400 when it is not JSON, 422 naming the field when it does not fit `T`.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|e| {
        let (path, inner) = (e.path().to_string(), e.into_inner());
        if inner.is_data() { misfit(&path, &inner) } else { malformed(&inner) }
    })?;
    json.end().map_err(|e| malformed(&e))?;
    Ok(value)
}

fn malformed(e: &serde_json::Error) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "malformed", format!("This is not valid JSON: {e}."))
}

fn misfit(path: &str, e: &serde_json::Error) -> Problem {
    let text = e.to_string();
    let message = text.split(" at line ").next().unwrap_or(&text).to_owned();
    // A missing field is reported at the object it is missing from.
    let missing = message.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`'));
    let field = match (path, missing) {
        (".", Some(name)) => name.to_owned(),
        (path, Some(name)) => format!("{path}.{name}"),
        (".", None) => String::new(),
        (path, None) => path.to_owned(),
    };
    let detail = if field.is_empty() { message.clone() } else { format!("{field}: {message}") };
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail).with_errors(vec![FieldError { field, message }])
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()) else { return false };
    let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse;

    #[derive(Debug, serde::Deserialize)]
    #[expect(dead_code, reason = "only its shape matters")]
    struct Outer {
        inner: Inner,
    }
    #[derive(Debug, serde::Deserialize)]
    #[expect(dead_code, reason = "only its shape matters")]
    struct Inner {
        tags: Vec<String>,
    }

    async fn refusal(text: &str) -> (u16, super::super::problem::Body) {
        let response = parse::<Outer>(text.as_bytes()).unwrap_err().into_response();
        let status = response.status().as_u16();
        let bytes = axum::body::to_bytes(response.into_body(), 9999).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap())
    }

    #[tokio::test]
    async fn names_the_field() {
        let (status, body) = refusal(r#"{"inner":{"tags":["a",1]}}"#).await;
        assert_eq!((status, body.errors[0].field.as_str()), (422, "inner.tags[1]"));
        let (status, body) = refusal(r#"{"inner":{}}"#).await;
        assert_eq!((status, body.errors[0].field.as_str()), (422, "inner.tags"));
        let (_, body) = refusal("{}").await;
        assert_eq!(body.errors[0].field, "inner");
        assert_eq!(body.errors[0].message, "missing field `inner`");
    }

    #[tokio::test]
    async fn a_body_that_never_ends_is_given_up() {
        let drops = futures::stream::unfold((), |()| async {
            tokio::time::sleep(Duration::from_millis(5)).await;
            Some((Ok::<_, std::convert::Infallible>("x"), ()))
        });
        let refused = whole(Body::from_stream(drops), MAX_BODY, Duration::from_millis(100)).await.unwrap_err();
        assert_eq!(refused.into_response().status(), StatusCode::REQUEST_TIMEOUT);
    }

    #[tokio::test]
    async fn tells_nonsense_from_misfits() {
        for text in ["", "{", r#"{"inner":"#, r#"{"inner":{"tags":[]}} x"#] {
            assert_eq!(refusal(text).await.0, 400, "{text}");
        }
    }
}
