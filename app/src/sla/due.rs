//! When a ticket's next promise is due, in a word or two for a row of the inbox.

use crate::ui::{Glyph, Icon, use_now};
use coco::sla::{Standing, Status};
use coco::time::{DAY, HOUR, MINUTE, Timestamp};
use leptos::prelude::*;

/// The largest unit alone: "5 min", "3 h", "2 d".
fn short(micros: i64) -> String {
    match micros {
        m if m < MINUTE => "1 min".to_owned(),
        m if m < HOUR => [&(m / MINUTE).to_string(), " min"].concat(),
        m if m < 2 * DAY => [&(m / HOUR).to_string(), " h"].concat(),
        m => [&(m / DAY).to_string(), " d"].concat(),
    }
}

/// "due in 25 min", "3 h overdue", "paused".
#[must_use]
pub fn due_words(clock: &Standing, now: Timestamp) -> String {
    match clock.due_at {
        Some(due) if now > due => [&short(now.since(due)), " overdue"].concat(),
        Some(due) => ["due in ", &short(due.since(now))].concat(),
        None if clock.is_running => "not due for years".to_owned(),
        None if clock.breached_at.is_some() => "paused, overdue".to_owned(),
        None => "paused".to_owned(),
    }
}

/// The mark in a row. The row's own name says the same, so it is not read out again.
#[component]
pub fn DueMark(
    /// The promise that is due first.
    clock: Standing,
) -> impl IntoView {
    let now = use_now();
    let title = [clock.kind.label(), ": "].concat();
    let mark = move || {
        let (words, status) = (due_words(&clock, now.get()), clock.status(now.get()));
        let glyph = if status == Status::Breached { Glyph::ALERT } else { Glyph::CLOCK };
        let name = [&title, words.as_str(), ", ", &status.label().to_lowercase()].concat();
        let short = words.trim_start_matches("due in ").to_owned();
        view! { <span class="due" data-status=status.as_str() title=name><Icon glyph /> {short}</span> }
    };
    mark.into_any()
}

#[cfg(test)]
mod tests {
    use super::due_words;
    use coco::sla::{Kind, Standing};
    use coco::time::{DAY, HOUR, MINUTE, Timestamp};

    #[test]
    fn says_how_long_is_left() {
        let now = Timestamp::from_micros(100 * DAY);
        let clock = |due: Option<i64>| Standing {
            kind: Kind::Resolution,
            target: HOUR,
            used: 0,
            is_running: due.is_some(),
            at_risk_at: None,
            due_at: due.map(|d| now.plus(d)),
            met_at: None,
            breached_at: None,
            is_cancelled: false,
        };
        let all = [Some(25 * MINUTE), Some(47 * HOUR), Some(3 * DAY), Some(-2 * HOUR), Some(0), None].map(|d| due_words(&clock(d), now));
        assert_eq!(all, ["due in 25 min", "due in 47 h", "due in 3 d", "2 h overdue", "due in 1 min", "paused"]);
    }
}
