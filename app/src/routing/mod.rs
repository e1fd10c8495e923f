//! Pages and calls around routing.

pub mod api;
mod in_line;
mod preview;
mod reps;
mod rules_page;
mod typed;
mod why;

pub use in_line::InLine;
pub use rules_page::RoutingPage;
pub use why::Why;
