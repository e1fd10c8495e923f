//! Figures.

use coco::analytics::Overview;
use serde::Serialize;
use utoipa::ToSchema;

/// How a vendor's desk stands now.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Analytics {
    /// Tickets that are neither resolved nor closed.
    pub open_conversations: i64,
    /// Open ones that nobody has.
    pub queue_length: i64,
    /// Open ones with priority urgent.
    pub urgent: i64,
    /// How long the oldest in the queue has waited; null when it is empty.
    pub longest_wait_seconds: Option<i64>,
    /// Staff who are online.
    pub online_agents: i64,
    /// All active staff.
    pub agents: i64,
    /// Opened in the last 24 hours.
    pub started_last_day: i64,
    /// Resolved in the last 24 hours, and still so.
    pub resolved_last_day: i64,
    /// Mean time from opening to the first answer over the last 7 days; null when there was none.
    pub average_first_response_seconds: Option<i64>,
    /// Mean rating of the last 30 days, 1 to 5; null when there was none.
    pub customer_satisfaction: Option<f64>,
    /// How many ratings that is the mean of.
    pub ratings: i64,
    /// Opened on each of the last 14 days, oldest first, by UTC day.
    pub started_per_day: Vec<i64>,
}

impl From<Overview> for Analytics {
    fn from(o: Overview) -> Self {
        Self {
            open_conversations: o.open,
            queue_length: o.unassigned,
            urgent: o.urgent,
            longest_wait_seconds: o.longest_wait_s,
            online_agents: o.online,
            agents: o.staff,
            started_last_day: o.created_today,
            resolved_last_day: o.resolved_today,
            average_first_response_seconds: o.first_response_s,
            customer_satisfaction: o.csat.map(|c| c.0),
            ratings: o.csat.map_or(0, |c| c.1),
            started_per_day: o.per_day,
        }
    }
}

/// The figures.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnalyticsAnswer {
    /// The figures.
    pub analytics: Analytics,
}
