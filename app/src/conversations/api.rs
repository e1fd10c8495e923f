//! Calls around conversations. Files go to `POST /api/attachments`.
#![expect(missing_docs, reason = "the macro makes structs of the parameters, which the functions explain")]

use crate::codec::Answer;
use crate::error::ApiResult;
use coco::conversations::{Message, NewMessage, Receipt};
use coco::id::ConversationId;
use coco::page::{Page, PageRequest};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use crate::context::{actor, services};
#[cfg(feature = "ssr")]
use coco::conversations::Visibility;

/// Sends a message or an internal note. The same `client_id` again changes nothing.
#[server(input = Json, output = Answer)]
pub async fn send_message(message: NewMessage) -> ApiResult<Message> {
    Ok(services()?.conversations.send(&actor()?, message).await?)
}

/// Sends a message from a form, for pages without JavaScript; the button pressed says whether it is a note.
#[server(output = Answer)]
pub async fn post_message(conversation: ConversationId, content: String, #[server(default)] note: bool) -> ApiResult<()> {
    let visibility = if note { Visibility::Staff } else { Visibility::Customer };
    let message = NewMessage { conversation_id: conversation, content, visibility, attachments: Vec::new(), client_id: None };
    services()?.conversations.send(&actor()?, message).await?;
    Ok(())
}

/// Earlier messages, newest first.
#[server(input = Json, output = Answer)]
pub async fn earlier_messages(conversation: ConversationId, page: PageRequest) -> ApiResult<Page<Message>> {
    Ok(services()?.conversations.messages(&actor()?, &conversation, &page, true).await?)
}

/// Notes how far one has received and read.
#[server(output = Answer)]
pub async fn mark_read(conversation: ConversationId, delivered: i64, read: i64) -> ApiResult<Receipt> {
    Ok(services()?.conversations.mark(&actor()?, &conversation, delivered, read).await?)
}
