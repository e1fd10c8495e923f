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
use super::thread::NEWEST;
#[cfg(feature = "ssr")]
use crate::context::{actor, header, services};
#[cfg(feature = "ssr")]
use crate::error::ApiError;
#[cfg(feature = "ssr")]
use coco::conversations::Visibility;
#[cfg(feature = "ssr")]
use leptos::server_fn::error::ServerFnUrlError;

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
    if let Some(page) = header("referer").and_then(at_newest) {
        leptos_axum::redirect(&page);
    }
    Ok(())
}

/// The end of the thread on the page a form was sent from, never on another host.
#[cfg(feature = "ssr")]
fn at_newest(mut page: String) -> Option<String> {
    ServerFnUrlError::<ApiError>::strip_error_info(&mut page);
    let (_, rest) = page.split_once("://")?;
    let path = rest[rest.find('/')?..].split('#').next()?.trim_end_matches('?');
    (!path.starts_with("//")).then(|| [path, "#", NEWEST].concat())
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

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::at_newest;

    #[test]
    fn a_form_returns_to_the_newest_message_of_its_page() {
        let at = |page: &str| at_newest(page.to_owned());
        assert_eq!(at("https://help.example.com/customer/tickets/TKT-1#newest").unwrap(), "/customer/tickets/TKT-1#newest");
        let failed = at("https://help.example.com/rep/inbox/TKT-1?view=mine&__path=%2Fa&__err=b").unwrap();
        assert_eq!(failed, "/rep/inbox/TKT-1?view=mine#newest");
        for other in ["", "help.example.com", "https://help.example.com//evil.example/"] {
            assert_eq!(at(other), None, "{other}");
        }
    }
}
