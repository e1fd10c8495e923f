//! Who gets which ticket, and when.
//!
//! A vendor's queue is looked at whenever something happened that can give one of its tickets to
//! someone ([`follow`]); one transaction then hands out what there is ([`route`]). What is decided,
//! and why, is a pure function ([`decide`]). Reps have a limit that only routing keeps: people may
//! give each other more.

use crate::event::Event;
use crate::id::{UserId, VendorId};
use crate::journey::EventRecord;
use crate::people::Presence;
use crate::tickets::Category;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

pub mod decide;
#[cfg(feature = "server")]
pub mod follow;
mod place;
#[cfg(feature = "server")]
mod preview;
#[cfg(feature = "server")]
mod route;
#[cfg(feature = "server")]
pub mod service;
#[cfg(feature = "server")]
mod store;
#[cfg(test)]
mod tests;
pub mod wait;

pub use place::Place;

/// How many tickets a rep has at once unless told otherwise.
pub const USUAL_LIMIT: i64 = 5;
/// The highest limit.
pub const MAX_LIMIT: i64 = 100;
/// The longest skill, in characters.
pub const MAX_SKILL: usize = 40;
/// The most skills of one rep.
pub const MAX_SKILLS: usize = 20;
/// How many past tickets a preview looks at.
pub const PREVIEWED: i64 = 200;

/// How a vendor's tickets find their reps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    /// Whether tickets are handed out at all; else reps take them.
    pub automatic: bool,
    /// Whether whoever helped the customer last comes first.
    pub sticky: bool,
    /// Whether reps of a higher level take tickets of a lower one.
    pub higher_levels_help: bool,
    /// The skills that categories ask for, each category once at most.
    pub needs: Vec<SkillNeed>,
}

impl Default for Rules {
    fn default() -> Self {
        Self { automatic: false, sticky: true, higher_levels_help: false, needs: Vec::new() }
    }
}

/// What tickets of a category ask for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkillNeed {
    /// The category.
    pub category: Category,
    /// The skill, in lower case.
    pub skill: String,
}

impl Rules {
    /// The skill that tickets of a category ask for.
    #[must_use]
    pub fn skill_for(&self, category: Category) -> Option<&str> {
        self.needs.iter().find(|n| n.category == category).map(|n| n.skill.as_str())
    }
}

/// The vendors in whose queues someone may stand elsewhere after these events, each once.
#[must_use]
pub fn moved_queues(events: &[EventRecord]) -> HashSet<&VendorId> {
    let moves = |e: &&EventRecord| {
        use Event::{AgentAssigned, PriorityChange, StatusChange, TicketCreated};
        matches!(e.event, TicketCreated { .. } | AgentAssigned { .. } | StatusChange { .. } | PriorityChange { .. })
    };
    events.iter().filter(moves).filter_map(|e| e.vendor_id.as_ref()).collect()
}

/// A rep as routing knows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepProfile {
    /// Who.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// 1 to 3, after their role.
    pub level: i64,
    /// Whether they are at their desk.
    pub presence: Presence,
    /// Tickets they work on now, those that wait for the customer left out.
    pub open: i64,
    /// How many they may have at once.
    pub limit: i64,
    /// In lower case.
    pub skills: Vec<String>,
}

/// How a vendor's tickets find their reps, and who these are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setup {
    /// The rules.
    pub rules: Rules,
    /// Everyone with a level.
    pub reps: Vec<RepProfile>,
    /// Rises with every save; one with an older is refused.
    pub version: i64,
}

/// What is to become of a [`Setup`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetupEdit {
    /// The rules.
    pub rules: Rules,
    /// The reps that change.
    pub reps: Vec<RepEdit>,
    /// The version the person saw.
    pub version: i64,
}

/// What is to become of a rep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepEdit {
    /// Who.
    pub id: UserId,
    /// 0 to [`MAX_LIMIT`]; nothing is handed to who may have none.
    pub limit: i64,
    /// Their skills.
    pub skills: Vec<String>,
}

/// What rules would have made of past tickets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// How many tickets were looked at.
    pub tickets: i64,
    /// How many each rep would have got, the most first.
    pub reps: Vec<(String, i64)>,
    /// How many would have found nobody, by category.
    pub nobody: Vec<(Category, i64)>,
}

/// Why a ticket has the rep it has, or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// When it was decided; now, for one that waits.
    pub at: Timestamp,
    /// Whether tickets are handed out at all.
    pub automatic: bool,
    /// Whether it has waited until now.
    pub waits: bool,
    /// Everyone considered, the chosen one first.
    pub people: Vec<Looked>,
}

/// One person of an [`Explanation`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looked {
    /// Their name.
    pub name: String,
    /// Whether they were chosen; for a ticket that waits, whether they would be.
    pub chosen: bool,
    /// Why, or why not: "has the fewest open tickets".
    pub words: String,
}
