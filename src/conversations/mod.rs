//! Conversations: the messages of a ticket on one channel, who has read them, and the files.

use crate::actor::ActorKind;
use crate::id::{AttachmentId, ConversationId, MessageId, TicketId, UserId, VendorId};
use crate::journey::EventRecord;
use crate::tickets::Channel;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

#[cfg(feature = "server")]
pub mod attachments;
#[cfg(feature = "server")]
pub(crate) mod bulk;
#[cfg(feature = "server")]
mod glimpse;
pub mod mentions;
#[cfg(feature = "server")]
pub mod sending;
#[cfg(feature = "server")]
pub mod service;
#[cfg(feature = "server")]
mod store;

/// The largest file, in bytes.
pub const MAX_FILE: u64 = 25 * 1024 * 1024;
/// The most files on one message.
pub const MAX_FILES: usize = 10;

/// Who may see something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Customer and staff.
    Customer,
    /// Staff of the vendor.
    Staff,
    /// Only readers inside COCO.
    System,
}

impl Visibility {
    /// All, from most to least visible.
    pub const ALL: [Self; 3] = [Self::Customer, Self::Staff, Self::System];
    /// The word in the database and at the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Staff => "staff",
            Self::System => "system",
        }
    }
}

/// A conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(sqlx::FromRow))]
pub struct Conversation {
    /// Identifier.
    pub id: ConversationId,
    /// Its ticket.
    pub ticket_id: TicketId,
    /// The vendor it belongs to.
    pub vendor_id: VendorId,
    /// The customer.
    pub customer_id: UserId,
    /// Channel.
    pub channel: Channel,
    /// Position of the newest message; the positions of messages and notes together start at 1 and have no gaps.
    pub last_position: i64,
    /// When it began.
    pub created_at: Timestamp,
}

/// A message or an internal note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Identifier.
    pub id: MessageId,
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// Its place in the conversation, from 1. Notes count too: customers, who do not see them, see gaps.
    pub position: i64,
    /// Who wrote it.
    pub sender_id: UserId,
    /// Their name at that time.
    pub sender_name: String,
    /// What they are.
    pub sender_type: ActorKind,
    /// Plain text, may be empty when there are files.
    pub content: String,
    /// Who may read it: `staff` is an internal note.
    pub visibility: Visibility,
    /// Files.
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    /// The id the sending client made.
    pub client_id: Option<String>,
    /// When it was stored.
    pub created_at: Timestamp,
}

/// A file on a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(sqlx::FromRow, utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    /// Identifier.
    pub id: AttachmentId,
    /// The file's name, cleaned.
    pub name: String,
    /// What it really is, found from its first bytes.
    pub content_type: String,
    /// Bytes.
    pub size: i64,
    /// A thumbnail can be had at `…/thumbnail`.
    pub has_thumbnail: bool,
}

impl Attachment {
    /// Where the file can be fetched.
    #[must_use]
    pub fn url(&self) -> String {
        format!("/api/attachments/{}", self.id)
    }

    /// Whether it is sound that browsers play: a voice note.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        matches!(
            self.content_type.as_str(),
            "audio/mpeg"
                | "audio/ogg"
                | "audio/opus"
                | "audio/x-wav"
                | "audio/m4a"
                | "audio/mp4"
                | "audio/webm"
                | "audio/aac"
                | "audio/x-flac"
        )
    }
}

/// A message to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewMessage {
    /// Where to.
    pub conversation_id: ConversationId,
    /// Text.
    pub content: String,
    /// `Staff` makes it an internal note.
    pub visibility: Visibility,
    /// Files uploaded before.
    pub attachments: Vec<AttachmentId>,
    /// Made by the client; the same one twice stores once.
    pub client_id: Option<String>,
}

/// How far a person has got in a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(sqlx::FromRow))]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// Who.
    pub user_id: UserId,
    /// Staff or customer.
    pub is_staff: bool,
    /// Everything up to this position has reached a device of theirs.
    pub delivered_position: i64,
    /// Everything up to this position was on their screen.
    pub read_position: i64,
}

/// Something that is shown to those who look now, and is no event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Glimpse {
    /// How far someone is.
    Marked(Marked),
    /// Someone types, or no longer.
    Typing(Typing),
}

/// Someone who types, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typing {
    /// The ticket.
    pub ticket_id: TicketId,
    /// The conversation.
    pub conversation_id: ConversationId,
    /// Who.
    pub user_id: UserId,
    /// Their name.
    pub user_name: String,
    /// They do, or do so no longer.
    pub on: bool,
    /// A note, which customers hear nothing of.
    pub internal: bool,
}

/// A receipt just noted, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marked {
    /// The ticket.
    pub ticket_id: TicketId,
    /// The conversation.
    pub conversation_id: ConversationId,
    /// How far the person is now.
    pub receipt: Receipt,
}

/// A stretch of a conversation with what happened between the messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// The conversation.
    pub conversation: Conversation,
    /// Messages in order, oldest first.
    pub messages: Vec<Message>,
    /// Events that are told between them, oldest first.
    pub events: Vec<EventRecord>,
    /// Receipts of everyone who takes part.
    pub receipts: Vec<Receipt>,
    /// Ask for earlier messages with this cursor.
    pub earlier: Option<String>,
}

#[cfg(test)]
mod tests;
