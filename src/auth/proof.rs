//! Proving a person by their password.
//!
//! Whoever guesses learns nothing about addresses: unknown, wrong, inactive and locked have one
//! answer, after the same work and no sooner than [`FLOOR`], and are counted alike.

use super::service::Auth;
use super::{LOCKOUT, MAX_FAILURES, MAX_PASSWORD, secret, store};
use crate::error::{Error, Result};
use crate::id::UserId;
use crate::people::User;
use crate::time::Timestamp;
use std::time::Duration;

/// Answers that could tell whether an address is known come no sooner; tests do not wait.
pub const FLOOR: Duration = Duration::from_millis(if cfg!(any(test, feature = "testing")) { 0 } else { 400 });

/// The one answer for an unknown address, a wrong password and an inactive account.
pub fn wrong() -> Error {
    Error::invalid("password", "That email address and password don't match.")
}

impl Auth {
    /// The person, when the password is theirs. Counts the attempt before looking.
    pub(super) async fn verified(&self, email: &str, password: &str) -> Result<User> {
        let floor = tokio::time::sleep(FLOOR);
        let (key, now) = (secret::hash(&email.trim().to_lowercase()), self.core.now());
        self.attempts.begin(&key, now)?;
        let outcome = self.compare(email, password, now).await;
        match &outcome {
            Ok(_) => self.attempts.clear(&key),
            Err(Error::Invalid(_)) => floor.await,
            Err(_) => self.attempts.undo(&key),
        }
        outcome
    }

    /// Compares with what is stored and notes the result. A lock that only the database knows,
    /// after a restart or from another node, answers like a wrong password: telling it would tell
    /// that the address is known. That a result could not be noted changes no answer.
    async fn compare(&self, email: &str, password: &str, now: Timestamp) -> Result<User> {
        if password.len() > MAX_PASSWORD {
            return Err(wrong());
        }
        let user = self.find(email).await?;
        let row = match &user {
            Some(user) => store::credentials(&mut self.core.db.read().await?, &user.id).await?,
            None => None,
        };
        let right = self.passwords.verify(password, row.as_ref().map(|r| r.password_hash.as_str())).await?;
        let (Some(user), Some(row)) = (user, row) else { return Err(wrong()) };
        if row.locked_until.is_some_and(|until| until > now) {
            return Err(wrong());
        }
        let passed = right && user.is_active;
        let noted = if passed { self.note_success(&user.id, &row, password).await } else { self.note_failure(&user.id, now).await };
        if let Err(e) = noted {
            tracing::warn!(error = ?e, user_id = %user.id, "auth.attempt_not_noted");
        }
        if passed { Ok(user) } else { Err(wrong()) }
    }

    async fn note_success(&self, user: &UserId, row: &store::Credentials, password: &str) -> Result<()> {
        let old = row.password_hash.as_str();
        let new = if self.passwords.needs_rehash(old) { Some(self.passwords.hash(password).await?) } else { None };
        if new.is_none() && row.failures == 0 {
            return Ok(());
        }
        let mut tx = self.core.db.begin().await?;
        store::passed(&mut tx, user, old, new.as_deref().unwrap_or(old)).await?;
        tx.commit().await.map(|_| ())
    }

    async fn note_failure(&self, user: &UserId, now: Timestamp) -> Result<()> {
        let mut tx = self.core.db.begin().await?;
        store::failed(&mut tx, user, MAX_FAILURES, now.plus(LOCKOUT)).await?;
        tx.commit().await.map(|_| ())
    }
}
