//! A change to a ticket: how it looks at once, how it is saved, how it is taken back.

use crate::error::ApiResult;
use crate::tickets::api::{assign_team, assign_ticket, edit_ticket, move_ticket};
use coco::actor::ActorKind;
use coco::event::Event;
use coco::id::{TeamId, UserId};
use coco::journey::EventRecord;
use coco::tickets::{Category, Priority, PrioritySource, Status, Ticket, TicketEdit, TicketType, TicketView};

/// A ticket with its tags, as the server last said.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// The ticket.
    pub ticket: Ticket,
    /// Its tags.
    pub tags: Vec<String>,
    /// The last event the server's whole answer contained. Those told since have no version: who acts on one of
    /// them may not have seen it yet.
    pub seq: i64,
}

impl Known {
    /// What the server says.
    #[must_use]
    pub fn of(view: &TicketView) -> Self {
        Self { ticket: view.ticket.clone(), tags: view.tags.clone(), seq: view.seq }
    }
}

/// A change to a ticket.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Another subject.
    Subject(String),
    /// Another priority.
    Priority(Priority),
    /// Another sort of request.
    Type(TicketType),
    /// Another category and sub-category.
    Category(Category, String),
    /// Other tags: all of them.
    Tags(Vec<String>),
    /// Someone else has it, with name and reason; or nobody.
    Assign(Option<(UserId, String)>, String),
    /// Another team has it, with its name and a reason; or none.
    Team(Option<(TeamId, String)>, String),
    /// Another state.
    Move(Status),
}

impl Change {
    /// Shows it, before the server has agreed.
    pub fn apply(&self, to: &mut Known) {
        let t = &mut to.ticket;
        match self {
            Self::Subject(s) => t.subject = s.clone(),
            Self::Priority(p) => (t.priority, t.priority_source) = (*p, PrioritySource::Rep),
            Self::Type(k) => t.ticket_type = *k,
            Self::Category(c, s) => (t.category, t.subcategory) = (*c, s.clone()),
            Self::Tags(tags) => to.tags = tags.clone(),
            Self::Assign(who, _) => {
                if t.status != Status::Escalated {
                    t.status = match (who, &t.assignee_id) {
                        (None, _) => Status::WaitingForAgent,
                        (Some(_), None) => Status::Assigned,
                        (Some(_), Some(_)) => Status::Reassigned,
                    };
                }
                (t.assignee_id, t.assignee_name) = who.clone().unzip();
            }
            Self::Team(team, _) => (t.team_id, t.team_name) = team.clone().unzip(),
            Self::Move(s) => t.status = *s,
        }
    }

    /// Saves it; `version` is what it was made on, and `None` saves it whatever there is.
    pub async fn send(&self, number: String, version: Option<i64>) -> ApiResult<Ticket> {
        let edit = TicketEdit { version, ..TicketEdit::default() };
        let edit = match self.clone() {
            Self::Subject(s) => TicketEdit { subject: Some(s), ..edit },
            Self::Priority(p) => TicketEdit { priority: Some(p), ..edit },
            Self::Type(k) => TicketEdit { ticket_type: Some(k), ..edit },
            Self::Category(c, s) => TicketEdit { category: Some(c), subcategory: Some(s), ..edit },
            Self::Tags(tags) => TicketEdit { tags: Some(tags), ..edit },
            Self::Assign(who, reason) => return assign_ticket(number, who.map(|w| w.0), reason, version).await,
            Self::Team(team, reason) => return assign_team(number, team.map(|t| t.0), reason, version).await,
            Self::Move(s) => return move_ticket(number, s, String::new(), version).await,
        };
        edit_ticket(number, edit).await
    }

    /// What someone else made of the same thing after `was`, unless it `is` as wanted anyway. What they changed
    /// besides does not matter. `activity` is newest first.
    #[must_use]
    pub fn contest<'a>(&self, was: &Known, is: &Known, activity: &'a [EventRecord], me: &UserId) -> Option<&'a EventRecord> {
        let theirs = |e: &&EventRecord| e.seq > was.seq && e.actor.id.as_ref() != Some(me) && self.is_touched_by(&e.event, &was.ticket);
        activity.iter().find(theirs).filter(|_| !self.is_done(is))
    }

    fn is_touched_by(&self, event: &Event, was: &Ticket) -> bool {
        match (self, event) {
            (Self::Subject(_), Event::SubjectChange { .. })
            | (Self::Priority(_), Event::PriorityChange { .. })
            | (Self::Tags(_), Event::TagsChange { .. })
            | (Self::Assign(..), Event::AgentAssigned { .. })
            | (Self::Team(..), Event::TeamAssigned { .. })
            | (Self::Move(_), Event::StatusChange { .. }) => true,
            (Self::Type(_), Event::CategoryChange { ticket_type, .. }) => *ticket_type != was.ticket_type,
            (Self::Category(..), Event::CategoryChange { category, subcategory, .. }) => {
                (*category, subcategory) != (was.category, &was.subcategory)
            }
            _ => false,
        }
    }

    fn is_done(&self, is: &Known) -> bool {
        let t = &is.ticket;
        match self {
            Self::Subject(s) => t.subject == *s,
            Self::Priority(p) => t.priority == *p,
            Self::Type(k) => t.ticket_type == *k,
            Self::Category(c, s) => (t.category, &t.subcategory) == (*c, s),
            Self::Tags(tags) => is.tags == *tags,
            Self::Assign(who, _) => t.assignee_id.as_ref() == who.as_ref().map(|w| &w.0),
            Self::Team(team, _) => t.team_id.as_ref() == team.as_ref().map(|t| &t.0),
            Self::Move(s) => t.status == *s,
        }
    }

    /// What takes it back, where that is possible.
    #[must_use]
    pub fn inverse(&self, was: &Known) -> Option<Self> {
        let t = &was.ticket;
        Some(match self {
            Self::Subject(_) => Self::Subject(t.subject.clone()),
            Self::Priority(_) => Self::Priority(t.priority),
            Self::Type(_) => Self::Type(t.ticket_type),
            Self::Category(..) => Self::Category(t.category, t.subcategory.clone()),
            Self::Tags(_) => Self::Tags(was.tags.clone()),
            Self::Assign(..) => Self::Assign(t.assignee_id.clone().zip(t.assignee_name.clone()), String::new()),
            Self::Team(..) => Self::Team(t.team_id.clone().zip(t.team_name.clone()), String::new()),
            Self::Move(s) if !t.status.is_assignment() && s.can_become(t.status) => Self::Move(t.status),
            Self::Move(s) if !s.is_open() && s.can_become(Status::Reopened) => Self::Move(Status::Reopened),
            Self::Move(_) => return None,
        })
    }

    /// What to say when it is done.
    #[must_use]
    pub fn done(&self, me: &UserId) -> String {
        match self {
            Self::Subject(_) => "Subject saved.".into(),
            Self::Priority(p) => ["Priority is ", &p.label().to_lowercase(), " now."].concat(),
            Self::Type(k) => ["Type is ", &k.label().to_lowercase(), " now."].concat(),
            Self::Category(c, s) => ["Filed under ", &filed(*c, s), "."].concat(),
            Self::Tags(_) => "Tags saved.".into(),
            Self::Assign(None, _) => "Back in the queue.".into(),
            Self::Assign(Some((id, _)), _) if id == me => "Assigned to you.".into(),
            Self::Assign(Some((_, name)), _) => ["Assigned to ", name, "."].concat(),
            Self::Team(None, _) => "No team has it now.".into(),
            Self::Team(Some((_, name)), _) => ["The team ", name, " has it now."].concat(),
            Self::Move(Status::WaitingCustomer) => "Waiting for the customer.".into(),
            Self::Move(s) => [s.label(), "."].concat(),
        }
    }

    /// What one wanted to do, for the question which of two versions counts.
    #[must_use]
    pub fn mine(&self) -> String {
        match self {
            Self::Subject(s) => ["change the subject to “", s, "”"].concat(),
            Self::Priority(p) => ["set the priority to ", p.label()].concat(),
            Self::Type(k) => ["set the type to ", k.label()].concat(),
            Self::Category(c, s) => ["file it under ", &filed(*c, s)].concat(),
            Self::Tags(tags) if tags.is_empty() => "take off all tags".into(),
            Self::Tags(tags) => ["tag it ", &tags.join(", ")].concat(),
            Self::Assign(None, _) => "put it back into the queue".into(),
            Self::Assign(Some((_, name)), _) => ["assign it to ", name].concat(),
            Self::Team(None, _) => "take it from its team".into(),
            Self::Team(Some((_, name)), _) => ["give it to the team ", name].concat(),
            Self::Move(s) => ["set the status to ", s.label()].concat(),
        }
    }

    /// How the same thing stands in `is`.
    #[must_use]
    pub fn theirs(&self, is: &Known) -> String {
        let t = &is.ticket;
        match self {
            Self::Subject(_) => ["The subject is “", &t.subject, "” now."].concat(),
            Self::Priority(_) => ["The priority is ", t.priority.label(), " now."].concat(),
            Self::Type(_) => ["The type is ", t.ticket_type.label(), " now."].concat(),
            Self::Category(..) => ["It is filed under ", &filed(t.category, &t.subcategory), " now."].concat(),
            Self::Tags(_) if is.tags.is_empty() => "It has no tags now.".into(),
            Self::Tags(_) => ["Its tags are ", &is.tags.join(", "), " now."].concat(),
            Self::Assign(..) => match &t.assignee_name {
                Some(name) => ["It is assigned to ", name, " now."].concat(),
                None => "Nobody has it now.".into(),
            },
            Self::Team(..) => match &t.team_name {
                Some(name) => ["The team ", name, " has it now."].concat(),
                None => "No team has it now.".into(),
            },
            Self::Move(_) => ["The status is ", t.status.label(), " now."].concat(),
        }
    }
}

fn filed(category: Category, subcategory: &str) -> String {
    if subcategory.is_empty() { category.label().to_owned() } else { [category.label(), " / ", subcategory].concat() }
}

/// Takes over what an event says has changed.
pub fn take_event(known: &mut Known, event: &Event) {
    let t = &mut known.ticket;
    match event {
        Event::StatusChange { status, .. } => t.status = *status,
        Event::AgentAssigned { agent_id, agent_name, .. } => (t.assignee_id, t.assignee_name) = (agent_id.clone(), agent_name.clone()),
        Event::TeamAssigned { team_id, team_name, .. } => (t.team_id, t.team_name) = (team_id.clone(), team_name.clone()),
        Event::PriorityChange { priority, source, .. } => (t.priority, t.priority_source) = (*priority, *source),
        Event::SubjectChange { subject, .. } => t.subject = subject.clone(),
        Event::CategoryChange { category, subcategory, ticket_type } => {
            (t.category, t.subcategory, t.ticket_type) = (*category, subcategory.clone(), *ticket_type);
        }
        Event::Escalated { level, .. } => t.level = *level,
        Event::TagsChange { added, removed } => {
            known.tags.retain(|tag| !removed.contains(tag));
            known.tags.extend(added.iter().filter(|tag| !known.tags.contains(tag)).cloned().collect::<Vec<_>>());
            known.tags.sort();
        }
        Event::Message(m) => t.heard(m, m.sender_type != ActorKind::Customer),
        _ => {}
    }
}

#[cfg(test)]
mod tests;
