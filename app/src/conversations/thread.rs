//! The thread: messages, what happened between them, and what is on its way.

use super::api::earlier_messages;
use super::bubble::{Bubble, Pending, lines};
use super::store::{Side, ThreadStore};
use crate::ui::{Button, Variant, use_now};
use coco::page::PageRequest;
use leptos::html;
use leptos::prelude::*;

/// The messages of a ticket, newest at the end, kept in sight.
#[component]
pub fn ThreadView(
    /// The state.
    store: ThreadStore,
    /// What stands after the newest message, such as the question how it went.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let now = use_now();
    let scroller = NodeRef::<html::Div>::new();
    let all = Memo::new(move |_| {
        let (messages, events) = (store.messages.get(), store.events.get());
        lines(&messages, &events, store.side, now.get())
    });
    // Follow the newest message while the reader is at the end; say so when they are not.
    let at_end = RwSignal::new(true);
    let count = Memo::new(move |_| store.messages.with(Vec::len) + store.unsent.with(Vec::len) + store.events.with(Vec::len));
    Effect::new(move |before: Option<usize>| {
        let n = count.get();
        store.typing.track();
        if (before.is_none() || at_end.get_untracked())
            && let Some(el) = scroller.get()
        {
            request_animation_frame(move || el.set_scroll_top(el.scroll_height()));
            if document().visibility_state() == web_sys::VisibilityState::Visible {
                store.tell_read();
            }
        }
        n
    });
    let on_scroll = move |_| {
        if let Some(el) = scroller.get_untracked() {
            let end = el.scroll_height() - el.scroll_top() - el.client_height() < 48;
            if end != at_end.get_untracked() {
                at_end.set(end);
            }
            if end {
                store.tell_read();
            }
        }
    };
    let load_earlier = Action::new(move |(): &()| async move {
        let Some(cursor) = store.earlier.get_untracked() else { return };
        let page = PageRequest { limit: Some(100), cursor: Some(cursor) };
        if let Ok(page) = earlier_messages(store.conversation.get_value(), page).await {
            store.earlier.set(page.next_cursor);
            store.messages.update(|m| {
                let first = m.first().map_or(i64::MAX, |m| m.position);
                m.splice(0..0, page.items.into_iter().rev().filter(|e| e.position < first));
            });
        }
    });
    let typing = move || {
        store.typing.with(|t| match t.as_slice() {
            [] => String::new(),
            [(_, one)] => [one.split_whitespace().next().unwrap_or(one), " is typing…"].concat(),
            _ => "Several people are typing…".to_owned(),
        })
    };
    view! {
        <div class="thread" data-side=if store.side == Side::Desk { "desk" } else { "customer" } >
            <div class="thread-scroll" node_ref=scroller on:scroll=on_scroll role="log" aria-label="Conversation" tabindex="0">
                {move || {
                    store
                        .earlier
                        .get()
                        .map(|_| {
                            view! {
                                <div class="thread-earlier">
                                    <Button variant=Variant::Ghost busy=load_earlier.pending() on:click=move |_| {
                                        load_earlier.dispatch(());
                                    }>"Show earlier messages"</Button>
                                </div>
                            }
                        })
                }}
                <ol class="thread-list">
                    <For each=move || all.get() key=|line| line.key.clone() let:line>
                        <Bubble line store />
                    </For>
                    <For each=move || store.unsent.get() key=|u| (u.client_id.clone(), u.failed.clone()) let:unsent>
                        <Pending unsent store />
                    </For>
                </ol>
                <p class="thread-typing" aria-live="polite">{typing}</p>
                {children.map(|c| c())}
            </div>
            <Show when=move || !at_end.get()>
                <button
                    type="button"
                    class="thread-jump"
                    on:click=move |_| {
                        if let Some(el) = scroller.get_untracked() {
                            el.set_scroll_top(el.scroll_height());
                        }
                    }
                >
                    "Newest message ↓"
                </button>
            </Show>
        </div>
    }
}
