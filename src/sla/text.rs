//! A policy as people write it, in the fields of a form.

use super::hours::{BusinessHours, DAY_MINUTES, DAYS, Holiday, Interval};
use super::policy::{BreachAction, Policy, Target, Targets};
use crate::error::Result;
use crate::text::Form;
use crate::tickets::Priority;
use crate::time::{HOUR, MINUTE};
use serde::{Deserialize, Serialize};

/// The order of the rows.
pub const PRIORITIES: [Priority; 4] = [Priority::Urgent, Priority::High, Priority::Medium, Priority::Low];

/// The promises for one priority.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are what they are called")]
pub struct TargetText {
    pub first_response: String,
    pub first_response_percent: String,
    pub resolution: String,
    pub resolution_percent: String,
}

/// A policy in the fields of a form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyText {
    /// In the order of [`PRIORITIES`].
    pub targets: Vec<TargetText>,
    /// As `Europe/Berlin`.
    pub timezone: String,
    /// The intervals of each day, Monday first: `09:00–12:30, 13:30–17:00`; nothing where it is closed.
    pub week: Vec<String>,
    /// One to a line: `2026-12-25 Christmas Day`.
    pub holidays: String,
    /// What follows a breach.
    pub notify: bool,
    /// Likewise.
    pub escalate: bool,
    /// Likewise.
    pub reassign: bool,
    /// Which policy it was, before it was changed.
    pub version: i64,
}

/// Targets to begin with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preset {
    /// What it is called.
    pub name: String,
    /// In the order of [`PRIORITIES`].
    pub targets: Vec<TargetText>,
}

impl Preset {
    /// All there are.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let preset = |name: &str, policy: Policy| Self { name: name.into(), targets: PolicyText::of(&policy, 0).targets };
        vec![preset("Call centre", Policy::standard()), preset("Live chat", Policy::live_chat())]
    }
}

impl PolicyText {
    /// A policy in words.
    #[must_use]
    pub fn of(policy: &Policy, version: i64) -> Self {
        let row = |priority| policy.targets.iter().find(|t| t.priority == priority).map(target_text).unwrap_or_default();
        let day = |day: &Vec<Interval>| day.iter().map(|i| i.words()).collect::<Vec<_>>().join(", ");
        let holiday = |h: &Holiday| format!("{} {}", h.date, h.name).trim().to_owned();
        Self {
            targets: PRIORITIES.into_iter().map(row).collect(),
            timezone: policy.hours.timezone.clone(),
            week: policy.hours.week.iter().map(day).collect(),
            holidays: policy.hours.holidays.iter().map(holiday).collect::<Vec<_>>().join("\n"),
            notify: policy.does(BreachAction::Notify),
            escalate: policy.does(BreachAction::Escalate),
            reassign: policy.does(BreachAction::Reassign),
            version,
        }
    }

    /// The policy that is meant. Whether a desk could keep it, is not looked at.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`] for each field that cannot be read, such as `targets.urgent.resolution` or `week.monday`.
    pub fn read(&self) -> Result<Policy> {
        let mut form = Form::default();
        let targets = PRIORITIES.into_iter().enumerate().map(|(i, priority)| {
            let text = self.targets.get(i).cloned().unwrap_or_default();
            let field = |name: &str| format!("targets.{}.{name}", priority.as_str());
            Targets {
                priority,
                first_response: target(&mut form, &field("first_response"), &text.first_response, &text.first_response_percent),
                resolution: target(&mut form, &field("resolution"), &text.resolution, &text.resolution_percent),
            }
        });
        let targets = targets.collect();
        let week = std::array::from_fn(|d| {
            let text = self.week.get(d).map(String::as_str).unwrap_or_default();
            intervals(text).unwrap_or_else(|| {
                let why = format!("{}: write times like 09:00–12:30, 13:30–17:00, or nothing when you are closed.", DAYS[d]);
                form.fault(&format!("week.{}", DAYS[d].to_lowercase()), why);
                Vec::new()
            })
        });
        let chosen =
            [(self.notify, BreachAction::Notify), (self.escalate, BreachAction::Escalate), (self.reassign, BreachAction::Reassign)];
        form.done()?;
        Ok(Policy {
            targets,
            hours: BusinessHours { timezone: self.timezone.trim().to_owned(), week, holidays: holidays(&self.holidays) },
            on_breach: chosen.into_iter().filter(|c| c.0).map(|c| c.1).collect(),
        })
    }
}

fn target_text(t: &Targets) -> TargetText {
    TargetText {
        first_response: span_words(t.first_response.time),
        first_response_percent: t.first_response.percent.to_string(),
        resolution: span_words(t.resolution.time),
        resolution_percent: t.resolution.percent.to_string(),
    }
}

fn target(form: &mut Form, field: &str, time: &str, percent: &str) -> Target {
    let (time, percent) = (span(time), percent.trim().trim_end_matches('%').trim_end().parse().ok());
    if time.is_none() {
        form.fault(field, "Write a time like 30 min, 4 h or 1 h 30 min.");
    } else if percent.is_none() {
        form.fault(field, "Write a percentage like 95.");
    }
    Target { time: time.unwrap_or_default(), percent: percent.unwrap_or_default() }
}

/// Working time in hours and minutes. Not in days: of a desk that is open for eight hours, which day is meant?
#[must_use]
pub fn span_words(micros: i64) -> String {
    match (micros / HOUR, micros % HOUR / MINUTE) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// Reads what [`span_words`] says, and the like: `30min`, `1 h 30`, `2 hours`.
fn span(text: &str) -> Option<i64> {
    let mut rest = text.trim();
    let (mut sum, mut hours_given) = (0_i64, false);
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number = rest.get(..digits)?.parse::<i64>().ok().filter(|n| *n < 100_000)?;
        rest = rest[digits..].trim_start();
        let letters = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        let unit = match rest[..letters].to_lowercase().as_str() {
            "h" | "hour" | "hours" => HOUR,
            "m" | "min" | "minute" | "minutes" => MINUTE,
            "" if hours_given => MINUTE,
            _ => return None,
        };
        hours_given |= unit == HOUR;
        sum = sum.saturating_add(number * unit);
        rest = rest[letters..].trim_start();
    }
    (!text.trim().is_empty()).then_some(sum)
}

/// The intervals of a day.
fn intervals(text: &str) -> Option<Vec<Interval>> {
    let text = text.trim();
    if text.is_empty() || text.eq_ignore_ascii_case("closed") {
        return Some(Vec::new());
    }
    text.split([',', ';']).map(interval).collect()
}

fn interval(text: &str) -> Option<Interval> {
    let (from, to) = text.split_once(['–', '-', '—'])?;
    Some(Interval { from: time_of_day(from)?, to: time_of_day(to)? })
}

fn time_of_day(text: &str) -> Option<u16> {
    let text = text.trim();
    let (hours, minutes) = text.split_once([':', '.']).unwrap_or((text, "0"));
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    let time = hours.checked_mul(60)?.checked_add(minutes)?;
    (minutes < 60 && time <= DAY_MINUTES).then_some(time)
}

fn holidays(text: &str) -> Vec<Holiday> {
    let line = |line: &str| {
        let (date, name) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        Holiday { date: date.to_owned(), name: crate::text::snippet(&crate::text::clean(name), 80) }
    };
    text.lines().map(str::trim).filter(|l| !l.is_empty()).map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_policy_reads_back_as_it_was_written() {
        let mut policy = Policy::live_chat();
        policy.hours = BusinessHours::office("Europe/Berlin");
        policy.hours.week[4] = vec![Interval { from: 540, to: 720 }, Interval { from: 780, to: 1440 }];
        policy.hours.holidays = vec![Holiday { date: "2026-12-25".into(), name: "Christmas Day".into() }];
        policy.on_breach = vec![BreachAction::Notify, BreachAction::Reassign];
        let text = PolicyText::of(&policy, 3);
        assert_eq!(text.week[4], "09:00–12:00, 13:00–24:00");
        assert_eq!((text.week[6].as_str(), text.targets[0].first_response.as_str()), ("", "15 min"));
        assert_eq!(text.read(), Ok(policy));
    }

    #[test]
    fn reads_times_as_people_write_them() {
        let minutes = |text: &str| span(text).map(|s| s / MINUTE);
        let read = ["15 min", "15m", "4 h", "1 h 30 min", "1h30", "2 Hours"].map(minutes);
        assert_eq!(read, [15, 15, 240, 90, 90, 120].map(Some));
        assert_eq!(["", "15", "2 d", "-4 h", "h", "1 h x", "99999999999 h"].map(minutes), [None; 7]);
        assert_eq!(intervals("9-12:30; 13.30 – 17"), Some(vec![Interval { from: 540, to: 750 }, Interval { from: 810, to: 1020 }]));
        assert_eq!(["9", "9-25", "9:60-10", "a-b", "9–10,"].map(intervals), [const { None }; 5]);
    }

    #[test]
    fn every_field_that_cannot_be_read_is_named() {
        let mut text = PolicyText::of(&Policy::standard(), 0);
        text.targets[0].resolution = "soon".into();
        text.targets[3].first_response_percent = "most".into();
        text.week[0] = "nine to five".into();
        let error = text.read().expect_err("refused");
        for field in ["targets.urgent.resolution", "targets.low.first_response", "week.monday"] {
            assert!(error.field(field).is_some(), "{field}: {error:?}");
        }
    }

    proptest! {
        #[test]
        fn reads_anything_without_panic(text in "\\PC{0,40}") {
            let _ = (span(&text), intervals(&text), holidays(&text));
        }

        #[test]
        fn spans_read_back(minutes in 1_i64..200_000) {
            prop_assert_eq!(span(&span_words(minutes * MINUTE)), Some(minutes * MINUTE));
        }
    }
}
