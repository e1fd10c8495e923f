//! Changing a ticket: its properties, who works on it and its state, all at once or not at all.

use super::service::{Tickets, check_open, locked, save};
use super::{MAX_SUBJECT, PrioritySource, Status, Ticket, TicketChange, TicketEdit, clean_tags, store};
use crate::actor::{Action, Actor};
use crate::conversations::Visibility;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::event::Event;
use crate::id::{TeamId, UserId};
use crate::text::{Form, snippet};
use crate::time::Timestamp;
use crate::trace::TARGET;
use tracing::instrument;

impl Tickets {
    /// Makes every part of a change, in the order: properties, its team, who works on it, state; what is to be
    /// opened again is so before it is handed on. The state is reached over those on the way; what is asked for
    /// and is so already changes nothing.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for any part, [`Error::Conflict`] when someone saved meanwhile or the ticket
    /// cannot get there, [`Error::Invalid`] naming the fields. Then nothing has changed.
    #[instrument(target = TARGET, name = "tickets.change", skip_all)]
    pub async fn change(&self, actor: &Actor, key: &str, change: TicketChange) -> Result<Ticket> {
        let change = change.clean()?;
        let now = self.core.now();
        let mut tx = self.core.db.begin().await?;
        if change.assign.is_some() || change.status.is_some() {
            crate::routing::service::lock(&mut tx).await?;
        }
        let mut t = locked(&mut tx, actor, Action::TicketRead, key).await?;
        for action in change.needs() {
            actor.may(action, t.subject_of())?;
        }
        t.check_version(change.version)?;
        let before = t.version;
        edit_in(&mut tx, actor, &mut t, change.edit, now).await?;
        let hands = change.team.is_some() || change.assign.is_some();
        if hands && !t.status.is_open() && change.status.is_some_and(Status::is_open) {
            self.step(&mut tx, actor, &mut t, Status::Reopened, &change.reason, now).await?;
        }
        if let Some(team) = &change.team {
            give_in(&mut tx, actor, &mut t, team.as_ref(), &change.reason, now).await?;
        }
        if let Some(rep) = &change.assign {
            self.assign_in(&mut tx, actor, &mut t, rep.as_ref(), &change.reason, now).await?;
        }
        if let Some(to) = change.status {
            let given = matches!(change.assign, Some(Some(_)));
            self.go_in(&mut tx, actor, &mut t, (to, given), &change.reason, now).await?;
        }
        if t.version != before {
            save(&mut tx, &t).await?;
        }
        tx.commit().await?;
        Ok(t)
    }

    /// Changes properties.
    ///
    /// # Errors
    /// As [`Tickets::change`].
    #[instrument(target = TARGET, name = "tickets.edit", skip_all)]
    pub async fn edit(&self, actor: &Actor, key: &str, edit: TicketEdit) -> Result<Ticket> {
        self.change(actor, key, TicketChange { version: edit.version, edit, ..TicketChange::default() }).await
    }

    /// Gives the ticket to `rep`, or back into the queue. Doing it twice changes nothing.
    ///
    /// # Errors
    /// As [`Tickets::change`]; [`Error::Invalid`] for a `rep` who does not work there.
    #[instrument(target = TARGET, name = "tickets.assign", skip_all)]
    pub async fn assign(&self, actor: &Actor, key: &str, rep: Option<&UserId>, reason: &str, version: Option<i64>) -> Result<Ticket> {
        let assign = Some(rep.cloned());
        self.change(actor, key, TicketChange { assign, reason: reason.to_owned(), version, ..TicketChange::default() }).await
    }

    /// Gives the ticket to a team, or to none; who works on it stays. Doing it twice changes nothing.
    ///
    /// # Errors
    /// As [`Tickets::change`]; [`Error::Invalid`] for a `team` of another vendor.
    #[instrument(target = TARGET, name = "tickets.assign_team", skip_all)]
    pub async fn assign_team(&self, actor: &Actor, key: &str, team: Option<&TeamId>, reason: &str, version: Option<i64>) -> Result<Ticket> {
        let team = Some(team.cloned());
        self.change(actor, key, TicketChange { team, reason: reason.to_owned(), version, ..TicketChange::default() }).await
    }

    /// Goes to a state over those on the way; `given` tells that someone was just given the ticket.
    async fn go_in(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        t: &mut Ticket,
        (to, given): (Status, bool),
        reason: &str,
        now: Timestamp,
    ) -> Result<()> {
        if t.status == to || (given && to.is_assignment()) {
            return Ok(());
        }
        check_by_hand(to)?;
        for next in t.status.way_to(to) {
            self.step(tx, actor, t, next, reason, now).await?;
        }
        Ok(())
    }
}

/// Refuses the states to which only something else leads: a hand-over says to whom, an escalation to which level.
pub(super) fn check_by_hand(to: Status) -> Result<()> {
    match to {
        _ if to.is_assignment() => Err(Error::invalid("status", "Say who is to work on it instead.")),
        Status::Escalated => Err(Error::invalid("status", "Escalating needs a level and a reason. It can't be set as a status.")),
        _ => Ok(()),
    }
}

impl TicketChange {
    /// The same, tidy.
    fn clean(mut self) -> Result<Self> {
        let mut form = Form::default();
        self.edit.subject = self.edit.subject.map(|s| form.line("subject", &s, MAX_SUBJECT));
        form.done()?;
        self.edit.tags = self.edit.tags.map(|tags| clean_tags(&tags)).transpose()?;
        self.edit.subcategory = self.edit.subcategory.map(|s| snippet(&crate::text::clean(&s), 80));
        self.reason = super::work::check_reason(&self.reason)?;
        Ok(self)
    }

    /// The rights it takes.
    fn needs(&self) -> impl Iterator<Item = Action> + use<> {
        let edits = TicketEdit { version: None, ..self.edit.clone() } != TicketEdit::default();
        let hands = self.assign.is_some() || self.team.is_some();
        let parts = [edits.then_some(Action::TicketEdit), hands.then_some(Action::Assign), self.status.map(|_| Action::Transition)];
        parts.into_iter().flatten()
    }
}

/// Gives the ticket to a team or to none; the caller saves it when its version rose.
async fn give_in(tx: &mut Tx, actor: &Actor, t: &mut Ticket, team: Option<&TeamId>, reason: &str, now: Timestamp) -> Result<()> {
    if t.team_id.as_ref() == team {
        return Ok(());
    }
    check_open(t)?;
    let unknown = || Error::invalid("team_id", "Choose a team of the same business.");
    let team_name = match team {
        Some(id) => Some(crate::teams::service::name(tx, &t.vendor_id, id).await?.ok_or_else(unknown)?),
        None => None,
    };
    t.team_id = team.cloned();
    let previous_team_name = std::mem::replace(&mut t.team_name, team_name.clone());
    t.touch(now);
    let event = Event::TeamAssigned { team_id: team.cloned(), team_name, previous_team_name, reason: reason.to_owned() };
    tx.append(t.event(actor, Visibility::Staff, event, now));
    Ok(())
}

/// Changes properties; the caller saves the ticket when its version rose.
async fn edit_in(tx: &mut Tx, actor: &Actor, t: &mut Ticket, edit: TicketEdit, now: Timestamp) -> Result<()> {
    let mut events = Vec::new();
    if let Some(subject) = edit.subject.filter(|s| *s != t.subject) {
        let previous = std::mem::replace(&mut t.subject, subject.clone());
        events.push((Visibility::Customer, Event::SubjectChange { subject, previous }));
    }
    if let Some(priority) = edit.priority.filter(|p| *p != t.priority) {
        let previous = std::mem::replace(&mut t.priority, priority);
        t.priority_source = PrioritySource::Rep;
        events.push((Visibility::Staff, Event::PriorityChange { priority, previous, source: PrioritySource::Rep }));
    }
    let (category, ticket_type) = (edit.category.unwrap_or(t.category), edit.ticket_type.unwrap_or(t.ticket_type));
    let subcategory = edit.subcategory.unwrap_or_else(|| t.subcategory.clone());
    if (category, ticket_type, &subcategory) != (t.category, t.ticket_type, &t.subcategory) {
        (t.category, t.ticket_type, t.subcategory) = (category, ticket_type, subcategory.clone());
        events.push((Visibility::Staff, Event::CategoryChange { category, subcategory, ticket_type }));
    }
    if let Some(tags) = edit.tags {
        let had = store::tags(tx, &t.id).await?;
        let added: Vec<String> = tags.iter().filter(|t| !had.contains(t)).cloned().collect();
        let removed: Vec<String> = had.into_iter().filter(|t| !tags.contains(t)).collect();
        if let Some(insert) = store::add_tags(&t.id, &t.vendor_id, &added) {
            tx.write(insert);
        }
        store::remove_tags(tx, &t.id, &removed).await?;
        if !added.is_empty() || !removed.is_empty() {
            events.push((Visibility::Staff, Event::TagsChange { added, removed }));
        }
    }
    if events.is_empty() {
        return Ok(());
    }
    t.version += 1;
    t.updated_at = now;
    for (visibility, event) in events {
        tx.append(t.event(actor, visibility, event, now));
    }
    Ok(())
}
