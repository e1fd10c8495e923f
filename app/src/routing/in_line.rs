//! Where a ticket that waits stands in the queue, kept fresh.

use super::api::load_place;
use coco::routing::Place;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Where a ticket that waits stands in the queue; nothing while it does not wait.
#[component]
pub fn InLine(
    /// The ticket's number.
    number: String,
    /// Where it stands, as far as is known.
    place: RwSignal<Option<Place>>,
    /// Whether it waits.
    waits: Memo<bool>,
    /// Rises when the queue may have moved.
    moved: RwSignal<u32>,
    /// How it is said.
    words: fn(Place) -> String,
) -> impl IntoView {
    Effect::new(move |before: Option<()>| {
        moved.track();
        if waits.get() && before.is_some() {
            let number = number.clone();
            spawn_local(async move {
                if let Ok(now) = load_place(number).await {
                    let _ = place.try_set(now);
                }
            });
        }
    });
    move || if waits.get() { place.get().map(words) } else { None }
}
