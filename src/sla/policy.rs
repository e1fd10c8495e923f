//! What a vendor promises, by priority.

use super::Kind;
use super::hours::BusinessHours;
use crate::error::{Error, Result};
use crate::tickets::Priority;
use crate::time::{DAY, HOUR, MINUTE};
use serde::{Deserialize, Serialize};

/// Longest target: a quarter of a year of working time.
pub const MAX_TARGET: i64 = 92 * DAY;

/// A promise: so much working time, kept for so many of a hundred tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Working time in microseconds.
    pub time: i64,
    /// Of a hundred tickets, how many are to keep it.
    pub percent: i64,
}

/// The promises for one priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are what they are called")]
pub struct Targets {
    pub priority: Priority,
    pub first_response: Target,
    pub resolution: Target,
}

/// What happens when a target is missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BreachAction {
    /// The assignee and the managers are told.
    Notify,
    /// The ticket goes up a level.
    Escalate,
    /// It goes back to the queue.
    Reassign,
}

impl BreachAction {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Notify, Self::Escalate, Self::Reassign];
    /// What a person reads.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Notify => "Notify the assignee and the managers",
            Self::Escalate => "Escalate to the next level",
            Self::Reassign => "Put the ticket back into the queue",
        }
    }
}

/// The policy of a vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    /// The promises, urgent first, one for each priority.
    pub targets: Vec<Targets>,
    /// When working time counts.
    pub hours: BusinessHours,
    /// What follows a breach.
    pub on_breach: Vec<BreachAction>,
}

const fn target(time: i64, percent: i64) -> Target {
    Target { time, percent }
}

impl Policy {
    /// What a call centre promises: answers within a quarter of an hour to a day, around the clock.
    #[must_use]
    pub fn standard() -> Self {
        let row = |priority, first_response, resolution| Targets { priority, first_response, resolution };
        Self {
            targets: vec![
                row(Priority::Urgent, target(15 * MINUTE, 99), target(4 * HOUR, 95)),
                row(Priority::High, target(HOUR, 95), target(8 * HOUR, 90)),
                row(Priority::Medium, target(4 * HOUR, 90), target(48 * HOUR, 85)),
                row(Priority::Low, target(DAY, 85), target(7 * DAY, 80)),
            ],
            hours: BusinessHours::always(),
            on_breach: vec![BreachAction::Notify],
        }
    }

    /// What a live chat promises: a resolution within an hour to three days.
    #[must_use]
    pub fn live_chat() -> Self {
        let hours = [1, 4, 24, 72];
        let mut policy = Self::standard();
        for (row, hours) in policy.targets.iter_mut().zip(hours) {
            row.resolution.time = hours * HOUR;
        }
        policy
    }

    /// Whether a breach is followed by `action`.
    #[must_use]
    pub fn does(&self, action: BreachAction) -> bool {
        self.on_breach.contains(&action)
    }

    /// The promise of `kind` for `priority`.
    #[must_use]
    pub fn target(&self, priority: Priority, kind: Kind) -> Option<Target> {
        let row = self.targets.iter().find(|t| t.priority == priority)?;
        Some(match kind {
            Kind::FirstResponse => row.first_response,
            Kind::Resolution => row.resolution,
        })
    }

    /// Puts what is given in order and refuses what no desk could keep.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the field, as `targets.urgent.resolution` or `week.monday`.
    pub fn tidy(mut self) -> Result<Self> {
        self.check()?;
        self.targets.sort_by_key(|t| std::cmp::Reverse(t.priority));
        self.on_breach = BreachAction::ALL.into_iter().filter(|a| self.on_breach.contains(a)).collect();
        self.hours = self.hours.tidy()?;
        Ok(self)
    }

    fn check(&self) -> Result<()> {
        for priority in Priority::ALL {
            let rows: Vec<_> = self.targets.iter().filter(|t| t.priority == priority).collect();
            let [row] = rows[..] else {
                return Err(Error::invalid("targets", format!("Give one row for the priority {}.", priority.label())));
            };
            for (name, target) in [("first_response", row.first_response), ("resolution", row.resolution)] {
                let field = format!("targets.{}.{name}", priority.as_str());
                if !(MINUTE..=MAX_TARGET).contains(&target.time) {
                    return Err(Error::invalid(&field, "Use a time from 1 minute to 92 days."));
                }
                if !(1..=100).contains(&target.percent) {
                    return Err(Error::invalid(&field, "Use a percentage from 1 to 100."));
                }
            }
            if row.first_response.time > row.resolution.time {
                return Err(Error::invalid(
                    &format!("targets.{}.first_response", priority.as_str()),
                    "The first answer can't have more time than the resolution.",
                ));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policies_to_begin_with_can_be_kept() {
        for policy in [Policy::standard(), Policy::live_chat()] {
            assert_eq!(policy.clone().tidy(), Ok(policy));
        }
        let chat = Policy::live_chat().targets.iter().map(|t| t.resolution.time / HOUR).collect::<Vec<_>>();
        assert_eq!(chat, [1, 4, 24, 72]);
        let answers =
            Policy::standard().targets.iter().map(|t| (t.first_response.time / MINUTE, t.first_response.percent)).collect::<Vec<_>>();
        assert_eq!(answers, [(15, 99), (60, 95), (240, 90), (1440, 85)]);
    }

    #[test]
    fn impossible_policies_are_refused_at_the_field() {
        let refused = |field: &str, change: fn(&mut Policy)| {
            let mut policy = Policy::standard();
            change(&mut policy);
            let error = policy.tidy().expect_err("refused");
            assert!(error.field(field).is_some(), "{field}: {error:?}");
        };
        refused("targets.urgent.first_response", |p| p.targets[0].first_response.time = 0);
        refused("targets.urgent.first_response", |p| p.targets[0].first_response.time = 5 * HOUR);
        refused("targets.high.resolution", |p| p.targets[1].resolution.percent = 101);
        refused("targets.low.resolution", |p| p.targets[3].resolution.time = MAX_TARGET + 1);
        refused("targets", |p| p.targets.truncate(3));
        refused("targets", |p| p.targets[0].priority = Priority::Low);
        refused("week", |p| p.hours.week = Default::default());
        refused("week.tuesday", |p| p.hours.week[1] = vec![p.hours.week[1][0]; 2]);
    }
}
