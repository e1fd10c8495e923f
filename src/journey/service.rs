//! Reading the journey.

use super::store::{self, Of};
use super::{EventRecord, JourneyPage, Topic};
use crate::actor::{Action, Actor, Subject};
use crate::conversations::Visibility;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::id::{TicketId, UserId};
use crate::page::{Page, PageRequest};
use crate::services::Core;
use crate::trace::TARGET;
use std::collections::HashSet;
use tracing::instrument;

/// Events older than this many are not replayed to a socket; the page reloads its data instead.
pub const REPLAY_WINDOW: i64 = 5_000;

/// The journey, for its readers.
#[derive(Clone)]
pub struct Journey {
    core: Core,
}

/// What happened after a point, or that it is too long ago to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replay {
    /// The events, in order; `seq` to go on from.
    Events {
        /// The events the actor may see.
        events: Vec<EventRecord>,
        /// Go on after this one.
        seq: i64,
    },
    /// Load the page's data anew, then go on after `seq`.
    Resync {
        /// The newest event.
        seq: i64,
    },
}

/// A stretch of the journey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The events, in order; without those that only a newer version understands.
    pub events: Vec<EventRecord>,
    /// How many there were, with those.
    pub read: usize,
    /// Go on after this one.
    pub seq: i64,
}

impl Journey {
    pub(crate) const fn new(core: Core) -> Self {
        Self { core }
    }

    /// Whether `actor` may follow `topic` now.
    ///
    /// # Errors
    /// [`Error::NotFound`] or [`Error::Forbidden`].
    #[instrument(target = TARGET, name = "journey.authorize", skip_all)]
    pub async fn authorize(&self, actor: &Actor, topic: &Topic) -> Result<()> {
        topic.check(actor)?;
        if let Topic::Ticket(id) = topic {
            let mut conn = self.core.db.read().await?;
            let (vendor, customer) = crate::tickets::service::owner(&mut conn, id).await?.ok_or(Error::NotFound)?;
            actor.may(Action::ChatRead, Subject::Ticket { vendor: &vendor, customer: customer.as_ref() })?;
        }
        Ok(())
    }

    /// What `topic` told after `since`, for an actor whose right to follow it was just checked.
    ///
    /// # Errors
    /// As [`Journey::authorize`].
    #[instrument(target = TARGET, name = "journey.replay", skip_all)]
    pub async fn replay(&self, actor: &Actor, topic: &Topic, since: i64) -> Result<Replay> {
        self.authorize(actor, topic).await?;
        let mut conn = self.core.db.read().await?;
        let (first, newest) = (store::first_seq(&mut conn).await?, store::last_seq(&mut conn).await?);
        let known = (first - 1..=newest).contains(&since);
        if !known || newest - since > REPLAY_WINDOW {
            return Ok(Replay::Resync { seq: newest });
        }
        let of = match topic {
            Topic::Ticket(id) => Of::Ticket(id),
            Topic::Inbox(id) => Of::Vendor(id),
            Topic::Customer(id) => Of::Customer(id),
            Topic::Queue(_) => return Ok(Replay::Events { events: Vec::new(), seq: newest }),
        };
        let rows = store::after(&mut conn, of, since, REPLAY_WINDOW).await?;
        let records = records(&mut conn, rows).await?;
        let events = records.into_iter().filter_map(|e| visible(actor.sees_staff(), e)).collect();
        Ok(Replay::Events { events, seq: newest })
    }

    /// A customer's journey, newest first: their own, or for staff the part at their vendors.
    ///
    /// # Errors
    /// [`Error::NotFound`] for another person's journey.
    #[instrument(target = TARGET, name = "journey.of_customer", skip_all)]
    pub async fn of_customer(&self, actor: &Actor, customer: &UserId, page: &PageRequest) -> Result<JourneyPage> {
        actor.may(Action::ChatRead, if actor.role.is_staff() { Subject::Any } else { Subject::Person(customer) })?;
        let limit = page.limit()?;
        let mut before = page.after()?.map_or(i64::MAX, |(seq, _)| seq);
        let mut conn = self.core.db.read().await?;
        let mut events: Vec<EventRecord> = Vec::new();
        loop {
            let rows = store::before(&mut conn, Of::Customer(customer), actor.sees_staff(), before, i64::from(limit) + 1).await?;
            let (got, full) = (rows.len(), rows.len() > limit as usize);
            before = rows.last().map_or(0, |r| r.seq);
            for record in records(&mut conn, rows).await? {
                let shared = record.vendor_id.as_ref().is_some_and(|v| actor.vendors.contains(v));
                if shared || !actor.role.is_staff() {
                    events.extend(visible(actor.sees_staff(), record));
                }
            }
            if events.len() > limit as usize || !full || got == 0 {
                return Ok(Page::cut(events, limit, |e| (e.seq, "e".into())));
            }
        }
    }

    /// Events after `seq` in order, of everyone: for readers inside COCO only.
    ///
    /// # Errors
    /// The database's.
    #[instrument(target = TARGET, name = "journey.tail", skip_all)]
    pub async fn tail(&self, seq: i64, limit: i64) -> Result<Told> {
        let mut conn = self.core.db.read().await?;
        let rows = store::after(&mut conn, Of::All, seq, limit).await?;
        let (read, seq) = (rows.len(), rows.last().map_or(seq, |r| r.seq));
        Ok(Told { events: records(&mut conn, rows).await?, read, seq })
    }

    /// The newest `seq`, for a page that is about to read what it shows.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for those who may follow nothing.
    #[instrument(target = TARGET, name = "journey.newest_for", skip_all)]
    pub async fn newest_for(&self, actor: &Actor) -> Result<i64> {
        actor.may(Action::ChatRead, Subject::Any)?;
        self.last_seq().await
    }

    /// The newest `seq`.
    ///
    /// # Errors
    /// The database's.
    #[instrument(target = TARGET, name = "journey.last_seq", skip_all)]
    pub async fn last_seq(&self) -> Result<i64> {
        store::last_seq(&mut self.core.db.read().await?).await
    }

    /// Where a durable reader stands.
    ///
    /// # Errors
    /// The database's.
    #[instrument(target = TARGET, name = "journey.cursor", skip_all)]
    pub async fn cursor(&self, reader: &str) -> Result<i64> {
        store::cursor(&mut self.core.db.read().await?, reader).await
    }
}

/// The events of rows. What is told of a ticket as a whole names the conversation it began with, as
/// followers of conversations expect.
async fn records(conn: &mut Conn, rows: Vec<store::Row>) -> Result<Vec<EventRecord>> {
    let mut events = Vec::with_capacity(rows.len());
    for row in rows {
        let seq = row.seq;
        match row.record() {
            Ok(event) => events.push(event),
            // Written by a newer version on another node: it must not stop the readers.
            Err(e) => tracing::error!(seq, error = ?e, "journey.unreadable"),
        }
    }
    let nameless = |e: &&EventRecord| e.conversation_id.is_none() && e.ticket_id.is_some();
    let tickets: HashSet<TicketId> = events.iter().filter(nameless).filter_map(|e| e.ticket_id.clone()).collect();
    if !tickets.is_empty() {
        let first = crate::conversations::service::first_of(conn, &tickets).await?;
        for event in events.iter_mut().filter(|e| nameless(&&**e)) {
            event.conversation_id = event.ticket_id.as_ref().and_then(|id| first.get(id)).cloned();
        }
    }
    Ok(events)
}

/// The event as staff or customers may see it, if at all.
#[must_use]
pub fn visible(staff: bool, mut record: EventRecord) -> Option<EventRecord> {
    match record.visibility {
        Visibility::System => None,
        Visibility::Staff if !staff => None,
        Visibility::Customer if !staff => {
            record.event.hide_from_customer();
            Some(record)
        }
        _ => Some(record),
    }
}

/// What happened to a ticket but its messages, newest first, for staff.
pub(crate) async fn around_messages(conn: &mut Conn, ticket: &TicketId, limit: i64) -> Result<Vec<EventRecord>> {
    let rows = store::around_messages(conn, ticket, limit).await?;
    records(conn, rows).await
}

/// What is told between the messages and notes of a ticket, newest first.
pub(crate) async fn between_messages(conn: &mut Conn, ticket: &TicketId, staff: bool, limit: i64) -> Result<Vec<EventRecord>> {
    let rows = store::between_messages(conn, ticket, staff, limit).await?;
    Ok(records(conn, rows).await?.into_iter().filter_map(|e| visible(staff, e)).collect())
}

/// Puts what happened to a ticket on the journey of its customer, whose nobody's it was.
pub(crate) async fn give(conn: &mut Conn, ticket: &TicketId, customer: &UserId) -> Result<()> {
    store::give(conn, ticket, customer).await
}

/// Everything that happened to a ticket up to `seq`, in order.
pub(crate) async fn of_ticket_upto(conn: &mut Conn, ticket: &TicketId, seq: i64) -> Result<Vec<EventRecord>> {
    let mut rows = store::after(conn, Of::Ticket(ticket), 0, i64::MAX).await?;
    rows.retain(|row| row.seq <= seq);
    records(conn, rows).await
}

/// The newest `seq`, for views that continue live.
pub(crate) async fn newest(conn: &mut Conn) -> Result<i64> {
    store::last_seq(conn).await
}

/// Moves a durable reader that stands at `from`, in the transaction that does its work and before it;
/// false when it stands elsewhere, because another node has done the work.
pub(crate) async fn move_reader(conn: &mut Conn, reader: &str, from: i64, to: i64) -> Result<bool> {
    store::move_cursor(conn, reader, from, to).await
}

/// Where a durable reader stands, which keeps it there until the transaction ends.
pub(crate) async fn hold_reader(conn: &mut Conn, reader: &str) -> Result<i64> {
    store::hold_cursor(conn, reader).await
}

#[cfg(test)]
mod tests {
    use crate::db::sql;
    use crate::db::testing::Stage;

    crate::both_dbs!(events_of_a_newer_version_stop_no_reader);

    async fn events_of_a_newer_version_stop_no_reader(stage: Stage) {
        let s = &stage.services;
        let mut tx = s.core.db.begin().await.unwrap();
        for _ in 0..5 {
            let unknown = "INSERT INTO journey_events (kind, visibility, actor_kind, actor_name, payload, at)
                VALUES ('from_the_future', 'staff', 'system', 'COCO', '{}', 1)";
            sql(unknown).run(&mut tx).await.unwrap();
        }
        tx.commit().await.unwrap();
        let told = s.journey.tail(0, 3).await.unwrap();
        assert_eq!((told.events.len(), told.read, told.seq), (0, 3, 3));
        assert_eq!(crate::tickets::search::catch_up(&s.core, &s.journey).await.unwrap(), 5);
        assert_eq!(s.journey.cursor(crate::tickets::search::READER).await.unwrap(), 5);
        assert_eq!(crate::tickets::search::catch_up(&s.core, &s.journey).await.unwrap(), 0);
    }
}
