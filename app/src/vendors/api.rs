//! Calls around vendors.
#![expect(missing_docs, reason = "the macro makes structs of the parameters, which the functions explain")]

use crate::codec::Answer;
use crate::error::ApiResult;
use coco::id::VendorId;
use coco::tickets::Category;
use coco::vendors::{Vendor, VendorChoice};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{actor, services};

/// The vendors one is with or works for.
#[server(output = Answer)]
pub async fn my_vendors() -> ApiResult<Vec<Vendor>> {
    Ok(services()?.vendors.mine(&actor()?).await?)
}

/// All vendors a customer may choose from; theirs first, the chosen one at the top.
#[server(output = Answer)]
pub async fn vendor_choices() -> ApiResult<Vec<VendorChoice>> {
    Ok(services()?.vendors.choices(&actor()?).await?)
}

/// Chooses a vendor; a customer who is new there joins it.
#[server(output = Answer)]
pub async fn choose_vendor(vendor: VendorId) -> ApiResult<()> {
    Ok(services()?.vendors.choose(&actor()?, &vendor).await?)
}

/// The sub-categories of a vendor, each with its top category.
#[server(output = Answer)]
pub async fn list_categories(vendor: VendorId) -> ApiResult<Vec<(Category, String)>> {
    Ok(services()?.vendors.categories(&actor()?, &vendor).await?)
}
