//! Full text over subjects and messages: the one store whose SQL differs by database. FTS5 on
//! SQLite, tsvector on PostgreSQL; kept by a reader of the journey.

use crate::actor::Actor;
use crate::conversations::Visibility;
use crate::db::{Arg, Conn, Kind, sql};
use crate::error::Result;
use crate::event::Event;
use crate::id::{TicketId, UserId, VendorId};
use crate::journey::EventRecord;
use crate::services::Core;

/// The name of the reader in `journey_readers`.
pub const READER: &str = "search";
/// Events per round.
const BATCH: i64 = 500;
/// Texts per statement; for each FTS5 writes a segment, to be merged with others later.
const ROWS: usize = 4_000;

/// The words of a query, in lower case, at most eight.
#[must_use]
pub fn words(q: &str) -> Vec<String> {
    q.split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .take(8)
        .map(|w| w.chars().take(40).collect::<String>().to_lowercase())
        .collect()
}

/// Matches before `before`, newest first: their place and ticket. All words must be found; the last
/// may be the beginning of one.
pub async fn hits(
    conn: &mut Conn,
    actor: &Actor,
    vendor: Option<&VendorId>,
    words: &[String],
    before: i64,
    limit: i64,
) -> Result<Vec<(i64, TicketId)>> {
    let vendors: Vec<&VendorId> = actor.vendors.iter().filter(|v| vendor.is_none_or(|only| only == *v)).collect();
    match conn.kind() {
        Kind::Sqlite => {
            const FIND: &str = "SELECT rowid, ticket_id FROM search WHERE search MATCH $1 AND rowid < $2 ORDER BY rowid DESC LIMIT $3";
            let scopes: Vec<String> = if actor.role.is_staff() {
                vendors.iter().map(|v| token('v', v.as_str())).collect()
            } else {
                vec![token('c', actor.id.as_str())]
            };
            let text: Vec<String> = words.iter().map(|w| format!("\"{w}\"")).collect();
            let query = format!("scope : ({}) AND body : ({}*)", scopes.join(" OR "), text.join(" AND "));
            sql(FIND).bind(query).bind(before).bind(limit).all(conn).await
        }
        Kind::Postgres => {
            let query = format!("{}:*", words.join(" & "));
            let find = sql("SELECT id, ticket_id FROM search").with(" WHERE words @@ to_tsquery('simple', ?)", query);
            let find = if actor.role.is_staff() {
                find.push(" AND vendor_id IN ").list(vendors)
            } else {
                find.with(" AND customer_id = ?", &actor.id)
            };
            find.with(" AND id < ?", before).with(" ORDER BY id DESC LIMIT ?", limit).all(conn).await
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

fn entry(e: &EventRecord) -> Option<Entry<'_>> {
    let body = match &e.event {
        Event::TicketCreated { number, subject, .. } => format!("{number} {subject} {}", e.actor.name),
        Event::Message(m) | Event::Note(m) => m.content.clone(),
        Event::SubjectChange { subject, .. } => subject.clone(),
        Event::TagsChange { added, .. } if !added.is_empty() => added.join(" "),
        _ => return None,
    };
    let customer = if e.visibility == Visibility::Customer { e.customer_id.as_ref() } else { None };
    Some(Entry { ticket: e.ticket_id.as_ref()?, vendor: e.vendor_id.as_ref()?, customer, body })
}

/// Indexes what the journey has told since last time; the number of events read.
///
/// # Errors
/// The database's; the reader then stays where it was.
pub async fn catch_up(core: &Core, journey: &crate::journey::service::Journey) -> Result<usize> {
    let at = journey.cursor(READER).await?;
    let events = journey.tail(at, BATCH).await?;
    index(core, at, &events).await?;
    Ok(events.len())
}

/// Indexes `events`, the next ones after `at`, when the reader stands there.
///
/// # Errors
/// The database's; the reader then stays where it was.
pub async fn index(core: &Core, at: i64, events: &[EventRecord]) -> Result<()> {
    let Some(last) = events.last().map(|e| e.seq) else { return Ok(()) };
    let entries: Vec<Entry<'_>> = events.iter().filter_map(entry).collect();
    let mut tx = core.db.begin().await?;
    // Another node may have done this meanwhile.
    if crate::journey::service::reader_at(&mut tx, READER).await? == at {
        for part in entries.chunks(ROWS) {
            insert(&mut tx, part).await?;
        }
        crate::journey::service::move_reader(&mut tx, READER, last).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn insert(conn: &mut Conn, entries: &[Entry<'_>]) -> Result<()> {
    match conn.kind() {
        Kind::Sqlite => {
            let rows = entries.iter().map(|e| {
                let vendor = token('v', e.vendor.as_str());
                let scope = e.customer.map_or(vendor.clone(), |c| format!("{vendor} {}", token('c', c.as_str())));
                vec![e.body.as_str().into(), scope.into(), e.ticket.into()]
            });
            sql("INSERT INTO search (body, scope, ticket_id) VALUES ").rows(rows).run(conn).await?;
        }
        Kind::Postgres => {
            let rows =
                entries.iter().map(|e| -> Vec<Arg> { vec![e.ticket.into(), e.vendor.into(), e.customer.into(), plain(&e.body).into()] });
            sql("INSERT INTO search (ticket_id, vendor_id, customer_id, body) VALUES ").rows(rows).run(conn).await?;
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
    use super::words;
    use proptest::prelude::*;

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
