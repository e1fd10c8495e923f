//! Keeps figures and counters small while nobody asks for them.

use crate::state::AppState;
use std::time::Duration;

/// How often samples are folded into their histograms.
const FIGURES: Duration = Duration::from_secs(5);
/// Rounds between forgetting clients that have gone.
const ROUNDS: u32 = 60;

/// Runs until it is time to stop.
pub async fn run(state: AppState) {
    let mut round = 0;
    while state.lifecycle.pause(FIGURES).await {
        state.metrics.run_upkeep();
        round = (round + 1) % ROUNDS;
        if round == 0 {
            state.limits.sweep();
            state.hub.sweep();
        }
    }
}
