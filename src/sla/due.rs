//! What falls due: warnings, breaches, and what follows a breach.

use super::entry::{Entry, Terms};
use super::policy::BreachAction;
use super::reader::{READER, terms};
use super::service::Sla;
use super::{Kind, store};
use crate::actor::Actor;
use crate::conversations::Visibility;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::event::Event;
use crate::id::TicketId;
use crate::tickets::{Status, Ticket};
use crate::time::Timestamp;

/// Clocks looked at in one round.
pub const ROUND: i64 = 200;

impl Sla {
    /// Before the reader's first round: follows what was before, and marks what fell due in that time without
    /// telling anyone.
    ///
    /// # Errors
    /// The database's.
    pub async fn begin(&self) -> Result<()> {
        if self.journey.cursor(READER).await? > 0 {
            return Ok(());
        }
        while self.catch_up().await? > 0 {}
        self.tell_nobody().await
    }

    /// Marks what fell due so far without telling anyone, for demo data.
    ///
    /// # Errors
    /// The database's.
    pub async fn tell_nobody(&self) -> Result<()> {
        let mut tx = self.core.db.begin().await?;
        store::note_due(&mut tx, self.core.now()).await?;
        tx.commit().await.map(|_| ())
    }

    /// When something falls due next.
    ///
    /// # Errors
    /// The database's.
    pub async fn next_due(&self) -> Result<Option<Timestamp>> {
        store::next(&mut self.core.db.read().await?).await
    }

    /// Does what fell due, at most a round of it; how many tickets that concerned. The reader should have caught
    /// up before.
    ///
    /// # Errors
    /// The database's. One ticket's trouble is not another's: what could be done is done.
    pub async fn fall_due(&self) -> Result<usize> {
        let now = self.core.now();
        let tickets = store::due(&mut self.core.db.read().await?, now, ROUND).await?;
        let (mut done, mut trouble) = (0, None);
        for ticket in &tickets {
            match self.ticket_due(ticket, now).await {
                Ok(something) => done += usize::from(something),
                Err(e) => trouble = Some(e),
            }
        }
        trouble.map_or(Ok(done), Err)
    }

    /// Marks, tells and does what fell due for a ticket, all at once and once, whoever else does the same; false
    /// when there is nothing to do any more.
    async fn ticket_due(&self, id: &TicketId, now: Timestamp) -> Result<bool> {
        let mut tx = self.core.db.begin().await?;
        // What follows a breach may take the ticket from someone.
        crate::routing::service::lock(&mut tx).await?;
        let mut ticket = crate::tickets::service::lock(&mut tx, id).await?.ok_or(Error::NotFound)?;
        let mut entries = store::lock(&mut tx, [id]).await?;
        entries.retain(|e| e.next_at().is_some_and(|at| at < now) && !is_outdated(e, &ticket));
        if entries.is_empty() {
            tx.commit().await?;
            return Ok(false);
        }
        let terms = terms(&mut tx, std::iter::once(&ticket.vendor_id)).await?.remove(&ticket.vendor_id).ok_or(Error::NotFound)?;
        let system = Actor::system(&ticket.vendor_id);
        let mut is_broken = false;
        for entry in &mut entries {
            let event = mark(entry, &ticket, &terms, now);
            is_broken |= entry.breached_at.is_some();
            tx.append(ticket.event(&system, Visibility::Staff, event, now));
        }
        store::put(&mut tx, &entries.iter().collect::<Vec<_>>()).await?;
        if is_broken {
            self.act(&mut tx, &system, &mut ticket, &terms, now).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    async fn act(&self, tx: &mut Tx, system: &Actor, ticket: &mut Ticket, terms: &Terms, now: Timestamp) -> Result<()> {
        const WHY: &str = "The promised time is over.";
        let before = ticket.version;
        if terms.policy.does(BreachAction::Escalate) {
            self.tickets.raise_in(tx, system, ticket, WHY, now).await?;
        }
        if terms.policy.does(BreachAction::Reassign) && ticket.status.is_open() {
            self.tickets.assign_in(tx, system, ticket, None, WHY, now).await?;
        }
        if ticket.version != before {
            crate::tickets::service::save(tx, ticket).await?;
        }
        Ok(())
    }
}

/// The ticket has gone on in time and the reader is about to learn of it.
fn is_outdated(entry: &Entry, ticket: &Ticket) -> bool {
    let in_time = |at: Option<Timestamp>| at.is_some_and(|at| entry.due_at.is_none_or(|due| at <= due));
    match entry.kind {
        _ if ticket.status == Status::WaitingCustomer => true,
        Kind::FirstResponse => in_time(ticket.first_response_at) || !ticket.status.is_open(),
        Kind::Resolution => in_time(ticket.resolved_at.or(ticket.closed_at)),
    }
}

/// The breach, or else the warning.
fn mark(entry: &mut Entry, ticket: &Ticket, terms: &Terms, now: Timestamp) -> Event {
    entry.warned_at.get_or_insert(now);
    let (number, promise, due_at) = (ticket.number.clone(), entry.kind, entry.due_at);
    let (assignee_id, notify) = (ticket.assignee_id.clone(), terms.policy.does(BreachAction::Notify));
    match due_at.filter(|due| *due < now) {
        Some(due) => {
            entry.breached_at = Some(due);
            Event::SlaBreached { number, promise, due_at: due, assignee_id, notify }
        }
        None => Event::SlaWarning { number, promise, due_at, assignee_id, notify },
    }
}
