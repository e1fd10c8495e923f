//! A transaction and the events it tells.

use super::{Conn, postgres};
use crate::error::{Error, Result};
use crate::journey::NewEvent;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use tokio::sync::watch;

/// A change under way. Dropping it undoes it.
///
/// On SQLite it may see what others of its group wrote, which is not on disk before the group is: so
/// a use case that answers with something it read here commits first, also when it changed nothing.
pub struct Tx {
    conn: Conn,
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
        Self { conn, events: Vec::new(), committed }
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
    pub async fn commit(mut self) -> Result<Vec<i64>> {
        let events = std::mem::take(&mut self.events);
        if let (Conn::PostgresTx(tx), false) = (&mut self.conn, events.is_empty()) {
            postgres::lock_journey(tx).await?;
        }
        let seqs = crate::journey::append(&mut self.conn, &events).await?;
        match self.conn {
            Conn::SqliteWriter(member) => member.commit().await?,
            Conn::PostgresTx(tx) => {
                tx.commit().await?;
                self.committed.send_modify(|n| *n += 1);
            }
            Conn::Sqlite(_) | Conn::Postgres(_) => return Err(Error::internal("not a transaction")),
        }
        Ok(seqs)
    }
}
