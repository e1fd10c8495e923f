//! Buttons, and links that look like them.

use super::attr::{live, word};
use super::browser::join;
use super::icon::{Glyph, Icon, face};
use leptos::prelude::*;

/// How much a button stands out; at most one `Primary` in a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Variant {
    /// The one thing to do here.
    Primary,
    /// Anything else.
    #[default]
    Secondary,
    /// In rows and bars: no border until it is pointed at.
    Ghost,
    /// Deletes or ends something.
    Danger,
}

/// Size of a button. Touch pages keep 44 px in every size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Size {
    /// In rows.
    Small,
    /// Everywhere.
    #[default]
    Normal,
    /// The one button of a form.
    Large,
}

impl Variant {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Secondary => "secondary",
            Self::Ghost => "ghost",
            Self::Danger => "danger",
        }
    }
}

impl Size {
    pub(super) const fn as_str(self) -> Option<&'static str> {
        match self {
            Self::Small => Some("small"),
            Self::Normal => None,
            Self::Large => Some("large"),
        }
    }
}

/// A key in a button or menu; the tooltip says it to those who cannot see it.
pub(super) fn key_hint(kbd: &'static str) -> Option<AnyView> {
    (!kbd.is_empty()).then(|| view! { <kbd class="kbd" aria-hidden="true">{kbd}</kbd> }.into_any())
}

/// A button. `on:click` goes straight to the `<button>`.
#[component]
pub fn Button(
    /// How much it stands out.
    #[prop(optional)]
    variant: Variant,
    /// Size.
    #[prop(optional)]
    size: Size,
    /// Work is under way: shows a ring and cannot be pressed.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Cannot be pressed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Sends the form around it, also without JavaScript.
    #[prop(optional)]
    submit: bool,
    /// An icon before the words.
    #[prop(optional)]
    glyph: Option<Glyph>,
    /// Tooltip.
    #[prop(optional, into)]
    title: Option<String>,
    /// The key that does the same, shown after the words.
    #[prop(optional)]
    kbd: &'static str,
    /// Further classes, such as `btn-wide`.
    #[prop(optional)]
    class: &'static str,
    /// What happens: "Assign to me".
    children: Children,
) -> impl IntoView {
    view! {
        <button
            {..live("aria-busy", move || busy.get().then_some("true"))}
            class=join("btn", class)
            type=if submit { "submit" } else { "button" }
            data-variant=variant.as_str()
            data-size=size.as_str()
            disabled=move || busy.get() || disabled.get()
            title=title
        >
            {face(glyph)}
            <span class="btn-text">{children()}</span>
            {key_hint(kbd)}
        </button>
    }
    .into_any()
}

/// A button that is only an icon; its name is the accessible name and, with its key, the tooltip.
#[component]
pub fn IconButton(
    /// The drawing.
    glyph: Glyph,
    /// What happens.
    #[prop(into)]
    label: Signal<String>,
    /// How much it stands out; `Ghost` unless told.
    #[prop(default = Variant::Ghost)]
    variant: Variant,
    /// Size.
    #[prop(optional)]
    size: Size,
    /// For a button that stays on: whether it is.
    #[prop(optional, into)]
    pressed: Option<Signal<bool>>,
    /// Cannot be pressed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Sends the form around it.
    #[prop(optional)]
    submit: bool,
    /// The key that does the same, named in the tooltip.
    #[prop(optional)]
    kbd: &'static str,
    /// Further classes, such as `btn-round`.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let tooltip = move || {
        let label = label.get();
        if kbd.is_empty() { label } else { [label.as_str(), " (", kbd, ")"].concat() }
    };
    view! {
        <button
            {..live("aria-pressed", move || pressed.and_then(|p| word(p.get())))}
            class=join("btn btn-icon", class)
            type=if submit { "submit" } else { "button" }
            data-variant=variant.as_str()
            data-size=size.as_str()
            aria-label=move || label.get()
            disabled=move || disabled.get()
            title=tooltip
        >
            <Icon glyph=glyph />
        </button>
    }
    .into_any()
}

/// A link that looks like a button.
#[component]
pub fn LinkButton(
    /// Where to.
    #[prop(into)]
    href: String,
    /// How much it stands out.
    #[prop(optional)]
    variant: Variant,
    /// Size.
    #[prop(optional)]
    size: Size,
    /// An icon before the words.
    #[prop(optional)]
    glyph: Option<Glyph>,
    /// The key that does the same, shown after the words.
    #[prop(optional)]
    kbd: &'static str,
    /// Further classes.
    #[prop(optional)]
    class: &'static str,
    /// The words.
    children: Children,
) -> impl IntoView {
    view! {
        <a class=join("btn", class) href=href data-variant=variant.as_str() data-size=size.as_str()>
            {face(glyph)}
            <span class="btn-text">{children()}</span>
            {key_hint(kbd)}
        </a>
    }
    .into_any()
}
