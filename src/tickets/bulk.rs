//! Tickets with their whole past, stored as they stand: for demo data of any size. The caller
//! appends the events to the journey. Rights are the caller's matter.

use super::service::Tickets;
use super::{Assignment, Ticket, store};
use crate::conversations::{Conversation, Message, Receipt};
use crate::db::Tx;
use crate::error::Result;
use crate::feedback::Rating;
use crate::trace::TARGET;
use tracing::instrument;

/// Rows per statement; SQLite allows 32,766 values in one.
pub(crate) const ROWS: usize = 1_000;

/// A ticket and everything that hangs on it.
#[derive(Debug, Clone)]
pub struct Past {
    /// The ticket as it is now.
    pub ticket: Ticket,
    /// Its tags, clean.
    pub tags: Vec<String>,
    /// Who worked on it.
    pub assignments: Vec<Assignment>,
    /// How it was rated.
    pub rating: Option<Rating>,
    /// Its conversation.
    pub conversation: Conversation,
    /// The messages, at positions from 1 without gaps.
    pub messages: Vec<Message>,
    /// How far each has read.
    pub receipts: Vec<Receipt>,
}

impl Tickets {
    /// Takes `count` numbers of a year at once; the first of them.
    ///
    /// # Errors
    /// The database's.
    #[instrument(target = TARGET, name = "tickets.take_numbers", skip_all)]
    pub async fn take_numbers(&self, tx: &mut Tx, year: i64, count: i64) -> Result<i64> {
        Ok(store::take_numbers(tx, year, count).await? - count + 1)
    }

    /// Stores tickets as they stand.
    ///
    /// # Errors
    /// The database's, also when something is there already.
    #[instrument(target = TARGET, name = "tickets.store_past", skip_all)]
    pub async fn store_past(&self, tx: &mut Tx, pasts: &[Past]) -> Result<()> {
        let tickets: Vec<_> = pasts.iter().map(|p| &p.ticket).collect();
        for part in tickets.chunks(ROWS) {
            store::insert_many(tx, part).await?;
        }
        let tagged: Vec<_> = pasts.iter().flat_map(|p| p.tags.iter().map(|tag| (&p.ticket, tag.as_str()))).collect();
        for part in tagged.chunks(ROWS) {
            store::insert_tags(tx, part).await?;
        }
        let work: Vec<_> = pasts.iter().flat_map(|p| p.assignments.iter().map(|a| (self.core.id(), &p.ticket.id, a))).collect();
        for part in work.chunks(ROWS) {
            store::insert_assignments(tx, part).await?;
        }
        let ratings: Vec<_> = pasts.iter().filter_map(|p| p.rating.as_ref().map(|r| (&p.ticket, r))).collect();
        for part in ratings.chunks(ROWS) {
            crate::feedback::service::put_many(tx, part).await?;
        }
        crate::conversations::bulk::store_past(tx, pasts).await
    }
}
