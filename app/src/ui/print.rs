//! Paper, where nobody can point at anything. What is on it is in `style/print.css`.

use super::browser;
use super::time::local;
use coco::time::Timestamp;
use leptos::prelude::*;
use std::time::Duration;

/// Prints the page, once what was pressed has closed.
pub fn print() {
    set_timeout(
        || {
            let _ = window().print();
        },
        Duration::ZERO,
    );
}

/// Before anything is printed, each time gets the words that paper shows: its own in full.
pub(super) fn tell_times_in_full() {
    let before = window_event_listener_untyped("beforeprint", |_| {
        let Some(root) = document().document_element() else { return };
        for time in browser::all(&root, "time[datetime]") {
            if let Some(at) = time.get_attribute("datetime").and_then(|text| Timestamp::try_from(text).ok()) {
                let _ = time.set_attribute("title", &local(at));
            }
        }
    });
    on_cleanup(move || before.remove());
}
