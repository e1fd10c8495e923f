//! How long something took, as people say it.

use coco::time::{DAY, HOUR, MINUTE};

/// "under a minute", "5 min", "3 h 20 min", "2 d 4 h".
#[must_use]
pub fn span(micros: i64) -> String {
    match micros {
        m if m < MINUTE => "under a minute".into(),
        m if m < HOUR => format!("{} min", m / MINUTE),
        m if m < DAY && m % HOUR < MINUTE => format!("{} h", m / HOUR),
        m if m < DAY => format!("{} h {} min", m / HOUR, m % HOUR / MINUTE),
        m if m % DAY < HOUR => format!("{} d", m / DAY),
        m => format!("{} d {} h", m / DAY, m % DAY / HOUR),
    }
}

#[cfg(test)]
mod tests {
    use super::span;
    use coco::time::{HOUR, MINUTE, SECOND};

    #[test]
    fn says_how_long() {
        let all = [30 * SECOND, 5 * MINUTE, 2 * HOUR, 3 * HOUR + 20 * MINUTE, 48 * HOUR, 52 * HOUR].map(span);
        assert_eq!(all, ["under a minute", "5 min", "2 h", "3 h 20 min", "2 d", "2 d 4 h"]);
    }
}
