//! Calls around the journey.
#![expect(missing_docs, reason = "the macro makes structs of the parameters, which the functions explain")]

use crate::codec::Answer;
use crate::error::ApiResult;
use coco::journey::EventRecord;
use coco::page::{Page, PageRequest};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::context::{actor, services};

/// The newest event there is. Asked for before data are read, it is what to follow them from.
#[server(output = Answer)]
pub async fn newest_event() -> ApiResult<i64> {
    Ok(services()?.journey.newest_for(&actor()?).await?)
}

/// An event, and number and subject of the ticket that it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// What happened.
    pub event: EventRecord,
    /// What the ticket is called now.
    pub about: Option<(String, String)>,
}

/// One's own journey, newest first.
#[server(input = Json, output = Answer)]
pub async fn my_journey(page: PageRequest) -> ApiResult<Page<Told>> {
    let (actor, services) = (actor()?, services()?);
    let page = services.journey.of_customer(&actor, &actor.id, &page).await?;
    let names = services.tickets.names(&actor, page.items.iter().filter_map(|e| e.ticket_id.clone()).collect()).await?;
    Ok(page.map(|event| Told { about: event.ticket_id.as_ref().and_then(|id| names.get(id)).cloned(), event }))
}
