//! Pages and calls around signing in.

pub mod account;
pub mod api;
pub mod confirm;
pub mod entry;
pub mod landing;
pub mod recover;
pub mod tokens;

/// Where to go after signing in: to `next` when it is a page here, else to the role's home.
#[cfg(feature = "ssr")]
fn destination(next: Option<&str>, role: coco::actor::Role) -> String {
    match next {
        Some(path) if is_page_here(path) && is_open_to(path, role) => path.to_owned(),
        _ => role.home().to_owned(),
    }
}

/// A path of this site that can stand in a header: no other host, printed ASCII only.
#[cfg(feature = "ssr")]
fn is_page_here(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with("//") && path.bytes().all(|b| matches!(b, b' '..=b'~') && b != b'\\')
}

/// Whether the path is in the part of the site where this role is at home. Who signs in as someone else than
/// before must not land where nothing is for them.
#[cfg(feature = "ssr")]
fn is_open_to(path: &str, role: coco::actor::Role) -> bool {
    let area = path.split(['/', '?', '#']).nth(1).unwrap_or_default();
    match area {
        "customer" => !role.is_staff(),
        "rep" => role.is_staff(),
        "admin" => role.is_admin(),
        _ => false,
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::destination;
    use coco::actor::Role;

    #[test]
    fn only_pages_of_the_role_come_next() {
        for (path, role) in [
            ("/rep/inbox", Role::Customer),
            ("/customer/history", Role::RepL2),
            ("/admin/dashboard", Role::RepL3),
            ("/login", Role::Customer),
        ] {
            assert_eq!(destination(Some(path), role), role.home(), "{path}");
        }
        for (path, role) in
            [("/rep?view=mine", Role::AdminManager), ("/customer/history", Role::Customer), ("/admin/outbox", Role::AdminSuper)]
        {
            assert_eq!(destination(Some(path), role), path);
        }
    }

    #[test]
    fn only_pages_of_this_site_come_next() {
        assert_eq!(destination(Some("/rep/inbox?view=mine&q=a b"), Role::RepL1), "/rep/inbox?view=mine&q=a b");
        for bad in [
            "",
            "rep",
            "//evil.example",
            "/\\evil.example",
            "/\n",
            "/a\rb",
            "/\u{1}",
            "/\t",
            "/\u{7f}",
            "/\u{85}",
            "/\u{e9}",
            "https://evil.example",
        ] {
            assert_eq!(destination(Some(bad), Role::Customer), "/customer/dashboard", "{bad:?}");
        }
    }
}
