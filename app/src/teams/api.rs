//! Calls around teams.
#![expect(missing_docs, reason = "the macro makes structs of the parameters, which the functions explain")]

use crate::codec::Answer;
use crate::error::ApiResult;
use coco::id::VendorId;
use coco::teams::Team;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{actor, services};

/// The teams of a vendor.
#[server(output = Answer)]
pub async fn list_teams(vendor: VendorId) -> ApiResult<Vec<Team>> {
    Ok(services()?.teams.of_vendor(&actor()?, &vendor).await?)
}
