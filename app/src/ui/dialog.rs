//! Dialogs: the browser's own, so focus stays inside, Esc closes and the focus goes back.
//!
//! What is inside is made when it opens. A dialog whose `open` is true on the server is readable
//! without JavaScript.

use super::browser::{all, join};
use super::{Button, Glyph, IconButton, Variant};
use leptos::{ev, html, prelude::*};
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, Node};

/// Makes `el` modal and puts the focus where work begins: on `autofocus`, or the first control.
fn show(el: &HtmlDialogElement) {
    if el.matches(":modal").unwrap_or(false) {
        return;
    }
    // Rendered open by the server, but not modal; `close` would tell the page that it was closed.
    let _ = el.remove_attribute("open");
    let _ = el.show_modal();
    let first = |selector| all(el, selector).into_iter().next();
    let target = first("[autofocus]").or_else(|| first(".dialog-body :is(input, textarea, select, button, a[href])"));
    if let Some(target) = target {
        let _ = target.focus();
    }
}

pub(super) fn modal(class: String, role: Option<&'static str>, title: String, open: RwSignal<bool>, children: ChildrenFn) -> AnyView {
    let node = NodeRef::<html::Dialog>::new();
    let label = title.clone();
    let pressed_outside = StoredValue::new(false);
    let on_backdrop = move |target: Option<web_sys::EventTarget>| {
        let (Some(target), Some(el)) = (target, node.get_untracked()) else { return false };
        target.dyn_ref::<Node>().is_some_and(|t| t.is_same_node(Some(&el)))
    };
    Effect::new(move |_| {
        let Some(el) = node.get() else { return };
        if open.get() {
            // After the content, which the same signal brings in.
            queue_microtask(move || show(&el));
        } else if el.open() {
            el.close();
        }
    });
    view! {
        <dialog
            class=class
            node_ref=node
            role=role
            aria-label=label
            open=open.get_untracked()
            on:close=move |_: ev::Event| open.set(false)
            on:mousedown=move |ev| pressed_outside.set_value(on_backdrop(ev.target()))
            on:click=move |ev| {
                if pressed_outside.get_value() && on_backdrop(ev.target()) {
                    open.set(false);
                }
            }
        >
            <div class="dialog-head">
                <h2>{title}</h2>
                <IconButton glyph=Glyph::X label="Close" kbd="Esc" on:click=move |_| open.set(false) />
            </div>
            <div class="dialog-body">
                {move || open.get().then(|| children())}
            </div>
        </dialog>
    }
    .into_any()
}

/// Asks or shows something that must be finished first.
#[component]
pub fn Dialog(
    /// Its heading and accessible name.
    #[prop(into)]
    title: String,
    /// Whether it is open; closing by Esc, button or backdrop sets it to false.
    open: RwSignal<bool>,
    /// Further classes, such as `dialog-wide`.
    #[prop(optional)]
    class: &'static str,
    /// What is inside; made anew whenever it opens.
    children: ChildrenFn,
) -> impl IntoView {
    modal(join("dialog", class), None, title, open, children)
}

/// A dialog that comes from below on phones and from the side on the desk.
#[component]
pub fn Sheet(
    /// Its heading and accessible name.
    #[prop(into)]
    title: String,
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Further classes.
    #[prop(optional)]
    class: &'static str,
    /// What is inside; made anew whenever it opens.
    children: ChildrenFn,
) -> impl IntoView {
    modal(join("dialog sheet", class), None, title, open, children)
}

/// The last row of a dialog: its buttons.
#[component]
pub fn DialogActions(
    /// First the way back, last what happens.
    children: Children,
) -> impl IntoView {
    view! { <div class="dialog-actions">{children()}</div> }.into_any()
}

/// Asks before something that cannot be undone.
#[component]
pub fn ConfirmDialog(
    /// The question: "Delete this article?"
    #[prop(into)]
    title: String,
    /// What it means.
    #[prop(into)]
    text: Signal<String>,
    /// What the button does: "Delete".
    #[prop(into)]
    confirm: Signal<String>,
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The answer is yes. Close it yourself when the work is done, or at once.
    on_confirm: Callback<()>,
    /// The button is red.
    #[prop(optional)]
    danger: bool,
    /// The work is under way.
    #[prop(optional, into)]
    busy: Signal<bool>,
) -> impl IntoView {
    let variant = if danger { Variant::Danger } else { Variant::Primary };
    let children = move || {
        view! {
            <p>{move || text.get()}</p>
            <DialogActions>
                <Button on:click=move |_| open.set(false)>"Cancel"</Button>
                <Button variant=variant busy=busy on:click=move |_| on_confirm.run(())>
                    {move || confirm.get()}
                </Button>
            </DialogActions>
        }
        .into_any()
    };
    modal("dialog".into(), Some("alertdialog"), title, open, Arc::new(children))
}
