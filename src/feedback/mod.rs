//! Feedback: how the customer rates a resolved ticket (CSAT).

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

#[cfg(feature = "server")]
pub mod service;
#[cfg(feature = "server")]
mod store;

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

/// The words for scores 1 to 5.
pub const SCORE_LABELS: [&str; 5] = ["Bad", "Poor", "Okay", "Good", "Excellent"];
