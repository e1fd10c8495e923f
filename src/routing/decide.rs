//! Who gets a ticket, and why: a pure function of the ticket, the people and the rules.

use super::Rules;
use crate::id::{TeamId, UserId};
use crate::people::Presence;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// What a ticket asks of who takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// Support level, 1 to 3.
    pub level: i64,
    /// The skill that the vendor's rules ask for, in lower case.
    pub skill: Option<String>,
    /// Only people of this team.
    pub team: Option<TeamId>,
    /// Who has or had the customer's last other ticket.
    pub last_rep: Option<UserId>,
    /// Who had this one until it came back into the queue: it is not handed right back.
    pub let_go: Option<UserId>,
}

/// Someone who could take it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The rep.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// 1 to 3.
    pub level: i64,
    /// In lower case.
    pub skills: Vec<String>,
    /// Their teams.
    pub teams: Vec<TeamId>,
    /// Whether they are at their desk.
    pub presence: Presence,
    /// Tickets they work on now, those that wait for the customer left out.
    pub open: i64,
    /// How many they may have at once.
    pub limit: i64,
    /// Since when they got no new one.
    pub idle_since: Timestamp,
}

/// Why someone was or was not chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why")]
#[expect(missing_docs, reason = "said by `Verdict::words`")]
pub enum Verdict {
    Chosen { reason: Reason },
    NotOnline { presence: Presence },
    OtherTeam,
    LetGo,
    LevelTooLow { level: i64 },
    LevelTooHigh { level: i64 },
    LacksSkill { skill: String },
    Full { open: i64, limit: i64 },
    Busier { open: i64 },
    IdleForLess,
}

/// What tipped the scales.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Knows the customer.
    LastRep,
    /// Nobody else could.
    OnlyOne,
    /// Had the fewest tickets.
    LeastLoaded,
    /// Had waited longest for a new one.
    LongestIdle,
}

/// A decision with everyone who was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Who gets it; nobody when it goes on waiting.
    pub chosen: Option<UserId>,
    /// Everyone considered, the chosen one first.
    pub considered: Vec<Considered>,
}

/// One person of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are what they are called")]
pub struct Considered {
    pub id: UserId,
    pub name: String,
    pub verdict: Verdict,
}

/// Chooses among `candidates`: first whoever can take it at all, of those the one who knows the
/// customer if the rules say so, else the closest level, the least loaded, the longest idle.
#[must_use]
pub fn decide(rules: &Rules, need: &Need, candidates: &[Candidate]) -> Decision {
    let mut able: Vec<&Candidate> = candidates.iter().filter(|c| obstacle(rules, need, c).is_none()).collect();
    able.sort_by_key(|c| (Reverse(is_sticky(rules, need, c)), c.level, c.open, c.idle_since, c.id.clone()));
    let chosen = able.first().copied();
    let verdict = |c: &Candidate| match (obstacle(rules, need, c), chosen) {
        (Some(verdict), _) => verdict,
        (None, Some(best)) if best.id == c.id => Verdict::Chosen { reason: reason(rules, need, &able) },
        (None, Some(best)) if c.level > best.level => Verdict::LevelTooHigh { level: c.level },
        (None, Some(best)) if c.open > best.open => Verdict::Busier { open: c.open },
        (None, _) => Verdict::IdleForLess,
    };
    let mut considered: Vec<Considered> =
        candidates.iter().map(|c| Considered { id: c.id.clone(), name: c.name.clone(), verdict: verdict(c) }).collect();
    considered.sort_by_key(|c| !matches!(c.verdict, Verdict::Chosen { .. }));
    Decision { chosen: chosen.map(|c| c.id.clone()), considered }
}

fn is_sticky(rules: &Rules, need: &Need, candidate: &Candidate) -> bool {
    rules.sticky && need.last_rep.as_ref() == Some(&candidate.id)
}

/// What keeps someone from taking it at all; the most lasting hindrance first.
fn obstacle(rules: &Rules, need: &Need, c: &Candidate) -> Option<Verdict> {
    let lacks = |skill: &String| !c.skills.contains(skill);
    if need.team.as_ref().is_some_and(|team| !c.teams.contains(team)) {
        return Some(Verdict::OtherTeam);
    }
    if need.let_go.as_ref() == Some(&c.id) {
        return Some(Verdict::LetGo);
    }
    if c.level < need.level {
        return Some(Verdict::LevelTooLow { level: c.level });
    }
    if c.level > need.level && !rules.higher_levels_help {
        return Some(Verdict::LevelTooHigh { level: c.level });
    }
    if let Some(skill) = need.skill.as_ref().filter(|s| lacks(s)) {
        return Some(Verdict::LacksSkill { skill: skill.clone() });
    }
    if c.presence != Presence::Online {
        return Some(Verdict::NotOnline { presence: c.presence });
    }
    (c.open >= c.limit).then_some(Verdict::Full { open: c.open, limit: c.limit })
}

fn reason(rules: &Rules, need: &Need, able: &[&Candidate]) -> Reason {
    match able {
        [best, ..] if is_sticky(rules, need, best) => Reason::LastRep,
        [best, next, ..] if best.level == next.level && best.open == next.open => Reason::LongestIdle,
        [_, _, ..] => Reason::LeastLoaded,
        _ => Reason::OnlyOne,
    }
}

impl Decision {
    /// Why the chosen one, in words; empty for nobody.
    #[must_use]
    pub fn reason(&self) -> String {
        self.considered.first().filter(|_| self.chosen.is_some()).map(|c| c.verdict.words()).unwrap_or_default()
    }
}

impl Verdict {
    /// As people read it.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Chosen { reason: Reason::LastRep } => "helped this customer last".into(),
            Self::Chosen { reason: Reason::OnlyOne } => "the only one who can take it now".into(),
            Self::Chosen { reason: Reason::LeastLoaded } => "has the fewest open tickets".into(),
            Self::Chosen { reason: Reason::LongestIdle } => "has waited longest for a new ticket".into(),
            Self::NotOnline { presence } => format!("is {}", presence.label().to_lowercase()),
            Self::OtherTeam => "is not in the team it was given to".into(),
            Self::LetGo => "had it until it went back into the queue".into(),
            Self::LevelTooLow { level } => format!("works at level {level}"),
            Self::LevelTooHigh { level } => format!("is kept for level {level}"),
            Self::LacksSkill { skill } => format!("does not have the skill {skill}"),
            Self::Full { open, limit } => format!("has {open} of at most {limit} tickets"),
            Self::Busier { open } => format!("has more open tickets ({open})"),
            Self::IdleForLess => "got a ticket more recently".into(),
        }
    }
}
