//! Messages and files.

use coco::actor::ActorKind;
use coco::conversations::{self, Visibility};
use coco::id::{AttachmentId, ConversationId, MessageId, UserId};
use coco::page::Page;
use coco::time::Timestamp;
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

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
    /// When the other side first had it on their screen.
    pub read_at: Option<Timestamp>,
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
            read_at: None,
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

impl MessagesAnswer {
    /// Messages, with when each of them was read by its position.
    #[must_use]
    pub fn new(page: Page<conversations::Message>, read: &HashMap<i64, Timestamp>) -> Self {
        let shape = |m: conversations::Message| Message { read_at: read.get(&m.position).copied(), ..m.into() };
        Self { messages: page.items.into_iter().map(shape).collect(), next_cursor: page.next_cursor }
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
