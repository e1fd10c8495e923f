//! Mails the customers whose tickets were resolved, to ask how it went.

use crate::state::AppState;
use std::time::Duration;

/// How often to look whether someone is to be asked.
const EVERY: Duration = Duration::from_secs(1);
/// How long to leave a database alone that does not answer.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Runs until it is time to stop.
pub async fn run(state: AppState) {
    let mut pause = EVERY;
    while state.lifecycle.pause(pause).await {
        pause = match state.services.feedback.send_due(&state.config.public_url).await {
            Ok(0) => EVERY,
            Ok(_) => Duration::ZERO,
            Err(e) => {
                tracing::warn!(error = ?e, "rating_mail.not_sent");
                AFTER_FAILURE
            }
        };
    }
}
