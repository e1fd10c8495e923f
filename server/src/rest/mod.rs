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

use crate::routes::routes;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;

routes! {
    POST "/api/tickets" => tickets::create,
    GET "/api/tickets" => tickets::list,
    GET "/api/tickets/{ticketId}" => tickets::show,
    PUT "/api/tickets/{ticketId}" => tickets::update,
    POST "/api/chat/start" => chat::start,
    GET "/api/chat/queue" => chat::queue,
    GET "/api/chat/analytics" => chat::analytics,
    GET "/api/chat/{conversationId}" => chat::show,
    PUT "/api/chat/{conversationId}" => chat::update,
    POST "/api/chat/{conversationId}/message" => chat::send,
    GET "/api/chat/{conversationId}/messages" => chat::messages,
    POST "/api/attachments" => attachments::upload.layer(DefaultBodyLimit::max(attachments::MAX_REQUEST)),
    GET "/api/attachments/{attachmentId}" => attachments::download,
    GET "/api/attachments/{attachmentId}/thumbnail" => attachments::thumbnail,
    GET "/api/teams" => teams::list,
    GET "/api/events" => events::events,
    GET "/api/openapi.json" => openapi::document,
    GET "/api/docs" => docs::page,
}
