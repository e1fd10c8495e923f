//! What the API answers with.

mod conversation;
mod figures;
mod message;
mod team;
mod ticket;

pub use conversation::{ChatStatus, Conversation, ConversationAnswer, QueueAnswer, QueueEntry};
pub use figures::{Analytics, AnalyticsAnswer};
pub use message::{Attachment, AttachmentAnswer, Message, MessageAnswer, MessageType, MessagesAnswer, SenderType};
pub use team::{Team, TeamsAnswer};
pub use ticket::{StatusGroup, Ticket, TicketAnswer, TicketsAnswer};
