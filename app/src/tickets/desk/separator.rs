//! The line between list and ticket: drag it, or move it with the arrow keys.

use crate::live::storage;
use leptos::html;
use leptos::prelude::*;

const KEPT: &str = "coco-list-width";
const LEAST: i32 = 280;
const MOST: i32 = 640;
/// Pixels that an arrow key moves it.
const STEP: i32 = 16;
/// The width in the style sheet.
const USUAL: i32 = 380;

/// Sets how wide the list is, and remembers it.
#[component]
pub fn Separator(
    /// The element that holds both panes.
    root: NodeRef<html::Div>,
) -> impl IntoView {
    let width = RwSignal::new(None::<i32>);
    // Where the pointer and the line were when the drag began.
    let drag = StoredValue::new(None::<(i32, i32)>);
    let node = NodeRef::<html::Div>::new();
    Effect::new(move |before: Option<()>| {
        let now = width.get();
        let Some(el) = root.get() else { return };
        if before.is_none() {
            let kept = storage().and_then(|s| s.get_item(KEPT).ok().flatten()).and_then(|w| w.parse::<i32>().ok());
            if let Some(kept) = kept.filter(|w| (LEAST..=MOST).contains(w)) {
                width.set(Some(kept));
            }
        } else if let Some(now) = now {
            let _ = (*el).style().set_property("--list", &[now.to_string().as_str(), "px"].concat());
        }
    });
    let set = move |to: i32, keep: bool| {
        let to = to.clamp(LEAST, MOST);
        width.set(Some(to));
        if keep && let Some(storage) = storage() {
            let _ = storage.set_item(KEPT, &to.to_string());
        }
    };
    let now = move || width.get_untracked().unwrap_or(USUAL);
    let down = move |ev: web_sys::PointerEvent| {
        // Else the browser begins to select text, or to drag what is below.
        ev.prevent_default();
        if let Some(el) = node.get_untracked() {
            let _ = el.focus();
            let _ = el.set_pointer_capture(ev.pointer_id());
            let shown = document().get_element_by_id("inbox-list").map_or(USUAL, |l| l.client_width());
            drag.set_value(Some((ev.client_x(), shown)));
        }
    };
    let moved = move |ev: web_sys::PointerEvent| {
        if let Some((from, was)) = drag.get_value() {
            set(was + ev.client_x() - from, false);
        }
    };
    let up = move |_: web_sys::PointerEvent| {
        if drag.get_value().is_some() {
            drag.set_value(None);
            set(now(), true);
        }
    };
    let key = move |ev: web_sys::KeyboardEvent| {
        match ev.key().as_str() {
            "ArrowLeft" => set(now() - STEP, true),
            "ArrowRight" => set(now() + STEP, true),
            "Home" => set(LEAST, true),
            "End" => set(MOST, true),
            _ => return,
        }
        ev.prevent_default();
    };
    view! {
        <div
            class="inbox-separator"
            node_ref=node
            role="separator"
            tabindex="0"
            aria-orientation="vertical"
            aria-label="Width of the list"
            aria-controls="inbox-list"
            aria-valuemin=LEAST
            aria-valuemax=MOST
            aria-valuenow=move || width.get().unwrap_or(USUAL)
            on:pointerdown=down
            on:pointermove=moved
            on:pointerup=up
            on:pointercancel=up
            on:keydown=key
        ></div>
    }
}
