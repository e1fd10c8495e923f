//! People: one identity for every customer and member of staff, and the presence of staff.

use crate::actor::Role;
use crate::id::{UserId, VendorId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

#[cfg(feature = "server")]
mod bulk;
#[cfg(feature = "server")]
pub mod presence;
#[cfg(feature = "server")]
pub mod service;
#[cfg(feature = "server")]
mod store;

/// The language of who has not chosen one.
#[cfg(feature = "server")]
const LANGUAGE: &str = "en";
/// The time zone of who has not chosen one.
#[cfg(feature = "server")]
const TIMEZONE: &str = "UTC";

/// A person, as they see themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(sqlx::FromRow))]
pub struct User {
    /// Identifier.
    pub id: UserId,
    /// Address, in lower case, unique.
    pub email: String,
    /// Name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Language tag such as `en`.
    pub language: String,
    /// IANA time zone such as `Europe/Berlin`.
    pub timezone: String,
    /// City, free text, may be empty.
    pub city: String,
    /// Phone number, may be empty.
    pub phone: String,
    /// The vendor a customer has chosen; for staff the one they work in.
    pub current_vendor_id: Option<VendorId>,
    /// May sign in.
    pub is_active: bool,
    /// Since when.
    pub created_at: Timestamp,
    /// When they proved that mail to their address reaches them.
    pub email_proved_at: Option<Timestamp>,
}

/// What staff see of a customer beside a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(sqlx::FromRow))]
pub struct CustomerCard {
    /// Identifier.
    pub id: UserId,
    /// Name.
    pub name: String,
    /// Address.
    pub email: String,
    /// Phone number, may be empty.
    pub phone: String,
    /// City, may be empty.
    pub city: String,
    /// IANA time zone.
    pub timezone: String,
    /// Language tag.
    pub language: String,
    /// Customer since.
    pub created_at: Timestamp,
    /// When they proved that mail to their address reaches them.
    pub email_proved_at: Option<Timestamp>,
}

#[cfg(feature = "server")]
impl CustomerCard {
    /// As much of it as staff know who gave the address and `name` at `at`: an account with nothing filled in.
    #[must_use]
    pub(crate) fn given(self, name: &str, at: Timestamp) -> Self {
        Self {
            name: name.to_owned(),
            phone: String::new(),
            city: String::new(),
            timezone: TIMEZONE.into(),
            language: LANGUAGE.into(),
            created_at: at,
            email_proved_at: None,
            ..self
        }
    }
}

/// Presence of a member of staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Takes new work.
    Online,
    /// Signed in, not at the desk.
    Away,
    /// At the desk, takes no new work.
    Busy,
    /// Not signed in.
    Offline,
}

impl Presence {
    /// All, in the order of the menu.
    pub const ALL: [Self; 4] = [Self::Online, Self::Away, Self::Busy, Self::Offline];
    /// The word in the database and on the socket.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Away => "away",
            Self::Busy => "busy",
            Self::Offline => "offline",
        }
    }
    /// What a person reads.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Online => "Online",
            Self::Away => "Away",
            Self::Busy => "Busy",
            Self::Offline => "Offline",
        }
    }
}

/// A colleague, for assignment and the team list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(sqlx::FromRow))]
pub struct Colleague {
    /// Identifier.
    pub id: UserId,
    /// Name.
    pub name: String,
    /// Role, which gives the level.
    pub role: Role,
    /// As they chose, or online; offline when no socket of theirs is open.
    pub presence: Presence,
    /// Open tickets assigned to them; counting stops at [`crate::tickets::MOST_COUNTED`].
    #[cfg_attr(feature = "server", sqlx(default))]
    pub open_tickets: i64,
}

/// What a person may change of themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileEdit {
    /// Name, 1 to 120 characters.
    pub name: String,
    /// Language tag.
    pub language: String,
    /// IANA time zone.
    pub timezone: String,
    /// City, up to 120 characters.
    pub city: String,
    /// Phone, up to 40 characters.
    pub phone: String,
}
