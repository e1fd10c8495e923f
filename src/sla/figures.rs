//! How well promises were kept.

use super::{Kind, Policy};
use crate::tickets::Priority;
use serde::{Deserialize, Serialize};

/// How many promises were kept and how many broken. What is still open in time, and what a ticket was done
/// without, counts as neither.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "they are counts")]
pub struct Kept {
    pub kept: i64,
    pub broken: i64,
}

impl Kept {
    /// All of them.
    #[must_use]
    pub const fn of(self) -> i64 {
        self.kept + self.broken
    }
    /// Of a hundred, how many were kept, rounded down; nothing when there were none.
    #[must_use]
    pub const fn percent(self) -> Option<i64> {
        if self.of() == 0 { None } else { Some(self.kept * 100 / self.of()) }
    }
    /// Whether at least so many of a hundred were kept.
    #[must_use]
    pub const fn reaches(self, percent: i64) -> bool {
        self.kept * 100 >= percent * self.of()
    }
}

/// Both promises of a group of tickets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// The group.
    pub name: String,
    /// First answers.
    pub first_response: Kept,
    /// Resolutions.
    pub resolution: Kept,
    /// Of a hundred first answers and resolutions, how many are to be in time, where that is promised.
    pub goals: Option<(i64, i64)>,
}

impl Line {
    fn add(&mut self, kind: Kind, kept: Kept) {
        let to = match kind {
            Kind::FirstResponse => &mut self.first_response,
            Kind::Resolution => &mut self.resolution,
        };
        to.kept += kept.kept;
        to.broken += kept.broken;
    }
}

/// How well a vendor kept its promises for the tickets opened in the last [`DAYS`] days.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attainment {
    /// All tickets.
    pub all: Line,
    /// By priority, urgent first, with the goals of today's policy.
    pub by_priority: Vec<Line>,
    /// By the team that had the ticket.
    pub by_team: Vec<Line>,
    /// By who had the ticket.
    pub by_rep: Vec<Line>,
    /// By the week in which the ticket was opened, counted back from today, the newest first.
    pub by_week: Vec<Line>,
}

/// How far back attainment looks.
pub const DAYS: i64 = 30;

/// The promises of one group.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are what they are called")]
pub struct Group {
    pub kind: Kind,
    pub priority: Priority,
    pub team: Option<String>,
    pub rep: Option<String>,
    pub weeks_ago: i64,
    pub kept: Kept,
}

impl Attainment {
    /// Adds groups up to tables.
    #[must_use]
    pub fn sum(groups: &[Group], policy: &Policy) -> Self {
        let mut sum = Self { all: Line { name: "All tickets".into(), ..Line::default() }, ..Self::default() };
        for targets in &policy.targets {
            let goals = Some((targets.first_response.percent, targets.resolution.percent));
            sum.by_priority.push(Line { name: targets.priority.label().into(), goals, ..Line::default() });
        }
        let mut weeks: Vec<&Group> = groups.iter().collect();
        weeks.sort_by_key(|g| g.weeks_ago);
        for g in weeks {
            sum.all.add(g.kind, g.kept);
            line(&mut sum.by_priority, g.priority.label()).add(g.kind, g.kept);
            line(&mut sum.by_team, g.team.as_deref().unwrap_or("No team")).add(g.kind, g.kept);
            line(&mut sum.by_rep, g.rep.as_deref().unwrap_or("Nobody")).add(g.kind, g.kept);
            line(&mut sum.by_week, &week(g.weeks_ago)).add(g.kind, g.kept);
        }
        sum.by_team.sort_by(|a, b| a.name.cmp(&b.name));
        sum.by_rep.sort_by(|a, b| a.name.cmp(&b.name));
        sum
    }
}

fn week(ago: i64) -> String {
    match ago {
        i64::MIN..=0 => "Last 7 days".into(),
        1 => "The week before".into(),
        ago => format!("{ago} weeks before"),
    }
}

fn line<'a>(lines: &'a mut Vec<Line>, name: &str) -> &'a mut Line {
    let at = lines.iter().position(|l| l.name == name).unwrap_or_else(|| {
        lines.push(Line { name: name.into(), ..Line::default() });
        lines.len() - 1
    });
    &mut lines[at]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_reached_exactly() {
        let kept = |kept, broken| Kept { kept, broken };
        assert!(kept(99, 1).reaches(99) && !kept(989, 11).reaches(99) && kept(0, 0).reaches(99));
        assert_eq!([kept(0, 0), kept(989, 11), kept(1, 2)].map(Kept::percent), [None, Some(98), Some(33)]);
    }

    #[test]
    fn groups_add_up_in_every_table() {
        let group = |kind, priority, team: Option<&str>, weeks_ago, kept, broken| {
            let (team, rep) = (team.map(str::to_owned), Some("Rita".to_owned()));
            Group { kind, priority, team, rep, weeks_ago, kept: Kept { kept, broken } }
        };
        let groups = [
            group(Kind::Resolution, Priority::Low, None, 2, 3, 1),
            group(Kind::FirstResponse, Priority::Low, Some("Billing"), 0, 5, 0),
            group(Kind::FirstResponse, Priority::Urgent, Some("Billing"), 2, 1, 4),
        ];
        let sum = Attainment::sum(&groups, &Policy::standard());
        let names = |lines: &[Line]| lines.iter().map(|l| l.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&sum.by_priority), ["Urgent", "High", "Medium", "Low"]);
        assert_eq!(names(&sum.by_team), ["Billing", "No team"]);
        assert_eq!(names(&sum.by_week), ["Last 7 days", "2 weeks before"]);
        for table in [&sum.by_priority, &sum.by_team, &sum.by_rep, &sum.by_week] {
            assert_eq!(table.iter().map(|l| l.first_response.kept).sum::<i64>(), sum.all.first_response.kept);
            assert_eq!(table.iter().map(|l| l.resolution.broken).sum::<i64>(), sum.all.resolution.broken);
        }
        assert_eq!((sum.all.first_response, sum.by_priority[0].goals), (Kept { kept: 6, broken: 4 }, Some((99, 95))));
    }
}
