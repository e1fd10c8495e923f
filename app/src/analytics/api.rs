//! Calls around figures.
#![expect(missing_docs, reason = "the macro makes structs of the parameters, which the functions explain")]

use crate::codec::Answer;
use crate::error::ApiResult;
use coco::analytics::Overview;
use coco::id::VendorId;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{actor, services};

/// How a vendor's desk stands now.
#[server(output = Answer)]
pub async fn load_overview(vendor: VendorId) -> ApiResult<Overview> {
    Ok(services()?.analytics.overview(&actor()?, &vendor).await?)
}
