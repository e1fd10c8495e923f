//! What goes over the socket, in JSON: brief 3's frames, with `seq` on what can be resumed.
//!
//! Reading is pure and takes anything; see [`parse`]. Frames of the journey are [`EventRecord`]s as
//! they stand, so polling, replay and live tell the same.

use crate::http::problem;
use axum::extract::ws::Utf8Bytes;
use coco::Error;
use coco::conversations::{Marked, Message, Typing};
use coco::error::FieldError;
use coco::id::{AttachmentId, ConversationId, MessageId, TicketId, UserId, VendorId};
use coco::journey::{EventRecord, Topic};
use coco::people::Presence;
use coco::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::borrow::Cow;

/// The largest frame and message a client may send, in bytes.
pub const MAX_FRAME: usize = 64 * 1024;

/// What a client asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientFrame {
    /// Follow these, from what happened after `since` on.
    Subscribe {
        /// Topics, not yet read: each is refused on its own.
        topics: Vec<String>,
        /// Absent: from now on.
        since: Option<i64>,
    },
    /// Follow these no longer.
    Unsubscribe {
        /// Topics, not yet read.
        topics: Vec<String>,
    },
    /// Store a message.
    Message {
        /// Where to.
        place: Place,
        /// Text.
        content: String,
        /// Made by the client; the same one twice stores once.
        client_id: Option<String>,
        /// For staff only.
        internal: bool,
        /// Files uploaded before.
        attachments: Vec<AttachmentId>,
    },
    /// Tell the others of a ticket that one types, or has stopped.
    Typing {
        /// Where.
        place: Place,
        /// Types now.
        on: bool,
        /// A note: tell staff only.
        internal: bool,
    },
    /// Note how far one has received, and read.
    Mark {
        /// Where.
        place: Place,
        /// How far.
        upto: Upto,
        /// Read it, too.
        read: bool,
    },
    /// Set one's presence.
    Presence(Presence),
    /// Answer with a pong.
    Ping,
}

/// Which conversation a frame is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// This one.
    Conversation(ConversationId),
    /// The one this ticket began with.
    Ticket(TicketId),
    /// That of the one ticket this socket follows.
    Only,
}

/// A place in a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Upto {
    /// That of this message.
    Message(MessageId),
    /// This one.
    Position(i64),
}

/// A frame that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrameError {
    /// `clientId` of the frame, if that much could be read.
    pub client_id: Option<String>,
    /// What is wrong with it.
    pub error: Error,
}

/// Everything a frame may hold. Unknown fields are ignored.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(default)]
    topics: Vec<String>,
    since: Option<i64>,
    conversation_id: Option<String>,
    ticket_id: Option<String>,
    #[serde(default)]
    data: Option<Data>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Data {
    content: Option<String>,
    client_id: Option<String>,
    internal: Option<bool>,
    attachments: Option<Vec<String>>,
    message_id: Option<String>,
    position: Option<i64>,
    status: Option<String>,
}

/// Reads a frame.
///
/// # Errors
/// [`FrameError`] with the field that is wrong.
pub fn parse(text: &str) -> Result<ClientFrame, FrameError> {
    let raw: Raw<'_> = serde_json::from_str(text).map_err(|e| FrameError { client_id: None, error: unreadable(&e) })?;
    let client_id = raw.data.as_ref().and_then(|d| d.client_id.clone());
    read(raw).map_err(|error| FrameError { client_id, error })
}

fn unreadable(e: &serde_json::Error) -> Error {
    let text = e.to_string();
    Error::invalid("", format!("This frame can't be read: {}.", text.split(" at line ").next().unwrap_or(&text)))
}

fn read(raw: Raw<'_>) -> Result<ClientFrame, Error> {
    let place = |conversation: Option<String>, ticket: Option<String>| match (conversation, ticket) {
        (Some(id), _) => id.parse().map(Place::Conversation).map_err(|_| Error::NotFound),
        (None, Some(id)) => id.parse().map(Place::Ticket).map_err(|_| Error::NotFound),
        (None, None) => Ok(Place::Only),
    };
    let data = raw.data.unwrap_or_default();
    Ok(match &*raw.kind {
        "ping" => ClientFrame::Ping,
        "subscribe" => ClientFrame::Subscribe { topics: raw.topics, since: raw.since },
        "unsubscribe" => ClientFrame::Unsubscribe { topics: raw.topics },
        "message" => ClientFrame::Message {
            place: place(raw.conversation_id, raw.ticket_id)?,
            content: data.content.unwrap_or_default(),
            client_id: data.client_id,
            internal: data.internal.unwrap_or_default(),
            attachments: ids(&data.attachments.unwrap_or_default())?,
        },
        kind @ ("typing" | "stop_typing") => ClientFrame::Typing {
            place: place(raw.conversation_id, raw.ticket_id)?,
            on: kind == "typing",
            internal: data.internal.unwrap_or_default(),
        },
        kind @ ("read" | "delivered") => {
            ClientFrame::Mark { place: place(raw.conversation_id, raw.ticket_id)?, upto: upto(&data)?, read: kind == "read" }
        }
        "presence" => {
            let word = data.status.unwrap_or_default();
            let status = Presence::ALL.into_iter().find(|p| p.as_str() == word);
            ClientFrame::Presence(status.ok_or_else(|| Error::invalid("status", "Use online, away, busy or offline."))?)
        }
        other => {
            let message = format!("There is no frame of type \"{}\".", coco::text::snippet(&coco::text::clean(other), 40));
            return Err(Error::invalid("type", message));
        }
    })
}

fn ids(words: &[String]) -> Result<Vec<AttachmentId>, Error> {
    let bad = |_| Error::invalid("attachments", "Use the ids of files uploaded before.");
    words.iter().map(|w| w.parse().map_err(bad)).collect()
}

fn upto(data: &Data) -> Result<Upto, Error> {
    match (&data.message_id, data.position) {
        (Some(id), _) => id.parse().map(Upto::Message).map_err(|_| Error::NotFound),
        (None, Some(position)) => Ok(Upto::Position(position)),
        (None, None) => Err(Error::invalid("messageId", "Say which message, by messageId or position.")),
    }
}

/// Anything as a frame.
fn text(frame: &impl Serialize) -> Utf8Bytes {
    // None of our types can fail: there are no maps with other keys than text.
    serde_json::to_string(frame).unwrap_or_default().into()
}

/// An event of the journey.
#[must_use]
pub fn event(record: &EventRecord) -> Utf8Bytes {
    text(record)
}

/// A message is stored.
#[must_use]
pub fn ack(client_id: Option<&str>, message: &Message) -> Utf8Bytes {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Ack<'a> {
        r#type: &'static str,
        client_id: Option<&'a str>,
        conversation_id: &'a ConversationId,
        data: &'a Message,
    }
    text(&Ack { r#type: "ack", client_id, conversation_id: &message.conversation_id, data: message })
}

/// Someone types, or has stopped.
#[must_use]
pub fn typing(t: &Typing, now: Timestamp) -> Utf8Bytes {
    text(&json!({
        "type": "typing",
        "conversationId": t.conversation_id,
        "ticketId": t.ticket_id,
        "data": { "userId": t.user_id, "userName": t.user_name, "isTyping": t.on },
        "timestamp": now,
    }))
}

/// Someone has received or read.
#[must_use]
pub fn receipt(marked: &Marked, now: Timestamp) -> Utf8Bytes {
    text(&json!({
        "type": "receipt",
        "conversationId": marked.conversation_id,
        "ticketId": marked.ticket_id,
        "data": marked.receipt,
        "timestamp": now,
    }))
}

/// Someone's presence changed.
#[must_use]
pub fn presence(who: &UserId, status: Presence, now: Timestamp) -> Utf8Bytes {
    text(&json!({ "type": "presence", "data": { "userId": who, "status": status }, "timestamp": now }))
}

/// Someone answers at a vendor's desk now, or nobody does any more: all that customers hear of presence.
#[must_use]
pub fn desk(vendor: &VendorId, is_online: bool, now: Timestamp) -> Utf8Bytes {
    let status = if is_online { Presence::Online } else { Presence::Offline };
    text(&json!({ "type": "presence", "data": { "vendorId": vendor, "status": status }, "timestamp": now }))
}

/// A queue moved: whoever waits in it may ask where they are now.
#[must_use]
pub const fn queue_moved() -> Utf8Bytes {
    Utf8Bytes::from_static(r#"{"type":"queue_moved"}"#)
}

/// These are followed now; everything until `seq` has been told.
#[must_use]
pub fn subscribed(topics: &[Topic], seq: i64) -> Utf8Bytes {
    text(&json!({ "type": "subscribed", "topics": words(topics), "seq": seq }))
}

/// These are followed no longer.
#[must_use]
pub fn unsubscribed(topics: &[Topic]) -> Utf8Bytes {
    text(&json!({ "type": "unsubscribed", "topics": words(topics) }))
}

/// Too much happened to tell it all: load the data anew, then go on after `seq`.
#[must_use]
pub fn resync(topics: &[Topic], seq: i64) -> Utf8Bytes {
    text(&json!({ "type": "resync", "topics": words(topics), "seq": seq }))
}

fn words(topics: &[Topic]) -> Vec<String> {
    topics.iter().map(ToString::to_string).collect()
}

/// The answer to a ping.
#[must_use]
pub const fn pong() -> Utf8Bytes {
    Utf8Bytes::from_static(r#"{"type":"pong"}"#)
}

/// Something was refused: a frame, by its `client_id`, or a topic.
#[must_use]
pub fn error(e: &Error, client_id: Option<&str>, topic: Option<&str>) -> Utf8Bytes {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Refusal<'a> {
        r#type: &'static str,
        code: &'static str,
        message: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        client_id: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        topic: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        retry_after: Option<u32>,
        errors: &'a [FieldError],
    }
    if let Error::Internal(cause) | Error::Unavailable(cause) | Error::Unchecked(cause) = e {
        tracing::error!(cause, "socket.failed");
    }
    let errors = if let Error::Invalid(fields) = e { fields.as_slice() } else { &[] };
    let retry_after = if let Error::RateLimited(seconds) = e { Some(*seconds) } else { None };
    text(&Refusal { r#type: "error", code: problem::code(e), message: e.to_string(), client_id, topic, retry_after, errors })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ID: &str = "0190aaaa-0000-7000-8000-000000000001";

    #[test]
    fn reads_the_frames_of_the_brief() {
        let typing = ClientFrame::Typing { place: Place::Only, on: true, internal: false };
        assert_eq!(parse(r#"{"type":"typing","data":{"userName":"John Doe"}}"#), Ok(typing));
        let stopped = ClientFrame::Typing { place: Place::Only, on: false, internal: false };
        assert_eq!(parse(r#"{"data":{"userName":"John Doe"},"type":"stop_typing"}"#), Ok(stopped));
        assert_eq!(parse(r#"{"type":"ping"}"#), Ok(ClientFrame::Ping));
        let read = parse(&format!(r#"{{"type":"read","data":{{"messageId":"{ID}"}}}}"#)).unwrap();
        assert_eq!(read, ClientFrame::Mark { place: Place::Only, upto: Upto::Message(ID.parse().unwrap()), read: true });
    }

    #[test]
    fn reads_a_message_in_full() {
        let text = format!(
            r#"{{"type":"message","conversationId":"{ID}","data":{{"content":"a \"b\"\n","clientId":"c","internal":true,"attachments":["{ID}"]}}}}"#
        );
        let want = ClientFrame::Message {
            place: Place::Conversation(ID.parse().unwrap()),
            content: "a \"b\"\n".into(),
            client_id: Some("c".into()),
            internal: true,
            attachments: vec![ID.parse().unwrap()],
        };
        assert_eq!(parse(&text), Ok(want));
    }

    #[test]
    fn names_what_is_wrong() {
        let error = |text: &str| parse(text).unwrap_err();
        assert_eq!(error(r#"{"type":"message","conversationId":"x","data":{"clientId":"c"}}"#).error, Error::NotFound);
        assert_eq!(error(r#"{"type":"message","conversationId":"x","data":{"clientId":"c"}}"#).client_id.as_deref(), Some("c"));
        assert!(error(r#"{"type":"dance"}"#).error.field("type").is_some());
        assert!(error(r#"{"type":"presence","data":{"status":"asleep"}}"#).error.field("status").is_some());
        assert!(error(r#"{"type":"read"}"#).error.field("messageId").is_some());
        for text in ["", "[]", "{}", r#"{"type":1}"#, r#"{"type":"subscribe","topics":"x"}"#, r#"{"type":"ping"} {}"#] {
            assert!(matches!(error(text).error, Error::Invalid(_)), "{text}");
        }
    }

    #[test]
    fn refusals_tell_no_causes() {
        let text = error(&Error::internal("SELECT secret"), None, None);
        assert!(!text.contains("secret") && text.contains(r#""code":"internal""#), "{text}");
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,200}") {
            let _ = parse(&text);
        }
        #[test]
        fn never_panics_on_json(kind in "[a-z_]{1,12}", a in "\\PC{0,40}", n in any::<i64>(), flag in any::<bool>()) {
            let frame = json!({
                "type": kind, "topics": [a], "since": n, "conversationId": a, "ticketId": a,
                "data": { "content": a, "clientId": a, "internal": flag, "position": n, "messageId": a, "status": a },
            });
            let _ = parse(&frame.to_string());
        }
        #[test]
        fn never_panics_on_half_of_it(cut in 0usize..200, kind in "(message|read|subscribe|presence)") {
            let whole = format!(r#"{{"type":"{kind}","topics":["ticket:{ID}"],"since":1,"data":{{"content":"ä","position":3,"status":"away"}}}}"#);
            if let Some(part) = whole.get(..cut.min(whole.len())) {
                let _ = parse(part);
            }
        }
    }
}
