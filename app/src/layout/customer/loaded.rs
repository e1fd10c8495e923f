//! What is loading, loaded, or could not be loaded.

use crate::error::{ApiError, ApiResult};
use crate::layout::public::NotFound;
use crate::load::Load;
use crate::ui::{EmptyState, ErrorNote, Glyph, LinkButton, Shape, Skeleton, Variant};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Shows what `resource` holds: its shape while it loads, and a way to try again when it failed.
/// `what` goes into "We couldn't load … .".
pub fn loaded<T>(
    resource: Load<ApiResult<T>>,
    what: &'static str,
    shape: Shape,
    view: impl Fn(T) -> AnyView + Copy + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Send + Sync + serde::Serialize + serde::de::DeserializeOwned + 'static,
{
    view! {
        <Transition fallback=move || {
            view! { <Skeleton shape /> }
        }>
            {move || {
                resource
                    .get()
                    .map(|result| match result {
                        Ok(value) => view(value),
                        Err(e) => failed(&e, what, Callback::new(move |()| resource.refetch())),
                    })
            }}
        </Transition>
    }
    .into_any()
}

/// Why something could not be loaded, and what to do about it.
pub fn failed(error: &ApiError, what: &'static str, retry: Callback<()>) -> AnyView {
    match error {
        ApiError::Refused(coco::Error::NotFound) => view! {
            <div class="page narrow">
                <NotFound />
            </div>
        }
        .into_any(),
        ApiError::Refused(coco::Error::Unauthenticated) => {
            let path = use_location().pathname.get_untracked();
            view! {
                <EmptyState glyph=Glyph::LOCK text="You have been signed out. Sign in again to go on; what you wrote is kept.">
                    <LinkButton href=["/login?next=", &path].concat() variant=Variant::Primary>"Sign in"</LinkButton>
                </EmptyState>
            }
            .into_any()
        }
        other => {
            let text = ["We couldn't load ", what, ". ", &other.to_string()].concat();
            view! { <ErrorNote text=text retry=retry /> }.into_any()
        }
    }
}
