//! `/api/chat`: conversations, each of a ticket.

use super::extract::{Api, Asked, Caller, Named};
use super::idempotency::{Once, once};
use super::shapes::{AnalyticsAnswer, Conversation, ConversationAnswer, MessageAnswer, MessagesAnswer, QueueAnswer, QueueEntry};
use super::tickets::{assignee, details};
use super::words::{self, Who, named};
use crate::http::problem::ApiJson;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use coco::actor::{Action, Actor, ActorKind};
use coco::conversations::{self, NewMessage, Visibility};
use coco::id::{ConversationId, VendorId};
use coco::services::Services;
use coco::tickets::{Channel, NewTicket, Ticket, TicketChange, TicketEdit};
use coco::{Error, Result};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// A conversation to be started.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StartChat {
    /// For staff: our id of the customer. Another system's id is accepted and not used.
    pub customer_id: Option<String>,
    /// For staff: the name of a customer we do not know yet.
    pub customer_name: Option<String>,
    /// For staff: the customer's address; who is unknown becomes a customer.
    pub customer_email: Option<String>,
    /// `web`, `mobile`, `email`, `chat` …; `chat` when absent.
    pub channel: Option<String>,
    /// One line, at most 200 characters.
    pub subject: String,
    /// The first message; the subject when absent.
    pub message: Option<String>,
    /// Absent: the vendor one has chosen.
    pub vendor_id: Option<String>,
}

/// What of a conversation changes. Absent fields stay.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct UpdateChat {
    /// `queued`, `active`, `resolved` or `closed`, or a state of tickets.
    pub status: Option<String>,
    /// One line.
    pub subject: Option<String>,
    /// All tags; those not named are removed.
    pub tags: Option<Vec<String>>,
    /// Who answers: an id, `me`, or null for nobody.
    #[serde(deserialize_with = "words::present")]
    #[schema(value_type = Option<String>)]
    pub agent_id: Option<Option<String>>,
    /// The version the change is based on; an older one than the present is refused with 409.
    pub version: Option<i64>,
}

/// A message to be sent.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct SendMessage {
    /// Plain text, at most 20,000 characters; may be empty when there are files.
    pub content: String,
    /// `text`, `image` or `file`; told by the files anyway.
    pub message_type: Option<String>,
    /// The sender is always who is signed in; one of our ids here must be theirs.
    pub sender_id: Option<String>,
    /// Not used.
    pub sender_name: Option<String>,
    /// `customer` or `agent`; must be what the sender is.
    pub sender_type: Option<String>,
    /// Made by the client, at most 64 characters; the same one twice stores once.
    pub client_id: Option<String>,
    /// Ids of files uploaded before.
    pub attachments: Option<Vec<String>>,
    /// A note for staff only.
    pub internal: Option<bool>,
}

/// Which messages.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct MessageQuery {
    /// `asc` for the oldest first, `desc` for the newest first; `asc` when absent.
    pub order: Option<String>,
    /// How many, 1 to 200; 50 when absent.
    #[param(value_type = Option<u32>)]
    pub limit: Option<String>,
    /// Where the previous page ended.
    pub cursor: Option<String>,
}

/// Whose queue or figures.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct VendorQuery {
    /// Only of this vendor.
    pub vendor_id: Option<String>,
}

/// Which part of the queue.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct QueueQuery {
    /// Only of this vendor; of all one works for when absent.
    pub vendor_id: Option<String>,
    /// How many, 1 to 200; 50 when absent.
    #[param(value_type = Option<u32>)]
    pub limit: Option<String>,
    /// Where the previous page ended.
    pub cursor: Option<String>,
}

/// Starts a conversation, and opens the ticket it belongs to.
#[utoipa::path(
    post, path = "/api/chat/start", tag = "Chat", operation_id = "startChat",
    request_body(content = StartChat, example = json!({
        "customerId": "customer-123", "customerName": "John Doe", "customerEmail": "john@example.com",
        "channel": "web", "subject": "Product Inquiry"
    })),
    responses((status = 201, description = "It is in the queue.", body = ConversationAnswer))
)]
pub async fn start(State(app): State<AppState>, Caller(actor): Caller, request: Once<StartChat>) -> Api<Response> {
    let Once { body, key } = request;
    let services = &app.services;
    once(&services.core, &actor, key, StatusCode::CREATED, async |client_id| {
        let new = read(&actor, body, client_id).map_err(named)?;
        let (ticket, details) = services.tickets.create_with_details(&actor, new).await.map_err(named)?;
        Ok(ConversationAnswer { conversation: Conversation::first(ticket, details) })
    })
    .await
}

fn read(actor: &Actor, body: StartChat, client_id: Option<String>) -> Result<NewTicket> {
    let who = Who { id: body.customer_id, name: body.customer_name, email: body.customer_email };
    let channel = body.channel.as_deref().map_or(Ok(Channel::Chat), words::channel)?;
    let message = body.message.filter(|m| !m.trim().is_empty());
    Ok(NewTicket {
        vendor_id: body.vendor_id.as_deref().map(|id| words::id("vendorId", id)).transpose()?,
        customer: words::customer(actor, &who)?,
        client_id,
        ..NewTicket::about(&body.subject, message.as_deref().unwrap_or(&body.subject), channel)
    })
}

/// One conversation.
#[utoipa::path(
    get, path = "/api/chat/{conversationId}", tag = "Chat", operation_id = "getChat",
    params(("conversationId" = ConversationId, Path, description = "Identifier.")),
    responses((status = 200, description = "The conversation.", body = ConversationAnswer))
)]
pub async fn show(State(app): State<AppState>, Caller(actor): Caller, Named(id): Named<ConversationId>) -> Api<Json<ConversationAnswer>> {
    let (conversation, ticket) = app.services.conversations.get(&actor, &id).await?;
    Ok(Json(ConversationAnswer { conversation: shaped(&app.services, &actor, conversation, ticket).await? }))
}

/// Changes a conversation: its properties, who answers, and its state; all of it or nothing.
///
/// The rights are those of changing its ticket. `queued` leaves it to nobody, `active` takes one that
/// nobody has; both open one again that was resolved or closed. `closed` resolves first where
/// that is the way.
#[utoipa::path(
    put, path = "/api/chat/{conversationId}", tag = "Chat", operation_id = "updateChat",
    params(("conversationId" = ConversationId, Path, description = "Identifier.")),
    request_body(content = UpdateChat, example = json!({ "status": "resolved", "agentId": "me" })),
    responses((status = 200, description = "The conversation as it is now.", body = ConversationAnswer))
)]
pub async fn update(
    State(app): State<AppState>,
    Caller(actor): Caller,
    Named(id): Named<ConversationId>,
    ApiJson(body): ApiJson<UpdateChat>,
) -> Api<Json<ConversationAnswer>> {
    let (conversation, ticket) = app.services.conversations.get(&actor, &id).await?;
    let change = TicketChange {
        edit: TicketEdit { subject: body.subject, tags: body.tags, ..TicketEdit::default() },
        assign: assignee("agentId", body.agent_id, &actor)?,
        status: body.status.as_deref().map(words::status).transpose()?,
        ..TicketChange::default()
    };
    let unchanged = change == TicketChange::default();
    let change = TicketChange { version: body.version, ..change };
    let ticket = if unchanged { ticket } else { app.services.tickets.change(&actor, ticket.id.as_str(), change).await.map_err(named)? };
    Ok(Json(ConversationAnswer { conversation: shaped(&app.services, &actor, conversation, ticket).await? }))
}

/// Sends a message, or with `internal` a note for staff.
///
/// A rep's first answer to a ticket that nobody has makes it theirs; a customer's answer to a resolved
/// one opens it again.
#[utoipa::path(
    post, path = "/api/chat/{conversationId}/message", tag = "Chat", operation_id = "sendMessage",
    params(("conversationId" = ConversationId, Path, description = "Identifier.")),
    request_body(content = SendMessage, example = json!({
        "senderId": "customer-123", "senderName": "John Doe", "senderType": "customer",
        "content": "Hello, I need help with my order", "clientId": "b7e2"
    })),
    responses((status = 201, description = "It is stored.", body = MessageAnswer))
)]
pub async fn send(
    State(app): State<AppState>,
    Caller(actor): Caller,
    Named(id): Named<ConversationId>,
    request: Once<SendMessage>,
) -> Api<Response> {
    let Once { body, key } = request;
    once(&app.services.core, &actor, key, StatusCode::CREATED, async |client_id| {
        let new = message(&actor, id, body, client_id).map_err(named)?;
        let stored = app.services.conversations.send(&actor, new).await.map_err(named)?;
        Ok(MessageAnswer { message: stored.into() })
    })
    .await
}

fn message(actor: &Actor, id: ConversationId, body: SendMessage, client_id: Option<String>) -> Result<NewMessage> {
    let contradicts = |field: &str| Error::invalid(field, "The sender is who is signed in. Leave this out.");
    if body.sender_id.as_deref().and_then(|id| id.parse().ok()).is_some_and(|id: coco::id::UserId| id != actor.id) {
        return Err(contradicts("senderId"));
    }
    let kind = if actor.kind == ActorKind::Customer { "customer" } else { "agent" };
    if body.sender_type.as_deref().is_some_and(|word| word != kind && word != actor.kind.as_str()) {
        return Err(contradicts("senderType"));
    }
    if body.message_type.as_deref().is_some_and(|word| !["text", "image", "file"].contains(&word)) {
        return Err(Error::invalid("messageType", "Use text, image or file."));
    }
    let attachments = body.attachments.unwrap_or_default();
    Ok(NewMessage {
        conversation_id: id,
        content: body.content,
        visibility: if body.internal.unwrap_or_default() { Visibility::Staff } else { Visibility::Customer },
        attachments: attachments.iter().map(|id| words::id("attachments", id)).collect::<Result<_>>()?,
        client_id: body.client_id.or(client_id),
    })
}

/// The messages of a conversation.
#[utoipa::path(
    get, path = "/api/chat/{conversationId}/messages", tag = "Chat", operation_id = "listMessages",
    params(("conversationId" = ConversationId, Path, description = "Identifier."), MessageQuery),
    responses((status = 200, description = "A page of messages.", body = MessagesAnswer))
)]
pub async fn messages(
    State(app): State<AppState>,
    Caller(actor): Caller,
    Named(id): Named<ConversationId>,
    Asked(query): Asked<MessageQuery>,
) -> Api<Json<MessagesAnswer>> {
    let page = words::page(query.limit.as_deref(), query.cursor)?;
    let newest_first = match query.order.as_deref() {
        None | Some("asc") => false,
        Some("desc") => true,
        Some(_) => return Err(Error::invalid("order", "Use asc or desc.").into()),
    };
    let found = app.services.conversations.messages(&actor, &id, &page, newest_first).await.map_err(named)?;
    let read = app.services.conversations.read_times(&actor, &id, &found.items).await?;
    Ok(Json(MessagesAnswer::new(found, &read)))
}

/// The queue: open tickets that nobody has, the most pressing first, then the longest waiting. For staff.
#[utoipa::path(
    get, path = "/api/chat/queue", tag = "Chat", operation_id = "getQueue", params(QueueQuery),
    responses((status = 200, description = "A page of the queue.", body = QueueAnswer))
)]
pub async fn queue(State(app): State<AppState>, Caller(actor): Caller, Asked(query): Asked<QueueQuery>) -> Api<Json<QueueAnswer>> {
    let vendor: Option<VendorId> = query.vendor_id.as_deref().map(|id| words::id("vendorId", id)).transpose()?;
    let page = words::page(query.limit.as_deref(), query.cursor)?;
    let waiting = app.services.tickets.queue(&actor, vendor.as_ref(), &page).await.map_err(named)?;
    let tickets: Vec<&Ticket> = waiting.items.iter().map(|q| &q.ticket).collect();
    let mut details = app.services.tickets.details(&actor, Action::Inbox, &tickets).await?;
    let waits = app.services.routing.waits(&actor, &waiting.items).await?;
    let queue = waiting.items.into_iter().zip(waits).filter_map(|(q, wait)| {
        let details = details.remove(&q.ticket.id)?;
        Some(QueueEntry::new(q, details, wait))
    });
    Ok(Json(QueueAnswer { queue: queue.collect(), next_cursor: waiting.next_cursor }))
}

/// How a vendor's desk stands now. For managers.
#[utoipa::path(
    get, path = "/api/chat/analytics", tag = "Chat", operation_id = "getAnalytics", params(VendorQuery),
    responses((status = 200, description = "The figures.", body = AnalyticsAnswer))
)]
pub async fn analytics(State(app): State<AppState>, Caller(actor): Caller, Asked(query): Asked<VendorQuery>) -> Api<Json<AnalyticsAnswer>> {
    let asked: Option<VendorId> = query.vendor_id.as_deref().map(|id| words::id("vendorId", id)).transpose()?;
    let vendor = asked.or_else(|| actor.vendors.first().cloned()).ok_or(Error::NotFound)?;
    let analytics = app.services.analytics.overview(&actor, &vendor).await?.into();
    Ok(Json(AnalyticsAnswer { analytics }))
}

async fn shaped(services: &Services, actor: &Actor, c: conversations::Conversation, ticket: Ticket) -> Api<Conversation> {
    let details = details(services, actor, Action::ChatRead, &ticket).await?;
    Ok(Conversation::new(c, ticket, details))
}
