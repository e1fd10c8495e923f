//! Business hours: when a vendor works, and how much working time lies between two moments.
//!
//! A moment is open when the clock on the vendor's wall shows a time within one of the day's
//! intervals and the day is no holiday. When clocks go back an hour, an hour that reads as open
//! twice counts twice; one that is skipped counts not at all.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};

/// The days, in the order of a week.
pub const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
/// Minutes of a day.
pub const DAY_MINUTES: u16 = 24 * 60;
/// Intervals of one day at most.
pub const MAX_INTERVALS: usize = 6;
/// Holidays of one calendar at most.
pub const MAX_HOLIDAYS: usize = 400;

/// Part of a day, in minutes from midnight by the clock on the wall; `to` is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are what they are called")]
pub struct Interval {
    pub from: u16,
    pub to: u16,
}

/// A day on which nobody works, as `2026-12-25`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are what they are called")]
pub struct Holiday {
    pub date: String,
    pub name: String,
}

/// When a vendor works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BusinessHours {
    /// A name of the IANA time zone database, as `Europe/Berlin`.
    pub timezone: String,
    /// The intervals of each day, Monday first.
    pub week: [Vec<Interval>; 7],
    /// Days off.
    pub holidays: Vec<Holiday>,
}

impl BusinessHours {
    /// Day and night, in UTC.
    #[must_use]
    pub fn always() -> Self {
        let day = || vec![Interval { from: 0, to: DAY_MINUTES }];
        Self { timezone: "UTC".into(), week: std::array::from_fn(|_| day()), holidays: Vec::new() }
    }

    /// Monday to Friday, nine to five.
    #[must_use]
    pub fn office(timezone: &str) -> Self {
        let day = |d: usize| if d < 5 { vec![Interval { from: 9 * 60, to: 17 * 60 }] } else { Vec::new() };
        Self { timezone: timezone.into(), week: std::array::from_fn(day), holidays: Vec::new() }
    }

    /// Sorts what is given and refuses what cannot be.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `week`, a day of it such as `week.monday`, or `holidays`.
    pub fn tidy(mut self) -> Result<Self> {
        for (day, name) in self.week.iter_mut().zip(DAYS) {
            let refuse = |why: String| Err(Error::invalid(&format!("week.{}", name.to_lowercase()), format!("{name}: {why}.")));
            day.sort_unstable();
            if day.len() > MAX_INTERVALS {
                return refuse(format!("use at most {MAX_INTERVALS} intervals"));
            }
            if let Some(bad) = day.iter().find(|i| i.from >= i.to || i.to > DAY_MINUTES) {
                return refuse(format!("{} ends before it begins", bad.words()));
            }
            if let Some(two) = day.windows(2).find(|two| two[0].to > two[1].from) {
                return refuse(format!("{} and {} overlap", two[0].words(), two[1].words()));
            }
        }
        if self.week.iter().all(Vec::is_empty) {
            return Err(Error::invalid("week", "Be open at least once a week."));
        }
        self.holidays.sort();
        self.holidays.dedup_by(|a, b| a.date == b.date);
        if self.holidays.len() > MAX_HOLIDAYS {
            return Err(Error::invalid("holidays", format!("Use at most {MAX_HOLIDAYS} holidays.")));
        }
        Ok(self)
    }
}

impl Interval {
    /// As people write it: `09:00–12:30`.
    #[must_use]
    pub fn words(self) -> String {
        let clock = |m: u16| format!("{:02}:{:02}", m / 60, m % 60);
        format!("{}–{}", clock(self.from), clock(self.to))
    }
}
