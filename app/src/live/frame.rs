//! What the server tells a page.

use crate::json::{self, Raw};
use coco::conversations::Receipt;
use coco::id::{ConversationId, TicketId, UserId};
use coco::journey::EventRecord;
use coco::people::Presence;
use serde::Deserialize;

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
    /// Someone answers at a vendor's desk now, or nobody does any more.
    Desk,
    /// The queue moved in which this page waits.
    QueueMoved,
    /// Too much happened meanwhile to tell it all: load the page's data anew.
    Resync,
    /// All that is followed was told up to this event; from here on nothing is missed.
    Subscribed(i64),
}

/// What every frame may have.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Signal {
    #[serde(rename = "type")]
    kind: String,
    seq: Option<i64>,
    ticket_id: Option<TicketId>,
    conversation_id: Option<ConversationId>,
    data: Option<Raw>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Typing {
    user_id: UserId,
    user_name: String,
    is_typing: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Present {
    user_id: Option<UserId>,
    status: Presence,
}

impl Frame {
    /// Reads a frame; `None` for those that are not for pages, such as pongs.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let Signal { kind, seq, ticket_id, conversation_id, data } = json::read(text).ok()?;
        match kind.as_str() {
            "resync" => Some(Self::Resync),
            "queue_moved" => Some(Self::QueueMoved),
            "subscribed" => seq.map(Self::Subscribed),
            "typing" => {
                let Typing { user_id, user_name, is_typing } = data?.read().ok()?;
                Some(Self::Typing { ticket_id: ticket_id?, user_id, name: user_name, on: is_typing })
            }
            "receipt" => Some(Self::Receipt { conversation_id: conversation_id?, receipt: data?.read().ok()? }),
            "presence" => {
                let Present { user_id, status } = data?.read().ok()?;
                Some(user_id.map_or(Self::Desk, |user_id| Self::Presence { user_id, status }))
            }
            _ if seq.is_some() => json::read(text).ok().map(|e| Self::Event(Box::new(e))),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Frame;

    #[test]
    fn tells_who_types_reads_and_is_there() {
        let id = "0190aaaa-0000-7000-8000-000000000001";
        let frame = |text: &str| Frame::read(&text.replace("ID", id));
        let typing = r#"{"type":"typing","ticketId":"ID","conversationId":"ID","timestamp":"x","data":{"userId":"ID","userName":"Ada","isTyping":true}}"#;
        assert!(matches!(frame(typing), Some(Frame::Typing { name, on: true, .. }) if name == "Ada"));
        let presence = r#"{"type":"presence","data":{"userId":"ID","status":"online"}}"#;
        assert!(matches!(frame(presence), Some(Frame::Presence { .. })));
        assert_eq!(frame(r#"{"type":"presence","data":{"userId":"ID","status":"odd"}}"#), None);
        assert_eq!(frame(r#"{"type":"presence"}"#), None);
        let desk = r#"{"type":"presence","data":{"vendorId":"ID","status":"online"}}"#;
        assert_eq!(frame(desk), Some(Frame::Desk));
        assert_eq!(frame(r#"{"type":"queue_moved"}"#), Some(Frame::QueueMoved));
    }

    #[test]
    fn remembers_how_far_it_was_told() {
        assert_eq!(Frame::read(r#"{"type":"subscribed","topics":["inbox:x"],"seq":12}"#), Some(Frame::Subscribed(12)));
        assert_eq!(Frame::read(r#"{"type":"resync","topics":[],"seq":12}"#), Some(Frame::Resync));
        for other in [r#"{"type":"pong"}"#, r#"{"type":"subscribed"}"#, r#"{"type":"unsubscribed","topics":[]}"#, "[]", "x"] {
            assert_eq!(Frame::read(other), None, "{other}");
        }
    }
}
