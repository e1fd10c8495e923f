//! The thread: messages, what happened between them, and what is on its way.

use super::api::earlier_messages;
use super::bubble::{Bubble, Pending, lines};
use super::store::{Side, ThreadStore};
use crate::live::use_live;
use crate::ui::{Button, ErrorNote, Variant, use_now};
use coco::conversations::Message;
use coco::page::{Page, PageRequest};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The id of what stands after the newest message.
pub(super) const NEWEST: &str = "newest";

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
        store.messages.with(|messages| store.events.with(|events| lines(messages, events, store.side, |at| now.day(at))))
    });
    // Follow the newest message while the reader is at the end, and to what they send; say so when they are not there.
    let at_end = RwSignal::new(true);
    let end = Memo::new(move |_| End::of(store));
    let connection = use_live().connection;
    Effect::new(move |before: Option<End>| {
        let now = end.get();
        store.typing.track();
        connection.track();
        if before.is_some_and(|before| now.unsent > before.unsent) {
            at_end.set(true);
        }
        if (before.is_none() || at_end.get_untracked())
            && let Some(el) = scroller.get()
        {
            request_animation_frame(move || el.set_scroll_top(el.scroll_height()));
        }
        store.tell(at_end.get_untracked() && is_visible());
        now
    });
    Effect::new(move |_| {
        let back = window_event_listener_untyped("visibilitychange", move |_| store.tell(at_end.get_untracked() && is_visible()));
        on_cleanup(move || back.remove());
    });
    let top = StoredValue::new(0);
    let on_scroll = move |_| {
        if let Some(el) = scroller.get_untracked() {
            let end = el.scroll_height() - el.scroll_top() - el.client_height() < 48;
            let went_up = el.scroll_top() < top.get_value();
            top.set_value(el.scroll_top());
            // Only going up leaves the end; it may also move away below, as when the box to write in grows.
            if end != at_end.get_untracked() && (end || went_up) {
                at_end.set(end);
            }
            if end {
                store.tell(is_visible());
            }
        }
    };
    let earlier = Earlier { store, scroller, loading: RwSignal::new(false), failed: RwSignal::new(false) };
    let typing = move || {
        store.typing.with(|t| match t.as_slice() {
            [] => String::new(),
            [one] => [one.name.split_whitespace().next().unwrap_or(&one.name), " is typing…"].concat(),
            _ => "Several people are typing…".to_owned(),
        })
    };
    view! {
        <div class="thread" data-side=if store.side == Side::Desk { "desk" } else { "customer" } >
            <div
                class="thread-scroll"
                node_ref=scroller
                on:scroll=on_scroll
                role="log"
                aria-label="Conversation"
                aria-live=move || if earlier.loading.get() { "off" } else { "polite" }
                tabindex="0"
            >
                {move || store.earlier.with(Option::is_some).then(|| earlier.view())}
                <ol class="thread-list">
                    <For each=move || all.get() key=|line| line.key.clone() let:line>
                        <Bubble line store />
                    </For>
                    <For each=move || store.unsent.get() key=|u| (u.client_id.clone(), u.failed.clone()) let:unsent>
                        <Pending unsent store />
                    </For>
                </ol>
                <p class="thread-typing" id=NEWEST aria-live="polite">{typing}</p>
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

/// What stands at the end of a thread: it moves when any of it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct End {
    stored: usize,
    unsent: usize,
    failed: usize,
}

impl End {
    fn of(store: ThreadStore) -> Self {
        let stored = store.messages.with(Vec::len) + store.events.with(Vec::len);
        let (unsent, failed) = store.unsent.with(|all| (all.len(), all.iter().filter(|m| m.failed.is_some()).count()));
        Self { stored, unsent, failed }
    }
}

fn is_visible() -> bool {
    document().visibility_state() == web_sys::VisibilityState::Visible
}

/// Going back in a long thread.
#[derive(Clone, Copy)]
struct Earlier {
    store: ThreadStore,
    scroller: NodeRef<html::Div>,
    /// Until the messages are in the page: they are old, and nobody needs to hear of them.
    loading: RwSignal<bool>,
    failed: RwSignal<bool>,
}

impl Earlier {
    fn view(self) -> impl IntoView {
        let note = move || self.failed.get().then(|| view! { <ErrorNote text="We couldn't load earlier messages. Try again." /> });
        view! {
            <div class="thread-earlier">
                {note}
                <Button variant=Variant::Ghost busy=self.loading on:click=move |_| self.load()>"Show earlier messages"</Button>
            </div>
        }
    }

    fn load(self) {
        let Some(cursor) = self.store.earlier.get_untracked() else { return };
        self.loading.set(true);
        self.failed.set(false);
        spawn_local(async move {
            let page = PageRequest { limit: Some(100), cursor: Some(cursor) };
            let answer = earlier_messages(self.store.conversation.get_value(), page).await;
            if self.loading.is_disposed() {
                return;
            }
            let before = self.scroller.get_untracked().map(|el| (el.scroll_height(), el.scroll_top()));
            match answer {
                Ok(page) => self.show(page),
                Err(_) => self.failed.set(true),
            }
            // What was read stays where it was.
            request_animation_frame(move || {
                if let (Some(el), Some((height, top))) = (self.scroller.try_get_untracked().flatten(), before) {
                    el.set_scroll_top(top + el.scroll_height() - height);
                }
                let _ = self.loading.try_set(false);
            });
        });
    }

    fn show(self, page: Page<Message>) {
        self.store.earlier.set(page.next_cursor);
        self.store.messages.update(|m| {
            let first = m.first().map_or(i64::MAX, |m| m.position);
            m.splice(0..0, page.items.into_iter().rev().filter(|e| e.position < first));
        });
    }
}
