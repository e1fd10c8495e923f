//! Outside systems, one file each. Those that COCO has in itself, so that it runs alone, are the
//! default.

pub mod clamd;
pub mod outbox;
pub mod private;
