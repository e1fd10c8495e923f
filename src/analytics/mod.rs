//! Analytics: figures about the desk. One definition per figure, in the docs of its field.

use serde::{Deserialize, Serialize};

#[cfg(feature = "server")]
pub mod service;
#[cfg(feature = "server")]
mod store;

/// How a vendor's desk stands now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// Tickets that are neither resolved nor closed.
    pub open: i64,
    /// Open tickets that nobody has.
    pub unassigned: i64,
    /// Open tickets with priority urgent.
    pub urgent: i64,
    /// Seconds since the oldest unassigned ticket was opened.
    pub longest_wait_s: Option<i64>,
    /// Staff whose presence is online.
    pub online: i64,
    /// All active staff.
    pub staff: i64,
    /// Tickets opened in the last 24 hours.
    pub created_today: i64,
    /// Tickets resolved in the last 24 hours and still resolved or closed.
    pub resolved_today: i64,
    /// Mean of `first_response_at − created_at` over tickets first answered in the last 7 days, in seconds.
    pub first_response_s: Option<i64>,
    /// Mean rating of the last 30 days, 1 to 5, and how many there were.
    pub csat: Option<(f64, i64)>,
    /// Tickets opened on each of the last 14 days, oldest first, by UTC day.
    pub per_day: Vec<i64>,
}

/// What there is of everything, over all vendors: for whoever runs COCO.
#[cfg(feature = "server")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
#[expect(missing_docs, reason = "they are counts")]
pub struct Totals {
    pub vendors: i64,
    pub staff: i64,
    pub customers: i64,
    pub tickets: i64,
    pub open: i64,
    pub unassigned: i64,
    pub messages: i64,
    pub files: i64,
    pub events: i64,
}
