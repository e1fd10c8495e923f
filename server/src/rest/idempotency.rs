//! The same request sent twice does its work once.
//!
//! With `Idempotency-Key`, the answer to a request that succeeded is kept for a day and given again.
//! Work that stores a ticket or a message also gets an id made of the key, which the business stores
//! at most once: so two requests at the same time, or one that was cut off before its answer
//! was kept, still make one ticket. Without the header nothing of this costs anything.

use super::extract::Api;
use crate::http::json::{MAX_BODY, read};
use crate::http::problem::{ApiJson, Problem};
use axum::Json;
use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use coco::Error;
use coco::actor::Actor;
use coco::idempotency::{Answer, Answers};
use coco::services::Core;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

/// The header.
pub const HEADER: &str = "idempotency-key";
/// Tells that an answer was given before.
const REPLAY: HeaderName = HeaderName::from_static("idempotent-replay");
/// The longest key.
const MAX_KEY: usize = 255;

/// A key, and a hash of the request it came with.
#[derive(Debug, Clone)]
pub struct Key {
    name: String,
    request: String,
}

/// A JSON body, with the key if there is one.
#[derive(Debug)]
pub struct Once<T> {
    /// The body.
    pub body: T,
    /// The key.
    pub key: Option<Key>,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Once<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Api<Self> {
        let Some(name) = key_name(request.headers())? else {
            let ApiJson(body) = ApiJson::from_request(request, state).await?;
            return Ok(Self { body, key: None });
        };
        let (parts, body) = request.into_parts();
        let bytes = read(&parts.headers, body, MAX_BODY).await?;
        let key = Key::new(name, &format!("{} {}", parts.method, parts.uri.path()), &bytes);
        let again = Request::from_parts(parts, Body::from(bytes));
        let ApiJson(body) = ApiJson::from_request(again, state).await?;
        Ok(Self { body, key: Some(key) })
    }
}

/// The key's name, checked.
///
/// # Errors
/// 422 naming the header.
pub fn key_name(headers: &HeaderMap) -> Api<Option<String>> {
    let Some(value) = headers.get(HEADER) else { return Ok(None) };
    match value.to_str() {
        Ok(name) if (1..=MAX_KEY).contains(&name.len()) => Ok(Some(name.to_owned())),
        _ => Err(Error::invalid("Idempotency-Key", format!("Use 1 to {MAX_KEY} visible ASCII characters.")).into()),
    }
}

impl Key {
    /// Of a request to `place` with this content.
    #[must_use]
    pub fn new(name: String, place: &str, content: &[u8]) -> Self {
        let request = hex(Sha256::new().chain_update(place).chain_update([0]).chain_update(content));
        Self { name, request }
    }

    /// The id under which the business stores the work at most once.
    fn client_id(&self, actor: &Actor) -> String {
        let hash = hex(Sha256::new().chain_update(actor.id.as_str()).chain_update([0]).chain_update(&self.name));
        format!("key-{}", &hash[..40])
    }

    /// The answer given before, if this is the same request.
    fn again(&self, before: Answer) -> Api<Response> {
        if before.request_hash != self.request {
            return Err(Error::invalid("Idempotency-Key", "This key was used for another request. Make a new one.").into());
        }
        let status = u16::try_from(before.status).ok().and_then(|s| StatusCode::from_u16(s).ok()).unwrap_or(StatusCode::OK);
        let mut response = answer(status, before.body);
        response.headers_mut().insert(REPLAY, HeaderValue::from_static("true"));
        Ok(response)
    }
}

/// Does `work`, unless it was done before with this key. `work` gets the id under which to store.
///
/// # Errors
/// Those of `work`, which are not kept; 422 when the key was used for another request.
pub async fn once<T: Serialize, W: Future<Output = Api<T>>>(
    core: &Core,
    actor: &Actor,
    key: Option<Key>,
    status: StatusCode,
    work: impl FnOnce(Option<String>) -> W,
) -> Api<Response> {
    let Some(key) = key else { return Ok((status, Json(work(None).await?)).into_response()) };
    let answers = Answers::new(core.clone());
    if let Some(before) = answers.find(actor, &key.name).await? {
        return key.again(before);
    }
    let done = work(Some(key.client_id(actor))).await?;
    let body = serde_json::to_string(&done).map_err(Error::internal)?;
    let given = Answer { request_hash: key.request.clone(), status: status.as_u16().into(), body };
    if !answers.keep(actor, &key.name, &given).await?
        && let Some(first) = answers.find(actor, &key.name).await?
    {
        return key.again(first);
    }
    Ok(answer(status, given.body))
}

fn answer(status: StatusCode, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

fn hex(hash: Sha256) -> String {
    coco::text::hex(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn place_and_content_tell_requests_apart() {
        let key = |place: &str, content: &[u8]| Key::new("k".into(), place, content).request;
        assert_eq!(key("POST /a", b"x"), key("POST /a", b"x"));
        assert_ne!(key("POST /a", b"x"), key("POST /b", b"x"));
        assert_ne!(key("POST /a", b"x"), key("POST /a", b"y"));
    }

    #[test]
    fn keys_are_checked() {
        let name = |value: &[u8]| {
            let mut headers = HeaderMap::new();
            headers.insert(HEADER, HeaderValue::from_bytes(value).unwrap());
            key_name(&headers)
        };
        assert_eq!(name(b"abc").unwrap().as_deref(), Some("abc"));
        assert!(name(b"").is_err() && name(b"\xc3\xa4").is_err() && name(&[b'x'; 256]).is_err());
        assert_eq!(key_name(&HeaderMap::new()).unwrap(), None);
    }
}
