//! Pages and calls around the journey.

pub mod api;
pub mod customer_history;
