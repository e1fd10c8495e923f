//! What runs beside the requests. Each is a loop of its own that ends when it is time to stop.

mod rating_mail;
mod routing;
mod search;
mod sla;
mod sweeper;
mod upkeep;

use crate::state::AppState;

/// Starts all of them.
pub fn start(state: &AppState) {
    state.lifecycle.spawn(rating_mail::run(state.clone()));
    state.lifecycle.spawn(routing::run(state.clone()));
    state.lifecycle.spawn(search::run(state.clone()));
    state.lifecycle.spawn(sla::run(state.clone()));
    state.lifecycle.spawn(sweeper::run(state.clone()));
    state.lifecycle.spawn(upkeep::run(state.clone()));
}

/// Removes what nobody needs any more, as is done every hour.
pub async fn sweep(state: &AppState) {
    sweeper::sweep(state).await;
}
