//! Starting, stopping, and what runs in between.

use std::future::Future;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

/// How long work under way may take after it was asked to stop.
pub const DRAIN: Duration = Duration::from_secs(10);

/// Tells everyone when to stop, and knows when they have. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Lifecycle {
    stop: CancellationToken,
    tasks: TaskTracker,
    deadline: Arc<OnceLock<Instant>>,
}

impl Lifecycle {
    /// Runs `work` beside everything else. It should end soon after [`Lifecycle::stopped`].
    pub fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        #[expect(clippy::disallowed_methods, reason = "the one place that keeps count")]
        tokio::spawn(self.tasks.track_future(work));
    }

    /// Keeps the process from ending within [`DRAIN`] while the token is held: for sockets.
    pub fn hold(&self) -> TaskTrackerToken {
        self.tasks.token()
    }

    /// Waits until it is time to stop.
    pub async fn stopped(&self) {
        self.stop.cancelled().await;
    }

    /// Whether it is time to stop.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Asks everyone to stop, within [`DRAIN`].
    pub fn stop(&self) {
        self.deadline();
        self.stop.cancel();
    }

    /// When everyone must have stopped; from now, if nobody was asked to before.
    pub fn deadline(&self) -> Instant {
        *self.deadline.get_or_init(|| Instant::now() + DRAIN)
    }

    /// Waits for `pause`, or less when it is time to stop; false then.
    pub async fn pause(&self, pause: Duration) -> bool {
        tokio::select! {
            () = self.stopped() => false,
            () = tokio::time::sleep(pause) => true,
        }
    }

    /// Waits for those who were asked to stop, no longer than until the deadline.
    pub async fn drained(&self) {
        self.tasks.close();
        if tokio::time::timeout_at(self.deadline(), self.tasks.wait()).await.is_err() {
            tracing::warn!(left = self.tasks.len(), "lifecycle.not_drained");
        }
    }

    /// Stops at the first SIGINT or SIGTERM; a second one ends the process at once.
    pub fn stop_on_signals(&self) {
        let lifecycle = self.clone();
        #[expect(clippy::disallowed_methods, reason = "it waits for what ends the process")]
        tokio::spawn(async move {
            signal().await;
            tracing::info!("server.stopping");
            lifecycle.stop();
            signal().await;
            std::process::exit(130);
        });
    }
}

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut int), Ok(mut term)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate())) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = int.recv() => {}
        _ = term.recv() => {}
    }
}

#[cfg(not(unix))]
async fn signal() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
