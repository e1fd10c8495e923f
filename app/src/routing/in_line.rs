//! Where a ticket that waits stands in the queue, kept fresh.

use super::api::load_place;
use crate::error::ApiResult;
use crate::load::Load;
use coco::routing::Place;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Where a ticket that waits stands in the queue; nothing while it does not wait.
#[component]
pub fn InLine(
    /// The ticket's number.
    number: String,
    /// Whether it waits.
    #[prop(into)]
    waits: Signal<bool>,
    /// Rises when the queue may have moved.
    moved: RwSignal<u32>,
    /// How it is said.
    words: fn(Place) -> String,
) -> impl IntoView {
    let asked = StoredValue::new(number.clone());
    let first = Load::new(|| (), move |()| place_of(number.clone(), waits.get_untracked()));
    Suspend::new(async move {
        let place = RwSignal::new(first.await.ok().flatten());
        Effect::new(move |before: Option<()>| {
            moved.track();
            if waits.get() && before.is_some() {
                let number = asked.get_value();
                spawn_local(async move {
                    if let Ok(now) = load_place(number).await {
                        let _ = place.try_set(now);
                    }
                });
            }
        });
        move || if waits.get() { place.get().map(words) } else { None }
    })
}

async fn place_of(number: String, waits: bool) -> ApiResult<Option<Place>> {
    if waits { load_place(number).await } else { Ok(None) }
}
