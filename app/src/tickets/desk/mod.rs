//! The desk: the inbox and the ticket beside it.

mod actions;
mod activity;
mod assignment;
mod change;
mod conflict;
mod customer;
mod filters;
mod header;
mod inbox;
mod list;
mod naming;
mod panel;
mod properties;
mod query;
mod rows;
mod saving;
mod separator;
mod span;
mod store;
mod subject;
mod tags;
mod talk;
mod team;
mod ticket;
mod walk;

pub use inbox::{InboxPage, NothingOpen};
pub use query::ListQuery;
pub use span::span;
pub use store::TicketStore;
pub use ticket::TicketPage;
