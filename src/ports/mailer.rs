//! Sending mail.

use crate::error::Result;
use async_trait::async_trait;

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
