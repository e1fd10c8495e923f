//! Use cases around promises: the policy of a vendor, and how the clocks of tickets stand.

use super::entry::{Entry, Terms};
use super::reader::READER;
use super::{Outlook, Policy, Standing, store};
use crate::actor::{Action, Actor, Subject};
use crate::db::{Conn, Sql, Tx};
use crate::error::{ConflictKind, Error, Result};
use crate::event::Event;
use crate::id::{TicketId, VendorId};
use crate::journey::NewEvent;
use crate::journey::service::Journey;
use crate::services::Core;
use crate::tickets::service::Tickets;
use crate::tickets::{MOST_COUNTED, Ticket};
use crate::time::Timestamp;
use std::collections::HashMap;

/// Promises of time.
#[derive(Clone)]
pub struct Sla {
    pub(super) core: Core,
    pub(super) journey: Journey,
    pub(super) tickets: Tickets,
}

/// A policy and which one it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned {
    /// The policy.
    pub policy: Policy,
    /// Rises with every change; 0 for the standard one.
    pub version: i64,
}

impl Sla {
    pub(crate) const fn new(core: Core, journey: Journey, tickets: Tickets) -> Self {
        Self { core, journey, tickets }
    }

    /// What a vendor promises.
    ///
    /// # Errors
    /// [`Error::NotFound`] for another vendor, [`Error::Forbidden`] for customers.
    pub async fn policy(&self, actor: &Actor, vendor: &VendorId) -> Result<Versioned> {
        actor.may(Action::SlaRead, Subject::Vendor(vendor))?;
        self.policy_of(vendor).await
    }

    /// The same for the command line. Rights are the caller's matter.
    ///
    /// # Errors
    /// The database's.
    pub async fn policy_of(&self, vendor: &VendorId) -> Result<Versioned> {
        versioned(&mut self.core.db.read().await?, vendor).await
    }

    /// Changes what a vendor promises, also for the tickets that are open: used time stays used. `version` is that
    /// of the policy the change was made on.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the fields, [`Error::Conflict`] when someone saved meanwhile, [`Error::Forbidden`]
    /// below manager.
    pub async fn save_policy(&self, actor: &Actor, vendor: &VendorId, policy: Policy, version: i64) -> Result<Versioned> {
        actor.may(Action::SlaManage, Subject::Vendor(vendor))?;
        let policy = policy.tidy()?;
        super::calendar::Calendar::new(&policy.hours)?;
        let mut tx = self.core.db.begin().await?;
        // The reader stands still meanwhile, so that no clock is kept by the old policy any more.
        crate::journey::service::hold_reader(&mut tx, READER).await?;
        let before = versioned(&mut tx, vendor).await?;
        if before.version != version {
            return Err(Error::conflict(
                ConflictKind::Stale,
                "Someone changed this policy while you were editing. Load the newest version, then change it again.",
            ));
        }
        let saved = Versioned { policy, version: version + 1 };
        let now = self.core.now();
        store::put_policy(&mut tx, vendor, &saved.policy, saved.version, now).await?;
        renew(&mut tx, vendor, before.policy, saved.policy.clone(), now).await?;
        tx.append(NewEvent::to_staff(vendor, actor, Event::SlaChange { version: saved.version }, now));
        tx.commit().await?;
        Ok(saved)
    }

    /// How the clocks of a ticket stand.
    ///
    /// # Errors
    /// [`Error::NotFound`] for another vendor's, [`Error::Forbidden`] for customers.
    pub async fn clocks(&self, actor: &Actor, ticket: &Ticket) -> Result<Vec<Standing>> {
        actor.may(Action::TicketRead, ticket.subject_of())?;
        actor.may(Action::SlaRead, Subject::Vendor(&ticket.vendor_id))?;
        of_ticket(&mut self.core.db.read().await?, &ticket.id).await
    }
}

async fn versioned(conn: &mut Conn, vendor: &VendorId) -> Result<Versioned> {
    match store::policies(conn, [vendor]).await?.first() {
        Some(row) => Ok(Versioned { policy: row.policy()?, version: row.version }),
        None => Ok(Versioned { policy: Policy::standard(), version: 0 }),
    }
}

/// Has the clocks that were not met go on under another policy.
async fn renew(tx: &mut Tx, vendor: &VendorId, old: Policy, new: Policy, now: Timestamp) -> Result<()> {
    let (old, new) = (Terms::of(old)?, Terms::of(new)?);
    let mut entries = store::lock_open(tx, vendor).await?;
    for entry in &mut entries {
        entry.take_terms(&old, &new, now)?;
    }
    store::put(tx, &entries.iter().collect::<Vec<_>>()).await
}

/// How the clocks of a ticket stand, in the order of its life.
pub(crate) async fn of_ticket(conn: &mut Conn, ticket: &TicketId) -> Result<Vec<Standing>> {
    Ok(store::of_tickets(conn, [ticket]).await?.iter().map(Entry::standing).collect())
}

/// The clock of each of these tickets that is due first.
pub(crate) async fn nearest(conn: &mut Conn, tickets: &[TicketId]) -> Result<HashMap<TicketId, Standing>> {
    if tickets.is_empty() {
        return Ok(HashMap::new());
    }
    let all = by_ticket(store::of_tickets(conn, tickets).await?);
    Ok(all.into_iter().filter_map(|(id, clocks)| Some((id, Standing::nearest(&clocks)?.clone()))).collect())
}

/// When each of these tickets is due next, and how the worse of its promises stands.
pub(crate) async fn outlook(conn: &mut Conn, tickets: &[&TicketId], now: Timestamp) -> Result<HashMap<TicketId, Outlook>> {
    let all = by_ticket(store::of_tickets(conn, tickets.iter().copied()).await?);
    let outlook = |clocks: Vec<Standing>| {
        let status = clocks.iter().map(|c| c.status(now)).max()?;
        Some(Outlook { due_at: Standing::nearest(&clocks).and_then(|c| c.due_at), status })
    };
    Ok(all.into_iter().filter_map(|(id, clocks)| Some((id, outlook(clocks)?))).collect())
}

fn by_ticket(entries: Vec<Entry>) -> HashMap<TicketId, Vec<Standing>> {
    let mut all: HashMap<TicketId, Vec<Standing>> = HashMap::new();
    for entry in entries {
        all.entry(entry.ticket_id.clone()).or_default().push(entry.standing());
    }
    all
}

/// Adds the tickets of these vendors with an open promise that is at risk or broken, as a list for `IN`.
pub(crate) fn pressing(sql: Sql, vendors: &[&VendorId]) -> Sql {
    store::pressing(sql, vendors)
}

/// How many tickets of a vendor that is; counting stops at [`MOST_COUNTED`].
pub(crate) async fn count_pressing(conn: &mut Conn, vendor: &VendorId) -> Result<i64> {
    store::count_pressing(conn, vendor, MOST_COUNTED).await
}
