//! Typed identifiers. Each is a UUIDv7 in its text form: sortable by creation, safe to show.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "server", derive(sqlx::Type, utoipa::ToSchema))]
        #[cfg_attr(feature = "server", sqlx(transparent))]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The text form.
            #[must_use]
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
        impl std::str::FromStr for $name {
            type Err = InvalidId;
            fn from_str(s: &str) -> Result<Self, InvalidId> { parse(s).map(Self) }
        }
        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(s: String) -> Result<Self, InvalidId> { parse(&s).map(Self) }
        }
        impl From<$name> for String {
            fn from(id: $name) -> Self { id.0 }
        }
        impl From<uuid::Uuid> for $name {
            fn from(id: uuid::Uuid) -> Self { Self(id.hyphenated().to_string()) }
        }
    )+};
}

ids! {
    /// A person: customer or staff.
    UserId,
    /// A business that gives support through COCO.
    VendorId,
    /// A team of a vendor.
    TeamId,
    /// A ticket.
    TicketId,
    /// A thread of messages of one ticket on one channel.
    ConversationId,
    /// One message or internal note.
    MessageId,
    /// An uploaded file.
    AttachmentId,
    /// A stretch of work on a ticket.
    AssignmentId,
    /// An API token (not its secret).
    TokenId,
}

/// The text is not an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid id")]
pub struct InvalidId;

fn parse(s: &str) -> Result<String, InvalidId> {
    uuid::Uuid::try_parse(s).map(|id| id.hyphenated().to_string()).map_err(|_| InvalidId)
}

/// Makes identifiers; injected, so that tests are exact.
pub trait IdSource: Send + Sync {
    /// The next identifier, sortable after all earlier ones of this source.
    fn next(&self) -> uuid::Uuid;
}

/// Identifiers for a running system.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemIds;

impl IdSource for SystemIds {
    #[expect(clippy::disallowed_methods, reason = "the one place that makes ids")]
    fn next(&self) -> uuid::Uuid {
        uuid::Uuid::now_v7()
    }
}

/// Identifiers that carry the time of an injected clock, in rising order and the same in every run
/// with the same seed; for demo data, whose past is made up.
#[cfg(feature = "server")]
pub struct ClockIds {
    clock: std::sync::Arc<dyn crate::time::Clock>,
    made: std::sync::atomic::AtomicU64,
    seed: u64,
}

#[cfg(feature = "server")]
impl ClockIds {
    /// Identifiers at the times `clock` shows; another `seed` gives others.
    #[must_use]
    pub fn new(clock: std::sync::Arc<dyn crate::time::Clock>, seed: u64) -> Self {
        Self { clock, made: 0.into(), seed }
    }
    /// An identifier as if made at `at`.
    #[must_use]
    pub fn at(&self, at: crate::time::Timestamp) -> uuid::Uuid {
        let n = self.made.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        // RFC 9562 §6.2: a counter right after the time keeps the order within a millisecond.
        let mut rest = [0; 10];
        rest[..2].copy_from_slice(&((n >> 22) as u16).to_be_bytes());
        rest[2] = (n >> 16) as u8;
        rest[3..5].copy_from_slice(&(n as u16).to_be_bytes());
        let mixed = (n ^ self.seed).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        rest[5..].copy_from_slice(&(mixed ^ (mixed >> 29)).to_be_bytes()[..5]);
        let millis = u64::try_from(at.micros() / 1_000).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &rest).into_uuid()
    }
}

#[cfg(feature = "server")]
impl IdSource for ClockIds {
    fn next(&self) -> uuid::Uuid {
        self.at(self.clock.now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "server")]
    #[test]
    fn clock_ids_rise_with_time_and_within_it() {
        let clock = std::sync::Arc::new(crate::time::FixedClock::at(crate::time::Timestamp::from_micros(1_700_000_000_000_000)));
        let ids = ClockIds::new(clock.clone(), 7);
        let mut all: Vec<uuid::Uuid> = (0..70_000).map(|_| ids.next()).collect();
        clock.advance(1_000);
        all.push(ids.next());
        assert!(all.is_sorted() && all.iter().all(|id| id.get_version_num() == 7));
        all.dedup();
        assert_eq!(all.len(), 70_001);
    }

    #[test]
    fn refuses_what_is_not_an_id() {
        for bad in ["", "1", "' OR 1=1", "0190aaaa-0000-7000-8000-00000000000g"] {
            assert_eq!(bad.parse::<TicketId>(), Err(InvalidId), "{bad}");
        }
    }

    #[test]
    fn has_one_text_form() {
        let id: TicketId = "0190AAAA-0000-7000-8000-000000000001".parse().unwrap();
        assert_eq!(id.as_str(), "0190aaaa-0000-7000-8000-000000000001");
    }
}
