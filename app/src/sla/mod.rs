//! Pages and calls around promises of time.

pub mod api;
mod due;
mod fields;
mod page;
mod policy;
mod tables;
mod tracker;

pub use due::{DueMark, due_words};
pub use page::SlaPage;
pub use tracker::Tracker;
