//! `/api/tickets`

use super::extract::{Api, Asked, Caller, Named};
use super::idempotency::{Once, once};
use super::shapes::{Ticket, TicketAnswer, TicketsAnswer};
use super::words::{self, Who, named};
use crate::http::problem::ApiJson;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use coco::actor::{Action, Actor};
use coco::id::UserId;
use coco::services::Services;
use coco::tickets::{self, Filter, InboxView, NewTicket, Priority, Status, TicketChange, TicketDetails, TicketEdit};
use coco::{Error, Result};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// A ticket to be opened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreateTicket {
    /// For staff: our id of the customer. Another system's id is accepted and not used.
    pub customer_id: Option<String>,
    /// For staff: the name of a customer we do not know yet.
    pub customer_name: Option<String>,
    /// For staff: the customer's address; who is unknown becomes a customer.
    pub customer_email: Option<String>,
    /// One line, at most 200 characters.
    pub subject: String,
    /// The first message, at most 20,000 characters.
    pub description: String,
    /// `low`, `medium`, `high` or `urgent`; absent, the rules decide.
    #[schema(value_type = Option<Priority>)]
    pub priority: Option<String>,
    /// `billing`, `technical`, `product`, `account` or `other`; any other word becomes a
    /// sub-category of `other`.
    pub category: Option<String>,
    /// At most 20.
    pub tags: Option<Vec<String>>,
    /// Absent: the vendor one has chosen.
    pub vendor_id: Option<String>,
    /// `web`, `chat`, `email`, `call`, `whatsapp`, `sms` or `docs`; `web` when absent.
    pub channel: Option<String>,
}

/// What of a ticket changes. Absent fields stay.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct UpdateTicket {
    /// The state to move to.
    #[schema(value_type = Option<Status>)]
    pub status: Option<String>,
    /// `low`, `medium`, `high` or `urgent`.
    #[schema(value_type = Option<Priority>)]
    pub priority: Option<String>,
    /// One line.
    pub subject: Option<String>,
    /// As when opening a ticket.
    pub category: Option<String>,
    /// All tags; those not named are removed.
    pub tags: Option<Vec<String>>,
    /// Who works on it: an id, `me`, or null for nobody.
    #[serde(deserialize_with = "words::present")]
    #[schema(value_type = Option<String>)]
    pub assigned_agent_id: Option<Option<String>>,
    /// The team that has it, with or without someone who works on it: an id of `GET /api/teams`, or null for none.
    #[serde(deserialize_with = "words::present")]
    #[schema(value_type = Option<String>)]
    pub assigned_team_id: Option<Option<String>>,
    /// Why it moves, for colleagues.
    pub reason: Option<String>,
    /// The version the change is based on; an older one than the present is refused with 409.
    pub version: Option<i64>,
}

/// Which tickets. Customers only ever see their own.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct TicketQuery {
    /// Exactly this state; `open`, `waiting`, `new` and `pending` are understood.
    pub status: Option<String>,
    /// A ready-made list: `open`, `mine`, `my_teams`, `mentions`, `unassigned`, `pressing`, `escalated`, `waiting`, `resolved`, `closed` or `all`.
    pub view: Option<String>,
    /// Only this priority.
    pub priority: Option<String>,
    /// Only this top category.
    pub category: Option<String>,
    /// Only this channel.
    pub channel: Option<String>,
    /// For staff: only with this tag.
    pub tag: Option<String>,
    /// Only assigned to this person; `me` for oneself.
    pub assigned_agent_id: Option<String>,
    /// For staff: only of this team.
    pub assigned_team_id: Option<String>,
    /// Only of this customer.
    pub customer_id: Option<String>,
    /// Only of this vendor.
    pub vendor_id: Option<String>,
    /// Words to be found in subject, number and messages.
    pub q: Option<String>,
    /// How many, 1 to 200; 50 when absent.
    #[param(value_type = Option<u32>)]
    pub limit: Option<String>,
    /// Where the previous page ended.
    pub cursor: Option<String>,
}

/// Opens a ticket.
///
/// Customers open tickets for themselves and need no `customer…` fields; staff name the customer.
/// The conversation begins with the description.
#[utoipa::path(
    post, path = "/api/tickets", tag = "Tickets", operation_id = "createTicket",
    request_body(content = CreateTicket, example = json!({
        "customerId": "customer-123", "customerName": "John Doe", "customerEmail": "john@example.com",
        "subject": "Order Issue", "description": "My order has not arrived", "priority": "high", "category": "shipping"
    })),
    responses((status = 201, description = "It is open.", body = TicketAnswer))
)]
pub async fn create(State(app): State<AppState>, Caller(actor): Caller, request: Once<CreateTicket>) -> Api<Response> {
    let Once { body, key } = request;
    once(&app.services.core, &actor, key, StatusCode::CREATED, async |client_id| {
        let new = read(&actor, body, client_id).map_err(named)?;
        let (ticket, details) = app.services.tickets.create_with_details(&actor, new).await.map_err(named)?;
        Ok(TicketAnswer { ticket: Ticket::new(ticket, details) })
    })
    .await
}

fn read(actor: &Actor, body: CreateTicket, client_id: Option<String>) -> Result<NewTicket> {
    let who = Who { id: body.customer_id, name: body.customer_name, email: body.customer_email };
    let channel = body.channel.as_deref().map_or(Ok(tickets::Channel::Web), words::channel)?;
    let category = body.category.as_deref().filter(|c| !c.trim().is_empty()).map(words::any_category);
    Ok(NewTicket {
        vendor_id: body.vendor_id.as_deref().map(|id| words::id("vendorId", id)).transpose()?,
        customer: words::customer(actor, &who)?,
        priority: body.priority.as_deref().map(words::priority).transpose()?,
        category: category.as_ref().map(|c| c.0),
        subcategory: category.map(|c| c.1).unwrap_or_default(),
        tags: body.tags.unwrap_or_default(),
        client_id,
        ..NewTicket::about(&body.subject, &body.description, channel)
    })
}

/// Lists tickets, the latest activity first; with words, each once, the latest match first. A page with
/// words may be short, or empty, and still have a next one.
#[utoipa::path(
    get, path = "/api/tickets", tag = "Tickets", operation_id = "listTickets", params(TicketQuery),
    responses((status = 200, description = "A page of tickets.", body = TicketsAnswer))
)]
pub async fn list(State(app): State<AppState>, Caller(actor): Caller, Asked(query): Asked<TicketQuery>) -> Api<Json<TicketsAnswer>> {
    let (filter, page) = (filter(&query, &actor)?, words::page(query.limit.as_deref(), query.cursor)?);
    let found = app.services.tickets.list(&actor, &filter, &page).await.map_err(named)?;
    let rows: Vec<tickets::Ticket> = found.items.into_iter().map(|row| row.ticket).collect();
    let mut details = app.services.tickets.details(&actor, Action::TicketRead, &rows.iter().collect::<Vec<_>>()).await?;
    let shape = |t: tickets::Ticket| details.remove(&t.id).map(|d| Ticket::new(t, d));
    Ok(Json(TicketsAnswer { tickets: rows.into_iter().filter_map(shape).collect(), next_cursor: found.next_cursor }))
}

fn filter(query: &TicketQuery, actor: &Actor) -> Result<Filter> {
    let view = |word: &str| {
        let words: Vec<&str> = InboxView::ALL.iter().map(|v| v.as_str()).collect();
        let known = InboxView::ALL.into_iter().find(|v| v.as_str() == word);
        known.ok_or_else(|| Error::invalid("view", format!("Use one of {}.", words.join(", "))))
    };
    Ok(Filter {
        view: query.view.as_deref().map_or(Ok(InboxView::All), view)?,
        vendor_id: query.vendor_id.as_deref().map(|id| words::id("vendorId", id)).transpose()?,
        status: query.status.as_deref().map(words::status).transpose()?,
        priority: query.priority.as_deref().map(words::priority).transpose()?,
        category: query.category.as_deref().map(words::category).transpose()?,
        channel: query.channel.as_deref().map(words::channel).transpose()?,
        tag: query.tag.clone(),
        assignee_id: query.assigned_agent_id.as_deref().map(|id| words::person("assignedAgentId", id, actor)).transpose()?,
        team_id: query.assigned_team_id.as_deref().map(|id| words::id("assignedTeamId", id)).transpose()?,
        customer_id: query.customer_id.as_deref().map(|id| words::person("customerId", id, actor)).transpose()?,
        q: query.q.clone(),
    })
}

/// One ticket, by id or number.
#[utoipa::path(
    get, path = "/api/tickets/{ticketId}", tag = "Tickets", operation_id = "getTicket",
    params(("ticketId" = String, Path, description = "Identifier or number.", example = "TKT-2026-000123")),
    responses((status = 200, description = "The ticket.", body = TicketAnswer))
)]
pub async fn show(State(app): State<AppState>, Caller(actor): Caller, Named(key): Named<String>) -> Api<Json<TicketAnswer>> {
    let ticket = app.services.tickets.get(&actor, &key).await?;
    Ok(Json(TicketAnswer { ticket: shaped(&app.services, &actor, Action::TicketRead, ticket).await? }))
}

/// Changes a ticket: its properties, who works on it, and its state; all of it or nothing.
///
/// Each part needs its own right. A state is reached over those on the way: `in_progress` takes
/// a ticket that nobody has, `open` leaves one to nobody, `closed` resolves first, and all open
/// states bring back what was resolved. Customers change nothing here (403): they answer, and an
/// answer to a resolved ticket opens it again.
#[utoipa::path(
    put, path = "/api/tickets/{ticketId}", tag = "Tickets", operation_id = "updateTicket",
    params(("ticketId" = String, Path, description = "Identifier or number.")),
    request_body(content = UpdateTicket, example = json!({ "status": "resolved", "reason": "The parcel arrived", "version": 4 })),
    responses((status = 200, description = "The ticket as it is now.", body = TicketAnswer))
)]
pub async fn update(
    State(app): State<AppState>,
    Caller(actor): Caller,
    Named(key): Named<String>,
    ApiJson(body): ApiJson<UpdateTicket>,
) -> Api<Json<TicketAnswer>> {
    let category = body.category.as_deref().map(words::any_category);
    let change = TicketChange {
        edit: TicketEdit {
            version: None,
            subject: body.subject,
            priority: body.priority.as_deref().map(words::priority).transpose()?,
            category: category.as_ref().map(|c| c.0),
            subcategory: category.map(|c| c.1),
            ticket_type: None,
            tags: body.tags,
        },
        team: body.assigned_team_id.map(|id| id.map(|id| words::id("assignedTeamId", &id)).transpose()).transpose()?,
        assign: assignee("assignedAgentId", body.assigned_agent_id, &actor)?,
        status: body.status.as_deref().map(words::status).transpose()?,
        reason: body.reason.unwrap_or_default(),
        version: body.version,
    };
    let ticket = app.services.tickets.change(&actor, &key, change).await.map_err(named)?;
    Ok(Json(TicketAnswer { ticket: shaped(&app.services, &actor, Action::TicketRead, ticket).await? }))
}

/// Who is to work on it: not asked, nobody, or someone.
///
/// # Errors
/// [`Error::Invalid`] for `field`.
pub fn assignee(field: &str, wanted: Option<Option<String>>, actor: &Actor) -> Result<Option<Option<UserId>>> {
    wanted.map(|who| who.map(|word| words::person(field, &word, actor)).transpose()).transpose()
}

async fn shaped(services: &Services, actor: &Actor, action: Action, ticket: tickets::Ticket) -> Api<Ticket> {
    let details = details(services, actor, action, &ticket).await?;
    Ok(Ticket::new(ticket, details))
}

/// What there is to tell of a ticket outside its own row, to who may do `action` to it.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn details(services: &Services, actor: &Actor, action: Action, ticket: &tickets::Ticket) -> Result<TicketDetails> {
    services.tickets.details(actor, action, &[ticket]).await?.remove(&ticket.id).ok_or(Error::NotFound)
}
