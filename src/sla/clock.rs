//! One running promise: so much working time until the first answer, or until the resolution.

use super::AT_RISK_PERCENT;
use super::calendar::Calendar;
use crate::time::Timestamp;

/// A clock of a ticket. Used time is kept in microseconds of working time, so that a pause takes
/// nothing from it and gives nothing to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Clock {
    /// Working time allowed.
    pub target: i64,
    /// Working time used before `running_since`.
    pub used: i64,
    /// Since when it runs; `None` while it is paused or over.
    pub running_since: Option<Timestamp>,
    /// When it was fulfilled.
    pub met_at: Option<Timestamp>,
}

impl Clock {
    /// One that starts at `at`.
    #[must_use]
    pub const fn start(target: i64, at: Timestamp) -> Self {
        Self { target, used: 0, running_since: Some(at), met_at: None }
    }

    /// Working time used up until `now`.
    #[must_use]
    pub fn used(&self, calendar: &Calendar, now: Timestamp) -> i64 {
        self.used + self.running_since.map_or(0, |since| calendar.elapsed(since, now))
    }

    /// Stops counting, for as long as COCO waits for the customer. Again changes nothing.
    pub fn pause(&mut self, calendar: &Calendar, at: Timestamp) {
        self.used = self.used(calendar, at);
        self.running_since = None;
    }

    /// Counts on where it stopped; a clock that runs goes on.
    pub fn resume(&mut self, at: Timestamp) {
        self.met_at = None;
        self.running_since.get_or_insert(at);
    }

    /// What was promised was done.
    pub fn meet(&mut self, calendar: &Calendar, at: Timestamp) {
        self.pause(calendar, at);
        self.met_at.get_or_insert(at);
    }

    /// When the target is used up if nothing stops the clock; `None` while it does not run, and when
    /// it would take years.
    #[must_use]
    pub fn due(&self, calendar: &Calendar) -> Option<Timestamp> {
        self.after(calendar, self.target)
    }

    /// When it comes to be at risk, likewise.
    #[must_use]
    pub fn at_risk_from(&self, calendar: &Calendar) -> Option<Timestamp> {
        self.after(calendar, self.target * AT_RISK_PERCENT / 100)
    }

    fn after(&self, calendar: &Calendar, budget: i64) -> Option<Timestamp> {
        // What is over was over at some moment before; how long before no longer matters.
        calendar.due(self.running_since?, budget - self.used)
    }
}
