//! Calls around promises of time.
#![expect(missing_docs, reason = "the macro makes structs of the parameters, which the functions explain")]

use crate::codec::Answer;
use crate::error::ApiResult;
use coco::id::VendorId;
use coco::sla::{Attainment, PolicyText};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use crate::context::{actor, services};

/// What a vendor promises.
#[server(output = Answer)]
pub async fn load_policy(vendor: VendorId) -> ApiResult<PolicyText> {
    let found = services()?.sla.policy(&actor()?, &vendor).await?;
    Ok(PolicyText::of(&found.policy, found.version))
}

/// Changes what a vendor promises; as it stands then.
#[server(input = Json, output = Answer)]
pub async fn save_policy(vendor: VendorId, text: PolicyText) -> ApiResult<PolicyText> {
    let saved = services()?.sla.save_policy(&actor()?, &vendor, text.read()?, text.version).await?;
    Ok(PolicyText::of(&saved.policy, saved.version))
}

/// How well a vendor kept its promises lately.
#[server(output = Answer)]
pub async fn load_attainment(vendor: VendorId) -> ApiResult<Attainment> {
    Ok(services()?.sla.attainment(&actor()?, &vendor).await?)
}
