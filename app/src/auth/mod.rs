//! Pages and calls around signing in.

pub mod account;
pub mod api;
pub mod entry;
pub mod landing;
pub mod recover;
pub mod tokens;

/// Where to go after signing in: to `next` when it is a page here, else to the role's home.
#[cfg(feature = "ssr")]
fn destination(next: Option<&str>, role: coco::actor::Role) -> String {
    match next {
        Some(path) if path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\n', '\r']) => path.to_owned(),
        _ => role.home().to_owned(),
    }
}
