//! Looking for viruses in what people upload.

use crate::error::Result;
use async_trait::async_trait;
use bytes::Bytes;

/// What came of looking through a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// Nothing was found.
    Clean,
    /// It would do harm; what that is called.
    Harmful(String),
}

/// Looks through files.
#[async_trait]
pub trait Scanner: Send + Sync {
    /// Looks through `content`, and gives up after a while.
    ///
    /// # Errors
    /// [`crate::Error::Unchecked`] when it could not be looked through.
    async fn scan(&self, content: Bytes) -> Result<Finding>;
}

/// How a [`FakeScanner`] is.
#[cfg(any(test, feature = "testing"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// It answers.
    Well,
    /// It is not there.
    Away,
    /// It takes until it is in another mood.
    Slow,
}

/// Calls harmful what has the word `virus` in it, for tests.
#[cfg(any(test, feature = "testing"))]
#[derive(Debug)]
pub struct FakeScanner(tokio::sync::watch::Sender<Mood>);

#[cfg(any(test, feature = "testing"))]
impl FakeScanner {
    /// In this mood.
    #[must_use]
    pub fn new(mood: Mood) -> Self {
        Self(tokio::sync::watch::Sender::new(mood))
    }

    /// Changes its mood.
    pub fn be(&self, mood: Mood) {
        self.0.send_replace(mood);
    }

    /// How many files it is looking through.
    #[must_use]
    pub fn busy(&self) -> usize {
        self.0.receiver_count()
    }
}

#[cfg(any(test, feature = "testing"))]
#[async_trait]
impl Scanner for FakeScanner {
    async fn scan(&self, content: Bytes) -> Result<Finding> {
        let mut moods = self.0.subscribe();
        let mood = *moods.wait_for(|m| *m != Mood::Slow).await.map_err(crate::Error::internal)?;
        match mood {
            Mood::Away => Err(crate::Error::Unchecked("the scanner is away".into())),
            _ if content.windows(5).any(|w| w == b"virus") => Ok(Finding::Harmful("Test.Virus".into())),
            _ => Ok(Finding::Clean),
        }
    }
}
