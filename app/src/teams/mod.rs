//! Calls around teams.

pub mod api;
