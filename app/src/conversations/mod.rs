//! Conversations: the thread that customers and reps share, and the box to write in.

pub mod api;
mod attach;
mod bubble;
mod composer;
mod draft;
mod emoji;
mod files;
mod store;
mod thread;

pub use attach::{AttachButton, Chosen, Uploads};
pub use composer::Composer;
pub use draft::{drop_draft, keep_draft};
pub use store::{After, Side, ThreadStore, Unsent, new_client_id};
pub use thread::ThreadView;
