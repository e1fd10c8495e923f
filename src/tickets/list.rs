//! Lists of tickets: by filter, or by words.

use super::service::Tickets;
use super::{Counters, Filter, InboxView, Status, Ticket, TicketRow, search, store};
use crate::actor::{Action, Actor, Subject};
use crate::db::Sql;
use crate::error::Result;
use crate::id::VendorId;
use crate::page::{Page, PageRequest};

/// Hits looked at per round of a search.
const HITS: i64 = 200;

impl Tickets {
    /// A page of tickets, newest activity first; with words, best first by time of the match.
    /// Customers see their own, staff those of their vendors.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] for another vendor, [`crate::Error::Invalid`] for a bad cursor.
    pub async fn list(&self, actor: &Actor, filter: &Filter, page: &PageRequest) -> Result<Page<TicketRow>> {
        actor.may(Action::TicketRead, Subject::Any)?;
        if let Some(vendor) = &filter.vendor_id {
            actor.may(Action::TicketRead, Subject::Vendor(vendor))?;
        }
        let (limit, after) = (page.limit()?, page.after()?);
        let mut conn = self.core.db.read().await?;
        let words = filter.q.as_deref().map(search::words).unwrap_or_default();
        let tickets = if words.is_empty() {
            let rows = store::list(&mut conn, |s| narrow(s, actor, filter), after, limit).await?;
            Page::cut(rows, limit, |t| (t.activity_at.micros(), t.id.to_string()))
        } else {
            self.search(&mut conn, actor, filter, &words, after.map_or(i64::MAX, |a| a.0), limit).await?
        };
        let ids: Vec<_> = tickets.items.iter().map(|t| t.id.clone()).collect();
        let mut unread = crate::conversations::service::unread(&mut conn, actor, &ids).await?;
        let mut names = std::collections::HashMap::new();
        for t in &tickets.items {
            if !names.contains_key(&t.vendor_id) {
                let vendor = crate::vendors::service::get(&mut conn, &t.vendor_id).await?;
                names.insert(t.vendor_id.clone(), vendor.map(|v| v.name).unwrap_or_default());
            }
        }
        Ok(tickets.map(|ticket| TicketRow {
            unread: unread.remove(&ticket.id).unwrap_or_default(),
            vendor_name: names.get(&ticket.vendor_id).cloned().unwrap_or_default(),
            ticket,
        }))
    }

    /// How many tickets each list of the desk holds.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] for another vendor.
    pub async fn counters(&self, actor: &Actor, vendor: &VendorId) -> Result<Counters> {
        actor.may(Action::Inbox, Subject::Vendor(vendor))?;
        store::counters(&mut self.core.db.read().await?, vendor, &actor.id).await
    }

    /// Walks the matches from the newest, keeps those that pass the filter.
    async fn search(
        &self,
        conn: &mut crate::db::Conn,
        actor: &Actor,
        filter: &Filter,
        words: &[String],
        mut before: i64,
        limit: u32,
    ) -> Result<Page<Ticket>> {
        let mut found: Vec<(i64, Ticket)> = Vec::new();
        loop {
            let hits = search::hits(conn, actor, filter.vendor_id.as_ref(), words, before, HITS).await?;
            let full = hits.len() as i64 == HITS;
            before = hits.last().map_or(0, |h| h.0);
            let fresh: Vec<_> = hits.iter().filter(|h| !found.iter().any(|f| f.1.id == h.1)).collect();
            let ids: Vec<_> = fresh.iter().map(|h| h.1.clone()).collect();
            let passing = store::among(conn, |s| narrow(s, actor, filter), &ids).await?;
            for (rank, id) in fresh {
                if let Some(t) = passing.iter().find(|t| t.id == *id)
                    && !found.iter().any(|f| f.1.id == *id)
                {
                    found.push((*rank, t.clone()));
                }
            }
            if found.len() > limit as usize || !full {
                return Ok(Page::cut(found, limit, |f| (f.0, "q".into())).map(|f| f.1));
            }
        }
    }
}

/// The WHERE clause: whose tickets first, then the filter.
fn narrow(sql: Sql, actor: &Actor, f: &Filter) -> Sql {
    let mut sql = if actor.role.is_staff() {
        match &f.vendor_id {
            Some(v) => sql.with(" WHERE vendor_id = ?", v),
            None if actor.vendors.len() == 1 => sql.with(" WHERE vendor_id = ?", &actor.vendors[0]),
            None => sql.push(" WHERE vendor_id IN ").list(actor.vendors.iter()),
        }
    } else {
        let sql = sql.with(" WHERE customer_id = ?", &actor.id);
        if let Some(v) = &f.vendor_id { sql.with(" AND vendor_id = ?", v) } else { sql }
    };
    sql = match f.view {
        InboxView::Mine => sql.with(" AND is_open AND assignee_id = ?", &actor.id),
        InboxView::Unassigned => sql.push(" AND is_open AND assignee_id IS NULL"),
        InboxView::Open => sql.push(" AND is_open"),
        InboxView::Escalated => sql.with(" AND status = ?", Status::Escalated),
        InboxView::Waiting => sql.with(" AND status = ?", Status::WaitingCustomer),
        InboxView::Resolved => sql.with(" AND status = ?", Status::Resolved),
        InboxView::Closed => sql.with(" AND status = ?", Status::Closed),
        InboxView::All => sql,
    };
    if let Some(v) = f.status {
        sql = sql.with(" AND status = ?", v);
    }
    if let Some(v) = f.priority {
        sql = sql.with(" AND priority = ?", v);
    }
    if let Some(v) = f.category {
        sql = sql.with(" AND category = ?", v);
    }
    if let Some(v) = f.channel {
        sql = sql.with(" AND channel = ?", v);
    }
    if let Some(v) = &f.assignee_id {
        sql = sql.with(" AND assignee_id = ?", v);
    }
    if let Some(v) = &f.customer_id {
        sql = sql.with(" AND customer_id = ?", v);
    }
    if let Some(v) = &f.tag {
        sql = sql.with(" AND id IN (SELECT ticket_id FROM ticket_tags WHERE tag = ?", v.to_lowercase()).push(")");
    }
    sql
}
