//! Hands out tickets the moment something happened that lets one find its rep.

use crate::state::AppState;
use coco::id::UserId;
use coco::routing::follow::Follower;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;

/// Reads the journey at least this often: commits of other processes may not be told.
const AT_LEAST: Duration = Duration::from_secs(1);
/// How long to leave a database alone that does not answer.
const AFTER_FAILURE: Duration = Duration::from_secs(2);

/// What woke the worker.
enum Woken {
    /// Something may have been committed.
    Commit,
    /// Someone's presence changed.
    Presence(UserId),
    /// Changes of presence were missed.
    Missed,
}

/// Runs until it is time to stop.
pub async fn run(state: AppState) {
    let services = &state.services;
    // Before the first look at everyone, so that nothing falls between.
    let (mut commits, mut presence, mut hints) = (services.core.db.commits(), services.people.presence_changes(), services.core.db.hints());
    let mut follower = Follower::default();
    while !state.lifecycle.is_stopping() {
        commits.borrow_and_update();
        match follower.round(services).await {
            Ok(0) => {}
            Ok(given) => tracing::debug!(given, "routing.given"),
            Err(e) => {
                tracing::warn!(error = ?e, "routing.failed");
                state.lifecycle.pause(AFTER_FAILURE).await;
                continue;
            }
        }
        let woken = tokio::select! {
            _ = commits.changed() => Woken::Commit,
            change = presence.recv() => heard(change.map(|(person, _)| Some(person))),
            hint = hints.recv() => heard(hint.map(|hint| Some(services.people.presence_elsewhere(&hint)?.0))),
            () = tokio::time::sleep(AT_LEAST) => Woken::Commit,
            () = state.lifecycle.stopped() => return,
        };
        match woken {
            Woken::Commit => {}
            Woken::Missed => follower.forget(),
            Woken::Presence(person) => {
                if let Err(e) = follower.presence(services, &person).await {
                    tracing::warn!(error = ?e, "routing.presence_not_read");
                    follower.forget();
                }
            }
        }
    }
}

fn heard(got: Result<Option<UserId>, RecvError>) -> Woken {
    match got {
        Ok(Some(person)) => Woken::Presence(person),
        Ok(None) | Err(RecvError::Closed) => Woken::Commit,
        Err(RecvError::Lagged(_)) => Woken::Missed,
    }
}
