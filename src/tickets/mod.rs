//! Tickets: what someone needs, its state machine, its priority and who works on it.

use crate::conversations::Message;
use crate::error::{ConflictKind, Error, Result};
use crate::id::{TeamId, TicketId, UserId, VendorId};
use crate::text::snippet;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

#[cfg(feature = "server")]
pub mod bulk;
#[cfg(feature = "server")]
mod change;
#[cfg(feature = "server")]
pub(crate) mod held;
#[cfg(feature = "server")]
mod list;
mod priority;
#[cfg(feature = "server")]
mod queue;
#[cfg(feature = "server")]
pub mod search;
#[cfg(feature = "server")]
pub mod service;
mod status;
#[cfg(feature = "server")]
mod store;
mod view;
#[cfg(feature = "server")]
pub(crate) mod waiting;
#[cfg(feature = "server")]
pub(crate) mod work;

pub use priority::{Priority, PriorityRule, PrioritySource, RULES, classify};
pub use status::{Stage, Status};
pub use view::{
    Assignment, Counters, CustomerRef, Filter, InboxView, MOST_COUNTED, NewTicket, Queued, TicketChange, TicketDetails, TicketEdit,
    TicketRow, TicketView,
};

/// The longest subject, in characters.
pub const MAX_SUBJECT: usize = 200;
/// The longest description or message, in characters.
pub const MAX_BODY: usize = 20_000;
/// The longest tag, in characters.
pub const MAX_TAG: usize = 40;
/// The most tags on one ticket.
pub const MAX_TAGS: usize = 20;

/// Characters of the last message kept for lists.
const LAST_LINE: usize = 140;

/// How something reached us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The form in the customer app; the API also calls it `portal`.
    #[serde(alias = "portal", alias = "web_form", alias = "mobile")]
    Web,
    /// Live chat.
    Chat,
    /// E-mail.
    Email,
    /// A phone or browser call.
    #[serde(alias = "phone")]
    Call,
    /// WhatsApp.
    Whatsapp,
    /// Text message.
    Sms,
    /// The help centre.
    Docs,
}

impl Channel {
    /// All channels.
    pub const ALL: [Self; 7] = [Self::Web, Self::Chat, Self::Email, Self::Call, Self::Whatsapp, Self::Sms, Self::Docs];
    /// The word in the database and at the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Chat => "chat",
            Self::Email => "email",
            Self::Call => "call",
            Self::Whatsapp => "whatsapp",
            Self::Sms => "sms",
            Self::Docs => "docs",
        }
    }
    /// What a person reads.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Web => "Web form",
            Self::Chat => "Chat",
            Self::Email => "Email",
            Self::Call => "Call",
            Self::Whatsapp => "WhatsApp",
            Self::Sms => "SMS",
            Self::Docs => "Help centre",
        }
    }
}

/// The top categories; each vendor adds sub-categories of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the categories are what they are called")]
pub enum Category {
    Billing,
    Technical,
    Product,
    Account,
    Other,
}

impl Category {
    /// All categories.
    pub const ALL: [Self; 5] = [Self::Billing, Self::Technical, Self::Product, Self::Account, Self::Other];
    /// The word in the database and at the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Billing => "billing",
            Self::Technical => "technical",
            Self::Product => "product",
            Self::Account => "account",
            Self::Other => "other",
        }
    }
    /// What a person reads.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Billing => "Billing",
            Self::Technical => "Technical",
            Self::Product => "Product",
            Self::Account => "Account",
            Self::Other => "Other",
        }
    }
}

/// What sort of request a ticket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the kinds are what they are called")]
pub enum TicketType {
    Question,
    Problem,
    Request,
    Complaint,
}

impl TicketType {
    /// All types.
    pub const ALL: [Self; 4] = [Self::Question, Self::Problem, Self::Request, Self::Complaint];
    /// The word in the database and at the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::Problem => "problem",
            Self::Request => "request",
            Self::Complaint => "complaint",
        }
    }
    /// What a person reads.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Question => "Question",
            Self::Problem => "Problem",
            Self::Request => "Request",
            Self::Complaint => "Complaint",
        }
    }
}

/// A ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(sqlx::FromRow))]
pub struct Ticket {
    /// Identifier.
    pub id: TicketId,
    /// Human number, `TKT-2026-000123`, unique.
    pub number: String,
    /// The vendor it belongs to.
    pub vendor_id: VendorId,
    /// Who asks.
    pub customer_id: UserId,
    /// The name shown for the customer.
    pub customer_name: String,
    /// One line.
    pub subject: String,
    /// State.
    pub status: Status,
    /// Priority.
    pub priority: Priority,
    /// Who or what set the priority.
    pub priority_source: PrioritySource,
    /// How it came.
    pub channel: Channel,
    /// Sort of request.
    pub ticket_type: TicketType,
    /// Top category.
    pub category: Category,
    /// Sub-category of the vendor, may be empty.
    pub subcategory: String,
    /// Who works on it.
    pub assignee_id: Option<UserId>,
    /// Their name.
    pub assignee_name: Option<String>,
    /// The team it was given to, with or without someone of it.
    pub team_id: Option<TeamId>,
    /// The team's name.
    pub team_name: Option<String>,
    /// Support level it needs now, 1 to 3.
    pub level: i64,
    /// Rises with every change of a property; a save with an older one is refused.
    pub version: i64,
    /// When it was opened.
    pub created_at: Timestamp,
    /// Last change of anything.
    pub updated_at: Timestamp,
    /// Last message or change the customer sees.
    pub activity_at: Timestamp,
    /// The last message in one line.
    pub last_line: String,
    /// First public answer by staff.
    pub first_response_at: Option<Timestamp>,
    /// When it was last resolved.
    pub resolved_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// Opened by staff for an address that is not proved: held back from the customer until it is.
    pub is_held: bool,
}

impl Ticket {
    /// Notes a public message: the last line, the activity, and staff's first answer.
    pub fn heard(&mut self, message: &Message, from_staff: bool) {
        self.activity_at = message.created_at;
        self.last_line = match (message.content.is_empty(), message.attachments.first()) {
            (true, Some(file)) => file.name.clone(),
            _ => snippet(&message.content, LAST_LINE),
        };
        if from_staff && self.first_response_at.is_none() {
            self.first_response_at = Some(message.created_at);
        }
    }

    /// The group it belongs to. What is open and nobody has is in the queue, whatever its status.
    #[must_use]
    pub const fn stage(&self) -> Stage {
        if self.status.is_open() && self.assignee_id.is_none() { Stage::Queued } else { self.status.stage() }
    }

    /// Moves to `to` and keeps the times that go with it.
    ///
    /// # Errors
    /// [`ConflictKind::IllegalMove`] when the state machine has no such move.
    pub fn move_to(&mut self, to: Status, now: Timestamp) -> Result<()> {
        if !self.status.can_become(to) {
            let message = format!("A ticket that is {} can't become {}.", self.status.label(), to.label());
            return Err(Error::conflict(ConflictKind::IllegalMove, message));
        }
        match to {
            Status::Resolved => self.resolved_at = Some(now),
            Status::Closed => self.closed_at = Some(now),
            Status::Reopened => (self.resolved_at, self.closed_at) = (None, None),
            _ => {}
        }
        self.status = to;
        self.touch(now);
        Ok(())
    }

    /// Notes that a property changed.
    pub fn touch(&mut self, now: Timestamp) {
        self.version += 1;
        self.updated_at = now;
        self.activity_at = now;
    }

    /// Refuses a save based on an older version.
    ///
    /// # Errors
    /// [`ConflictKind::Stale`].
    pub fn check_version(&self, seen: Option<i64>) -> Result<()> {
        match seen {
            Some(v) if v != self.version => Err(Error::conflict(
                ConflictKind::Stale,
                "Someone changed this ticket while you were editing. Look at the newest version, then save again.",
            )),
            _ => Ok(()),
        }
    }

    /// What a public message does to the state: a customer's reply brings a resolved ticket back
    /// and ends waiting; a rep's first reply starts the work.
    #[must_use]
    pub fn status_after_message(&self, from_staff: bool) -> Option<Status> {
        use Status::{Assigned, Closed, Escalated, InProgress, Reassigned, Reopened, Resolved, WaitingCustomer};
        match (self.status, from_staff) {
            (Resolved | Closed, false) => Some(Reopened),
            (WaitingCustomer, false) => Some(InProgress),
            (Assigned | Reassigned | Reopened | Escalated, true) => Some(InProgress),
            _ => None,
        }
    }
}

/// The human number of the `n`th ticket of a year.
#[must_use]
pub fn number(year: i64, n: i64) -> String {
    format!("TKT-{year}-{n:06}")
}

/// The number that someone may mean who writes it out in any case, or its end alone: then of the tickets of `year`.
#[must_use]
pub fn read_number(text: &str, year: i64) -> Option<String> {
    let text = text.trim().trim_start_matches('#').to_ascii_uppercase();
    let text = text.strip_prefix("TKT-").unwrap_or(&text);
    let digits = |part: &str| part.parse().ok().filter(|_| part.len() <= 9 && part.bytes().all(|b| b.is_ascii_digit()));
    match text.split_once('-') {
        Some((of, n)) => Some(number(digits(of).filter(|_| of.len() == 4)?, digits(n)?)),
        None => digits(text).map(|n| number(year, n)),
    }
}

/// Cleans tags: trimmed, lower case, single, at most [`MAX_TAGS`] of at most [`MAX_TAG`] characters.
///
/// # Errors
/// [`Error::Invalid`] for the field `tags`.
pub fn clean_tags(tags: &[String]) -> Result<Vec<String>> {
    let mut clean: Vec<String> = tags
        .iter()
        .map(|t| crate::text::clean(t).split_whitespace().collect::<Vec<_>>().join("-").to_lowercase())
        .filter(|t| !t.is_empty())
        .collect();
    clean.sort();
    clean.dedup();
    if clean.len() > MAX_TAGS || clean.iter().any(|t| t.chars().count() > MAX_TAG) {
        return Err(Error::invalid("tags", format!("Use at most {MAX_TAGS} tags of at most {MAX_TAG} characters.")));
    }
    Ok(clean)
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod rules {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(number(2026, 123), "TKT-2026-000123");
        assert_eq!(number(2026, 1_234_567), "TKT-2026-1234567");
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for text in ["TKT-2026-000401", " tkt-2026-401 ", "2026-000401", "401", "#401", "TKT-401"] {
            assert_eq!(read_number(text, 2026).as_deref(), Some("TKT-2026-000401"), "{text}");
        }
        assert_eq!(read_number("TKT-2025-000007", 2026).as_deref(), Some("TKT-2025-000007"));
        for text in ["", "TKT-", "-5", "+5", "4 01", "order 401", "2026-", "26-000401", "12345678901", "TKT-2026-000401-1"] {
            assert_eq!(read_number(text, 2026), None, "{text}");
        }
    }

    #[test]
    fn tags_are_tidy() {
        let tags = ["  Refund ".to_owned(), "refund".into(), "Late  Delivery".into(), " ".into()];
        assert_eq!(clean_tags(&tags).unwrap(), ["late-delivery", "refund"]);
        assert!(clean_tags(&["x".repeat(41)]).is_err());
    }
}
