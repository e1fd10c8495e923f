//! Pages and calls around tickets.

pub mod api;
pub mod customer_card;
pub mod customer_help;
pub mod customer_home;
pub mod customer_new;
pub mod customer_ticket;
pub mod customer_tickets;
pub mod desk;
mod reload;
