//! What the API answers with.

use coco::actor::ActorKind;
use coco::analytics::Overview;
use coco::conversations::{self, Visibility};
use coco::id::{AttachmentId, ConversationId, MessageId, TicketId, UserId, VendorId};
use coco::page::Page;
use coco::tickets::{self, Category, Channel, Priority, PrioritySource, Queued, Stage, Status, TicketDetails};
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
    /// Tags.
    pub tags: Vec<String>,
    /// How it came.
    pub channel: Channel,
    /// Rises with every change; give it with a change to refuse lost updates.
    pub version: i64,
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
            id: t.id,
            number: t.number,
            conversation_id: d.conversation_id,
            vendor_id: t.vendor_id,
            customer_id: t.customer_id,
            customer_name: t.customer_name,
            customer_email: d.customer_email,
            assigned_agent_id: t.assignee_id,
            assigned_agent_name: t.assignee_name,
            subject: t.subject,
            description: d.description,
            priority: t.priority,
            priority_source: t.priority_source,
            status: t.status,
            status_group: t.status.stage().into(),
            category: t.category,
            subcategory: t.subcategory,
            tags: d.tags,
            channel: t.channel,
            version: t.version,
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

impl ChatStatus {
    /// What is open and nobody has is in the queue, whatever state its ticket is in.
    fn of(t: &tickets::Ticket) -> Self {
        match t.status.stage() {
            Stage::Resolved => Self::Resolved,
            Stage::Closed => Self::Closed,
            _ if t.assignee_id.is_none() => Self::Queued,
            Stage::Queued | Stage::Active | Stage::Waiting => Self::Active,
        }
    }
}

impl Conversation {
    /// The conversation a ticket began with.
    #[must_use]
    pub fn first(t: tickets::Ticket, d: TicketDetails) -> Self {
        Self {
            id: d.conversation_id,
            status: ChatStatus::of(&t),
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

/// A message.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Identifier.
    pub id: MessageId,
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// Its place in the conversation, from 1. Customers do not see notes, and so see gaps.
    pub position: i64,
    /// Who wrote it.
    pub sender_id: UserId,
    /// Their name at that time.
    pub sender_name: String,
    /// What they are.
    pub sender_type: SenderType,
    /// What it holds.
    pub message_type: MessageType,
    /// Plain text.
    pub content: String,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// A note for staff only.
    pub internal: bool,
    /// The id the sending client made.
    pub client_id: Option<String>,
    /// When it was stored.
    pub created_at: Timestamp,
}

/// Kinds of senders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SenderType {
    /// The customer.
    Customer,
    /// Staff of the vendor.
    Agent,
    /// The assistant.
    Sage,
    /// COCO itself.
    System,
}

/// Kinds of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageType {
    /// Text.
    Text,
    /// Images, perhaps with text.
    Image,
    /// Other files, perhaps with text.
    File,
}

impl From<ActorKind> for SenderType {
    fn from(kind: ActorKind) -> Self {
        match kind {
            ActorKind::Customer => Self::Customer,
            ActorKind::Rep => Self::Agent,
            ActorKind::Sage => Self::Sage,
            ActorKind::System => Self::System,
        }
    }
}

impl From<conversations::Message> for Message {
    fn from(m: conversations::Message) -> Self {
        let message_type = match m.attachments.as_slice() {
            [] => MessageType::Text,
            files if files.iter().all(|f| f.content_type.starts_with("image/")) => MessageType::Image,
            _ => MessageType::File,
        };
        Self {
            id: m.id,
            conversation_id: m.conversation_id,
            position: m.position,
            sender_id: m.sender_id,
            sender_name: m.sender_name,
            sender_type: m.sender_type.into(),
            message_type,
            content: m.content,
            attachments: m.attachments.into_iter().map(Into::into).collect(),
            internal: m.visibility != Visibility::Customer,
            client_id: m.client_id,
            created_at: m.created_at,
        }
    }
}

/// One message.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageAnswer {
    /// The message.
    pub message: Message,
}

/// A page of messages.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessagesAnswer {
    /// The messages.
    pub messages: Vec<Message>,
    /// Give this as `cursor` to go on; null on the last page.
    pub next_cursor: Option<String>,
}

impl From<Page<conversations::Message>> for MessagesAnswer {
    fn from(page: Page<conversations::Message>) -> Self {
        Self { messages: page.items.into_iter().map(Into::into).collect(), next_cursor: page.next_cursor }
    }
}

/// A file.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    /// Identifier; to be named in a message.
    pub id: AttachmentId,
    /// The file's name, cleaned.
    pub name: String,
    /// What it really is, found from its first bytes.
    #[schema(example = "image/png")]
    pub content_type: String,
    /// Bytes.
    pub size: i64,
    /// Where it can be fetched.
    pub url: String,
    /// Where a small picture of it can be fetched.
    pub thumbnail_url: Option<String>,
}

impl From<conversations::Attachment> for Attachment {
    fn from(a: conversations::Attachment) -> Self {
        let url = a.url();
        Self {
            id: a.id,
            name: a.name,
            content_type: a.content_type,
            size: a.size,
            thumbnail_url: a.has_thumbnail.then(|| format!("{url}/thumbnail")),
            url,
        }
    }
}

/// One file.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttachmentAnswer {
    /// The file.
    pub attachment: Attachment,
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
}

impl QueueEntry {
    /// A ticket in the queue with what else there is to tell of it.
    #[must_use]
    pub fn new(q: Queued, d: TicketDetails) -> Self {
        Self {
            conversation_id: d.conversation_id,
            ticket_id: q.ticket.id,
            number: q.ticket.number,
            subject: q.ticket.subject,
            customer_name: q.ticket.customer_name,
            priority: q.ticket.priority,
            position: q.position,
            wait_seconds: q.wait_s,
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
