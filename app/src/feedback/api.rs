//! Calls around ratings.
#![expect(missing_docs, reason = "the macro makes structs of the parameters, which the functions explain")]

use crate::codec::Answer;
use crate::error::ApiResult;
use coco::feedback::{Invitation, Rating};
use coco::tickets::TicketRow;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{actor, services};
#[cfg(feature = "ssr")]
use coco::page::PageRequest;
#[cfg(feature = "ssr")]
use coco::tickets::{Filter, InboxView};

/// Rates a resolved ticket, 1 to 5.
#[server(output = Answer)]
pub async fn rate_ticket(number: String, #[server(default)] score: i64, #[server(default)] comment: String) -> ApiResult<Rating> {
    Ok(services()?.feedback.rate(&actor()?, &number, score, &comment).await?.1)
}

/// What a link in a mail asks about.
#[server(output = Answer)]
pub async fn load_invitation(token: String) -> ApiResult<Invitation> {
    Ok(services()?.feedback.invitation(&token).await?)
}

/// Rates by a link in a mail, once and without a session.
#[server(output = Answer)]
pub async fn rate_by_link(token: String, #[server(default)] score: i64, #[server(default)] comment: String) -> ApiResult<()> {
    services()?.feedback.rate_by_link(&token, score, &comment).await?;
    leptos_axum::redirect(&format!("/rate/{token}?sent"));
    Ok(())
}

/// The newest of one's resolved tickets, while it is not rated.
#[server(output = Answer)]
pub async fn newest_unrated() -> ApiResult<Option<TicketRow>> {
    let (services, actor) = (services()?, actor()?);
    let filter = Filter { view: InboxView::Resolved, ..Filter::default() };
    let page = services.tickets.list(&actor, &filter, &PageRequest { limit: Some(1), cursor: None }).await?;
    let Some(row) = page.items.into_iter().next() else { return Ok(None) };
    let rating = services.feedback.rating(&actor, &row.ticket).await?;
    Ok(rating.is_none().then_some(row))
}
