//! The one error of the business. Edges map it: `server` to problem+json, `app` to the page.

use serde::{Deserialize, Serialize};

/// What can go wrong when someone asks something of COCO.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", content = "detail", rename_all = "snake_case")]
pub enum Error {
    /// There is no such thing, or the actor must not know that there is.
    #[error("We couldn't find that.")]
    NotFound,
    /// The actor may see the thing but not do this with it.
    #[error("You don't have permission to do that.")]
    Forbidden,
    /// Nobody is signed in, or the token is not valid.
    #[error("Please sign in.")]
    Unauthenticated,
    /// The input is not acceptable; each entry names a field.
    #[error("{}", .0.first().map_or("Please check your input.", |f| &f.message))]
    Invalid(Vec<FieldError>),
    /// The thing has changed meanwhile, or its state does not allow this.
    #[error("{}", .0.message)]
    Conflict(Conflict),
    /// Too many requests.
    #[error("Too many attempts. Try again in {0} seconds.")]
    RateLimited(
        /// Seconds until the next attempt may succeed.
        u32,
    ),
    /// The upload or body exceeds the limit, in bytes.
    #[error("That is too large. The limit is {} MB.", .0 / 1_048_576)]
    TooLarge(
        /// The limit in bytes.
        u64,
    ),
    /// Nothing was stored because storage does not answer or is full.
    #[error("We couldn't save this just now. Nothing was lost. Try again.")]
    Unavailable(
        /// The cause, for the log.
        String,
    ),
    /// A file was not taken because it could not be looked through for viruses.
    #[error("We can't check files for viruses right now. Try again in a few minutes.")]
    Unchecked(
        /// The cause, for the log.
        String,
    ),
    /// A fault of ours.
    #[error("Something went wrong on our side. Try again.")]
    Internal(
        /// The cause, for the log; never shown.
        String,
    ),
}

/// One field and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// The field's name as in the request.
    pub field: String,
    /// What to do about it, for a person.
    pub message: String,
}

/// Why the present state refuses a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// What kind of conflict.
    pub kind: ConflictKind,
    /// What to tell the person.
    pub message: String,
}

/// Kinds of [`Conflict`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictKind {
    /// Someone else saved a newer version.
    Stale,
    /// The state machine does not know this move.
    IllegalMove,
    /// It exists already.
    Duplicate,
}

/// The result of asking the business something.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// One field is wrong.
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError { field: field.into(), message: message.into() }])
    }
    /// The present state refuses the change.
    pub fn conflict(kind: ConflictKind, message: impl Into<String>) -> Self {
        Self::Conflict(Conflict { kind, message: message.into() })
    }
    /// A fault of ours, with its cause for the log.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self::Internal(cause.to_string())
    }
    /// The HTTP status, after `docs` of RFC 9110: 404 where even existence is private.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::Forbidden => 403,
            Self::Unauthenticated => 401,
            Self::Invalid(_) => 422,
            Self::Conflict(_) => 409,
            Self::RateLimited(_) => 429,
            Self::TooLarge(_) => 413,
            Self::Unavailable(_) | Self::Unchecked(_) => 503,
            Self::Internal(_) => 500,
        }
    }
    /// The message for a field, if the error is about it.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        match self {
            Self::Invalid(fields) => fields.iter().find(|f| f.field == name).map(|f| f.message.as_str()),
            _ => None,
        }
    }
}

#[cfg(feature = "server")]
impl From<sqlx::Error> for Error {
    /// A full, busy or absent database is `Unavailable`; all else is ours.
    fn from(e: sqlx::Error) -> Self {
        let unavailable = match &e {
            sqlx::Error::Database(db) => {
                // SQLite: BUSY 5, LOCKED 6, READONLY 8, IOERR 10, FULL 13, CANTOPEN 14 (primary codes).
                // PostgreSQL: class 53 and 57P.
                let code = db.code().unwrap_or_default();
                code.parse::<u32>().is_ok_and(|c| matches!(c & 0xff, 5 | 6 | 8 | 10 | 13 | 14) && code.len() < 5)
                    || code.starts_with("53")
                    || code.starts_with("57P")
            }
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => true,
            _ => false,
        };
        if unavailable { Self::Unavailable(e.to_string()) } else { Self::Internal(e.to_string()) }
    }
}
