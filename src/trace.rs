//! What a trace shows of the business: a span for each use case, transaction and statement.
//!
//! All have [`TARGET`], by which whoever starts logging keeps them out of the log, and out of
//! everything where nothing is traced: then a span costs a look at a flag. None tells a value, only
//! the constant text of a statement.

/// The target of all spans that are for traces alone.
pub const TARGET: &str = "coco::trace";

/// A span for traces alone, with fields as in [`tracing::info_span!`].
#[macro_export]
macro_rules! trace_span {
    ($($field:tt)*) => { ::tracing::info_span!(target: $crate::trace::TARGET, $($field)*) };
}
