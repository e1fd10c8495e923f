//! Removes what nobody needs any more: ended sessions, old idempotency keys, uploads never sent, links to rate
//! that ended long ago.

use crate::state::AppState;
use coco::auth::sessions::SessionRows;
use coco::idempotency::Answers;
use std::time::Duration;

/// How often.
const EVERY: Duration = Duration::from_secs(3600);
/// How soon after the start, when there are other things to do.
const FIRST: Duration = Duration::from_secs(60);

/// Runs until it is time to stop.
pub async fn run(state: AppState) {
    let mut pause = FIRST;
    while state.lifecycle.pause(pause).await {
        sweep(&state).await;
        pause = EVERY;
    }
}

/// One round. What fails now is done in the next one.
pub async fn sweep(state: &AppState) {
    let now = state.services.core.now();
    let sessions = SessionRows::new(state.services.core.clone()).delete_expired(now.micros()).await;
    let keys = Answers::new(state.services.core.clone()).sweep().await;
    let uploads = state.services.conversations.sweep_unsent().await;
    let links = state.services.feedback.sweep().await;
    for e in [sessions.as_ref().err(), keys.as_ref().err(), uploads.as_ref().err(), links.as_ref().err()].into_iter().flatten() {
        tracing::warn!(error = ?e, "sweeper.failed");
    }
    let counts = (sessions.unwrap_or_default(), keys.unwrap_or_default(), uploads.unwrap_or_default(), links.unwrap_or_default());
    tracing::debug!(sessions = counts.0, idempotency_keys = counts.1, uploads = counts.2, rating_links = counts.3, "sweeper.done");
}
