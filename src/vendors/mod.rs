//! Vendors: the businesses whose customers COCO serves. Their data never mix.

use crate::id::VendorId;
use serde::{Deserialize, Serialize};

#[cfg(feature = "server")]
pub mod service;
#[cfg(feature = "server")]
mod store;
#[cfg(test)]
mod tests;

/// A vendor as everyone sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(sqlx::FromRow, utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Vendor {
    /// Identifier.
    pub id: VendorId,
    /// Short name for addresses, `a-z0-9-`.
    pub slug: String,
    /// Name.
    pub name: String,
    /// One sentence for customers.
    pub about: String,
    /// Brand colour, `#rrggbb`.
    pub color: String,
    /// When people answer, in words.
    pub hours: String,
}

/// A vendor and whether the asking customer is with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorChoice {
    /// The vendor.
    pub vendor: Vendor,
    /// The customer is with it.
    pub joined: bool,
    /// It is the one chosen now.
    pub current: bool,
    /// The customer's open tickets there.
    pub open_tickets: i64,
    /// People who answer there are online.
    pub online: bool,
}
