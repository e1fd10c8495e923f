//! When requests are due.

use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Tells of `count` requests, each when it is due, from a thread of its own: the runtime's clock goes
/// by whole milliseconds, which would count as the server's.
pub fn pace(every: Duration, count: u32) -> mpsc::UnboundedReceiver<Instant> {
    let (tell, told) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        let start = Instant::now();
        for n in 0..count {
            let due = start + every * n;
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            if tell.send(due).is_err() {
                return;
            }
        }
    });
    told
}
