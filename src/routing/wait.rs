//! How long someone in the queue will wait, and how sure that is.

use crate::time::{MINUTE, SECOND, Timestamp};
use serde::{Deserialize, Serialize};

/// Fewer recent assignments than these tell nothing.
pub const ENOUGH: usize = 5;

/// Whoever waited less than this met someone with nothing to do, which tells nothing of a queue.
const WAITED: i64 = 10 * SECOND;

/// A ticket that left the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(sqlx::FromRow))]
#[expect(missing_docs, reason = "the fields are what they are called")]
pub struct Exit {
    pub entered_at: Timestamp,
    pub left_at: Timestamp,
}

/// The times that passed between two tickets leaving the queue, of `exits` with the newest first,
/// as far as someone waited meanwhile. When someone has waited `since` and nothing has left for
/// longer than usual, so has that time.
#[must_use]
pub fn gaps(exits: &[Exit], since: Timestamp, now: Timestamp) -> Vec<i64> {
    let waited = |e: &Exit| e.left_at.since(e.entered_at) >= WAITED;
    let gap = |pair: &[Exit]| pair[0].left_at.since(pair[0].entered_at.max(pair[1].left_at));
    let mut gaps: Vec<i64> = exits.windows(2).filter(|pair| waited(&pair[0])).map(gap).collect();
    if let Some(last) = exits.first() {
        let standing = now.since(since.max(last.left_at));
        let usual = gaps.iter().sum::<i64>() / (gaps.len() as i64).max(1);
        if !gaps.is_empty() && standing > usual {
            gaps.insert(0, standing);
        }
    }
    gaps
}

/// A wait between two bounds, in whole minutes: half of all waits lie within.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are what they are called")]
pub struct Wait {
    pub from: i64,
    pub to: i64,
}

/// The wait of whoever is at `position` (1 is next), from the times in microseconds that lately
/// passed between two tickets leaving the queue; `None` when there are too few of them.
///
/// The sum of `position` such times has their mean and variance times `position`; half of a normal
/// distribution lies within 0.6745 standard deviations of its mean.
#[must_use]
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "minutes of waiting are small numbers")]
pub fn estimate(position: i64, gaps: &[i64]) -> Option<Wait> {
    if gaps.len() < ENOUGH || position < 1 {
        return None;
    }
    let (n, count) = (position as f64, gaps.len() as f64);
    let mean = gaps.iter().map(|g| *g as f64).sum::<f64>() / count;
    let variance = gaps.iter().map(|g| (*g as f64 - mean).powi(2)).sum::<f64>() / (count - 1.0);
    let spread = 0.6745 * (n * variance).sqrt();
    let minutes = |micros: f64| (micros / MINUTE as f64).max(0.0);
    let from = minutes(n * mean - spread).floor() as i64;
    Some(Wait { from, to: (minutes(n * mean + spread).ceil() as i64).max(from + 1) })
}

impl Wait {
    /// As people read it.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self { from: 0, to: 1 } => "less than a minute".into(),
            Self { from: 0, to } => format!("up to {}", length(to)),
            Self { from, to } if length(from) == length(to) => format!("about {}", length(to)),
            Self { from, to } if to < 120 => format!("{from} to {to} minutes"),
            Self { from, to } => format!("{} to {}", length(from), length(to)),
        }
    }
}

/// Minutes below two hours, hours above.
fn length(minutes: i64) -> String {
    match minutes {
        1 => "1 minute".into(),
        m if m < 120 => format!("{m} minutes"),
        m => format!("{} hours", (m + 30) / 60),
    }
}
