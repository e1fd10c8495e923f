//! Calls around routing.
#![expect(missing_docs, reason = "the macro makes structs of the parameters, which the functions explain")]

use crate::codec::Answer;
use crate::error::ApiResult;
use coco::id::VendorId;
use coco::routing::{Explanation, Place, Preview, Setup, SetupEdit};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use crate::context::{actor, services};

/// Where a ticket stands in the queue; nothing when it is not in it.
#[server(output = Answer)]
pub async fn load_place(number: String) -> ApiResult<Option<Place>> {
    Ok(services()?.routing.place(&actor()?, &number).await?)
}

/// Why a ticket has the rep it has, or none; nothing when routing did not decide it.
#[server(output = Answer)]
pub async fn explain_routing(number: String) -> ApiResult<Option<Explanation>> {
    Ok(services()?.routing.explain(&actor()?, &number).await?)
}

/// How a vendor's tickets find their reps.
#[server(output = Answer)]
pub async fn load_routing(vendor: VendorId) -> ApiResult<Setup> {
    Ok(services()?.routing.setup(&actor()?, &vendor).await?)
}

/// Changes that.
#[server(input = Json, output = Answer)]
pub async fn save_routing(vendor: VendorId, edit: SetupEdit) -> ApiResult<Setup> {
    Ok(services()?.routing.save(&actor()?, &vendor, edit).await?)
}

/// What it would have made of past tickets.
#[server(input = Json, output = Answer)]
pub async fn preview_routing(vendor: VendorId, edit: SetupEdit) -> ApiResult<Preview> {
    Ok(services()?.routing.preview(&actor()?, &vendor, edit).await?)
}
