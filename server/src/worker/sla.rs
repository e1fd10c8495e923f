//! Keeps the clocks of promises, and does on time what falls due.

use crate::state::AppState;
use coco::Result;
use coco::sla::reader::BATCH;
use std::time::Duration;

/// Looks at least this often: commits of other processes may not be told, and clocks of machines are set.
const AT_LEAST: Duration = Duration::from_secs(1);
/// Commits that come together are followed together.
const TOGETHER: Duration = Duration::from_millis(100);
/// The pause for others while there is much to follow.
const BREATH: Duration = Duration::from_millis(20);
/// How long to leave a database alone that does not answer.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Runs until it is time to stop.
pub async fn run(state: AppState) {
    let mut commits = state.services.core.db.commits();
    let mut has_begun = false;
    while !state.lifecycle.is_stopping() {
        commits.borrow_and_update();
        let wait = match round(&state, &mut has_begun).await {
            Ok(wait) => wait,
            Err(e) => {
                tracing::warn!(error = ?e, "sla.not_kept");
                if !state.lifecycle.pause(AFTER_FAILURE).await {
                    return;
                }
                continue;
            }
        };
        tokio::select! {
            _ = commits.changed() => {
                state.lifecycle.pause(TOGETHER.min(wait)).await;
            }
            () = tokio::time::sleep(wait) => {}
            () = state.lifecycle.stopped() => return,
        }
    }
}

/// Follows the journey and does what fell due; how long until there may be more.
async fn round(state: &AppState, has_begun: &mut bool) -> Result<Duration> {
    let sla = &state.services.sla;
    if !*has_begun {
        sla.begin().await?;
        *has_begun = true;
    }
    if sla.catch_up().await? == BATCH {
        return Ok(BREATH);
    }
    if sla.fall_due().await? > 0 {
        return Ok(BREATH);
    }
    let Some(next) = sla.next_due().await? else { return Ok(AT_LEAST) };
    let micros = next.since(state.services.core.now()).max(0);
    Ok(Duration::from_micros(u64::try_from(micros).unwrap_or_default() + 1_000).clamp(BREATH, AT_LEAST))
}
