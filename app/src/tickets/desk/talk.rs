//! The conversation and the box to answer in, or to write a note for colleagues.

use super::actions::Actions;
use super::naming::{BOX, Naming};
use super::store::TicketStore;
use crate::conversations::{Asked, Composer, Then, ThreadView};
use crate::ui::{Button, Glyph, Size, Tab, Tabs, Variant, tab_id};
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
    let what = RwSignal::new("reply".to_owned());
    let note = Signal::derive(move || what.with(|w| w == "note"));
    let write = move |asked: RwSignal<u32>, to: &'static str| {
        // At first it is more than none when the key was pressed before the ticket was there.
        Effect::new(move |before: Option<u32>| {
            let now = asked.get();
            if before.unwrap_or_default() != now {
                what.set(to.to_owned());
                focus(BOX);
            }
            now
        });
    };
    write(actions.reply, "reply");
    write(actions.note, "note");
    let tabs = vec![
        Tab::new("reply", "Reply").glyph(Glyph::SEND).title("Write to the customer (r)"),
        Tab::new("note", "Note").glyph(Glyph::NOTE).title("Write to your team only (n)"),
    ];
    let asked = StoredValue::new(Asked::default());
    let text = RwSignal::new(String::new());
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
                    <Tabs id="write" label="What to write" tabs selected=what panel="write-panel" />
                    <span class="case-private" aria-live="polite">{move || note.get().then_some("Only your team sees this")}</span>
                </div>
                <div id="write-panel" role="tabpanel" aria-labelledby=move || what.with(|w| tab_id("write", w))>
                    <Naming text note desk=store.desk>
                        <Composer store=store.thread note asked text>
                            {move || (!note.get()).then(|| endings(asked))}
                            {move || add_note(asked, note.get())}
                        </Composer>
                    </Naming>
                </div>
            </div>
        </section>
    }
}

/// The ways to send that also say what becomes of the ticket.
fn endings(asked: StoredValue<Asked>) -> impl IntoView {
    let ask = move |then: Then| move |_| asked.set_value(Asked { then, ..Asked::default() });
    view! {
        <Button submit=true size=Size::Small class="write-more" title="Send, and go on with this ticket" on:click=ask(Then::KeepOpen)>
            "Send & keep open"
        </Button>
        <Button submit=true size=Size::Small class="write-more" title="Send, resolve and close" on:click=ask(Then::Close)>"Send & close"</Button>
    }
}

/// Adds what is written as a note, also while an answer was meant: nothing has to be typed twice.
fn add_note(asked: StoredValue<Asked>, alone: bool) -> impl IntoView {
    let (variant, class) = if alone { (Variant::Primary, "") } else { (Variant::Secondary, "write-more") };
    let ask = move |_| asked.set_value(Asked { note: true, ..Asked::default() });
    view! {
        <Button submit=true size=Size::Small variant class title="Keep it to your team" attr:name="note" attr:value="true" on:click=ask>
            "Add note"
        </Button>
    }
}

fn focus(id: &str) {
    if let Some(el) = document().get_element_by_id(id).and_then(|el| el.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = el.focus();
    }
}
