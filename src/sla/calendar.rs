//! Arithmetic of working time.

use super::hours::{BusinessHours, Interval};
use crate::error::{Error, Result};
use crate::time::{DAY, MINUTE, Timestamp};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::HashSet;

/// Days looked ahead for the end of a budget: beyond it, it never ends.
const HORIZON: usize = 3 * 366;

/// Business hours, ready to reckon with.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: TimeZone,
    week: [Vec<Interval>; 7],
    holidays: HashSet<Date>,
}

impl Calendar {
    /// # Errors
    /// [`Error::Invalid`] for `timezone` or `holidays`, and as [`BusinessHours::tidy`].
    pub fn new(hours: &BusinessHours) -> Result<Self> {
        let hours = hours.clone().tidy()?;
        let zone = TimeZone::get(&hours.timezone).map_err(|_| Error::invalid("timezone", "Use a name like Europe/Berlin."))?;
        let date =
            |text: &str| text.parse::<Date>().map_err(|_| Error::invalid("holidays", format!("{text:?} is not a date like 2026-12-25.")));
        let holidays = hours.holidays.iter().map(|h| date(&h.date)).collect::<Result<_>>()?;
        Ok(Self { zone, week: hours.week, holidays })
    }

    /// Working time from `from` to `to`, in microseconds; none when `to` is not later.
    #[must_use]
    pub fn elapsed(&self, from: Timestamp, to: Timestamp) -> i64 {
        self.days(from)
            .take_while(|day| day.start < to)
            .flat_map(|day| day.open)
            .map(|(start, end)| (end.min(to).since(start.max(from))).max(0))
            .sum()
    }

    /// The moment when `budget` microseconds of working time after `from` are used up; `None` when
    /// there is not that much within three years.
    #[must_use]
    pub fn due(&self, from: Timestamp, budget: i64) -> Option<Timestamp> {
        let mut left = budget.max(0);
        if left == 0 {
            return Some(from);
        }
        for (start, end) in self.days(from).take(HORIZON).flat_map(|day| day.open) {
            let start = start.max(from);
            let here = end.since(start).max(0);
            if here >= left {
                return Some(start.plus(left));
            }
            left -= here;
        }
        None
    }

    /// The days of the wall's calendar, from the one that `from` lies in.
    fn days(&self, from: Timestamp) -> impl Iterator<Item = Day> + '_ {
        let mut date = stamp(from).to_zoned(self.zone.clone()).date();
        let mut next = self.start_of(date);
        std::iter::from_fn(move || {
            let tomorrow = date.tomorrow().ok()?;
            let (start, end) = (next?, self.start_of(tomorrow)?);
            let day = Day { start, open: self.open(date, start, end) };
            (date, next) = (tomorrow, Some(end));
            Some(day)
        })
    }

    /// When it is open between the beginning and the end of a day.
    fn open(&self, date: Date, start: Timestamp, end: Timestamp) -> Vec<(Timestamp, Timestamp)> {
        let intervals = &self.week[weekday(date)];
        if intervals.is_empty() || self.holidays.contains(&date) {
            return Vec::new();
        }
        let mut open = Vec::new();
        for (from, to, offset) in self.segments(start, end) {
            let midnight = micros_of(date).plus(-offset);
            let at = |minutes: u16| midnight.plus(i64::from(minutes) * MINUTE);
            open.extend(intervals.iter().map(|i| (at(i.from).max(from), at(i.to).min(to))).filter(|(a, b)| a < b));
        }
        open
    }

    /// The parts of a day within which the clock on the wall is not moved, each with its offset.
    fn segments(&self, start: Timestamp, end: Timestamp) -> Vec<(Timestamp, Timestamp, i64)> {
        let mut cuts = vec![start];
        cuts.extend(self.zone.following(stamp(start)).map(|t| moment(t.timestamp())).take_while(|t| *t < end));
        let ends = cuts.iter().skip(1).copied().chain([end]).collect::<Vec<_>>();
        cuts.into_iter().zip(ends).map(|(from, to)| (from, to, self.offset(from))).collect()
    }

    fn offset(&self, at: Timestamp) -> i64 {
        i64::from(self.zone.to_offset(stamp(at)).seconds()) * crate::time::SECOND
    }

    fn start_of(&self, date: Date) -> Option<Timestamp> {
        date.to_zoned(self.zone.clone()).ok()?.start_of_day().ok().map(|z| moment(z.timestamp()))
    }
}

/// A day, as real time.
struct Day {
    start: Timestamp,
    open: Vec<(Timestamp, Timestamp)>,
}

fn weekday(date: Date) -> usize {
    date.weekday().to_monday_zero_offset() as usize
}

/// Midnight of `date` as if the wall were at UTC.
fn micros_of(date: Date) -> Timestamp {
    let days = date.since(Date::constant(1970, 1, 1)).map_or(0, |span| i64::from(span.get_days()));
    Timestamp::from_micros(days * DAY)
}

fn stamp(at: Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_microsecond(at.micros()).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

fn moment(at: jiff::Timestamp) -> Timestamp {
    Timestamp::from_micros(at.as_microsecond())
}
