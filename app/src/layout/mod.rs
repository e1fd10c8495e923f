//! The frames around pages: for customers, for the desk.

pub mod customer;
pub mod desk;
pub mod public;
mod signed_out;
