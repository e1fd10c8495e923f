//! Conversations, and the queue of them.

use coco::conversations;
use coco::id::{ConversationId, TicketId, UserId};
use coco::routing::wait::Wait;
use coco::tickets::{self, Channel, Priority, Queued, Stage, TicketDetails};
use coco::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// A conversation of a ticket.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Conversation {
    /// Identifier.
    pub id: ConversationId,
    /// Its ticket.
    pub ticket_id: TicketId,
    /// The ticket's number.
    pub ticket_number: String,
    /// The customer.
    pub customer_id: UserId,
    /// Their name.
    pub customer_name: String,
    /// Their address.
    pub customer_email: String,
    /// Who answers.
    pub agent_id: Option<UserId>,
    /// Their name.
    pub agent_name: Option<String>,
    /// State.
    pub status: ChatStatus,
    /// How it came.
    pub channel: Channel,
    /// One line.
    pub subject: String,
    /// Tags.
    pub tags: Vec<String>,
    /// When it began.
    pub started_at: Timestamp,
    /// Since when the present agent has it.
    pub assigned_at: Option<Timestamp>,
    /// When it was last resolved.
    pub resolved_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// When it was stored.
    pub created_at: Timestamp,
    /// Last change of anything.
    pub updated_at: Timestamp,
}

/// State of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChatStatus {
    /// Nobody has it yet.
    Queued,
    /// Someone works on it, or waits for the customer.
    Active,
    /// Answered.
    Resolved,
    /// Done.
    Closed,
}

impl From<Stage> for ChatStatus {
    fn from(stage: Stage) -> Self {
        match stage {
            Stage::Queued => Self::Queued,
            Stage::Active | Stage::Waiting => Self::Active,
            Stage::Resolved => Self::Resolved,
            Stage::Closed => Self::Closed,
        }
    }
}

impl Conversation {
    /// The conversation a ticket began with.
    #[must_use]
    pub fn first(t: tickets::Ticket, d: TicketDetails) -> Self {
        Self {
            status: t.stage().into(),
            id: d.conversation_id,
            ticket_id: t.id,
            ticket_number: t.number,
            customer_id: t.customer_id,
            customer_name: t.customer_name,
            customer_email: d.customer_email,
            agent_id: t.assignee_id,
            agent_name: t.assignee_name,
            channel: t.channel,
            subject: t.subject,
            tags: d.tags,
            started_at: t.created_at,
            assigned_at: d.assigned_at,
            resolved_at: t.resolved_at,
            closed_at: t.closed_at,
            created_at: t.created_at,
            updated_at: t.updated_at,
        }
    }

    /// A conversation with its ticket.
    #[must_use]
    pub fn new(c: conversations::Conversation, t: tickets::Ticket, d: TicketDetails) -> Self {
        Self { id: c.id, channel: c.channel, started_at: c.created_at, created_at: c.created_at, ..Self::first(t, d) }
    }
}

/// One conversation.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConversationAnswer {
    /// The conversation.
    pub conversation: Conversation,
}

/// A ticket in the queue.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueueEntry {
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// The ticket.
    pub ticket_id: TicketId,
    /// Its number.
    pub number: String,
    /// One line.
    pub subject: String,
    /// Who waits.
    pub customer_name: String,
    /// How pressing it is.
    pub priority: Priority,
    /// Its place, from 1.
    pub position: i64,
    /// How long it has waited.
    pub wait_seconds: i64,
    /// How long it will likely go on waiting; null when too few tickets left the queue lately to tell.
    pub estimated_wait: Option<EstimatedWait>,
}

/// Half of all waits are within.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EstimatedWait {
    /// At least.
    pub from_minutes: i64,
    /// At most.
    pub to_minutes: i64,
}

impl QueueEntry {
    /// A ticket in the queue with what else there is to tell of it.
    #[must_use]
    pub fn new(q: Queued, d: TicketDetails, wait: Option<Wait>) -> Self {
        Self {
            conversation_id: d.conversation_id,
            ticket_id: q.ticket.id,
            number: q.ticket.number,
            subject: q.ticket.subject,
            customer_name: q.ticket.customer_name,
            priority: q.ticket.priority,
            position: q.position,
            wait_seconds: q.wait_s,
            estimated_wait: wait.map(|w| EstimatedWait { from_minutes: w.from, to_minutes: w.to }),
        }
    }
}

/// A page of the queue.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueueAnswer {
    /// The most pressing first, then the longest waiting.
    pub queue: Vec<QueueEntry>,
    /// Give this as `cursor` to go on; null on the last page.
    pub next_cursor: Option<String>,
}
