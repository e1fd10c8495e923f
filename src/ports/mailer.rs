//! Sending mail.

use crate::error::Result;
use crate::time::Timestamp;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// A mail to one person, as plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The address.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The text.
    pub text: String,
}

/// Takes mail and is responsible for it afterwards.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Takes `mail`.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`] when it could not be taken.
    async fn send(&self, mail: Mail) -> Result<()>;
}

/// A mail that was taken and is kept for whoever runs COCO to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxMail {
    /// Names it among the others; later ones sort after earlier ones.
    pub id: String,
    /// When it was taken.
    pub at: Timestamp,
    /// The address.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The text.
    pub text: String,
}

/// The mail that was taken, where it is kept here rather than sent on.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// The newest mails, the latest first; with `before`, of those that came before that one.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`] when they cannot be read.
    async fn list(&self, before: Option<&str>, limit: usize) -> Result<Vec<OutboxMail>>;

    /// One mail.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`], [`crate::Error::Unavailable`].
    async fn read(&self, id: &str) -> Result<OutboxMail>;
}

/// Keeps mail in memory, for tests.
#[cfg(any(test, feature = "testing"))]
#[derive(Debug, Default)]
pub struct FakeMailer(std::sync::Mutex<Vec<Mail>>);

#[cfg(any(test, feature = "testing"))]
impl FakeMailer {
    /// What was sent so far.
    #[must_use]
    pub fn sent(&self) -> Vec<Mail> {
        self.0.lock().map(|m| m.clone()).unwrap_or_default()
    }
}

#[cfg(any(test, feature = "testing"))]
#[async_trait]
impl Mailer for FakeMailer {
    async fn send(&self, mail: Mail) -> Result<()> {
        self.0.lock().map_err(crate::Error::internal)?.push(mail);
        Ok(())
    }
}
