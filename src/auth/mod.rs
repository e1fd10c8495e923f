//! Auth: proving who someone is. Passwords, sessions, one-time links, API tokens.

use crate::actor::Scope;
use crate::id::TokenId;
use crate::time::{DAY, HOUR, MINUTE, Timestamp};
use serde::{Deserialize, Serialize};

#[cfg(feature = "server")]
mod address;
#[cfg(feature = "server")]
mod attempts;
#[cfg(feature = "server")]
pub mod links;
#[cfg(feature = "server")]
mod password;
#[cfg(feature = "server")]
mod proof;
#[cfg(feature = "server")]
pub mod secret;
#[cfg(feature = "server")]
pub mod service;
#[cfg(feature = "server")]
pub mod sessions;
#[cfg(feature = "server")]
mod store;
#[cfg(feature = "server")]
pub mod tokens;

/// Shortest password accepted, after NIST SP 800-63B.
pub const MIN_PASSWORD: usize = 8;
/// Longest password accepted, in bytes, so that hashing stays bounded.
pub const MAX_PASSWORD: usize = 256;
/// A session ends after this long without a request.
pub const SESSION_IDLE: i64 = 12 * HOUR;
/// A session ends after this long whatever happens.
pub const SESSION_ABSOLUTE: i64 = 14 * DAY;
/// A password link works for this long.
pub const RESET_TTL: i64 = 30 * MINUTE;
/// Wrong passwords in a row before an account rests.
pub const MAX_FAILURES: i64 = 8;
/// How long an account rests after too many wrong passwords.
pub const LOCKOUT: i64 = 10 * MINUTE;
/// The link that makes the first administrator works for this long.
pub const SETUP_TTL: i64 = DAY;
/// A link that proves an address works for this long.
pub const PROOF_TTL: i64 = DAY;
/// Links of one kind sent to one address within an hour.
pub const MAX_MAILS: i64 = 3;

/// The names of the forms' fields and what they hold.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// Name.
    pub name: String,
    /// Address.
    pub email: String,
    /// Password, at least [`MIN_PASSWORD`] characters.
    pub password: String,
}

/// Without the password, so that it never reaches a log.
impl std::fmt::Debug for Registration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Registration").field("name", &self.name).field("email", &self.email).finish_non_exhaustive()
    }
}

/// A token as its owner sees it; the secret is shown once, when made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenInfo {
    /// Identifier.
    pub id: TokenId,
    /// What the owner calls it.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to the hour.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// Checks a new password; the messages name the field `password`.
///
/// # Errors
/// [`crate::Error::Invalid`] when too short, too long, or the same as the address.
pub fn check_password(password: &str, email: &str) -> crate::Result<()> {
    let fault = if password.chars().count() < MIN_PASSWORD {
        format!("Use at least {MIN_PASSWORD} characters.")
    } else if password.len() > MAX_PASSWORD {
        format!("Use at most {MAX_PASSWORD} characters.")
    } else if password.eq_ignore_ascii_case(email) {
        "Your password can't be your email address.".into()
    } else {
        return Ok(());
    };
    Err(crate::Error::invalid("password", fault))
}

#[cfg(test)]
mod rules {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn refuses_short_long_and_guessable() {
        for bad in ["", "seven77", "me@Example.com", &"x".repeat(MAX_PASSWORD + 1)] {
            assert!(check_password(bad, "me@example.com").unwrap_err().field("password").is_some(), "{bad}");
        }
        assert_eq!(check_password("långt nog", "me@example.com"), Ok(()));
    }

    #[test]
    fn a_registration_keeps_its_password_out_of_logs() {
        let form = Registration { password: "correct horse".into(), ..Registration::default() };
        assert!(!format!("{form:?}").contains("horse"));
    }

    proptest! {
        #[test]
        fn checking_a_password_never_panics(password in "\\PC{0,300}", email in "\\PC{0,60}") {
            let _ = check_password(&password, &email);
        }
    }
}

#[cfg(test)]
#[cfg(feature = "server")]
mod tests;
