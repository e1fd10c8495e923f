//! Live updates: one socket per browser, at `/ws`.
//!
//! | Module | Owns |
//! |---|---|
//! | [`frame`] | what goes over the wire, and reading it |
//! | [`hub`] | who follows what; the task that reads the journey for all |
//! | [`peer`] | what waits for one follower, and when it is dropped |
//! | [`socket`] | one socket: reading, answering, writing |
//! | [`limits`] | how much one person may ask over all their sockets |
//! | [`guard`] | signs of life; sessions, tokens and rights that end |
//! | [`presence`] | staff are online as long as they have a socket |
//!
//! The data of a frame is in the database before anyone is told. A frame that does not arrive is
//! read again after the next `subscribe` with the last `seq`, or by polling `GET /api/events`.

pub mod frame;
pub mod guard;
pub mod hub;
mod key;
pub mod limits;
pub mod peer;
pub mod presence;
pub mod socket;

pub use hub::{Audience, Hub, Seat};

use crate::state::AppState;
use axum::Router;
use axum::routing::get;

/// Method and path of every route here.
pub const ROUTES: &[(&str, &str)] = &[("GET", "/ws")];

/// The routes.
pub fn router() -> Router<AppState> {
    Router::new().route("/ws", get(socket::upgrade))
}
