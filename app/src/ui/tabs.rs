//! Tabs: of places (links, which work without JavaScript) or of panels in one place.

use super::CountBadge;
use super::attr::{attr, live, word};
use super::browser::{all, rove};
use leptos::{ev, html, prelude::*};

/// One tab.
#[derive(Debug, Clone)]
pub struct Tab {
    value: String,
    label: String,
    href: Option<String>,
    count: Option<Signal<i64>>,
}

impl Tab {
    /// A tab that shows the [`TabPanel`] with this value.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), href: None, count: None }
    }
    /// Makes it a link to a place of its own.
    #[must_use]
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
    /// Adds a count.
    #[must_use]
    pub fn count(mut self, count: impl Into<Signal<i64>>) -> Self {
        self.count = Some(count.into());
        self
    }
}

fn counted(count: Signal<i64>) -> impl Fn() -> AnyView {
    move || view! { <CountBadge count=count.get() /> }.into_any()
}

fn panel_id(id: &str, value: &str) -> String {
    [id, "-panel-", value].concat()
}

fn tab_id(id: &str, value: &str) -> String {
    [id, "-tab-", value].concat()
}

/// A row of tabs; when the first has a link, all should have one and it is a navigation.
#[component]
pub fn Tabs(
    /// Id, unique in the page.
    id: &'static str,
    /// What the tabs are about, for screen readers.
    #[prop(into)]
    label: String,
    /// The tabs.
    tabs: Vec<Tab>,
    /// The value of the tab that is shown.
    selected: RwSignal<String>,
) -> impl IntoView {
    if tabs.first().is_some_and(|t| t.href.is_some()) {
        let links: Vec<_> = tabs
            .into_iter()
            .map(|Tab { value, label, href, count }| {
                let current = move || selected.with(|s| *s == value).then_some("page");
                view! {
                    <a {..live("aria-current", current)} class="tab" href=href>
                        {label}
                        {count.map(counted)}
                    </a>
                }
                .into_any()
            })
            .collect();
        return view! { <nav class="tabs" aria-label=label>{links}</nav> }.into_any();
    }
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
        .map(|Tab { value, label, count, .. }| {
            let key = StoredValue::new(value.clone());
            let is = move || key.with_value(|key| selected.with(|s| s == key));
            view! {
                <button
                    {..attr("aria-controls", panel_id(id, &value))}
                    {..live("aria-selected", move || word(is()))}
                    {..live("tabindex", move || Some(if is() { "0" } else { "-1" }))}
                    type="button"
                    class="tab"
                    role="tab"
                    id=tab_id(id, &value)
                    data-value=value.clone()
                    on:click=move |_| selected.set(key.get_value())
                >
                    {label}
                    {count.map(counted)}
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

/// What a tab shows. It stays in the page while another is shown.
#[component]
pub fn TabPanel(
    /// The id of its [`Tabs`].
    id: &'static str,
    /// The value of its tab.
    #[prop(into)]
    value: String,
    /// The signal of its [`Tabs`].
    selected: RwSignal<String>,
    /// What it shows.
    children: Children,
) -> impl IntoView {
    let (panel, tab) = (panel_id(id, &value), tab_id(id, &value));
    view! {
        <div
            {..attr("aria-labelledby", tab)}
            {..attr("tabindex", "0")}
            class="tab-panel"
            role="tabpanel"
            id=panel
            hidden=move || selected.with(|s| *s != value)
        >
            {children()}
        </div>
    }
    .into_any()
}
