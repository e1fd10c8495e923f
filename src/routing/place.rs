//! Where a ticket stands in the queue.

use super::wait::Wait;
use crate::tickets::MOST_COUNTED;
use serde::{Deserialize, Serialize};

/// Where a ticket stands in the queue, and how long it will be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// 1 is next; counting stops beyond [`MOST_COUNTED`].
    pub position: i64,
    /// Half of all waits are within; absent when too little is known.
    pub wait: Option<Wait>,
}

impl Place {
    /// As the customer reads it.
    #[must_use]
    pub fn words(self) -> String {
        let place = match self.position {
            1 => "You are next in line.".to_owned(),
            n if n > MOST_COUNTED => format!("There are more than {MOST_COUNTED} before you."),
            n => format!("You are {} in line.", ordinal(n)),
        };
        match self.wait {
            Some(wait) => format!("{place} Usually {}.", wait.words()),
            None => format!("{place} We can't tell yet how long it takes."),
        }
    }

    /// As staff read it.
    #[must_use]
    pub fn staff_words(self) -> String {
        let place = match self.position {
            n if n > MOST_COUNTED => format!("Behind more than {MOST_COUNTED} others"),
            n => format!("{} in the queue", ordinal(n)),
        };
        match self.wait {
            Some(wait) => format!("{place}, usually {}", wait.words()),
            None => format!("{place}, too little has left it lately to say how long"),
        }
    }
}

/// `1st`, `2nd`, `3rd`, `11th`.
fn ordinal(n: i64) -> String {
    let end = match (n % 100, n % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{n}{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_read_well() {
        let ends: Vec<String> = [1, 2, 3, 4, 11, 12, 13, 21, 111, 122].map(ordinal).into();
        assert_eq!(ends, ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "111th", "122nd"]);
        let wait = Some(Wait { from: 4, to: 9 });
        assert_eq!(Place { position: 3, wait }.words(), "You are 3rd in line. Usually 4 to 9 minutes.");
        assert_eq!(Place { position: 1, wait: None }.words(), "You are next in line. We can't tell yet how long it takes.");
        assert_eq!(Place { position: 1_001, wait }.words(), "There are more than 1000 before you. Usually 4 to 9 minutes.");
        assert_eq!(Place { position: 2, wait }.staff_words(), "2nd in the queue, usually 4 to 9 minutes");
    }
}
