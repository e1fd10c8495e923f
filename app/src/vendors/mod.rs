//! Pages and calls around vendors.

pub mod api;
pub mod customer_list;
pub mod customer_mark;
