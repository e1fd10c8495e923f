//! The browser's session: a cookie with a random id, and a row behind it.
//!
//! A session begins with a fresh id when someone proves who they are, and holds who they are and
//! their session epoch then; it ends after [`SESSION_IDLE`] without a request, after
//! [`SESSION_ABSOLUTE`] in any case, and when the person's epoch rises. Requests do not write: the
//! row is touched at most every [`TOUCH`].

use super::visitors::Visitors;
use crate::config::Config;
use app::context::BoxFuture;
use async_trait::async_trait;
use coco::actor::Actor;
use coco::auth::sessions::SessionRows;
use coco::auth::{SESSION_ABSOLUTE, SESSION_IDLE};
use coco::id::UserId;
use coco::services::{Core, Services};
use coco::time::{MINUTE, SECOND, Timestamp};
use coco::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use time::{Duration, OffsetDateTime};
use tower_sessions::cookie::SameSite;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error as StoreError, Result as StoreResult};
use tower_sessions::{Expiry, Session, SessionManagerLayer, SessionStore};

/// The cookie.
pub const COOKIE: &str = "coco_session";
/// How often a session in use is written.
pub const TOUCH: i64 = 5 * MINUTE;
/// The one value a session holds.
const WHO: &str = "who";

/// Who is signed in with a session, and since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// The person.
    pub user: UserId,
    /// Their session epoch when they signed in; when theirs is another, this session has ended.
    pub epoch: i64,
    /// When they signed in.
    pub since: Timestamp,
    /// When the row was last written.
    pub seen: Timestamp,
}

/// The layer that reads and sets the cookie.
#[must_use]
pub fn layer(services: &Services, config: &Config) -> SessionManagerLayer<Store> {
    SessionManagerLayer::new(Store::new(services.core.clone()))
        .with_name(COOKIE)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_secure(config.is_https())
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(Duration::seconds(SESSION_IDLE / SECOND)))
}

/// Who is signed in with this session; ended ones are removed.
///
/// # Errors
/// [`Error::Unavailable`] when sessions cannot be read.
pub async fn signed_in(session: &Session, now: Timestamp) -> Result<Option<SignedIn>> {
    let Some(mut who) = session.get::<SignedIn>(WHO).await.map_err(unavailable)? else { return Ok(None) };
    if now.since(who.since) >= SESSION_ABSOLUTE {
        end(session).await;
        return Ok(None);
    }
    if now.since(who.seen) >= TOUCH {
        who.seen = now;
        session.insert(WHO, &who).await.map_err(unavailable)?;
    }
    Ok(Some(who))
}

/// Forgets a session that is no longer valid. That the row could not be removed does no harm.
pub async fn end(session: &Session) {
    if session.id().is_some()
        && let Err(e) = session.flush().await
    {
        tracing::warn!(error = %e, "session.not_removed");
    }
}

/// The session of one request, for server functions.
pub struct Handle {
    session: Session,
    visitors: Visitors,
    core: Core,
}

impl Handle {
    /// Of this session.
    #[must_use]
    pub const fn new(session: Session, visitors: Visitors, core: Core) -> Self {
        Self { session, visitors, core }
    }

    async fn sign_in(&self, user: &UserId) -> Result<()> {
        self.visitors.forget(user);
        let now = self.core.now();
        let who = SignedIn { user: user.clone(), epoch: self.visitors.epoch(user).await?, since: now, seen: now };
        self.session.cycle_id().await.map_err(unavailable)?;
        self.session.insert(WHO, who).await.map_err(unavailable)
    }

    async fn sign_out(&self) -> Result<()> {
        let who = self.session.get::<SignedIn>(WHO).await.map_err(unavailable)?;
        if self.session.id().is_some() {
            self.session.flush().await.map_err(unavailable)?;
        }
        if let Some(who) = who {
            self.visitors.forget(&who.user);
        }
        Ok(())
    }
}

impl app::context::Sessions for Handle {
    fn begin(&self, actor: &Actor) -> BoxFuture<'_, Result<()>> {
        let user = actor.id.clone();
        Box::pin(async move { self.sign_in(&user).await })
    }
    fn end(&self) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.sign_out())
    }
}

/// Sessions as rows of the business's database.
#[derive(Clone)]
pub struct Store {
    rows: SessionRows,
    core: Core,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

impl Store {
    /// On this database.
    #[must_use]
    pub fn new(core: Core) -> Self {
        Self { rows: SessionRows::new(core.clone()), core }
    }

    /// When the row ends: idle from now, but not after the absolute end. By our clock.
    fn expires_at(&self, record: &Record) -> i64 {
        let idle = self.core.now().plus(SESSION_IDLE);
        let who = record.data.get(WHO).and_then(|v| SignedIn::deserialize(v).ok());
        who.map_or(idle, |who| idle.min(who.since.plus(SESSION_ABSOLUTE))).micros()
    }
}

#[async_trait]
impl SessionStore for Store {
    async fn create(&self, record: &mut Record) -> StoreResult<()> {
        let (data, expires_at) = (encode(record)?, self.expires_at(record));
        while !self.rows.create(&record.id.to_string(), &data, expires_at).await.map_err(backend)? {
            record.id = Id::default();
        }
        Ok(())
    }

    /// A session that was ended meanwhile stays ended.
    async fn save(&self, record: &Record) -> StoreResult<()> {
        let saved = self.rows.save(&record.id.to_string(), &encode(record)?, self.expires_at(record)).await;
        saved.map(|_| ()).map_err(backend)
    }

    async fn load(&self, id: &Id) -> StoreResult<Option<Record>> {
        let Some(text) = self.rows.load(&id.to_string(), self.core.now().micros()).await.map_err(backend)? else { return Ok(None) };
        let data: HashMap<String, serde_json::Value> = serde_json::from_str(&text).map_err(|e| StoreError::Decode(e.to_string()))?;
        // Whether it has ended is known by the row; the layer does not look at this.
        Ok(Some(Record { id: *id, data, expiry_date: OffsetDateTime::UNIX_EPOCH }))
    }

    async fn delete(&self, id: &Id) -> StoreResult<()> {
        self.rows.delete(&id.to_string()).await.map_err(backend)
    }
}

fn encode(record: &Record) -> StoreResult<String> {
    serde_json::to_string(&record.data).map_err(|e| StoreError::Encode(e.to_string()))
}

fn backend(e: Error) -> StoreError {
    StoreError::Backend(format!("{e:?}"))
}

fn unavailable(e: impl std::fmt::Display) -> Error {
    Error::Unavailable(format!("session: {e}"))
}
