//! Menus: a button and a native popover, which opens without JavaScript and closes on Esc or a
//! press elsewhere. Arrow keys come with the WASM.

use super::attr::{attr, live, word};
use super::browser::{all, closest, rove};
use super::button::key_hint;
use super::icon::{Glyph, Icon, face};
use super::{Size, Variant};
use leptos::{ev, html, prelude::*};

const ITEMS: &str = ".menu-item:not(:disabled)";

/// A button that opens a menu of [`MenuItem`]s.
#[component]
pub fn Menu(
    /// Id of the menu, unique in the page.
    #[prop(into)]
    id: String,
    /// Accessible name of the button and the menu; its words, unless `trigger` or `icon_only` says otherwise.
    #[prop(into)]
    label: Signal<String>,
    /// An icon in the button.
    #[prop(optional)]
    glyph: Option<Glyph>,
    /// The button shows its icon alone.
    #[prop(optional)]
    icon_only: bool,
    /// What the button shows instead of icon and words, such as an avatar.
    #[prop(optional, into)]
    trigger: Option<ViewFnOnce>,
    /// How much the button stands out.
    #[prop(default = Variant::Ghost)]
    variant: Variant,
    /// Size of the button.
    #[prop(optional)]
    size: Size,
    /// The menu ends where the button ends, for buttons at the end of a line.
    #[prop(optional)]
    align_end: bool,
    /// [`MenuItem`]s, `<hr class="menu-line">` and `<p class="menu-label">`.
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let hide = move || {
        if let Some(el) = node.get_untracked() {
            let _ = el.hide_popover();
        }
    };
    let opened = move |_: ev::Event| {
        let Some(el) = node.get_untracked().filter(|el| el.matches(":popover-open").unwrap_or(false)) else { return };
        let items = all(&el, ITEMS);
        if let Some(item) = items.first() {
            let _ = item.focus();
        }
    };
    let keys = move |ev: ev::KeyboardEvent| {
        let Some(el) = node.get_untracked() else { return };
        if ev.key() == "Tab" {
            hide();
        } else if rove(&all(&el, ITEMS), &ev.key(), "ArrowDown", "ArrowUp") {
            ev.prevent_default();
        }
    };
    let inside = match trigger {
        Some(trigger) => view! {
            {trigger.run()}
            <span class="vh">{move || label.get()}</span>
        }
        .into_any(),
        None if icon_only => view! { <Icon glyph=glyph.unwrap_or(Glyph::MORE) /> }.into_any(),
        None => view! {
            {face(glyph)}
            <span class="btn-text">{move || label.get()}</span>
            <Icon glyph=Glyph::CHEVRON_DOWN />
        }
        .into_any(),
    };
    view! {
        <button
            {..attr("popovertarget", id.clone())}
            {..attr("aria-haspopup", "menu")}
            type="button"
            class=if icon_only { "btn btn-icon" } else { "btn" }
            data-variant=variant.as_str()
            data-size=size.as_str()
            aria-label=move || icon_only.then(|| label.get())
            title=move || icon_only.then(|| label.get())
        >
            {inside}
        </button>
        <div
            {..attr("popover", "auto")}
            class="menu"
            id=id
            role="menu"
            aria-label=move || label.get()
            data-align=align_end.then_some("end")
            node_ref=node
            on:toggle=opened
            on:keydown=keys
            on:click=move |ev| {
                if closest(ev.target(), ITEMS).is_some() {
                    hide();
                }
            }
        >
            {children()}
        </div>
    }
    .into_any()
}

/// One line of a menu. `on:click` goes straight to it.
#[component]
pub fn MenuItem(
    /// Where it leads; without, it is a button.
    #[prop(optional, into)]
    href: Option<String>,
    /// An icon before the words.
    #[prop(optional)]
    glyph: Option<Glyph>,
    /// For choices that stay on: whether this one is.
    #[prop(optional, into)]
    checked: Option<Signal<bool>>,
    /// Deletes or ends something.
    #[prop(optional)]
    danger: bool,
    /// Cannot be chosen.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Sends the form around the menu, also without JavaScript.
    #[prop(optional)]
    submit: bool,
    /// The key that does the same.
    #[prop(optional)]
    kbd: &'static str,
    /// What happens.
    children: Children,
) -> impl IntoView {
    let inner = view! {
        {face(glyph)}
        <span>{children()}</span>
        {key_hint(kbd)}
    };
    let danger = danger.then_some("");
    if let Some(href) = href {
        return view! {
            <a class="menu-item" role="menuitem" href=href data-danger=danger>
                {inner}
            </a>
        }
        .into_any();
    }
    view! {
        <button
            {..live("aria-checked", move || checked.and_then(|c| word(c.get())))}
            class="menu-item"
            type=if submit { "submit" } else { "button" }
            role=if checked.is_some() { "menuitemcheckbox" } else { "menuitem" }
            data-danger=danger
            disabled=move || disabled.get()
        >
            {inner}
        </button>
    }
    .into_any()
}
