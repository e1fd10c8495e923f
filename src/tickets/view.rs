//! What goes in and out of the tickets service.

use super::{Category, Channel, Priority, Status, Ticket, TicketType};
use crate::conversations::Thread;
use crate::feedback::Rating;
use crate::id::{AttachmentId, ConversationId, TeamId, UserId, VendorId};
use crate::journey::EventRecord;
use crate::people::CustomerCard;
use crate::routing::Place;
use crate::sla::{Outlook, Standing};
use crate::time::Timestamp;
use crate::vendors::Vendor;
use serde::{Deserialize, Serialize};

/// What is needed to open a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewTicket {
    /// The vendor to ask; the current one of the actor when absent.
    pub vendor_id: Option<VendorId>,
    /// On whose behalf, when staff open it: who the customer is.
    pub customer: Option<CustomerRef>,
    /// One line.
    pub subject: String,
    /// The first message.
    pub description: String,
    /// Absent: the rules decide.
    pub priority: Option<Priority>,
    /// Absent: other.
    pub category: Option<Category>,
    /// Sub-category or empty.
    pub subcategory: String,
    /// Tags.
    pub tags: Vec<String>,
    /// How it came.
    pub channel: Channel,
    /// Files uploaded before.
    pub attachments: Vec<AttachmentId>,
    /// Made by the client; the same one twice opens one ticket.
    pub client_id: Option<String>,
}

impl NewTicket {
    /// A ticket with subject and description and everything else left to the defaults.
    #[must_use]
    pub fn about(subject: &str, description: &str, channel: Channel) -> Self {
        Self {
            vendor_id: None,
            customer: None,
            subject: subject.into(),
            description: description.into(),
            priority: None,
            category: None,
            subcategory: String::new(),
            tags: Vec::new(),
            channel,
            attachments: Vec::new(),
            client_id: None,
        }
    }
}

/// Who a customer is, when staff act on their behalf.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerRef {
    /// A customer we know.
    pub id: Option<UserId>,
    /// Or by address; made when unknown.
    pub email: Option<String>,
    /// Name for one we make.
    pub name: String,
}

/// A change of properties. Absent fields stay.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketEdit {
    /// The version the person saw; absent takes the newest.
    pub version: Option<i64>,
    /// Subject.
    pub subject: Option<String>,
    /// Priority.
    pub priority: Option<Priority>,
    /// Category.
    pub category: Option<Category>,
    /// Sub-category.
    pub subcategory: Option<String>,
    /// Type.
    pub ticket_type: Option<TicketType>,
    /// All tags.
    pub tags: Option<Vec<String>>,
}

/// Everything that changes of a ticket in one go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TicketChange {
    /// Properties; their `version` is not looked at.
    pub edit: TicketEdit,
    /// The team that is to have it, none, or as it is.
    pub team: Option<Option<TeamId>>,
    /// Who is to work on it, nobody, or as it is.
    pub assign: Option<Option<UserId>>,
    /// The state to get to.
    pub status: Option<Status>,
    /// Why, for colleagues.
    pub reason: String,
    /// The version all of it is based on; absent takes the newest.
    pub version: Option<i64>,
}

/// Ready-made lists of the inbox.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InboxView {
    /// Open, assigned to me.
    Mine,
    /// Open, of a team that I am in.
    MyTeams,
    /// With a note that calls me and that I have not seen.
    Mentions,
    /// Open, assigned to nobody.
    Unassigned,
    /// All open.
    #[default]
    Open,
    /// Open, with a promise at risk or broken.
    Pressing,
    /// Escalated.
    Escalated,
    /// Waiting for the customer.
    Waiting,
    /// Resolved.
    Resolved,
    /// Closed.
    Closed,
    /// Everything.
    All,
}

impl InboxView {
    /// All, in the order of the sidebar.
    pub const ALL: [Self; 11] = [
        Self::Open,
        Self::Mine,
        Self::MyTeams,
        Self::Mentions,
        Self::Unassigned,
        Self::Pressing,
        Self::Escalated,
        Self::Waiting,
        Self::Resolved,
        Self::Closed,
        Self::All,
    ];
    /// The word in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::MyTeams => "my_teams",
            Self::Mentions => "mentions",
            Self::Unassigned => "unassigned",
            Self::Open => "open",
            Self::Pressing => "pressing",
            Self::Escalated => "escalated",
            Self::Waiting => "waiting",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
            Self::All => "all",
        }
    }
    /// What a person reads.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Mine => "Mine",
            Self::MyTeams => "My teams",
            Self::Mentions => "Mentions",
            Self::Unassigned => "Unassigned",
            Self::Open => "All open",
            Self::Pressing => "Due soon",
            Self::Escalated => "Escalated",
            Self::Waiting => "Waiting",
            Self::Resolved => "Resolved",
            Self::Closed => "Closed",
            Self::All => "All tickets",
        }
    }
    /// From the word in an address; open when it is none.
    #[must_use]
    pub fn from_word(s: &str) -> Self {
        Self::ALL.into_iter().find(|v| v.as_str() == s).unwrap_or_default()
    }
}

/// Which tickets a list holds. For customers always only their own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// Ready-made list.
    pub view: InboxView,
    /// Only this vendor.
    pub vendor_id: Option<VendorId>,
    /// Only this state.
    pub status: Option<Status>,
    /// Only this priority.
    pub priority: Option<Priority>,
    /// Only this category.
    pub category: Option<Category>,
    /// Only this channel.
    pub channel: Option<Channel>,
    /// Only with this tag.
    pub tag: Option<String>,
    /// Only assigned to this person.
    pub assignee_id: Option<UserId>,
    /// Only of this team.
    pub team_id: Option<TeamId>,
    /// Only of this customer.
    pub customer_id: Option<UserId>,
    /// Full text over subject, number and messages.
    pub q: Option<String>,
}

/// One line of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketRow {
    /// The ticket.
    pub ticket: Ticket,
    /// Messages the asking person has not read.
    pub unread: i64,
    /// The vendor's name, for customers with several.
    pub vendor_name: String,
    /// Staff only: the promise that is due first, of those that are open.
    pub due: Option<Standing>,
}

/// What there is to tell of a ticket outside its own row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketDetails {
    /// The conversation it began with.
    pub conversation_id: ConversationId,
    /// The first message.
    pub description: String,
    /// The customer's address.
    pub customer_email: String,
    /// Tags.
    pub tags: Vec<String>,
    /// Since when its assignee has it.
    pub assigned_at: Option<Timestamp>,
    /// Staff only: how its promises stand; absent in the moment after it was opened.
    pub outlook: Option<Outlook>,
}

/// A ticket in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    /// The ticket.
    pub ticket: Ticket,
    /// Its place, from 1.
    pub position: i64,
    /// Seconds since it was opened.
    pub wait_s: i64,
}

/// How far is counted what is shown on every page: more would not be read, and counting takes time.
pub const MOST_COUNTED: i64 = 1_000;

/// How many tickets each list holds; counting stops at [`MOST_COUNTED`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "one per InboxView")]
pub struct Counters {
    pub open: i64,
    pub mine: i64,
    pub my_teams: i64,
    /// Times that notes call me which I have not seen, several on one ticket too.
    pub mentions: i64,
    pub unassigned: i64,
    pub pressing: i64,
    pub escalated: i64,
    pub waiting: i64,
}

/// A stretch of work of one person on a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(sqlx::FromRow))]
pub struct Assignment {
    /// Who had it.
    pub rep_id: UserId,
    /// Their name.
    pub rep_name: String,
    /// Since when.
    pub from_at: Timestamp,
    /// Until when; absent while it lasts.
    pub until_at: Option<Timestamp>,
    /// Why it was handed over, may be empty.
    pub reason: String,
}

/// Everything a ticket page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketView {
    /// The ticket.
    pub ticket: Ticket,
    /// Its vendor.
    pub vendor: Vendor,
    /// Its tags.
    pub tags: Vec<String>,
    /// Messages and the events between them, newest part.
    pub thread: Thread,
    /// The rating, when there is one.
    pub rating: Option<Rating>,
    /// Where it stands in the queue, while it is there.
    pub place: Option<Place>,
    /// Staff only: who the customer is.
    pub customer: Option<CustomerCard>,
    /// Staff only: how many tickets this customer has here.
    pub customer_tickets: i64,
    /// Staff only: who worked on it, newest first.
    pub assignments: Vec<Assignment>,
    /// Staff only: how its promises stand.
    pub clocks: Vec<Standing>,
    /// Staff only: everything that happened, newest first.
    pub activity: Vec<EventRecord>,
    /// The last event contained here; live updates continue after it.
    pub seq: i64,
}
