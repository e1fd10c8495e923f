//! Who works on a ticket, and how it moves.

use super::change::check_by_hand;
use super::service::{Tickets, check_open, locked, save};
use super::{Status, Ticket, store};
use crate::actor::{Action, Actor};
use crate::conversations::Visibility;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::event::Event;
use crate::id::UserId;
use crate::text::{Form, snippet};
use crate::time::Timestamp;
use crate::trace::TARGET;
use tracing::instrument;

/// The longest reason, in characters.
const MAX_REASON: usize = 500;
/// The highest level of support.
const TOP_LEVEL: i64 = 3;

impl Tickets {
    /// Moves the ticket. Resolving or closing ends the present stretch of work, reopening starts one;
    /// back in the queue nobody has it, and who starts work on what nobody has takes it.
    ///
    /// # Errors
    /// [`Error::Conflict`] for a move the state machine does not know, or when stale; [`Error::Invalid`]
    /// for the states that only a hand-over leads to.
    #[instrument(target = TARGET, name = "tickets.transition", skip_all)]
    pub async fn transition(&self, actor: &Actor, key: &str, to: Status, reason: &str, version: Option<i64>) -> Result<Ticket> {
        let reason = check_reason(reason)?;
        let mut tx = self.core.db.begin().await?;
        crate::routing::service::lock(&mut tx).await?;
        let mut t = locked(&mut tx, actor, Action::Transition, key).await?;
        t.check_version(version)?;
        if t.status == to {
            tx.commit().await?;
            return Ok(t);
        }
        check_by_hand(to)?;
        self.step(&mut tx, actor, &mut t, to, &reason, self.core.now()).await?;
        save(&mut tx, &t).await?;
        tx.commit().await?;
        Ok(t)
    }

    /// Raises the level the ticket needs, and hands it to `rep` of that level or back to the queue.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `level` or an empty `reason`, [`Error::Conflict`] when done.
    #[instrument(target = TARGET, name = "tickets.escalate", skip_all)]
    pub async fn escalate(&self, actor: &Actor, key: &str, level: i64, rep: Option<&UserId>, reason: &str) -> Result<Ticket> {
        let mut form = Form::default();
        let reason = form.line("reason", reason, MAX_REASON);
        if !(2..=TOP_LEVEL).contains(&level) {
            form.fault("level", "Choose level 2 or 3.");
        }
        form.done()?;
        let mut tx = self.core.db.begin().await?;
        crate::routing::service::lock(&mut tx).await?;
        let mut t = locked(&mut tx, actor, Action::Transition, key).await?;
        let now = self.core.now();
        self.escalate_in(&mut tx, actor, &mut t, (level, rep), &reason, now).await?;
        save(&mut tx, &t).await?;
        tx.commit().await?;
        Ok(t)
    }

    /// Raises the level by one and puts the ticket into the queue, where there is a higher level and it can get
    /// there; the caller saves it when its version rose.
    pub(crate) async fn raise_in(&self, tx: &mut Tx, actor: &Actor, t: &mut Ticket, reason: &str, now: Timestamp) -> Result<()> {
        if t.level >= TOP_LEVEL || !t.status.can_become(Status::Escalated) {
            return Ok(());
        }
        let level = t.level + 1;
        self.escalate_in(tx, actor, t, (level, None), reason, now).await
    }

    async fn escalate_in(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        t: &mut Ticket,
        (level, rep): (i64, Option<&UserId>),
        reason: &str,
        now: Timestamp,
    ) -> Result<()> {
        let previous = std::mem::replace(&mut t.level, level);
        self.move_in(tx, actor, t, Status::Escalated, reason, now).await?;
        tx.append(t.event(actor, Visibility::Customer, Event::Escalated { level, previous, reason: reason.to_owned() }, now));
        if t.assignee_id.is_none() && rep.is_none() {
            return Ok(());
        }
        self.hand_over(tx, actor, t, rep, reason, now).await
    }

    /// Gives the ticket to `rep` or back into the queue; the caller saves it when its version rose.
    pub(crate) async fn assign_in(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        t: &mut Ticket,
        rep: Option<&UserId>,
        reason: &str,
        now: Timestamp,
    ) -> Result<()> {
        check_open(t)?;
        if t.assignee_id.as_ref() == rep {
            return Ok(());
        }
        let to = match rep {
            None => Status::WaitingForAgent,
            Some(_) if t.assignee_id.is_none() => Status::Assigned,
            Some(_) => Status::Reassigned,
        };
        self.hand_over(tx, actor, t, rep, reason, now).await?;
        // An escalated ticket stays escalated until its new owner answers.
        if t.status == Status::Escalated || t.status == to {
            t.touch(now);
            return Ok(());
        }
        self.move_in(tx, actor, t, to, "", now).await
    }

    /// One move, and what it means for who works on it; the caller saves the ticket.
    pub(super) async fn step(&self, tx: &mut Tx, actor: &Actor, t: &mut Ticket, to: Status, reason: &str, now: Timestamp) -> Result<()> {
        match to {
            Status::WaitingForAgent if t.assignee_id.is_some() => self.hand_over(tx, actor, t, None, reason, now).await?,
            Status::Assigned | Status::InProgress | Status::WaitingCustomer if t.assignee_id.is_none() => {
                self.hand_over(tx, actor, t, Some(&actor.id), "", now).await?;
            }
            _ => {}
        }
        self.move_in(tx, actor, t, to, reason, now).await
    }

    async fn hand_over(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        t: &mut Ticket,
        rep: Option<&UserId>,
        reason: &str,
        now: Timestamp,
    ) -> Result<()> {
        let name = match rep {
            None => None,
            Some(id) if *id == actor.id => Some(actor.name.clone()),
            Some(id) => Some(self.colleague(tx, t, id).await?),
        };
        store::end_assignment(tx, &t.id, now).await?;
        if let (Some(id), Some(name)) = (rep, &name) {
            store::start_assignment(tx, &self.core.id(), &t.id, (id, name), now, reason).await?;
            if t.assignee_id.is_none() {
                crate::routing::service::left_queue(tx, t, now);
            }
        }
        let event = Event::AgentAssigned {
            agent_id: rep.cloned(),
            agent_name: name.clone(),
            previous_agent_id: std::mem::replace(&mut t.assignee_id, rep.cloned()),
            previous_agent_name: std::mem::replace(&mut t.assignee_name, name),
            reason: reason.to_owned(),
        };
        tx.append(t.event(actor, Visibility::Customer, event, now));
        Ok(())
    }

    /// The name of someone who works for the ticket's vendor.
    async fn colleague(&self, tx: &mut Tx, t: &Ticket, id: &UserId) -> Result<String> {
        let unknown = || Error::invalid("assignee_id", "Choose someone who works here.");
        let user = crate::people::service::get(tx, id).await?.filter(|u| u.role.is_staff() && u.is_active).ok_or_else(unknown)?;
        let theirs = crate::people::service::vendors_of(tx, id).await?;
        if theirs.contains(&t.vendor_id) { Ok(user.name) } else { Err(unknown()) }
    }

    async fn move_in(&self, tx: &mut Tx, actor: &Actor, t: &mut Ticket, to: Status, reason: &str, now: Timestamp) -> Result<()> {
        let previous = t.status;
        t.move_to(to, now)?;
        tx.append(t.event(actor, Visibility::Customer, Event::StatusChange { status: to, previous, reason: reason.to_owned() }, now));
        if to == Status::Resolved {
            crate::feedback::service::invite(tx, &t.id, now).await?;
        }
        match (to.is_open(), previous.is_open()) {
            (false, true) if t.assignee_id.is_none() => crate::routing::service::left_queue(tx, t, now),
            (false, true) => store::end_assignment(tx, &t.id, now).await?,
            (true, false) => resume_work(&self.core, tx, t, now).await?,
            _ => {}
        }
        Ok(())
    }
}

/// Gives a ticket that nobody has to the rep who answers it, in the transaction of the answer. The
/// caller saves the ticket.
pub(crate) async fn take(core: &crate::services::Core, tx: &mut Tx, actor: &Actor, t: &mut Ticket, now: Timestamp) -> Result<()> {
    let tickets = Tickets::new(core.clone());
    tickets.hand_over(tx, actor, t, Some(&actor.id), "", now).await?;
    if t.status != Status::Escalated && t.status.can_become(Status::Assigned) {
        tickets.move_in(tx, actor, t, Status::Assigned, "", now).await
    } else {
        t.touch(now);
        Ok(())
    }
}

/// Starts the stretch of work again when a message reopened the ticket.
pub(crate) async fn resume_work(core: &crate::services::Core, tx: &mut Tx, t: &Ticket, now: Timestamp) -> Result<()> {
    if let (Some(id), Some(name)) = (&t.assignee_id, &t.assignee_name) {
        store::start_assignment(tx, &core.id(), &t.id, (id, name), now, "reopened").await?;
    }
    Ok(())
}

pub(super) fn check_reason(reason: &str) -> Result<String> {
    let reason = snippet(&crate::text::clean(reason), MAX_REASON + 1);
    if reason.chars().count() > MAX_REASON {
        return Err(Error::invalid("reason", format!("Use at most {MAX_REASON} characters.")));
    }
    Ok(reason)
}
