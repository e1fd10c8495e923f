//! The conversation and the box to answer in, or to write a note for colleagues.

use super::actions::Actions;
use super::store::TicketStore;
use crate::conversations::{After, Composer, ThreadView};
use crate::ui::{Button, Glyph, Icon, Size};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// The left column.
#[component]
pub fn Talk(
    /// The ticket.
    store: TicketStore,
    /// Who asks to write.
    actions: Actions,
) -> impl IntoView {
    let note = RwSignal::new(false);
    let write = move |asked: RwSignal<u32>, as_note: bool| {
        Effect::new(move |before: Option<u32>| {
            let now = asked.get();
            if before.is_some_and(|b| b != now) {
                note.set(as_note);
                focus("f-content");
            }
            now
        });
    };
    write(actions.reply, false);
    write(actions.note, true);
    // What happens when the next message is stored.
    let then = StoredValue::new(None::<After>);
    let close = move |_| {
        let number = store.number();
        then.set_value(Some(Box::new(move || store.finish(number))));
    };
    let keep = move |_| then.set_value(Some(Box::new(move || store.keep_open())));
    let tab = move |as_note: bool, id: &'static str, glyph: Glyph, words: &'static str, hint: &'static str| {
        let is = move || note.get() == as_note;
        view! {
            <button
                type="button"
                class="tab"
                role="tab"
                id=id
                title=hint
                aria-controls="write-panel"
                aria-selected=move || if is() { "true" } else { "false" }
                tabindex=move || if is() { "0" } else { "-1" }
                on:click=move |_| note.set(as_note)
            >
                <Icon glyph=glyph />
                {words}
            </button>
        }
    };
    let arrows = move |ev: web_sys::KeyboardEvent| {
        if matches!(ev.key().as_str(), "ArrowLeft" | "ArrowRight") {
            ev.prevent_default();
            note.update(|n| *n = !*n);
            let id = if note.get_untracked() { "write-note" } else { "write-reply" };
            focus(id);
        }
    };
    // Esc leaves the box, so that the keys of the page work again.
    let leave = move |ev: web_sys::KeyboardEvent| {
        let inside = document().active_element().and_then(|el| el.dyn_into::<web_sys::HtmlElement>().ok());
        if ev.key() == "Escape"
            && !ev.is_composing()
            && let Some(el) = inside
        {
            let _ = el.blur();
        }
    };
    view! {
        <section class="case-talk" aria-label="Conversation and answer">
            <ThreadView store=store.thread />
            <div class="case-write" data-note=move || note.get().then_some("") on:keydown=leave>
                <div class="write-head">
                    <div class="tabs" role="tablist" aria-label="What to write" on:keydown=arrows>
                        {tab(false, "write-reply", Glyph::SEND, "Reply", "Write to the customer (r)")}
                        {tab(true, "write-note", Glyph::NOTE, "Note", "Write to your team only (n)")}
                    </div>
                    <span class="case-private" aria-live="polite">{move || note.get().then_some("Only your team sees this")}</span>
                </div>
                <div
                    id="write-panel"
                    role="tabpanel"
                    aria-labelledby=move || if note.get() { "write-note" } else { "write-reply" }
                >
                    <Composer store=store.thread note then>
                        {move || {
                            (!note.get())
                                .then(|| {
                                    view! {
                                        <Button submit=true size=Size::Small class="write-more" title="Send, and go on with this ticket" on:click=keep>"Send & keep open"</Button>
                                        <Button submit=true size=Size::Small class="write-more" title="Send, resolve and close" on:click=close>"Send & close"</Button>
                                    }
                                })
                        }}
                    </Composer>
                </div>
            </div>
        </section>
    }
}

fn focus(id: &str) {
    if let Some(el) = document().get_element_by_id(id).and_then(|el| el.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = el.focus();
    }
}
