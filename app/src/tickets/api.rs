//! Calls around tickets.
#![expect(missing_docs, reason = "the macro makes structs of the parameters, which the functions explain")]

use crate::codec::Answer;
use crate::error::ApiResult;
use coco::id::{AttachmentId, TeamId, UserId, VendorId};
use coco::page::{Page, PageRequest};
use coco::tickets::{Counters, Filter, Status, Ticket, TicketEdit, TicketRow, TicketView};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use crate::context::{actor, services};
#[cfg(feature = "ssr")]
use coco::tickets::{Category, Channel, NewTicket, Priority};

/// A page of tickets the person may see.
#[server(input = Json, output = Answer)]
pub async fn list_tickets(filter: Filter, page: PageRequest) -> ApiResult<Page<TicketRow>> {
    Ok(services()?.tickets.list(&actor()?, &filter, &page).await?)
}

/// How many tickets each list of a vendor's desk holds.
#[server(output = Answer)]
pub async fn load_counters(vendor: VendorId) -> ApiResult<Counters> {
    Ok(services()?.tickets.counters(&actor()?, &vendor).await?)
}

/// Everything a ticket's page shows.
#[server(output = Answer)]
pub async fn load_ticket(number: String) -> ApiResult<TicketView> {
    Ok(services()?.tickets.view(&actor()?, &number).await?)
}

/// Opens a ticket and goes to its page. An empty `priority` or `category` lets the rules decide.
/// `client_id` makes sending the form twice harmless.
#[server(output = Answer)]
pub async fn create_ticket(
    subject: String,
    description: String,
    vendor: VendorId,
    #[server(default)] priority: String,
    #[server(default)] category: String,
    #[server(default)] attachments: Vec<AttachmentId>,
    #[server(default)] client_id: Option<String>,
) -> ApiResult<()> {
    let new = NewTicket {
        vendor_id: Some(vendor),
        priority: Priority::ALL.into_iter().find(|p| p.as_str() == priority),
        category: Category::ALL.into_iter().find(|c| c.as_str() == category),
        attachments,
        client_id: client_id.filter(|id| !id.is_empty()),
        ..NewTicket::about(&subject, &description, Channel::Web)
    };
    let ticket = services()?.tickets.create(&actor()?, new).await?;
    leptos_axum::redirect(&format!("/customer/tickets/{}", ticket.number));
    Ok(())
}

/// Changes properties.
#[server(input = Json, output = Answer)]
pub async fn edit_ticket(number: String, edit: TicketEdit) -> ApiResult<Ticket> {
    Ok(services()?.tickets.edit(&actor()?, &number, edit).await?)
}

/// Gives the ticket to someone, or back into the queue.
#[server(input = Json, output = Answer)]
pub async fn assign_ticket(number: String, rep: Option<UserId>, reason: String, version: Option<i64>) -> ApiResult<Ticket> {
    Ok(services()?.tickets.assign(&actor()?, &number, rep.as_ref(), &reason, version).await?)
}

/// Gives the ticket to a team, or to none.
#[server(input = Json, output = Answer)]
pub async fn assign_team(number: String, team: Option<TeamId>, reason: String, version: Option<i64>) -> ApiResult<Ticket> {
    Ok(services()?.tickets.assign_team(&actor()?, &number, team.as_ref(), &reason, version).await?)
}

/// Moves the ticket to another state.
#[server(input = Json, output = Answer)]
pub async fn move_ticket(number: String, status: Status, reason: String, version: Option<i64>) -> ApiResult<Ticket> {
    Ok(services()?.tickets.transition(&actor()?, &number, status, &reason, version).await?)
}
