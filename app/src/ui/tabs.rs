//! Tabs: what one panel is for, one of few.

use super::attr::{attr, live, word};
use super::browser::{all, rove};
use super::icon::{Glyph, face};
use leptos::{ev, html, prelude::*};

/// One tab.
#[derive(Debug, Clone, Copy)]
pub struct Tab {
    value: &'static str,
    label: &'static str,
    glyph: Option<Glyph>,
    title: Option<&'static str>,
}

impl Tab {
    /// A tab that chooses `value`.
    #[must_use]
    pub const fn new(value: &'static str, label: &'static str) -> Self {
        Self { value, label, glyph: None, title: None }
    }
    /// Adds an icon.
    #[must_use]
    pub const fn glyph(mut self, glyph: Glyph) -> Self {
        self.glyph = Some(glyph);
        self
    }
    /// Adds a tooltip.
    #[must_use]
    pub const fn title(mut self, title: &'static str) -> Self {
        self.title = Some(title);
        self
    }
}

/// The id of a tab, for the `aria-labelledby` of its panel.
#[must_use]
pub fn tab_id(id: &str, value: &str) -> String {
    [id, "-tab-", value].concat()
}

/// A row of tabs. The panel is the caller's, with `role="tabpanel"` and the [`tab_id`] of the selected tab.
#[component]
pub fn Tabs(
    /// Id, unique in the page.
    id: &'static str,
    /// What the tabs are about, for screen readers.
    #[prop(into)]
    label: String,
    /// The tabs.
    tabs: Vec<Tab>,
    /// The value of the tab that is chosen.
    selected: RwSignal<String>,
    /// The id of the panel.
    panel: &'static str,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let keys = move |ev: ev::KeyboardEvent| {
        let Some(el) = node.get_untracked() else { return };
        let rtl = el.matches(":dir(rtl)").unwrap_or(false);
        let (next, back) = if rtl { ("ArrowLeft", "ArrowRight") } else { ("ArrowRight", "ArrowLeft") };
        if rove(&all(&el, ".tab"), &ev.key(), next, back) {
            ev.prevent_default();
            if let Some(now) = document().active_element() {
                selected.set(now.get_attribute("data-value").unwrap_or_default());
            }
        }
    };
    let buttons: Vec<_> = tabs
        .into_iter()
        .map(|Tab { value, label, glyph, title }| {
            let is = move || selected.with(|s| s == value);
            view! {
                <button
                    {..attr("aria-controls", panel)}
                    {..live("aria-selected", move || word(is()))}
                    {..live("tabindex", move || Some(if is() { "0" } else { "-1" }))}
                    type="button"
                    class="tab"
                    role="tab"
                    id=tab_id(id, value)
                    title=title
                    data-value=value
                    on:click=move |_| selected.set(value.to_owned())
                >
                    {face(glyph)}
                    {label}
                </button>
            }
            .into_any()
        })
        .collect();
    view! {
        <div class="tabs" role="tablist" aria-label=label node_ref=node on:keydown=keys>
            {buttons}
        </div>
    }
    .into_any()
}
