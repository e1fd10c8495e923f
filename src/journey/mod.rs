//! The journey: one append-only log of everything that happened, and the only truth its readers
//! follow. Written by `Tx::commit`, in the order of `seq`.

use crate::actor::ActorKind;
use crate::conversations::Visibility;
use crate::event::Event;
use crate::id::{ConversationId, TicketId, UserId, VendorId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

mod describe;
#[cfg(feature = "server")]
pub mod service;
#[cfg(feature = "server")]
mod store;
#[cfg(test)]
mod tests;
mod topic;

pub use describe::describe;
pub use topic::Topic;

/// An event as it stands in the journey. Also the frame a socket carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventRecord {
    /// Its place in the journey; rises by commit order.
    pub seq: i64,
    /// When.
    pub timestamp: Timestamp,
    /// The vendor it belongs to; absent for what concerns the customer alone.
    pub vendor_id: Option<VendorId>,
    /// Whose journey.
    pub customer_id: Option<UserId>,
    /// The ticket.
    pub ticket_id: Option<TicketId>,
    /// The conversation.
    pub conversation_id: Option<ConversationId>,
    /// Who may see it.
    pub visibility: Visibility,
    /// Who did it.
    pub actor: ActorRef,
    /// What happened: `type` and `data`.
    #[serde(flatten)]
    pub event: Event,
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorRef {
    /// What kind of actor.
    pub kind: ActorKind,
    /// The person; absent for the system.
    pub id: Option<UserId>,
    /// Their name at that time.
    pub name: String,
}

/// An event about to be appended with `Tx::append`.
#[cfg(feature = "server")]
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "as in EventRecord")]
pub struct NewEvent {
    pub vendor_id: Option<VendorId>,
    pub customer_id: Option<UserId>,
    pub ticket_id: Option<TicketId>,
    pub conversation_id: Option<ConversationId>,
    pub visibility: Visibility,
    pub actor: ActorRef,
    pub event: Event,
    pub at: Timestamp,
}

#[cfg(feature = "server")]
impl NewEvent {
    /// One about the vendor itself, for its staff.
    pub(crate) fn to_staff(vendor: &VendorId, actor: &crate::actor::Actor, event: Event, at: Timestamp) -> Self {
        Self {
            vendor_id: Some(vendor.clone()),
            customer_id: None,
            ticket_id: None,
            conversation_id: None,
            visibility: Visibility::Staff,
            actor: actor.into(),
            event,
            at,
        }
    }
}

#[cfg(feature = "server")]
impl From<&crate::actor::Actor> for ActorRef {
    fn from(actor: &crate::actor::Actor) -> Self {
        let id = (actor.kind != ActorKind::System).then(|| actor.id.clone());
        Self { kind: actor.kind, id, name: actor.name.clone() }
    }
}

#[cfg(feature = "server")]
pub(crate) use store::inserts;

/// A page of someone's journey, newest first.
pub type JourneyPage = crate::page::Page<EventRecord>;
