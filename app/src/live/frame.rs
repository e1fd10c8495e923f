//! What the server tells a page.

use coco::conversations::Receipt;
use coco::id::{ConversationId, TicketId, UserId};
use coco::journey::EventRecord;
use coco::people::Presence;

/// A frame from the socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// Something happened; in order, perhaps more than once.
    Event(Box<EventRecord>),
    /// Someone types, or has stopped.
    Typing {
        /// Where.
        ticket_id: TicketId,
        /// Who.
        user_id: UserId,
        /// Their name.
        name: String,
        /// Whether they type now.
        on: bool,
    },
    /// Someone has received or read.
    Receipt {
        /// Where.
        conversation_id: ConversationId,
        /// How far.
        receipt: Receipt,
    },
    /// Someone's presence changed.
    Presence {
        /// Who.
        user_id: UserId,
        /// What it is now.
        status: Presence,
    },
    /// Too much happened meanwhile to tell it all: load the page's data anew.
    Resync,
    /// All that is followed was told up to this event. Followers don't hear of it.
    Subscribed(i64),
}

impl Frame {
    /// Reads a frame; `None` for those that are not for pages, such as pongs.
    #[cfg(any(feature = "hydrate", test))]
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let value: serde_json::Value = serde_json::from_str(text).ok()?;
        let field = |name: &str| value.get(name).cloned().unwrap_or_default();
        let data = |name: &str| value.get("data").and_then(|d| d.get(name)).cloned().unwrap_or_default();
        let parse = serde_json::from_value::<String>;
        match value.get("type")?.as_str()? {
            "resync" => Some(Self::Resync),
            "subscribed" => value.get("seq")?.as_i64().map(Self::Subscribed),
            "typing" => Some(Self::Typing {
                ticket_id: serde_json::from_value(field("ticketId")).ok()?,
                user_id: serde_json::from_value(data("userId")).ok()?,
                name: parse(data("userName")).ok()?,
                on: data("isTyping").as_bool()?,
            }),
            "receipt" => Some(Self::Receipt {
                conversation_id: serde_json::from_value(field("conversationId")).ok()?,
                receipt: serde_json::from_value(field("data")).ok()?,
            }),
            "presence" => Some(Self::Presence {
                user_id: serde_json::from_value(data("userId")).ok()?,
                status: serde_json::from_value(data("status")).ok()?,
            }),
            _ if value.get("seq").is_some() => serde_json::from_value(value).ok().map(|e| Self::Event(Box::new(e))),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Frame;

    #[test]
    fn remembers_how_far_it_was_told() {
        assert_eq!(Frame::read(r#"{"type":"subscribed","topics":["inbox:x"],"seq":12}"#), Some(Frame::Subscribed(12)));
        assert_eq!(Frame::read(r#"{"type":"resync","topics":[],"seq":12}"#), Some(Frame::Resync));
        for other in [r#"{"type":"pong"}"#, r#"{"type":"subscribed"}"#, r#"{"type":"unsubscribed","topics":[]}"#, "[]", "x"] {
            assert_eq!(Frame::read(other), None, "{other}");
        }
    }
}
