//! Who sends a request: found once, before anything else looks at it.

use super::problem::Problem;
use super::{client, session};
use crate::state::AppState;
use app::context::{Identity, SessionHandle};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use coco::actor::{Action, Actor};
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, LazyLock};
use tower_sessions::Session;

/// By what a request is known, for counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// By nothing but where it comes from.
    Address,
    /// By a session or a token; a number that stands for it in this process.
    Secret(u64),
}

/// The session a person came with, so that sockets can ask again whether it holds.
#[derive(Debug, Clone)]
pub struct SessionKey(pub session::SignedIn);

/// Leaves [`Identity`], [`SessionHandle`], [`Credential`] and, with a session, [`SessionKey`] in the
/// request. A token counts before a cookie; one that is not valid is refused at once.
pub async fn identify(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    match find(&state, &mut request).await {
        Ok(Found::Session(user)) if changes_oneself(&request) => {
            let response = next.run(request).await;
            state.visitors.forget(&user);
            response
        }
        Ok(_) => next.run(request).await,
        Err(problem) => problem.answer(request.headers()),
    }
}

/// Whether the request may change the person's own rights or name: joining a vendor, the profile.
fn changes_oneself(request: &Request) -> bool {
    let entry = coco::actor::entry(request.method().as_str(), request.uri().path());
    entry.is_some_and(|e| matches!(e.action, Action::Profile | Action::VendorRead))
}

enum Found {
    Nobody,
    Token,
    Session(coco::id::UserId),
}

async fn find(state: &AppState, request: &mut Request) -> Result<Found, Problem> {
    let session = request.extensions().get::<Session>().cloned().ok_or_else(|| coco::Error::internal("no session layer"))?;
    let handle = session::Handle::new(session.clone(), state.visitors.clone(), state.services.core.clone());
    let (identity, credential, found) = match token(request) {
        Some(token) => {
            let actor = state.services.auth.by_token(&token).await?.ok_or(coco::Error::Unauthenticated)?;
            (Some(actor), Credential::Secret(stand_in(&token)), Found::Token)
        }
        None => match by_session(state, &session).await? {
            Some((actor, key)) => {
                let found = Found::Session(actor.id.clone());
                let credential = session.id().map_or(Credential::Address, |id| Credential::Secret(stand_in(&id.0)));
                request.extensions_mut().insert(SessionKey(key));
                (Some(actor), credential, found)
            }
            None => (None, Credential::Address, Found::Nobody),
        },
    };
    let address = client::address(request, &state.config.trusted_proxies);
    let extensions = request.extensions_mut();
    extensions.insert(Identity(identity));
    extensions.insert(SessionHandle(Arc::new(handle)));
    extensions.insert(credential);
    extensions.insert(client::Client(address));
    Ok(found)
}

async fn by_session(state: &AppState, session: &Session) -> coco::Result<Option<(Actor, session::SignedIn)>> {
    let Some(who) = session::signed_in(session, state.services.core.now()).await? else { return Ok(None) };
    match state.visitors.actor(&who.user, who.epoch).await {
        Ok(Some(actor)) => Ok(Some((actor, who))),
        Ok(None) | Err(coco::Error::Unauthenticated) => {
            session::end(session).await;
            Ok(None)
        }
        Err(e) => Err(e),
    }
}

/// The bearer token: from the header, or for the socket, which cannot send one, from the query.
fn token(request: &Request) -> Option<String> {
    if let Some(token) = bearer(request.headers()) {
        return Some(token.to_owned());
    }
    if request.uri().path() != "/ws" {
        return None;
    }
    let query = request.uri().query().unwrap_or_default();
    query.split('&').find_map(|pair| pair.strip_prefix("access_token=")).map(str::to_owned)
}

/// The token of a request that proves itself by a header, which no other site can make a browser
/// send. Other schemes are a proxy's matter.
#[must_use]
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// A number for a secret, the same only in this process.
fn stand_in(secret: &(impl std::hash::Hash + ?Sized)) -> u64 {
    static STATE: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    STATE.hash_one(secret)
}

/// Whether a person's browser loads a page, rather than a program fetching data.
#[must_use]
pub fn wants_html(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("text/html"))
}
