//! Pages and calls around people.

pub mod api;
pub mod customer_profile;
pub mod desk;
pub mod desk_profile;
pub mod details;
