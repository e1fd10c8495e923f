//! The subject, edited in place: Enter saves, Esc leaves it as it was.

use super::change::{Change, Known};
use super::store::TicketStore;
use crate::ui::{Button, Glyph, IconButton, Size, Variant};
use coco::tickets::MAX_SUBJECT;
use leptos::html;
use leptos::prelude::*;

/// The page's heading.
#[component]
pub fn Subject(
    /// The ticket.
    store: TicketStore,
) -> impl IntoView {
    // What the ticket was when editing began; a save goes by that.
    let began = RwSignal::new(None::<Known>);
    let text = RwSignal::new(String::new());
    let input = NodeRef::<html::Input>::new();
    let shown = Memo::new(move |_| store.ticket.with(|t| t.subject.clone()));
    let begin = move || {
        text.set(shown.get_untracked());
        began.set(Some(store.known()));
    };
    let heading = NodeRef::<html::H1>::new();
    Effect::new(move |editing: Option<bool>| {
        let edits = began.with(Option::is_some);
        if edits && let Some(el) = input.get() {
            let _ = el.focus();
            el.select();
        }
        // The field goes when it has done its work; the focus stays at its place.
        if editing == Some(true)
            && !edits
            && let Some(el) = heading.get_untracked()
        {
            let _ = el.focus();
        }
        edits
    });
    let save = move || {
        let Some(was) = began.get_untracked() else { return };
        let subject = text.get_untracked().split_whitespace().collect::<Vec<_>>().join(" ");
        began.set(None);
        if !subject.is_empty() && subject != was.ticket.subject {
            store.change_from(was, Change::Subject(subject));
        }
    };
    let key = move |ev: web_sys::KeyboardEvent| match ev.key().as_str() {
        "Escape" => {
            ev.prevent_default();
            ev.stop_propagation();
            began.set(None);
        }
        "Enter" if !ev.is_composing() => {
            ev.prevent_default();
            save();
        }
        _ => {}
    };
    let editor = move || {
        view! {
            <form
                class="case-edit"
                on:submit=move |ev| {
                    ev.prevent_default();
                    save();
                }
            >
                <input
                    class="input"
                    type="text"
                    aria-label="Subject"
                    maxlength=MAX_SUBJECT.to_string()
                    node_ref=input
                    prop:value=text
                    on:input=move |ev| text.set(event_target_value(&ev))
                    on:keydown=key
                />
                <Button submit=true size=Size::Small variant=Variant::Primary>"Save"</Button>
                <Button size=Size::Small variant=Variant::Ghost on:click=move |_| began.set(None)>"Cancel"</Button>
            </form>
        }
    };
    view! {
        <div class="case-subject">
            <h1 node_ref=heading class=move || began.with(Option::is_some).then_some("vh") tabindex="-1" on:dblclick=move |_| begin()>{shown}</h1>
            <Show when=move || began.with(Option::is_none) fallback=editor>
                <IconButton glyph=Glyph::EDIT label="Edit the subject" size=Size::Small on:click=move |_| begin() />
            </Show>
        </div>
    }
}
