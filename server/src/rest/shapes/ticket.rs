//! Tickets.

use coco::id::{ConversationId, TeamId, TicketId, UserId, VendorId};
use coco::tickets::{self, Category, Channel, Priority, PrioritySource, Stage, Status, TicketDetails};
use coco::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// A ticket.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Ticket {
    /// Identifier.
    pub id: TicketId,
    /// Human number.
    #[schema(example = "TKT-2026-000123")]
    pub number: String,
    /// The conversation it began with.
    pub conversation_id: ConversationId,
    /// The vendor it belongs to.
    pub vendor_id: VendorId,
    /// Who asks.
    pub customer_id: UserId,
    /// Their name.
    pub customer_name: String,
    /// Their address.
    pub customer_email: String,
    /// Who works on it.
    pub assigned_agent_id: Option<UserId>,
    /// Their name.
    pub assigned_agent_name: Option<String>,
    /// The team that has it; for staff.
    pub assigned_team_id: Option<TeamId>,
    /// The team's name; for staff.
    pub assigned_team_name: Option<String>,
    /// One line.
    pub subject: String,
    /// The first message.
    pub description: String,
    /// Priority.
    pub priority: Priority,
    /// Who or what set it.
    pub priority_source: PrioritySource,
    /// State.
    pub status: Status,
    /// State in five words.
    pub status_group: StatusGroup,
    /// Top category.
    pub category: Category,
    /// Sub-category, may be empty.
    pub subcategory: String,
    /// Tags; for staff, and in the answer to who opened it with them.
    pub tags: Vec<String>,
    /// How it came.
    pub channel: Channel,
    /// Rises with every change; give it with a change to refuse lost updates.
    pub version: i64,
    /// When the promise that is due next is used up; for staff, and null while it stands still.
    pub sla_target: Option<Timestamp>,
    /// How the worse of its promises stands: `on_track`, `at_risk` or `breached`; for staff.
    #[schema(value_type = Option<String>, example = "on_track")]
    pub sla_status: Option<&'static str>,
    /// First public answer by staff.
    pub first_response_at: Option<Timestamp>,
    /// When it was last resolved.
    pub resolved_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// Last change of anything.
    pub updated_at: Timestamp,
}

/// State of a ticket in five words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StatusGroup {
    /// Nobody has it yet.
    Open,
    /// Someone works on it.
    InProgress,
    /// Waiting for the customer.
    Waiting,
    /// Answered.
    Resolved,
    /// Done.
    Closed,
}

impl From<Stage> for StatusGroup {
    fn from(stage: Stage) -> Self {
        match stage {
            Stage::Queued => Self::Open,
            Stage::Active => Self::InProgress,
            Stage::Waiting => Self::Waiting,
            Stage::Resolved => Self::Resolved,
            Stage::Closed => Self::Closed,
        }
    }
}

impl Ticket {
    /// A ticket with what else there is to tell of it.
    #[must_use]
    pub fn new(t: tickets::Ticket, d: TicketDetails) -> Self {
        Self {
            status_group: t.stage().into(),
            id: t.id,
            number: t.number,
            conversation_id: d.conversation_id,
            vendor_id: t.vendor_id,
            customer_id: t.customer_id,
            customer_name: t.customer_name,
            customer_email: d.customer_email,
            assigned_agent_id: t.assignee_id,
            assigned_agent_name: t.assignee_name,
            assigned_team_id: t.team_id,
            assigned_team_name: t.team_name,
            subject: t.subject,
            description: d.description,
            priority: t.priority,
            priority_source: t.priority_source,
            status: t.status,
            category: t.category,
            subcategory: t.subcategory,
            tags: d.tags,
            channel: t.channel,
            version: t.version,
            sla_target: d.outlook.and_then(|o| o.due_at),
            sla_status: d.outlook.map(|o| o.status.as_str()),
            first_response_at: t.first_response_at,
            resolved_at: t.resolved_at,
            closed_at: t.closed_at,
            created_at: t.created_at,
            updated_at: t.updated_at,
        }
    }
}

/// One ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct TicketAnswer {
    /// The ticket.
    pub ticket: Ticket,
}

/// A page of tickets.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TicketsAnswer {
    /// The tickets.
    pub tickets: Vec<Ticket>,
    /// Give this as `cursor` to go on; null on the last page.
    pub next_cursor: Option<String>,
}
