//! A transaction and the events it tells.

use super::{Conn, Kind, Sql, postgres, sql};
use crate::error::{Error, Result};
use crate::journey::NewEvent;
use crate::trace_span;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use tokio::sync::watch;
use tracing::Instrument;

/// With more values than this, changes go out one by one: what they cost together is little beside
/// what they do, and each of them is more often the same text as one before.
const TOGETHER: usize = 400;

/// A change under way. Dropping it undoes it.
///
/// On SQLite it may see what others of its group wrote, which is not on disk before the group is: so
/// a use case that answers with something it read here commits first, also when it changed nothing.
pub struct Tx {
    conn: Conn,
    writes: Vec<Sql>,
    events: Vec<NewEvent>,
    committed: Arc<watch::Sender<u64>>,
}

impl Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

impl Tx {
    pub(super) const fn new(conn: Conn, committed: Arc<watch::Sender<u64>>) -> Self {
        Self { conn, writes: Vec::new(), events: Vec::new(), committed }
    }

    /// A change that nothing in this transaction reads: it goes out with the commit, after those
    /// before it.
    pub fn write(&mut self, change: Sql) {
        self.writes.push(change);
    }

    /// Tells [`super::Db::hints`] of every node when this commits, for what is shown live and is no event. On SQLite,
    /// where there is one node, it tells nothing.
    ///
    /// # Errors
    /// The database's.
    pub async fn hint(&mut self, words: &str) -> Result<()> {
        hint(&mut self.conn, words).await
    }

    /// Tells the journey, when this commits.
    pub fn append(&mut self, event: NewEvent) {
        self.events.push(event);
    }

    /// Writes the events and makes everything durable; the `seq` of each event. The events go
    /// last, so that on PostgreSQL the journey's lock is held for the shortest time and no other
    /// lock is taken after it.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when it could not be stored; then nothing was.
    pub async fn commit(self) -> Result<Vec<i64>> {
        let span = trace_span!("commit", otel.name = "COMMIT", otel.kind = "client", db.system.name = self.conn.kind().name());
        self.finish().instrument(span).await
    }

    async fn finish(mut self) -> Result<Vec<i64>> {
        let events = crate::journey::inserts(&self.events)?;
        let values: usize = self.writes.iter().chain(&events).map(Sql::values).sum();
        let writes = std::mem::take(&mut self.writes);
        let rows: Vec<(i64,)> = match self.conn {
            Conn::SqliteWriter(member) if values <= TOGETHER => member.commit(together(writes.into_iter().chain(events))).await?,
            _ => self.write_out(writes, events).await?,
        };
        let mut seqs: Vec<i64> = rows.into_iter().map(|r| r.0).collect();
        seqs.sort_unstable();
        Ok(seqs)
    }

    async fn write_out(mut self, writes: Vec<Sql>, events: Vec<Sql>) -> Result<Vec<(i64,)>> {
        for write in writes {
            write.run(&mut self.conn).await?;
        }
        if let (Conn::PostgresTx(tx), false) = (&mut self.conn, events.is_empty()) {
            postgres::lock_journey(tx).await?;
        }
        let mut rows = Vec::new();
        for insert in events {
            rows.extend(insert.all::<(i64,)>(&mut self.conn).await?);
        }
        match self.conn {
            Conn::SqliteWriter(member) => drop(member.commit(sql("")).await?),
            Conn::PostgresTx(tx) => {
                tx.commit().await?;
                self.committed.send_modify(|n| *n += 1);
            }
            Conn::Sqlite(_) | Conn::Postgres(_) => return Err(Error::internal("not a transaction")),
        }
        Ok(rows)
    }
}

/// Tells the other nodes, when what `conn` does is committed.
pub(super) async fn hint(conn: &mut Conn, words: &str) -> Result<()> {
    if conn.kind() == Kind::Postgres {
        sql("SELECT pg_notify('hints', $1)").bind(words).run(conn).await?;
    }
    Ok(())
}

fn together(statements: impl Iterator<Item = Sql>) -> Sql {
    statements.reduce(Sql::then).unwrap_or_else(|| sql(""))
}
