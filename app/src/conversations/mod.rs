//! Conversations: the thread that customers and reps share, and the box to write in.

pub mod api;
mod attach;
mod bubble;
mod composer;
mod draft;
mod emoji;
mod files;
mod length;
mod outbox;
mod store;
mod thread;
mod words;

pub use attach::{AttachButton, Chosen, Uploads};
pub use composer::{Asked, Composer};
pub use draft::{drop_draft, keep_draft, keep_files};
pub use files::uploaded;
pub use length::{counter, too_long};
pub use outbox::{Then, new_client_id};
pub use store::{Side, ThreadStore};
pub use thread::ThreadView;
