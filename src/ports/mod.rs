//! Ports: one small trait for each outside system, with its fake beside it.

pub mod mailer;
pub mod scanner;
