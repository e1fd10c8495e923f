//! The rows behind the browser's sessions. What a session holds is the server's matter.

use super::{secret, store};
use crate::error::Result;
use crate::services::Core;
use crate::time::HOUR;
use crate::trace::TARGET;
use tracing::instrument;

/// Sessions as rows: opaque text by id, each until a time. Ids are kept as hashes, so that whoever
/// reads the database (or a copy) can take over no session; so do not put the id into the data.
#[derive(Clone)]
pub struct SessionRows {
    core: Core,
}

impl std::fmt::Debug for SessionRows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionRows").finish_non_exhaustive()
    }
}

impl SessionRows {
    /// On this database.
    #[must_use]
    pub const fn new(core: Core) -> Self {
        Self { core }
    }

    /// Stores a new session until `expires_at` (µs UTC); false when the id is taken.
    ///
    /// # Errors
    /// The database's.
    #[instrument(target = TARGET, name = "auth.sessions.create", skip_all)]
    pub async fn create(&self, id: &str, data: &str, expires_at: i64) -> Result<bool> {
        let mut tx = self.core.db.begin().await?;
        let inserted = store::insert_session(&mut tx, &secret::hash(id), data, expires_at).await?;
        tx.commit().await?;
        Ok(inserted)
    }

    /// Stores what a session holds now; false when it was ended meanwhile, which it then stays.
    ///
    /// # Errors
    /// The database's.
    #[instrument(target = TARGET, name = "auth.sessions.save", skip_all)]
    pub async fn save(&self, id: &str, data: &str, expires_at: i64) -> Result<bool> {
        let mut tx = self.core.db.begin().await?;
        let saved = store::update_session(&mut tx, &secret::hash(id), data, expires_at).await?;
        tx.commit().await?;
        Ok(saved)
    }

    /// The data of a session that has not ended at `now` (µs UTC).
    ///
    /// # Errors
    /// The database's.
    #[instrument(target = TARGET, name = "auth.sessions.load", skip_all)]
    pub async fn load(&self, id: &str, now: i64) -> Result<Option<String>> {
        store::session(&mut self.core.db.read().await?, &secret::hash(id), now).await
    }

    /// Ends a session; harmless when there is none.
    ///
    /// # Errors
    /// The database's.
    #[instrument(target = TARGET, name = "auth.sessions.delete", skip_all)]
    pub async fn delete(&self, id: &str) -> Result<()> {
        let mut tx = self.core.db.begin().await?;
        store::delete_session(&mut tx, &secret::hash(id)).await?;
        tx.commit().await.map(|_| ())
    }

    /// Removes the sessions that have ended at `now` (µs UTC), and one-time links long ended; the
    /// number of sessions.
    ///
    /// # Errors
    /// The database's.
    #[instrument(target = TARGET, name = "auth.sessions.delete_expired", skip_all)]
    pub async fn delete_expired(&self, now: i64) -> Result<u64> {
        let mut tx = self.core.db.begin().await?;
        let gone = store::delete_expired_sessions(&mut tx, now).await?;
        store::delete_links(&mut tx, now.saturating_sub(HOUR)).await?;
        tx.commit().await?;
        Ok(gone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{sql, testing::Stage};

    crate::both_dbs!(come_and_go, keep_no_id);

    async fn come_and_go(stage: Stage) {
        let rows = SessionRows::new(stage.services.core.clone());
        assert_eq!(rows.create("a", "one", 100).await, Ok(true));
        assert_eq!(rows.create("a", "other", 900).await, Ok(false));
        assert_eq!(rows.load("a", 99).await, Ok(Some("one".into())));
        assert_eq!(rows.load("a", 100).await, Ok(None));
        assert_eq!(rows.save("a", "two", 200).await, Ok(true));
        assert_eq!(rows.create("b", "new", 300).await, Ok(true));
        assert_eq!(rows.load("a", 199).await, Ok(Some("two".into())));
        assert_eq!(rows.delete_expired(200).await, Ok(1));
        assert_eq!(rows.load("a", 0).await, Ok(None));
        rows.delete("b").await.unwrap();
        rows.delete("b").await.unwrap();
        assert_eq!(rows.save("b", "late", 300).await, Ok(false), "what has ended stays ended");
        assert_eq!(rows.load("b", 0).await, Ok(None));
    }

    async fn keep_no_id(stage: Stage) {
        let rows = SessionRows::new(stage.services.core.clone());
        rows.create("the id in the cookie", "{}", 100).await.unwrap();
        let mut conn = stage.services.core.db.read().await.unwrap();
        let (id,): (String,) = sql("SELECT id FROM sessions").one(&mut conn).await.unwrap();
        assert_eq!(id, secret::hash("the id in the cookie"));
    }
}
