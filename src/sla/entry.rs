//! A clock of a ticket with all that is kept of it, and what the journey does to it.

use super::calendar::Calendar;
use super::clock::Clock;
use super::{Kind, Policy, Standing};
use crate::actor::ActorKind;
use crate::conversations::Visibility;
use crate::error::{Error, Result};
use crate::event::Event;
use crate::id::{TicketId, UserId, VendorId};
use crate::tickets::{Priority, Status};
use crate::time::Timestamp;

/// The policy of a vendor, ready to reckon with.
pub struct Terms {
    pub policy: Policy,
    pub calendar: Calendar,
}

impl Terms {
    /// Of a policy that was checked before.
    pub fn of(policy: Policy) -> Result<Self> {
        let calendar = Calendar::new(&policy.hours).map_err(Error::internal)?;
        Ok(Self { policy, calendar })
    }

    fn target(&self, priority: Priority, kind: Kind) -> Result<i64> {
        let target = self.policy.target(priority, kind);
        target.map(|t| t.time).ok_or_else(|| Error::internal(format!("no target for {}", priority.as_str())))
    }
}

/// A clock of a ticket. Its marks say what is true of the target it has now; what was told of an earlier
/// target stays in the journey.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Entry {
    pub ticket_id: TicketId,
    pub kind: Kind,
    pub vendor_id: VendorId,
    pub priority: Priority,
    #[sqlx(flatten)]
    pub clock: Clock,
    pub started_at: Timestamp,
    /// When it comes to be at risk, while it runs.
    pub at_risk_at: Option<Timestamp>,
    /// When its target is used up, while it runs.
    pub due_at: Option<Timestamp>,
    pub warned_at: Option<Timestamp>,
    pub breached_at: Option<Timestamp>,
    /// The ticket was done without it.
    pub is_cancelled: bool,
    /// Who had the ticket when the promise was met or broken; until then, who has it.
    pub agent_id: Option<UserId>,
    pub agent_name: Option<String>,
    pub team_name: Option<String>,
}

impl Entry {
    /// One of a ticket that was opened at `at`.
    pub fn start(kind: Kind, ticket: &TicketId, vendor: &VendorId, priority: Priority, terms: &Terms, at: Timestamp) -> Result<Self> {
        let mut entry = Self {
            ticket_id: ticket.clone(),
            kind,
            vendor_id: vendor.clone(),
            priority,
            clock: Clock::start(terms.target(priority, kind)?, at),
            started_at: at,
            at_risk_at: None,
            due_at: None,
            warned_at: None,
            breached_at: None,
            is_cancelled: false,
            agent_id: None,
            agent_name: None,
            team_name: None,
        };
        entry.reckon(terms);
        Ok(entry)
    }

    /// Follows what happened to the ticket; false when it does not matter to this clock.
    pub fn follow(&mut self, event: &Event, terms: &Terms, at: Timestamp) -> Result<bool> {
        match event {
            event if self.is_answered_by(event) => self.stop(terms, at, Clock::meet),
            Event::StatusChange { status, .. } => return self.moved(*status, terms, at),
            Event::PriorityChange { priority, .. } => {
                self.priority = *priority;
                self.pledge(terms, at)?;
            }
            Event::AgentAssigned { agent_id, agent_name, .. } if self.counts_for(at) => {
                (self.agent_id, self.agent_name) = (agent_id.clone(), agent_name.clone());
            }
            Event::TeamAssigned { team_name, .. } if self.counts_for(at) => self.team_name = team_name.clone(),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Takes another policy of the vendor. What was used under the old hours stays used.
    pub fn take_terms(&mut self, old: &Terms, new: &Terms, now: Timestamp) -> Result<()> {
        if self.clock.running_since.is_some() {
            self.clock.pause(&old.calendar, now);
            self.clock.resume(now);
        }
        self.pledge(new, now)
    }

    fn is_answered_by(&self, event: &Event) -> bool {
        let Event::Message(m) = event else { return false };
        let answers = m.sender_type == ActorKind::Rep && m.visibility == Visibility::Customer;
        answers && self.kind == Kind::FirstResponse && self.clock.met_at.is_none()
    }

    /// Whether who has the ticket at `at` answers for it: not who comes after it was broken or met. What is told in the
    /// moment it was met belongs to that.
    fn counts_for(&self, at: Timestamp) -> bool {
        let is_broken = self.breached_at.is_some() || self.due_at.is_some_and(|due| at > due);
        !is_broken && self.clock.met_at.is_none_or(|met| met == at)
    }

    fn moved(&mut self, to: Status, terms: &Terms, at: Timestamp) -> Result<bool> {
        match (to, self.kind) {
            (_, Kind::FirstResponse) if self.clock.met_at.is_some() => return Ok(false),
            (Status::Resolved | Status::Closed, Kind::Resolution) => self.stop(terms, at, Clock::meet),
            (Status::Resolved | Status::Closed, Kind::FirstResponse) => {
                self.stop(terms, at, Clock::pause);
                self.is_cancelled = true;
            }
            (Status::WaitingCustomer, _) => self.stop(terms, at, Clock::pause),
            _ if self.clock.running_since.is_some() => return Ok(false),
            _ => {
                self.is_cancelled = false;
                self.clock.resume(at);
                self.pledge(terms, at)?;
            }
        }
        Ok(true)
    }

    fn stop(&mut self, terms: &Terms, at: Timestamp, how: fn(&mut Clock, &Calendar, Timestamp)) {
        how(&mut self.clock, &terms.calendar, at);
        if let Some(due) = self.due_at {
            let is_late = at > due || self.clock.used > self.clock.target;
            self.breached_at = is_late.then(|| self.breached_at.unwrap_or(due));
            self.warned_at = self.warned_at.or(self.breached_at);
        }
        (self.at_risk_at, self.due_at) = (None, None);
    }

    /// Sets the target anew and takes back the marks that are not true of it. One that was met stays as it was
    /// promised.
    fn pledge(&mut self, terms: &Terms, at: Timestamp) -> Result<()> {
        if self.clock.met_at.is_some() {
            return Ok(());
        }
        let before = (self.clock.target, self.due_at);
        self.clock.target = terms.target(self.priority, self.kind)?;
        self.reckon(terms);
        if before.0 != self.clock.target || (before.1.is_some() && before.1 != self.due_at) {
            let used = self.clock.used(&terms.calendar, at);
            let is_past = |moment: Option<Timestamp>| moment.is_some_and(|m| at > m);
            self.breached_at = self.breached_at.filter(|_| used > self.clock.target || is_past(self.due_at));
            let at_risk = self.clock.target * super::AT_RISK_PERCENT / 100;
            self.warned_at = self.warned_at.filter(|_| used > at_risk || is_past(self.at_risk_at));
        }
        Ok(())
    }

    fn reckon(&mut self, terms: &Terms) {
        self.at_risk_at = self.clock.at_risk_from(&terms.calendar);
        self.due_at = self.clock.due(&terms.calendar);
    }

    /// When something is to be done for it: the warning, then the breach.
    pub fn next_at(&self) -> Option<Timestamp> {
        match (self.warned_at, self.breached_at) {
            (_, Some(_)) => None,
            (None, None) => self.at_risk_at.or(self.due_at),
            (Some(_), None) => self.due_at,
        }
    }

    /// As people see it.
    pub fn standing(&self) -> Standing {
        Standing {
            kind: self.kind,
            target: self.clock.target,
            used: self.clock.used,
            is_running: self.clock.running_since.is_some(),
            at_risk_at: self.at_risk_at,
            due_at: self.due_at,
            met_at: self.clock.met_at,
            breached_at: self.breached_at,
            is_cancelled: self.is_cancelled,
        }
    }
}
