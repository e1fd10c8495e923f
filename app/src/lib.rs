//! What a person sees and calls: pages, the design system and server functions.
//!
//! Two apps over one design system: [`CustomerApp`] for the public and for customers, [`DeskApp`]
//! for reps and admins; each is compiled into a bundle of its own, so that a customer never
//! downloads the desk. Between them a page is loaded anew, which happens only at sign-in.

// Views nest deeply; the default of 128 is too low for them.
#![recursion_limit = "512"]

pub mod analytics;
pub mod auth;
mod codec;
#[cfg(feature = "ssr")]
pub mod context;
pub mod conversations;
mod customer_app;
mod desk_app;
pub mod error;
pub mod feedback;
mod form;
pub mod journey;
mod json;
mod layout;
pub mod live;
mod load;
pub mod mail;
pub mod people;
pub mod routing;
mod shell;
pub mod sla;
pub mod teams;
pub mod tickets;
pub mod ui;
pub mod vendors;

pub use customer_app::CustomerApp;
pub use desk_app::DeskApp;
pub use shell::{Assets, customer_shell, desk_shell};
