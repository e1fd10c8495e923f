//! Teams: groups of a vendor's staff that tickets can be given to, with or without one of them.

use crate::id::{TeamId, UserId, VendorId};
use serde::{Deserialize, Serialize};

#[cfg(feature = "server")]
pub mod service;
#[cfg(feature = "server")]
mod store;
#[cfg(test)]
mod tests;

/// The longest name, in characters.
pub const MAX_NAME: usize = 60;

/// A team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// Identifier.
    pub id: TeamId,
    /// The vendor whose staff it is made of.
    pub vendor_id: VendorId,
    /// Name, unique at the vendor.
    pub name: String,
    /// Who is in it.
    pub members: Vec<UserId>,
}
