//! Calls around people.
#![expect(missing_docs, reason = "the macro makes structs of the parameters, which the functions explain")]

use crate::codec::Answer;
use crate::error::ApiResult;
use coco::id::VendorId;
use coco::people::{Colleague, Presence, User};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{actor, services};
#[cfg(feature = "ssr")]
use coco::people::ProfileEdit;

/// Oneself.
#[server(output = Answer)]
pub async fn load_me() -> ApiResult<User> {
    Ok(services()?.people.me(&actor()?).await?)
}

/// Changes oneself.
#[server(output = Answer)]
pub async fn edit_profile(name: String, language: String, timezone: String, city: String, phone: String) -> ApiResult<User> {
    Ok(services()?.people.edit_profile(&actor()?, ProfileEdit { name, language, timezone, city, phone }).await?)
}

/// Everyone who works for a vendor.
#[server(output = Answer)]
pub async fn list_colleagues(vendor: VendorId) -> ApiResult<Vec<Colleague>> {
    Ok(services()?.people.colleagues(&actor()?, &vendor).await?)
}

/// One's presence.
#[server(output = Answer)]
pub async fn load_presence() -> ApiResult<Presence> {
    Ok(services()?.people.presence(&actor()?).await?)
}

/// Sets one's presence.
#[server(output = Answer)]
pub async fn set_presence(state: Presence) -> ApiResult<Presence> {
    Ok(services()?.people.set_presence(&actor()?, state).await?)
}
