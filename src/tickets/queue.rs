//! The queue: open tickets that nobody has, the most pressing first, then the longest waiting.

use super::service::Tickets;
use super::{Priority, Queued, Ticket, store};
use crate::actor::{Action, Actor, Subject};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::id::{TicketId, VendorId};
use crate::page::{Page, PageRequest};
use crate::time::{SECOND, Timestamp};
use crate::trace::TARGET;
use tracing::instrument;

/// The order of the queue.
pub(super) const ORDER: [Priority; 4] = [Priority::Urgent, Priority::High, Priority::Medium, Priority::Low];

/// Where a page ended: how many came before, and the last ticket's priority, time and id.
struct Mark {
    position: i64,
    rank: usize,
    at: Timestamp,
    id: TicketId,
}

impl Tickets {
    /// A page of the queue of one vendor, or of all of the actor's.
    ///
    /// # Errors
    /// [`Error::NotFound`] for another vendor, [`Error::Forbidden`] for customers, [`Error::Invalid`]
    /// for a bad cursor.
    #[instrument(target = TARGET, name = "tickets.queue", skip_all)]
    pub async fn queue(&self, actor: &Actor, vendor: Option<&VendorId>, page: &PageRequest) -> Result<Page<Queued>> {
        actor.may(Action::Inbox, vendor.map_or(Subject::Any, Subject::Vendor))?;
        let vendors: Vec<&VendorId> = vendor.map_or_else(|| actor.vendors.iter().collect(), |v| vec![v]);
        let (limit, from) = (page.limit()?, mark(page)?);
        let (before, first_rank) = from.as_ref().map_or((0, 0), |m| (m.position, m.rank));
        let mut conn = self.core.db.read().await?;
        let mut waiting: Vec<Ticket> = Vec::new();
        for (rank, priority) in ORDER.into_iter().enumerate().skip(first_rank) {
            let after = from.as_ref().filter(|m| m.rank == rank).map(|m| (m.at, &m.id));
            let missing = i64::from(limit) + 1 - waiting.len() as i64;
            if missing <= 0 {
                break;
            }
            waiting.extend(longest_waiting(&mut conn, &vendors, priority, after, missing).await?);
        }
        let now = self.core.now();
        let queued = waiting.into_iter().zip(before + 1..).map(|(ticket, position)| Queued {
            position,
            wait_s: now.since(ticket.created_at) / SECOND,
            ticket,
        });
        Ok(Page::cut(queued.collect(), limit, |q| {
            let rank = ORDER.iter().position(|p| *p == q.ticket.priority).unwrap_or_default();
            (q.position, format!("{rank}~{}~{}", q.ticket.created_at.micros(), q.ticket.id))
        }))
    }
}

/// Each vendor is asked by itself, for which there is an index: sorting what several have together
/// would read all of it.
async fn longest_waiting(
    conn: &mut Conn,
    vendors: &[&VendorId],
    priority: Priority,
    after: Option<(Timestamp, &TicketId)>,
    limit: i64,
) -> Result<Vec<Ticket>> {
    let mut waiting = Vec::new();
    for vendor in vendors {
        waiting.extend(store::queued(conn, vendor, priority, after, limit).await?);
    }
    waiting.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
    waiting.truncate(usize::try_from(limit).unwrap_or_default());
    Ok(waiting)
}

fn mark(page: &PageRequest) -> Result<Option<Mark>> {
    let Some((position, rest)) = page.after()? else { return Ok(None) };
    let read = || {
        let mut parts = rest.splitn(3, '~');
        let rank = parts.next()?.parse().ok().filter(|r| *r < ORDER.len())?;
        let at = Timestamp::from_micros(parts.next()?.parse().ok()?);
        Some(Mark { position, rank, at, id: parts.next()?.parse().ok()? })
    };
    read().map(Some).ok_or_else(|| Error::invalid("cursor", "This cursor is not one of ours. Start again without it."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::Role;
    use crate::db::testing::Stage;
    use crate::tickets::{Channel, NewTicket};
    use crate::time::MINUTE;

    crate::both_dbs!(the_most_pressing_and_oldest_first);

    async fn the_most_pressing_and_oldest_first(stage: Stage) {
        let (vendor, other) = (stage.vendor("one").await, stage.vendor("two").await);
        let (maya, rep) = (stage.person(Role::Customer, "Maya", &vendor).await, stage.person(Role::RepL1, "Rep", &vendor).await);
        let tickets = &stage.services.tickets;
        for (subject, priority) in [("a", Priority::Low), ("b", Priority::High), ("c", Priority::Urgent), ("d", Priority::High)] {
            stage.clock.advance(MINUTE);
            let new = NewTicket { priority: Some(priority), ..NewTicket::about(subject, "text", Channel::Chat) };
            tickets.create(&maya, new).await.unwrap();
        }
        let taken = tickets.create(&maya, NewTicket::about("taken", "urgent", Channel::Chat)).await.unwrap();
        tickets.assign(&rep, taken.id.as_str(), Some(&rep.id), "", None).await.unwrap();

        let mut seen = Vec::new();
        let mut page = PageRequest { limit: Some(3), cursor: None };
        loop {
            let got = tickets.queue(&rep, Some(&vendor), &page).await.unwrap();
            seen.extend(got.items.into_iter().map(|q| (q.position, q.ticket.subject, q.wait_s)));
            let Some(next) = got.next_cursor else { break };
            page.cursor = Some(next);
        }
        let want = [(1, "c", 60), (2, "b", 120), (3, "d", 0), (4, "a", 180)];
        assert_eq!(seen, want.map(|(p, s, w)| (p, s.to_owned(), w)));
        assert_eq!(tickets.queue(&rep, None, &PageRequest::default()).await.unwrap().items.len(), 4);
        assert_eq!(tickets.queue(&rep, Some(&other), &page).await, Err(Error::NotFound));
        assert_eq!(tickets.queue(&maya, None, &PageRequest::default()).await, Err(Error::Forbidden));
        for bad in ["1.9~0~x", "1.x", "x", "1.0~1~"] {
            let page = PageRequest { cursor: Some(bad.into()), limit: None };
            assert!(tickets.queue(&rep, None, &page).await.unwrap_err().field("cursor").is_some(), "{bad}");
        }
    }
}
