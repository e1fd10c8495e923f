//! Pages and calls around the mail that COCO has written.

pub mod api;
mod letter;
mod outbox;

pub use letter::LetterPage;
pub use outbox::OutboxPage;
