//! How the business's types stand in columns: ids and enums as TEXT, times as BIGINT.

use super::Arg;
use crate::actor::{ActorKind, Role};
use crate::conversations::Visibility;
use crate::id::{AssignmentId, AttachmentId, ConversationId, MessageId, TeamId, TicketId, TokenId, UserId, VendorId};
use crate::people::Presence;
use crate::sla::Kind as SlaKind;
use crate::tickets::{Category, Channel, Priority, PrioritySource, Status, TicketType};
use crate::time::Timestamp;
use sqlx::{Database, Decode, Type};

impl From<&str> for Arg {
    fn from(v: &str) -> Self {
        Self::Text(Some(v.to_owned()))
    }
}
impl From<String> for Arg {
    fn from(v: String) -> Self {
        Self::Text(Some(v))
    }
}
impl From<&String> for Arg {
    fn from(v: &String) -> Self {
        Self::Text(Some(v.clone()))
    }
}
impl From<Option<String>> for Arg {
    fn from(v: Option<String>) -> Self {
        Self::Text(v)
    }
}
impl From<Option<&str>> for Arg {
    fn from(v: Option<&str>) -> Self {
        Self::Text(v.map(str::to_owned))
    }
}
impl From<i64> for Arg {
    fn from(v: i64) -> Self {
        Self::Int(Some(v))
    }
}
impl From<u32> for Arg {
    fn from(v: u32) -> Self {
        Self::Int(Some(v.into()))
    }
}
impl From<Option<i64>> for Arg {
    fn from(v: Option<i64>) -> Self {
        Self::Int(v)
    }
}
impl From<bool> for Arg {
    fn from(v: bool) -> Self {
        Self::Bool(v)
    }
}
impl From<Timestamp> for Arg {
    fn from(v: Timestamp) -> Self {
        Self::Int(Some(v.micros()))
    }
}
impl From<Option<Timestamp>> for Arg {
    fn from(v: Option<Timestamp>) -> Self {
        Self::Int(v.map(Timestamp::micros))
    }
}

macro_rules! ids {
    ($($id:ident),+) => {$(
        impl From<&$id> for Arg {
            fn from(v: &$id) -> Self { Self::Text(Some(v.to_string())) }
        }
        impl From<Option<&$id>> for Arg {
            fn from(v: Option<&$id>) -> Self { Self::Text(v.map(ToString::to_string)) }
        }
    )+};
}
ids!(AssignmentId, AttachmentId, ConversationId, MessageId, TeamId, TicketId, TokenId, UserId, VendorId);

macro_rules! text_enums {
    ($($name:ident),+) => {$(
        impl From<$name> for Arg {
            fn from(v: $name) -> Self { Self::Text(Some(v.as_str().to_owned())) }
        }
        impl<DB: Database> Type<DB> for $name where String: Type<DB> {
            fn type_info() -> DB::TypeInfo { <String as Type<DB>>::type_info() }
            fn compatible(ty: &DB::TypeInfo) -> bool { <String as Type<DB>>::compatible(ty) }
        }
        impl<'r, DB: Database> Decode<'r, DB> for $name where &'r str: Decode<'r, DB> {
            fn decode(value: DB::ValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
                let word = <&str as Decode<DB>>::decode(value)?;
                Self::ALL.into_iter().find(|v| v.as_str() == word)
                    .ok_or_else(|| format!(concat!("{:?} is not a ", stringify!($name)), word).into())
            }
        }
    )+};
}
text_enums!(ActorKind, Category, Channel, Presence, Priority, PrioritySource, Role, SlaKind, Status, TicketType, Visibility);
