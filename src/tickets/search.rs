//! Full text over subjects and messages: the one store whose SQL differs by database. FTS5 on
//! SQLite, tsvector on PostgreSQL; kept by a reader of the journey.

use crate::actor::Actor;
use crate::conversations::Visibility;
use crate::db::{Arg, Conn, Kind, Sql, sql};
use crate::error::Result;
use crate::event::Event;
use crate::id::{TicketId, UserId, VendorId};
use crate::journey::EventRecord;
use crate::services::Core;
use crate::trace::TARGET;
use std::collections::{HashMap, HashSet};
use tracing::instrument;

/// The name of the reader in `journey_readers`.
pub const READER: &str = "search";
/// Events per round.
pub const BATCH: usize = 500;
/// Texts per statement; for each FTS5 writes a segment, to be merged with others later.
const ROWS: usize = 4_000;
/// From so many bytes on the last word may be the beginning of one: what is shorter begins too many.
const BEGINNING: usize = 3;

const POSTGRES_INSERT: &str = ") INSERT INTO search (ticket_id, vendor_id, customer_id, body)
    SELECT ticket_id, vendor_id, customer_id, without_accents(body) FROM v";

/// The words of a query, in lower case, at most eight.
#[must_use]
pub fn words(q: &str) -> Vec<String> {
    q.split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .take(8)
        .map(|w| w.chars().take(40).collect::<String>().to_lowercase())
        .collect()
}

/// Where matches are looked for.
#[derive(Clone, Copy)]
pub(super) enum Within<'a> {
    /// In all texts, also those of vendors that staff do not look at, for the caller to drop: reading all that
    /// a large vendor has takes longer than reading all that has a rare word. Customers' own all the same.
    Anywhere,
    /// In what the person may find.
    Theirs,
    /// In that of a few tickets.
    Tickets(&'a [TicketId]),
}

/// Who looks for what. All words must be found; the last may be the beginning of one, from three letters on.
pub(super) struct Search<'a> {
    pub actor: &'a Actor,
    /// Where staff look; customers find what is their own.
    pub vendors: &'a [&'a VendorId],
    pub words: &'a [String],
}

impl Search<'_> {
    /// Matches before `before`, newest first: their place and ticket.
    #[instrument(target = TARGET, name = "tickets.hits", skip_all)]
    pub async fn hits(&self, conn: &mut Conn, within: Within<'_>, before: i64, limit: i64) -> Result<Vec<(i64, TicketId)>> {
        if self.looks_nowhere() {
            return Ok(Vec::new());
        }
        let sql = match conn.kind() {
            Kind::Sqlite => {
                let sql = sql("SELECT rowid, ticket_id FROM search").with(" WHERE search MATCH ?", self.fts(within));
                sql.with(" AND rowid < ?", before).with(" ORDER BY rowid DESC LIMIT ?", limit)
            }
            Kind::Postgres => {
                let sql = self.tsquery(sql("SELECT id, ticket_id FROM search"), within);
                sql.with(" AND id < ?", before).with(" ORDER BY id DESC LIMIT ?", limit)
            }
        };
        sql.all(conn).await
    }

    /// Those of `tickets` that match at `from` or later.
    #[instrument(target = TARGET, name = "tickets.matching_since", skip_all)]
    pub async fn matching_since<'t>(
        &self,
        conn: &mut Conn,
        from: i64,
        tickets: impl IntoIterator<Item = &'t TicketId>,
    ) -> Result<HashSet<TicketId>> {
        let tickets: Vec<TicketId> = tickets.into_iter().cloned().collect();
        if tickets.is_empty() || self.looks_nowhere() {
            return Ok(HashSet::new());
        }
        let sql = match conn.kind() {
            Kind::Sqlite => {
                let query = self.fts(Within::Tickets(&tickets));
                sql("SELECT DISTINCT ticket_id FROM search").with(" WHERE search MATCH ?", query).with(" AND rowid >= ?", from)
            }
            Kind::Postgres => {
                let sql = self.tsquery(sql("SELECT DISTINCT ticket_id FROM search"), Within::Tickets(&tickets));
                sql.with(" AND id >= ?", from)
            }
        };
        Ok(sql.all::<(TicketId,)>(conn).await?.into_iter().map(|r| r.0).collect())
    }

    const fn looks_nowhere(&self) -> bool {
        self.actor.role.is_staff() && self.vendors.is_empty()
    }

    /// In the language of FTS5.
    fn fts(&self, within: Within<'_>) -> String {
        let words: Vec<String> = self.words.iter().map(|w| format!("\"{w}\"")).collect();
        let mut query = format!("body : ({}{})", words.join(" AND "), self.ending("*"));
        let mut narrow = |tokens: Vec<String>| query = format!("scope : ({}) AND {query}", tokens.join(" OR "));
        match within {
            Within::Tickets(tickets) => narrow(tickets.iter().map(|t| token('t', t.as_str())).collect()),
            // The caller sees to it that the tickets are theirs.
            Within::Theirs if self.actor.role.is_staff() => narrow(self.vendors.iter().map(|v| token('v', v.as_str())).collect()),
            Within::Theirs | Within::Anywhere => {}
        }
        if !self.actor.role.is_staff() {
            narrow(vec![token('c', self.actor.id.as_str())]);
        }
        query
    }

    /// `mark` when the last word may be the beginning of one.
    fn ending(&self, mark: &'static str) -> &'static str {
        if self.words.last().is_some_and(|w| w.len() >= BEGINNING) { mark } else { "" }
    }

    fn tsquery(&self, select: Sql, within: Within<'_>) -> Sql {
        let words = format!("{}{}", self.words.join(" & "), self.ending(":*"));
        let sql = select.with(" WHERE words @@ to_tsquery('simple', without_accents(?))", words);
        let sql = match within {
            Within::Tickets(tickets) => sql.push(" AND ticket_id IN ").list(tickets),
            Within::Theirs | Within::Anywhere => sql,
        };
        if self.actor.role.is_staff() {
            sql.push(" AND vendor_id IN ").list(self.vendors.iter().copied())
        } else {
            sql.with(" AND customer_id = ?", &self.actor.id)
        }
    }
}

/// One text to be found.
struct Entry<'a> {
    ticket: &'a TicketId,
    vendor: &'a VendorId,
    /// Absent for what only staff may find.
    customer: Option<&'a UserId>,
    body: String,
}

/// What there is to find of an event; `released` names the customers of tickets that were held back from them
/// when the event was read.
fn entry<'a>(e: &'a EventRecord, released: &'a HashMap<TicketId, UserId>) -> Option<Entry<'a>> {
    let body = match &e.event {
        Event::TicketCreated { number, subject, .. } => format!("{number} {subject} {}", e.actor.name),
        Event::Message(m) | Event::Note(m) => m.content.clone(),
        Event::SubjectChange { subject, .. } => subject.clone(),
        Event::TagsChange { added, .. } if !added.is_empty() => added.join(" "),
        _ => return None,
    };
    let ticket = e.ticket_id.as_ref()?;
    let customer = e.customer_id.as_ref().or_else(|| released.get(ticket)).filter(|_| e.visibility == Visibility::Customer);
    Some(Entry { ticket, vendor: e.vendor_id.as_ref()?, customer, body })
}

/// The customers of those tickets of `events` that were held back from them when the events were read, and
/// are not any more.
async fn released(conn: &mut Conn, events: &[EventRecord]) -> Result<HashMap<TicketId, UserId>> {
    let held = events.iter().filter(|e| e.customer_id.is_none() && e.visibility == Visibility::Customer);
    let held: HashSet<&TicketId> = held.filter_map(|e| e.ticket_id.as_ref()).collect();
    let mut released = HashMap::new();
    for ticket in held {
        if let Some((_, Some(customer))) = super::service::owner(conn, ticket).await? {
            released.insert(ticket.clone(), customer);
        }
    }
    Ok(released)
}

/// Indexes what the journey has told since last time; the number of events read.
///
/// # Errors
/// The database's; the reader then stays where it was.
pub async fn catch_up(core: &Core, journey: &crate::journey::service::Journey) -> Result<usize> {
    let at = journey.cursor(READER).await?;
    let told = journey.tail(at, BATCH as i64).await?;
    if told.read > 0 {
        index(core, at, &told.events, told.seq).await?;
    }
    Ok(told.read)
}

/// Indexes `events`, all there are from `at` to `seq`, when the reader stands at `at`.
///
/// # Errors
/// The database's; the reader then stays where it was.
pub async fn index(core: &Core, at: i64, events: &[EventRecord], seq: i64) -> Result<()> {
    let mut tx = core.db.begin().await?;
    // Another node may do this as well; moving the reader first makes it wait, and then stand aside.
    if crate::journey::service::move_reader(&mut tx, READER, at, seq).await? {
        insert_all(&mut tx, events).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Indexes events while the reader is kept from others: what is held back now is indexed anew at its release.
async fn insert_all(conn: &mut Conn, events: &[EventRecord]) -> Result<()> {
    let released = released(conn, events).await?;
    let entries: Vec<Entry<'_>> = events.iter().filter_map(|e| entry(e, &released)).collect();
    for part in entries.chunks(ROWS) {
        insert(conn, part).await?;
    }
    Ok(())
}

/// Indexes a ticket again, as far as it is indexed already, after others may find it than before.
pub(super) async fn index_anew(conn: &mut Conn, ticket: &TicketId) -> Result<()> {
    // First of all: what another node is about to index is then there, and found out of date.
    let end = crate::journey::service::hold_reader(conn, READER).await?;
    let delete = match conn.kind() {
        Kind::Sqlite => {
            let words = format!("scope : {}", token('t', ticket.as_str()));
            sql("DELETE FROM search").with(" WHERE rowid IN (SELECT rowid FROM search WHERE search MATCH ?)", words)
        }
        Kind::Postgres => sql("DELETE FROM search").with(" WHERE ticket_id = ?", ticket),
    };
    delete.run(conn).await?;
    let events = crate::journey::service::of_ticket_upto(conn, ticket, end).await?;
    insert_all(conn, &events).await
}

async fn insert(conn: &mut Conn, entries: &[Entry<'_>]) -> Result<()> {
    match conn.kind() {
        Kind::Sqlite => {
            let rows = entries.iter().map(|e| {
                let scope = format!("{} {}", token('v', e.vendor.as_str()), token('t', e.ticket.as_str()));
                let scope = e.customer.map_or(scope.clone(), |c| format!("{scope} {}", token('c', c.as_str())));
                vec![e.body.as_str().into(), scope.into(), e.ticket.into()]
            });
            sql("INSERT INTO search (body, scope, ticket_id) VALUES ").rows(rows).run(conn).await?;
        }
        Kind::Postgres => {
            let rows =
                entries.iter().map(|e| -> Vec<Arg> { vec![e.ticket.into(), e.vendor.into(), e.customer.into(), plain(&e.body).into()] });
            sql("WITH v (ticket_id, vendor_id, customer_id, body) AS (VALUES ").rows(rows).push(POSTGRES_INSERT).run(conn).await?;
        }
    }
    Ok(())
}

/// Words only: PostgreSQL's parser would read the hyphens of a number as signs.
fn plain(text: &str) -> String {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

/// An id as one word of the index.
fn token(kind: char, id: &str) -> String {
    format!("{kind}{}", id.replace('-', ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::Role;
    use crate::auth::Registration;
    use crate::db::testing::Stage;
    use crate::page::PageRequest;
    use crate::tickets::{Channel, CustomerRef, Filter, NewTicket};
    use proptest::prelude::*;
    use std::time::Duration;

    crate::both_dbs!(
        what_was_read_before_a_release_is_found_after_it,
        a_release_waits_for_what_is_being_indexed,
        a_release_before_anything_was_indexed_is_found
    );

    /// Long enough for what should not happen.
    const SILENCE: Duration = Duration::from_millis(300);

    /// A customer, and the link that proves their address and so shows them a ticket about a xylophone.
    async fn held(stage: &Stage) -> (Actor, String) {
        let vendor = stage.vendor("acme").await;
        let rep = stage.person(Role::RepL1, "Rita", &vendor).await;
        let form = Registration { name: "Maya".into(), email: "maya@example.com".into(), password: "correct horse".into() };
        let maya = stage.services.auth.register(form, "https://help.example.com").await.unwrap();
        let customer = CustomerRef { id: None, email: Some("maya@example.com".into()), name: String::new() };
        let new = NewTicket { customer: Some(customer), ..NewTicket::about("The xylophone", "It is broken", Channel::Call) };
        stage.services.tickets.create(&rep, new).await.unwrap();
        let mail = stage.mail.sent().pop().unwrap();
        let (_, link) = mail.text.split_once("?token=").unwrap();
        (maya, link.split_whitespace().next().unwrap().to_owned())
    }

    async fn found_by(stage: &Stage, who: &Actor) -> usize {
        let filter = Filter { q: Some("xylophone".into()), ..Filter::default() };
        stage.services.tickets.list(who, &filter, &PageRequest::default()).await.unwrap().items.len()
    }

    async fn what_was_read_before_a_release_is_found_after_it(stage: Stage) {
        let s = &stage.services;
        let (maya, link) = held(&stage).await;
        let told = s.journey.tail(0, 100).await.unwrap();
        s.auth.confirm_address(&maya, &link).await.unwrap();
        index(&s.core, 0, &told.events, told.seq).await.unwrap();
        assert_eq!(found_by(&stage, &maya).await, 1);
    }

    async fn a_release_waits_for_what_is_being_indexed(stage: Stage) {
        let s = &stage.services;
        let (maya, link) = held(&stage).await;
        let told = s.journey.tail(0, 100).await.unwrap();
        let mut tx = s.core.db.begin().await.unwrap();
        assert!(crate::journey::service::move_reader(&mut tx, READER, 0, told.seq).await.unwrap());
        insert_all(&mut tx, &told.events).await.unwrap();
        let mut release = std::pin::pin!(s.auth.confirm_address(&maya, &link));
        assert!(tokio::time::timeout(SILENCE, &mut release).await.is_err(), "it waits");
        let (indexed, released) = tokio::join!(tx.commit(), release);
        assert!(indexed.is_ok() && released.is_ok());
        assert_eq!(found_by(&stage, &maya).await, 1);
    }

    async fn a_release_before_anything_was_indexed_is_found(stage: Stage) {
        let s = &stage.services;
        let (maya, link) = held(&stage).await;
        s.auth.confirm_address(&maya, &link).await.unwrap();
        while catch_up(&s.core, &s.journey).await.unwrap() > 0 {}
        assert_eq!(found_by(&stage, &maya).await, 1);
    }

    #[test]
    fn takes_words_apart() {
        assert_eq!(words("Refund for TKT-2026-000123!"), ["refund", "for", "tkt", "2026", "000123"]);
    }

    proptest! {
        #[test]
        fn never_lets_syntax_through(q in "\\PC{0,200}") {
            prop_assert!(words(&q).iter().all(|w| w.chars().all(char::is_alphanumeric)));
        }
    }
}
