//! The only list of events. Each is appended to the journey in the transaction it tells of.
//!
//! The names of the variants are the `type` of socket frames and the `kind` in the database; the
//! fields are the `data` of frames.

use crate::conversations::Message;
use crate::id::{TeamId, UserId};
use crate::sla::Kind as Promise;
use crate::tickets::{Category, Channel, Priority, PrioritySource, Status, TicketType};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[expect(missing_docs, reason = "the fields are what they are called")]
pub enum Event {
    /// A ticket was opened.
    TicketCreated {
        number: String,
        subject: String,
        channel: Channel,
        status: Status,
        priority: Priority,
        priority_source: PrioritySource,
        /// The word that decided, when rules did.
        priority_reason: Option<String>,
    },
    /// A message both sides see.
    Message(Message),
    /// An internal note.
    Note(Message),
    /// Someone has the ticket now, or nobody.
    AgentAssigned {
        agent_id: Option<UserId>,
        agent_name: Option<String>,
        previous_agent_id: Option<UserId>,
        previous_agent_name: Option<String>,
        reason: String,
    },
    /// A team has the ticket now, or none.
    TeamAssigned { team_id: Option<TeamId>, team_name: Option<String>, previous_team_name: Option<String>, reason: String },
    /// The state moved.
    StatusChange { status: Status, previous: Status, reason: String },
    /// The ticket needs a higher level.
    Escalated { level: i64, previous: i64, reason: String },
    /// The priority changed.
    PriorityChange { priority: Priority, previous: Priority, source: PrioritySource },
    /// The subject changed.
    SubjectChange { subject: String, previous: String },
    /// Category, sub-category or type changed.
    CategoryChange { category: Category, subcategory: String, ticket_type: TicketType },
    /// Tags changed.
    TagsChange { added: Vec<String>, removed: Vec<String> },
    /// The customer rated.
    Rated { score: i64, comment: String },
    /// A promise is about to be broken: most of its time is used up.
    SlaWarning { number: String, promise: Promise, due_at: Option<Timestamp>, assignee_id: Option<UserId>, notify: bool },
    /// A promise is broken. `notify` asks for the assignee and the managers to be told.
    SlaBreached { number: String, promise: Promise, due_at: Timestamp, assignee_id: Option<UserId>, notify: bool },
    /// The customer made an account.
    CustomerRegistered {},
    /// The customer proved that mail to their address reaches them.
    AddressConfirmed {},
    /// The customer came to a vendor.
    VendorJoined { vendor_name: String },
    /// How a vendor's tickets find their reps changed.
    RoutingChange { automatic: bool, version: i64 },
    /// What a vendor promises changed.
    SlaChange { version: i64 },
}

impl Event {
    /// Takes out what colleagues wrote for each other.
    pub fn hide_from_customer(&mut self) {
        match self {
            Self::StatusChange { reason, .. } | Self::Escalated { reason, .. } => reason.clear(),
            Self::AgentAssigned { reason, previous_agent_id, previous_agent_name, .. } => {
                reason.clear();
                (*previous_agent_id, *previous_agent_name) = (None, None);
            }
            Self::TicketCreated { priority_reason, .. } => *priority_reason = None,
            _ => {}
        }
    }

    /// The `type` of frames and the `kind` in the database.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::TicketCreated { .. } => "ticket_created",
            Self::Message(_) => "message",
            Self::Note(_) => "note",
            Self::AgentAssigned { .. } => "agent_assigned",
            Self::TeamAssigned { .. } => "team_assigned",
            Self::StatusChange { .. } => "status_change",
            Self::Escalated { .. } => "escalated",
            Self::PriorityChange { .. } => "priority_change",
            Self::SubjectChange { .. } => "subject_change",
            Self::CategoryChange { .. } => "category_change",
            Self::TagsChange { .. } => "tags_change",
            Self::Rated { .. } => "rated",
            Self::SlaWarning { .. } => "sla_warning",
            Self::SlaBreached { .. } => "sla_breached",
            Self::CustomerRegistered {} => "customer_registered",
            Self::AddressConfirmed {} => "address_confirmed",
            Self::VendorJoined { .. } => "vendor_joined",
            Self::RoutingChange { .. } => "routing_change",
            Self::SlaChange { .. } => "sla_change",
        }
    }
}
