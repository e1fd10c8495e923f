//! What a server function stands on: the services, who asks, and their session.
//!
//! `server` finds out who asks before any handler runs and leaves an [`Identity`] in the request.

use coco::actor::Actor;
use coco::ports::mailer::Outbox;
use coco::services::Services;
use coco::{Error, Result};
use leptos::prelude::use_context;
use std::sync::Arc;

/// Who sent the request, found from the session cookie or the bearer token.
#[derive(Debug, Clone, Default)]
pub struct Identity(pub Option<Actor>);

/// Begins and ends sessions; implemented by `server` over its session store.
pub trait Sessions: Send + Sync {
    /// Signs `actor` in under a fresh session id.
    fn begin(&self, actor: &Actor) -> BoxFuture<'_, Result<()>>;
    /// Signs out and forgets the session.
    fn end(&self) -> BoxFuture<'_, Result<()>>;
}

/// A future behind a trait.
pub type BoxFuture<'a, T> = std::pin::Pin<Box<dyn std::future::Future<Output = T> + Send + 'a>>;

/// The session of one request.
#[derive(Clone)]
pub struct SessionHandle(pub Arc<dyn Sessions>);

/// All services.
///
/// # Errors
/// [`Error::Unauthenticated`] outside a request: a visitor who leaves while their page is made takes
/// the request along, and what the page still loads is for nobody.
pub fn services() -> Result<Services> {
    use_context().ok_or(Error::Unauthenticated)
}

/// The mail that is kept here.
///
/// # Errors
/// [`Error::Internal`] outside a request.
pub fn outbox() -> Result<Arc<dyn Outbox>> {
    use_context().ok_or_else(|| Error::internal("no outbox"))
}

/// Who asks, if anyone is signed in.
#[must_use]
pub fn visitor() -> Option<Actor> {
    use_context::<http::request::Parts>()?.extensions.get::<Identity>()?.0.clone()
}

/// Who asks.
///
/// # Errors
/// [`Error::Unauthenticated`].
pub fn actor() -> Result<Actor> {
    visitor().ok_or(Error::Unauthenticated)
}

/// The session of this request.
///
/// # Errors
/// [`Error::Internal`] outside a request.
pub fn session() -> Result<SessionHandle> {
    use_context::<http::request::Parts>()
        .and_then(|parts| parts.extensions.get::<SessionHandle>().cloned())
        .ok_or_else(|| Error::internal("no session in the request"))
}

/// A header of the request.
#[must_use]
pub fn header(name: &str) -> Option<String> {
    use_context::<http::request::Parts>()?.headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// Where this request believes COCO to be, for links in mail: `COCO_PUBLIC_URL`, or scheme and host.
#[must_use]
pub fn base_url() -> String {
    use_context::<BaseUrl>().map(|b| b.0).unwrap_or_default()
}

/// The public address of this installation, without a slash at the end.
#[derive(Debug, Clone)]
pub struct BaseUrl(pub String);
