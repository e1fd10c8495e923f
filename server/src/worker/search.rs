//! Keeps the search index behind the journey by a moment only.

use crate::state::AppState;
use coco::tickets::search::{BATCH, catch_up};
use std::time::Duration;

/// Looks at least this often: commits of other processes may not be told.
const AT_LEAST: Duration = Duration::from_secs(1);
/// Commits that come together are indexed together: messages wait as long as their neighbours are indexed.
const TOGETHER: Duration = Duration::from_millis(250);
/// The pause for others while there is much to index.
const BREATH: Duration = Duration::from_millis(100);
/// How long to leave a database alone that does not answer.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Runs until it is time to stop.
pub async fn run(state: AppState) {
    let (core, journey) = (&state.services.core, &state.services.journey);
    let mut commits = core.db.commits();
    while !state.lifecycle.is_stopping() {
        commits.borrow_and_update();
        match catch_up(core, journey).await {
            Ok(BATCH) => {
                if !state.lifecycle.pause(BREATH).await {
                    return;
                }
                continue;
            }
            Ok(_) => {}
            Err(e) => {
                tracing::warn!(error = ?e, "search.not_indexed");
                if !state.lifecycle.pause(AFTER_FAILURE).await {
                    return;
                }
            }
        }
        tokio::select! {
            _ = commits.changed() => {
                state.lifecycle.pause(TOGETHER).await;
            }
            () = tokio::time::sleep(AT_LEAST) => {}
            () = state.lifecycle.stopped() => return,
        }
    }
}
