//! Keeps the clocks in step with the journey.

use super::Kind;
use super::entry::{Entry, Terms};
use super::policy::Policy;
use super::service::Sla;
use super::store;
use crate::actor::ActorKind;
use crate::conversations::Visibility;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::event::Event;
use crate::id::{TicketId, VendorId};
use crate::journey::EventRecord;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The name of the reader in `journey_readers`.
pub const READER: &str = "sla";
/// Events per round.
pub const BATCH: usize = 2_000;

impl Sla {
    /// Follows what the journey has told since last time; the number of events read.
    ///
    /// # Errors
    /// The database's; the reader then stays where it was.
    pub async fn catch_up(&self) -> Result<usize> {
        let at = self.journey.cursor(READER).await?;
        let told = self.journey.tail(at, BATCH as i64).await?;
        if told.read > 0 {
            self.follow(at, &told.events, told.seq).await?;
        }
        Ok(told.read)
    }

    /// Follows `events`, all there are from `at` to `seq`, when the reader stands at `at`.
    ///
    /// # Errors
    /// The database's; the reader then stays where it was.
    pub async fn follow(&self, at: i64, events: &[EventRecord], seq: i64) -> Result<()> {
        let mut tx = self.core.db.begin().await?;
        // Another node may do this as well; moving the reader first makes it wait, and then stand aside.
        if crate::journey::service::move_reader(&mut tx, READER, at, seq).await? {
            let told: Vec<Told<'_>> = events.iter().filter_map(told).collect();
            if !told.is_empty() {
                keep(&mut tx, &told).await?;
            }
            tx.commit().await?;
        }
        Ok(())
    }
}

/// An event that may matter to the clocks of a ticket.
struct Told<'a> {
    ticket: &'a TicketId,
    vendor: &'a VendorId,
    record: &'a EventRecord,
}

fn told(record: &EventRecord) -> Option<Told<'_>> {
    let matters = match &record.event {
        Event::Message(m) => m.sender_type == ActorKind::Rep && m.visibility == Visibility::Customer,
        Event::TicketCreated { .. }
        | Event::StatusChange { .. }
        | Event::PriorityChange { .. }
        | Event::AgentAssigned { .. }
        | Event::TeamAssigned { .. } => true,
        _ => false,
    };
    if !matters {
        return None;
    }
    Some(Told { ticket: record.ticket_id.as_ref()?, vendor: record.vendor_id.as_ref()?, record })
}

/// Reads the clocks that a batch is about, moves them event by event, and stores those that changed.
async fn keep(conn: &mut Conn, told: &[Told<'_>]) -> Result<()> {
    let terms = terms(conn, told.iter().map(|t| t.vendor)).await?;
    let tickets: HashSet<&TicketId> = told.iter().map(|t| t.ticket).collect();
    let known = store::lock(conn, tickets).await?;
    let mut clocks: BTreeMap<(TicketId, Kind), Entry> = known.into_iter().map(|e| ((e.ticket_id.clone(), e.kind), e)).collect();
    let mut changed = HashSet::new();
    for t in told {
        let (terms, at) = (terms.get(t.vendor).ok_or(Error::NotFound)?, t.record.timestamp);
        for kind in Kind::ALL {
            let key = (t.ticket.clone(), kind);
            if let Event::TicketCreated { priority, .. } = &t.record.event {
                clocks.insert(key.clone(), Entry::start(kind, t.ticket, t.vendor, *priority, terms, at)?);
                changed.insert(key);
            } else if let Some(entry) = clocks.get_mut(&key)
                && entry.follow(&t.record.event, terms, at)?
            {
                changed.insert(key);
            }
        }
    }
    let changed: Vec<&Entry> = clocks.iter().filter(|(key, _)| changed.contains(*key)).map(|(_, entry)| entry).collect();
    store::put(conn, &changed).await
}

/// What these vendors promise.
pub(super) async fn terms<'a>(conn: &mut Conn, vendors: impl Iterator<Item = &'a VendorId>) -> Result<HashMap<VendorId, Terms>> {
    let vendors: HashSet<&VendorId> = vendors.collect();
    let mut terms = HashMap::with_capacity(vendors.len());
    for row in store::policies(conn, vendors.iter().copied()).await? {
        terms.insert(row.vendor_id.clone(), Terms::of(row.policy()?)?);
    }
    for vendor in vendors {
        if !terms.contains_key(vendor) {
            terms.insert(vendor.clone(), Terms::of(Policy::standard())?);
        }
    }
    Ok(terms)
}
