//! The REST API of the briefs, in their words: camelCase, problems after RFC 9457, cursors, and
//! idempotency keys. Described by [`openapi`], and for people by [`docs`].
//!
//! | Module | Owns |
//! |---|---|
//! | [`tickets`], [`chat`] | tickets, and the conversations they consist of |
//! | [`teams`] | who tickets can be given to |
//! | [`attachments`] | files in and out |
//! | [`events`] | following by polling, where sockets are blocked |
//! | [`shapes`], [`words`] | what goes out; reading what comes in |
//! | [`idempotency`] | the same request twice does its work once |
//!
//! A handler reads its input, asks the business, and shapes the answer.

pub mod attachments;
pub mod chat;
pub mod docs;
pub mod events;
pub mod extract;
pub mod idempotency;
pub mod openapi;
pub mod shapes;
pub mod teams;
pub mod tickets;
pub mod uploads;
pub mod words;

use crate::state::AppState;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

/// Method and path of every route here.
pub const ROUTES: &[(&str, &str)] = &[
    ("POST", "/api/tickets"),
    ("GET", "/api/tickets"),
    ("GET", "/api/tickets/{ticketId}"),
    ("PUT", "/api/tickets/{ticketId}"),
    ("POST", "/api/chat/start"),
    ("GET", "/api/chat/queue"),
    ("GET", "/api/chat/analytics"),
    ("GET", "/api/chat/{conversationId}"),
    ("PUT", "/api/chat/{conversationId}"),
    ("POST", "/api/chat/{conversationId}/message"),
    ("GET", "/api/chat/{conversationId}/messages"),
    ("POST", "/api/attachments"),
    ("GET", "/api/attachments/{attachmentId}"),
    ("GET", "/api/attachments/{attachmentId}/thumbnail"),
    ("GET", "/api/teams"),
    ("GET", "/api/events"),
    ("GET", "/api/openapi.json"),
    ("GET", "/api/docs"),
];

/// The routes.
pub fn router() -> Router<AppState> {
    Router::new()
        .route("/api/tickets", post(tickets::create).get(tickets::list))
        .route("/api/tickets/{ticketId}", get(tickets::show).put(tickets::update))
        .route("/api/chat/start", post(chat::start))
        .route("/api/chat/queue", get(chat::queue))
        .route("/api/chat/analytics", get(chat::analytics))
        .route("/api/chat/{conversationId}", get(chat::show).put(chat::update))
        .route("/api/chat/{conversationId}/message", post(chat::send))
        .route("/api/chat/{conversationId}/messages", get(chat::messages))
        .route("/api/attachments", post(attachments::upload).layer(DefaultBodyLimit::max(attachments::MAX_REQUEST)))
        .route("/api/attachments/{attachmentId}", get(attachments::download))
        .route("/api/attachments/{attachmentId}/thumbnail", get(attachments::thumbnail))
        .route("/api/teams", get(teams::list))
        .route("/api/events", get(events::events))
        .route("/api/openapi.json", get(openapi::document))
        .route("/api/docs", get(docs::page))
}
