//! Pages and calls around ratings.

pub mod api;
pub mod customer_rating;
pub mod link_page;
