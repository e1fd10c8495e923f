//! Feedback: how the customer rates a resolved ticket (CSAT), on its page or by a link in a mail.

use crate::time::{DAY, Timestamp};
use serde::{Deserialize, Serialize};

#[cfg(feature = "server")]
mod invitations;
#[cfg(feature = "server")]
pub mod service;
#[cfg(feature = "server")]
mod store;
#[cfg(test)]
#[cfg(feature = "server")]
mod tests;

/// A link in a mail works for this long after the ticket was resolved.
pub const LINK_TTL: i64 = 30 * DAY;
/// The longest comment, in characters.
pub const MAX_COMMENT: usize = 2_000;

/// A rating of a resolved ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(sqlx::FromRow))]
pub struct Rating {
    /// 1 (bad) to 5 (excellent).
    pub score: i64,
    /// What the customer added, may be empty.
    pub comment: String,
    /// When.
    pub created_at: Timestamp,
}

/// What a link in a mail asks about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// The number of the ticket.
    pub number: String,
    /// Its subject.
    pub subject: String,
    /// Who resolved it.
    pub vendor_name: String,
    /// Whether the link can still be used.
    pub standing: Standing,
}

/// Whether a link in a mail can still be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// It can.
    Open,
    /// The ticket was rated since, with this score.
    Rated(i64),
    /// The ticket was reopened since. When it is resolved again, a newer mail asks.
    Reopened,
    /// Its time is over.
    Expired,
}

/// The words for scores 1 to 5.
pub const SCORE_LABELS: [&str; 5] = ["Bad", "Poor", "Okay", "Good", "Excellent"];

/// The word for a score; empty when it is none.
#[must_use]
pub fn score_label(score: i64) -> &'static str {
    usize::try_from(score - 1).ok().and_then(|at| SCORE_LABELS.get(at)).copied().unwrap_or_default()
}
