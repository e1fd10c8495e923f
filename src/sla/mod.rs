//! Promises of time: how soon a ticket gets its first answer and its resolution.
//!
//! A reader of the journey keeps two clocks for each ticket, in the working time of its vendor. They stand
//! still while the next word is the customer's, and for no other reason. The first public answer of staff ends the
//! first, the resolution the second; a ticket that is opened again goes on where it stopped. Done without an answer,
//! it needs none. A promise is kept until its due time and broken after it; each clock warns once and is broken
//! once, for each target it is given. What is promised comes from the vendor's policy as it is now: changing it, or
//! the priority, changes the target and never the time that was used.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

#[cfg(feature = "server")]
mod attainment;
#[cfg(feature = "server")]
mod calendar;
#[cfg(feature = "server")]
mod clock;
#[cfg(feature = "server")]
mod due;
#[cfg(feature = "server")]
mod entry;
pub mod figures;
pub mod hours;
pub mod policy;
#[cfg(feature = "server")]
pub mod reader;
#[cfg(feature = "server")]
pub mod service;
#[cfg(feature = "server")]
mod store;
#[cfg(all(test, feature = "server"))]
mod tests;
pub mod text;

pub use figures::{Attainment, Kept};
pub use policy::{BreachAction, Policy};
pub use text::{PolicyText, Preset, TargetText};

/// Of the target, in percent: with so much used up a clock is at risk.
pub const AT_RISK_PERCENT: i64 = 75;

/// Which promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// From the ticket's beginning to the first public answer by staff.
    FirstResponse,
    /// From the ticket's beginning to its resolution.
    Resolution,
}

impl Kind {
    /// Both, in the order of a ticket's life.
    pub const ALL: [Self; 2] = [Self::FirstResponse, Self::Resolution];
    /// The word in the database and at the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FirstResponse => "first_response",
            Self::Resolution => "resolution",
        }
    }
    /// What a person reads.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::FirstResponse => "First answer",
            Self::Resolution => "Resolution",
        }
    }
}

/// How a promise stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// In time.
    OnTrack,
    /// Most of the time is used up.
    AtRisk,
    /// Too late.
    Breached,
}

impl Status {
    /// The word at the API and in style sheets.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OnTrack => "on_track",
            Self::AtRisk => "at_risk",
            Self::Breached => "breached",
        }
    }
    /// What a person reads.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::OnTrack => "On track",
            Self::AtRisk => "At risk",
            Self::Breached => "Breached",
        }
    }
}

/// How a clock of a ticket stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Which promise.
    pub kind: Kind,
    /// Working time allowed, in microseconds.
    pub target: i64,
    /// Working time used when it last began to run, or until it stopped.
    pub used: i64,
    /// It runs.
    pub is_running: bool,
    /// When it comes to be at risk, while it runs.
    pub at_risk_at: Option<Timestamp>,
    /// When it is used up, while it runs; absent when that would take years.
    pub due_at: Option<Timestamp>,
    /// When the promise was fulfilled, in time or late.
    pub met_at: Option<Timestamp>,
    /// Since when it is broken.
    pub breached_at: Option<Timestamp>,
    /// The ticket was done without it.
    pub is_cancelled: bool,
}

impl Standing {
    /// How it stands at `now`.
    #[must_use]
    pub fn status(&self, now: Timestamp) -> Status {
        let past = |at: Option<Timestamp>| at.is_some_and(|at| now > at);
        if self.breached_at.is_some() || past(self.due_at) {
            return Status::Breached;
        }
        let late = past(self.at_risk_at) || (!self.is_running && self.used * 100 >= self.target * AT_RISK_PERCENT);
        if late && self.is_open() { Status::AtRisk } else { Status::OnTrack }
    }

    /// Something is still to be done for it.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.met_at.is_none() && !self.is_cancelled
    }

    /// Of the clocks of a ticket the one that is due first, of those that are open; what stands still comes last.
    #[must_use]
    pub fn nearest(clocks: &[Self]) -> Option<&Self> {
        clocks.iter().filter(|c| c.is_open()).min_by_key(|c| (c.due_at.is_none(), c.due_at))
    }
}

/// The promises of a ticket in short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outlook {
    /// When it is due next, while something runs.
    pub due_at: Option<Timestamp>,
    /// How the worse of its promises stands.
    pub status: Status,
}

#[cfg(test)]
mod rules {
    use super::*;

    fn clock(kind: Kind, due: Option<i64>) -> Standing {
        let at = |m: i64| Timestamp::from_micros(m);
        Standing {
            kind,
            target: 100,
            used: 0,
            is_running: due.is_some(),
            at_risk_at: due.map(|d| at(d - 25)),
            due_at: due.map(at),
            met_at: None,
            breached_at: None,
            is_cancelled: false,
        }
    }

    #[test]
    fn a_promise_is_kept_up_to_its_due_time() {
        let clock = clock(Kind::Resolution, Some(100));
        let status = |now| clock.status(Timestamp::from_micros(now));
        assert_eq!([75, 76, 100, 101].map(status), [Status::OnTrack, Status::AtRisk, Status::AtRisk, Status::Breached]);
    }

    #[test]
    fn what_stands_still_keeps_its_state() {
        let now = Timestamp::from_micros(1_000);
        let paused = Standing { used: 75, ..clock(Kind::Resolution, None) };
        assert_eq!(paused.status(now), Status::AtRisk);
        assert_eq!(Standing { used: 74, ..paused.clone() }.status(now), Status::OnTrack);
        assert_eq!(Standing { met_at: Some(now), ..paused.clone() }.status(now), Status::OnTrack);
        assert_eq!(Standing { breached_at: Some(now), met_at: Some(now), ..paused }.status(now), Status::Breached);
    }

    #[test]
    fn the_nearest_is_open_and_due_first() {
        let (first, second) = (clock(Kind::FirstResponse, Some(50)), clock(Kind::Resolution, Some(90)));
        let nearest = |clocks: &[Standing]| Standing::nearest(clocks).map(|c| c.kind);
        assert_eq!(nearest(&[first.clone(), second.clone()]), Some(Kind::FirstResponse));
        let met = Standing { met_at: Some(Timestamp::from_micros(1)), ..first };
        assert_eq!(nearest(&[met.clone(), second]), Some(Kind::Resolution));
        assert_eq!(nearest(&[met, clock(Kind::Resolution, None)]), Some(Kind::Resolution));
        assert_eq!(nearest(&[]), None);
    }
}
