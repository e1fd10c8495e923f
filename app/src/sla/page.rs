//! The page of promises: what is promised, and how well it was kept.

use super::api::{load_attainment, load_policy};
use super::policy::PolicyEditor;
use super::tables::Tables;
use crate::error::ApiResult;
use crate::layout::desk::{Arrival, Desk, Refused, use_desk};
use crate::load::Load;
use crate::ui::{PageTitle, Shape, Skeleton};
use coco::id::VendorId;
use coco::sla::{Attainment, PolicyText};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What the page begins with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Start {
    policy: PolicyText,
    attainment: Attainment,
}

async fn load(vendor: VendorId) -> ApiResult<Start> {
    Ok(Start { policy: load_policy(vendor.clone()).await?, attainment: load_attainment(vendor).await? })
}

/// `/admin/sla`.
#[component]
pub fn SlaPage() -> impl IntoView {
    let desk = use_desk();
    let data = Load::new(|| (), move |()| load(desk.vendor_id()));
    let arrival = Arrival::new();
    view! {
        <div class="desk-page sla">
            {move || arrival.waits().then(|| view! { <h1 class="vh">"SLA"</h1> <Skeleton shape=Shape::Cards count=4 /> })}
            {data.show(move |loaded| {
                arrival.done();
                show(desk, loaded)
            })}
        </div>
    }
}

fn show(desk: Desk, loaded: ApiResult<Start>) -> AnyView {
    match loaded {
        Ok(Start { policy, attainment }) => view! {
            <PageTitle text="SLA" />
            <Tables attainment />
            <PolicyEditor desk policy />
        }
        .into_any(),
        Err(error) => view! { <Refused error /> }.into_any(),
    }
}
