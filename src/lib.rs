//! The business of COCO.
//!
//! Pure types and rules compile everywhere; services and stores need the feature `server`. Each
//! concept is a folder: `mod.rs` has its types and rules, `service.rs` its use cases, `store.rs`
//! its SQL, private to the concept. A use case reads top to bottom: the actor's rights, the rule,
//! the store on one transaction, the event, commit.

pub mod actor;
pub mod analytics;
pub mod auth;
pub mod conversations;
pub mod error;
pub mod event;
pub mod feedback;
pub mod id;
#[cfg(feature = "server")]
pub mod idempotency;
pub mod journey;
pub mod mail;
pub mod page;
pub mod people;
pub mod routing;
pub mod sla;
pub mod teams;
pub mod text;
pub mod tickets;
pub mod time;
pub mod vendors;

#[cfg(feature = "server")]
pub mod db;
#[cfg(feature = "server")]
pub mod ports;
#[cfg(feature = "server")]
pub mod services;
#[cfg(feature = "server")]
pub mod trace;

pub use error::{Error, Result};
