//! Loading a ticket anew after a gap, until it works: a page that missed something must not look as if it had not.

use super::api::load_ticket;
use crate::live::pause;
use crate::ui::Toaster;
use coco::tickets::TicketView;

/// Pauses between attempts, in milliseconds; the last goes on.
const PAUSES: [u32; 5] = [1_000, 2_000, 5_000, 10_000, 30_000];
/// Attempts before the person is told.
const QUIET: usize = 3;

/// Loads a ticket until it works, the page is `gone`, or the server refuses for good; then it says so.
pub async fn reload_ticket(number: String, toaster: Toaster, gone: impl Fn() -> bool) -> Option<TicketView> {
    let mut attempts = 0;
    loop {
        match load_ticket(number.clone()).await {
            _ if gone() => return None,
            Ok(view) => return Some(view),
            Err(e) if e.is_final() => {
                toaster.error(["We couldn't load what happened meanwhile. ", &e.to_string()].concat());
                return None;
            }
            Err(_) => {}
        }
        attempts += 1;
        if attempts == QUIET {
            toaster.error("We couldn't load what happened meanwhile. This page may be behind; we keep trying.");
        }
        pause(PAUSES[attempts.min(PAUSES.len()) - 1]).await;
        if gone() {
            return None;
        }
    }
}
