//! Calls around the journey.
#![expect(missing_docs, reason = "the macro makes structs of the parameters, which the functions explain")]

use crate::codec::Answer;
use crate::error::ApiResult;
use coco::journey::JourneyPage;
use coco::page::PageRequest;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use crate::context::{actor, services};

/// The newest event there is. Asked for before data are read, it is what to follow them from.
#[server(output = Answer)]
pub async fn newest_event() -> ApiResult<i64> {
    Ok(services()?.journey.newest_for(&actor()?).await?)
}

/// One's own journey, newest first.
#[server(input = Json, output = Answer)]
pub async fn my_journey(page: PageRequest) -> ApiResult<JourneyPage> {
    let actor = actor()?;
    Ok(services()?.journey.of_customer(&actor, &actor.id, &page).await?)
}
