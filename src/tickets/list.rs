//! Lists of tickets: by filter, or by words.

use super::search::{Search, Within};
use super::service::Tickets;
use super::{Counters, Filter, InboxView, Status, Ticket, TicketRow, search, store};
use crate::actor::{Action, Actor, Subject};
use crate::conversations::service::calling;
use crate::db::{Conn, Sql};
use crate::error::{Error, Result};
use crate::id::{TicketId, VendorId};
use crate::page::{Page, PageRequest};
use crate::sla::service::pressing;
use crate::teams::service::joined_by;
use crate::trace::TARGET;
use std::collections::{HashMap, HashSet};
use tracing::instrument;

/// Hits looked at in the first round of a search; in each further one four times as many.
const HITS: i64 = 200;
/// Rounds per page: with a common word and a filter that little passes, a page may be short.
const ROUNDS: u32 = 3;
/// So few tickets are found before the words are looked for, in them alone.
const FEW: i64 = 100;

impl Tickets {
    /// A page of tickets, newest activity first; with words, each once at its newest match, the newest
    /// match first. Customers see their own, staff those of their vendors. A page of a search may be
    /// short, even empty, and still have a next one.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] for another vendor, [`crate::Error::Forbidden`] for a customer who asks by
    /// tag or team, [`crate::Error::Invalid`] for a bad cursor.
    #[instrument(target = TARGET, name = "tickets.list", skip_all)]
    pub async fn list(&self, actor: &Actor, filter: &Filter, page: &PageRequest) -> Result<Page<TicketRow>> {
        actor.may(Action::TicketRead, Subject::Any)?;
        if let Some(vendor) = &filter.vendor_id {
            actor.may(Action::TicketRead, Subject::Vendor(vendor))?;
        }
        // Customers would learn by trying what is not shown to them.
        if !actor.sees_staff() && (filter.tag.is_some() || filter.team_id.is_some()) {
            return Err(Error::Forbidden);
        }
        if filter.tag.as_deref().is_some_and(|tag| tag.chars().any(char::is_control)) {
            return Err(Error::invalid("tag", "No tag is written like this."));
        }
        let (limit, after) = (page.limit()?, page.after()?);
        let mut conn = self.core.db.read().await?;
        let tickets = if let Some(q) = filter.q.as_deref().filter(|q| !q.trim().is_empty()) {
            found(&mut conn, actor, filter, &search::words(q), after.map(|a| a.0), limit).await?
        } else {
            let rows = latest(&mut conn, actor, filter, after, limit).await?;
            Page::cut(rows, limit, |t| (t.activity_at.micros(), t.id.to_string()))
        };
        let ids: Vec<_> = tickets.items.iter().map(|t| t.id.clone()).collect();
        let mut unread = crate::conversations::service::unread(&mut conn, actor, &ids).await?;
        let due = if actor.sees_staff() { crate::sla::service::nearest(&mut conn, &ids).await? } else { HashMap::new() };
        let mut names = HashMap::new();
        for t in &tickets.items {
            if !names.contains_key(&t.vendor_id) {
                let vendor = crate::vendors::service::get(&mut conn, &t.vendor_id).await?;
                names.insert(t.vendor_id.clone(), vendor.map(|v| v.name).unwrap_or_default());
            }
        }
        Ok(tickets.map(|ticket| TicketRow {
            unread: unread.remove(&ticket.id).unwrap_or_default(),
            vendor_name: names.get(&ticket.vendor_id).cloned().unwrap_or_default(),
            due: due.get(&ticket.id).cloned(),
            ticket: ticket.seen_by(actor),
        }))
    }

    /// Number and subject of those of `tickets` that are the actor's own.
    ///
    /// # Errors
    /// The database's.
    pub async fn names(&self, actor: &Actor, tickets: HashSet<TicketId>) -> Result<HashMap<TicketId, (String, String)>> {
        actor.may(Action::TicketRead, Subject::Any)?;
        if tickets.is_empty() {
            return Ok(HashMap::new());
        }
        let rows = store::names(&mut self.core.db.read().await?, &actor.id, &tickets).await?;
        Ok(rows.into_iter().map(|(id, number, subject)| (id, (number, subject))).collect())
    }

    /// How many tickets each list of the desk holds.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] for another vendor.
    #[instrument(target = TARGET, name = "tickets.counters", skip_all)]
    pub async fn counters(&self, actor: &Actor, vendor: &VendorId) -> Result<Counters> {
        actor.may(Action::Inbox, Subject::Vendor(vendor))?;
        let mut conn = self.core.db.read().await?;
        let mentions = crate::conversations::service::unseen_mentions(&mut conn, &actor.id, vendor).await?;
        let my_teams = store::of_teams(&mut conn, vendor, &actor.id).await?;
        let pressing = crate::sla::service::count_pressing(&mut conn, vendor).await?;
        Ok(Counters { mentions, my_teams, pressing, ..store::counters(&mut conn, vendor, &actor.id).await? })
    }
}

/// The newest rows. Each vendor of staff is asked by itself, for which there is an index: sorting what
/// several have together would read all of it.
async fn latest(conn: &mut Conn, actor: &Actor, filter: &Filter, after: Option<(i64, String)>, limit: u32) -> Result<Vec<Ticket>> {
    let vendors = vendors(actor, filter);
    let parts: Vec<&[&VendorId]> = if actor.role.is_staff() { vendors.chunks(1).collect() } else { vec![&vendors] };
    let mut rows = Vec::new();
    for part in &parts {
        rows.extend(store::list(conn, |s| narrow(s, actor, filter, part), after.clone(), limit).await?);
    }
    if parts.len() > 1 {
        rows.sort_by(|a, b| (b.activity_at, &b.id).cmp(&(a.activity_at, &a.id)));
    }
    Ok(rows)
}

/// Walks the matches from the newest, or from `after`, and keeps those that pass the filter. Signs alone are
/// found nowhere.
async fn found(conn: &mut Conn, actor: &Actor, filter: &Filter, words: &[String], after: Option<i64>, limit: u32) -> Result<Page<Ticket>> {
    if words.is_empty() {
        return Ok(Page { items: Vec::new(), next_cursor: None });
    }
    let vendors = vendors(actor, filter);
    let search = Search { actor, vendors: &vendors, words };
    let few = store::few(conn, |s| narrow(s, actor, filter, &vendors), FEW).await?;
    if few.as_ref().is_some_and(Vec::is_empty) {
        return Ok(Page { items: Vec::new(), next_cursor: None });
    }
    let mut before = after.unwrap_or(i64::MAX);
    let (mut seen, mut found) = (HashSet::new(), Vec::<(i64, Ticket)>::new());
    for round in 0..ROUNDS {
        let within = match &few {
            Some(few) => Within::Tickets(few),
            None if round == 0 => Within::Anywhere,
            None => Within::Theirs,
        };
        let wanted = HITS << (2 * round);
        let mut hits = search.hits(conn, within, before, wanted).await?;
        let more = hits.len() as i64 == wanted;
        before = hits.last().map_or(0, |h| h.0);
        hits.retain(|h| seen.insert(h.1.clone()));
        // Where most pass, the first part is a page and some.
        for part in hits.chunks(((limit as usize * 2) << (2 * round)).min(store::AMONG)) {
            let mut passing = store::among(conn, |s| narrow(s, actor, filter, &vendors), part.iter().map(|h| &h.1)).await?;
            if let Some(from) = after {
                let shown = search.matching_since(conn, from, passing.iter().map(|t| &t.id)).await?;
                passing.retain(|t| !shown.contains(&t.id));
            }
            for (rank, id) in part {
                found.extend(passing.iter().find(|t| t.id == *id).map(|t| (*rank, t.clone())));
            }
            if found.len() > limit as usize {
                break;
            }
        }
        if found.len() > limit as usize || !more {
            return Ok(Page::cut(found, limit, |f| (f.0, "q".into())).map(|f| f.1));
        }
    }
    Ok(Page { items: found.into_iter().map(|f| f.1).collect(), next_cursor: Some(format!("{before}.q")) })
}

/// The vendors a list is of; for customers only the one they ask for, as theirs is what is their own.
pub(super) fn vendors<'a>(actor: &'a Actor, f: &'a Filter) -> Vec<&'a VendorId> {
    match &f.vendor_id {
        Some(v) => vec![v],
        None if actor.role.is_staff() => actor.vendors.iter().collect(),
        None => Vec::new(),
    }
}

/// The WHERE clause: whose tickets first, then the filter.
pub(super) fn narrow(sql: Sql, actor: &Actor, f: &Filter, vendors: &[&VendorId]) -> Sql {
    let mut sql = match (actor.role.is_staff(), vendors) {
        // Not by the vendor of the ticket: SQLite would walk all of its tickets to find the few.
        (true, vendors) if f.view == InboxView::Mentions => calling(sql.push(" WHERE "), &actor.id, vendors),
        (true, vendors) if f.view == InboxView::MyTeams => joined_by(sql.push(" WHERE team_id IN "), &actor.id, vendors),
        // Nor where the few of a customer or a team are asked for.
        (true, [v]) if f.customer_id.is_some() || f.team_id.is_some() => sql.with(" WHERE vendor_id || '' = ?", *v),
        (true, [v]) => sql.with(" WHERE vendor_id = ?", *v),
        (true, many) => sql.push(" WHERE vendor_id IN ").list(many.iter().copied()),
        (false, [v, ..]) => sql.with(" WHERE customer_id = ?", &actor.id).with(" AND vendor_id || '' = ?", *v).push(" AND NOT is_held"),
        (false, []) => sql.with(" WHERE customer_id = ?", &actor.id).push(" AND NOT is_held"),
    };
    sql = match f.view {
        InboxView::Mine => sql.with(" AND is_open = TRUE AND assignee_id = ?", &actor.id),
        InboxView::Unassigned => sql.push(" AND is_open = TRUE AND assignee_id IS NULL"),
        InboxView::Open => sql.push(" AND is_open = TRUE"),
        // Not by their ids: SQLite would look up and sort all of them.
        InboxView::Pressing if actor.role.is_staff() => pressing(sql.push(" AND is_open = TRUE AND id || '' IN "), vendors),
        InboxView::Escalated => sql.with(" AND status = ?", Status::Escalated),
        InboxView::Waiting => sql.with(" AND status = ?", Status::WaitingCustomer),
        InboxView::Resolved => sql.with(" AND status = ?", Status::Resolved),
        InboxView::Closed => sql.with(" AND status = ?", Status::Closed),
        InboxView::MyTeams if actor.role.is_staff() => sql.push(" AND is_open = TRUE"),
        InboxView::Mentions if actor.role.is_staff() => sql,
        // Notes, teams and promises are for staff.
        InboxView::Mentions | InboxView::MyTeams | InboxView::Pressing => sql.push(" AND FALSE"),
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
    if let Some(v) = &f.team_id {
        sql = sql.with(" AND team_id = ?", v);
    }
    if let Some(v) = &f.customer_id {
        sql = sql.with(" AND customer_id = ?", v);
    }
    match (&f.tag, vendors) {
        (Some(tag), [v]) => {
            let tagged = sql.with(" AND id IN (SELECT ticket_id FROM ticket_tags WHERE vendor_id = ?", *v);
            tagged.with(" AND tag = ?)", tag.to_lowercase())
        }
        (Some(tag), _) => sql.with(" AND EXISTS (SELECT 1 FROM ticket_tags WHERE ticket_id = tickets.id AND tag = ?)", tag.to_lowercase()),
        (None, _) => sql,
    }
}
