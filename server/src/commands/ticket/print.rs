//! What `coco ticket` prints.

use super::{List, told};
use crate::commands::{people, table};
use anyhow::Result;
use coco::actor::Actor;
use coco::conversations::Visibility;
use coco::page::PageRequest;
use coco::services::Services;
use coco::tickets::{Filter, Ticket, TicketRow, TicketView};

/// Prints a page of tickets.
pub async fn list(services: &Services, actor: &Actor, l: List, json: bool) -> Result<()> {
    let vendor_id = match &l.vendor {
        Some(slug) => Some(people::vendor(services, actor, Some(slug)).await?.id),
        None => None,
    };
    let filter = Filter { view: l.view, q: l.search, vendor_id, ..Filter::default() };
    let page = services.tickets.list(actor, &filter, &PageRequest { limit: Some(l.limit), cursor: None }).await.map_err(told)?;
    if json {
        return table::json(&page);
    }
    let now = services.core.now();
    let row = |TicketRow { ticket: t, vendor_name, .. }: &TicketRow| {
        let who = t.assignee_name.clone().unwrap_or_else(|| "–".into());
        let subject = coco::text::snippet(&t.subject, 60);
        let status = t.status.label().to_owned();
        vec![t.number.clone(), status, t.priority.label().into(), who, t.activity_at.relative(now), vendor_name.clone(), subject]
    };
    table::print(&["NUMBER", "STATUS", "PRIORITY", "ASSIGNEE", "ACTIVE", "VENDOR", "SUBJECT"], page.items.iter().map(row))?;
    if page.next_cursor.is_some() {
        eprintln!("There are more; see --limit and --search.");
    }
    Ok(())
}

/// Says what was done, and prints the number for other programs.
pub fn done(what: &str, t: &Ticket, json: bool) -> Result<()> {
    if json {
        return table::json(t);
    }
    let who = t.assignee_name.as_deref().unwrap_or("nobody");
    eprintln!("{what} {} “{}”: {}, {who} works on it.", t.number, t.subject, t.status.label().to_lowercase());
    table::line(&t.number)
}

/// Prints a ticket with its messages.
pub fn show(view: &TicketView, json: bool) -> Result<()> {
    if json {
        return table::json(view);
    }
    let t = &view.ticket;
    table::line(&format!("{}  {}", t.number, t.subject))?;
    let who = t.assignee_name.as_deref().unwrap_or("nobody");
    table::line(&format!("{}, {} priority, {who} works on it", t.status.label(), t.priority.label().to_lowercase()))?;
    table::line(&format!("{} at {}, opened {}\n", t.customer_name, view.vendor.name, t.created_at))?;
    for m in &view.thread.messages {
        let note = if m.visibility == Visibility::Staff { " (only your team sees this)" } else { "" };
        table::line(&format!("{} at {}{note}", m.sender_name, m.created_at))?;
        table::line(&m.content.lines().map(|l| format!("    {l}\n")).collect::<String>())?;
        for file in &m.attachments {
            table::line(&format!("    [{}, {} bytes]", file.name, file.size))?;
        }
    }
    Ok(())
}
