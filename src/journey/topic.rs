//! What a browser can follow.

use crate::actor::{Action, Actor, Subject};
use crate::error::{Error, Result};
use crate::id::{TicketId, UserId, VendorId};
use std::fmt;
use std::str::FromStr;

/// Something to follow on a socket or by polling: `ticket:<id>`, `inbox:<vendor id>`,
/// `customer:<id>`, `queue:<vendor id>`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Topic {
    /// One ticket: its thread, typing, receipts, presence of who looks at it.
    Ticket(TicketId),
    /// Everything at a vendor, for its desk.
    Inbox(VendorId),
    /// Everything on a customer's own journey.
    Customer(UserId),
    /// That a vendor's queue moves, for those who wait in it: frames without an event.
    Queue(VendorId),
}

impl FromStr for Topic {
    type Err = Error;
    fn from_str(s: &str) -> Result<Self> {
        let bad = || Error::invalid("topics", "Use ticket:<id>, inbox:<vendor id>, customer:<id> or queue:<vendor id>.");
        match s.split_once(':').ok_or_else(bad)? {
            ("ticket", id) => id.parse().map(Self::Ticket).map_err(|_| bad()),
            ("inbox", id) => id.parse().map(Self::Inbox).map_err(|_| bad()),
            ("customer", id) => id.parse().map(Self::Customer).map_err(|_| bad()),
            ("queue", id) => id.parse().map(Self::Queue).map_err(|_| bad()),
            _ => Err(bad()),
        }
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ticket(id) => write!(f, "ticket:{id}"),
            Self::Inbox(id) => write!(f, "inbox:{id}"),
            Self::Customer(id) => write!(f, "customer:{id}"),
            Self::Queue(id) => write!(f, "queue:{id}"),
        }
    }
}

impl Topic {
    /// Whether `actor` may follow this, as far as it can be told without the database. A ticket
    /// also needs its owner; see `Journey::authorize`.
    ///
    /// # Errors
    /// [`Error::NotFound`] or [`Error::Forbidden`].
    pub fn check(&self, actor: &Actor) -> Result<()> {
        match self {
            Self::Ticket(_) => Ok(()),
            Self::Inbox(vendor) => actor.may(Action::Inbox, Subject::Vendor(vendor)),
            Self::Customer(id) if *id == actor.id => actor.may(Action::ChatRead, Subject::Person(id)),
            Self::Customer(_) => Err(Error::NotFound),
            Self::Queue(vendor) => actor.may(Action::TicketRead, Subject::Vendor(vendor)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn reads_anything_without_panic(s in "\\PC{0,80}") {
            if let Ok(topic) = s.parse::<Topic>() {
                prop_assert_eq!(topic.to_string().parse::<Topic>().unwrap(), topic);
            }
        }
    }
}
