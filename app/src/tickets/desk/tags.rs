//! Tags: Enter adds what is typed, Backspace in the empty field takes the last away.

use super::change::Change;
use super::store::TicketStore;
use crate::ui::{Glyph, Icon};
use coco::tickets::{MAX_TAG, clean_tags};
use leptos::prelude::*;

/// The tags and the field to add one.
#[component]
pub fn Tags(
    /// The ticket.
    store: TicketStore,
) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    let set = move |tags: Vec<String>| match clean_tags(&tags) {
        Ok(tags) if store.tags.with_untracked(|t| *t != tags) => store.change(Change::Tags(tags)),
        Ok(_) => {}
        Err(e) => problem.set(Some(e.to_string())),
    };
    let remove = move |tag: &str| set(store.tags.get_untracked().into_iter().filter(|t| t != tag).collect());
    let add = move || {
        let mut tags = store.tags.get_untracked();
        tags.extend(text.get_untracked().split(',').map(str::to_owned));
        problem.set(None);
        set(tags);
        text.set(String::new());
    };
    let key = move |ev: web_sys::KeyboardEvent| match ev.key().as_str() {
        "Enter" | "," if !ev.is_composing() => {
            ev.prevent_default();
            add();
        }
        "Backspace" if text.with_untracked(String::is_empty) => {
            if let Some(last) = store.tags.with_untracked(|t| t.last().cloned()) {
                remove(&last);
            }
        }
        _ => {}
    };
    let chips = move || {
        let all = store.tags.get();
        (!all.is_empty()).then(|| {
            let chips: Vec<_> = all
                .into_iter()
                .map(|tag| {
                    let (shown, name) = (tag.clone(), ["Remove the tag ", &tag].concat());
                    view! {
                        <li class="info-tag">
                            {shown}
                            <button type="button" aria-label=name title="Remove" on:click=move |_| remove(&tag)>
                                <Icon glyph=Glyph::X />
                            </button>
                        </li>
                    }
                })
                .collect();
            view! { <ul>{chips}</ul> }
        })
    };
    view! {
        <div class="info-tags">
            <label for="info-tag">"Tags"</label>
            {chips}
            <input
                class="input"
                id="info-tag"
                type="text"
                placeholder="Add a tag"
                autocomplete="off"
                maxlength=(MAX_TAG * 3).to_string()
                aria-describedby="info-tag-problem"
                prop:value=text
                on:input=move |ev| text.set(event_target_value(&ev))
                on:keydown=key
            />
            <p class="field-error" id="info-tag-problem" aria-live="polite">{move || problem.get()}</p>
        </div>
    }
}
