//! The parts pages are put together from.

use super::attr::attr;
use super::browser::join;
use leptos::prelude::*;
use leptos::text_prop::TextProp;
use leptos_meta::Title;

/// A document title that follows signals. The server reads titles last of all, when the signals may be gone
/// already: there it is what it is now.
#[must_use]
pub fn title_text(text: impl Fn() -> String + Send + Sync + 'static) -> TextProp {
    if cfg!(feature = "ssr") { text().into() } else { text.into() }
}

/// Heading and document title of a page. It can take the focus after a navigation.
#[component]
pub fn PageTitle(
    /// The title.
    #[prop(into)]
    text: Signal<String>,
    /// The document title is set elsewhere.
    #[prop(optional)]
    heading_only: bool,
    /// Actions at the end of the line.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        {(!heading_only).then(|| view! { <Title text=title_text(move || text.get()) /> }.into_any())}
        <div class="page-head">
            <h1 {..attr("tabindex", "-1")}>{move || text.get()}</h1>
            {children.map(|children| view! { <div class="toolbar">{children()}</div> }.into_any())}
        </div>
    }
    .into_any()
}

/// Something that belongs together, with a hairline around it.
#[component]
pub fn Card(
    /// Its heading.
    #[prop(optional, into)]
    title: Option<String>,
    /// The whole card leads there; then it must hold no other link or button.
    #[prop(optional, into)]
    href: Option<String>,
    /// Further classes.
    #[prop(optional)]
    class: &'static str,
    /// What is inside.
    children: Children,
) -> impl IntoView {
    let inner = view! {
        {title.map(|title| view! { <h2>{title}</h2> }.into_any())}
        {children()}
    };
    let class = join("card", class);
    match href {
        Some(href) => view! { <a class=class href=href>{inner}</a> }.into_any(),
        None => view! { <section class=class>{inner}</section> }.into_any(),
    }
}

/// Controls in a row that wraps.
#[component]
pub fn Toolbar(
    /// What they are for, for screen readers.
    #[prop(into)]
    label: String,
    /// Further classes.
    #[prop(optional)]
    class: &'static str,
    /// The controls.
    children: Children,
) -> impl IntoView {
    view! {
        <div class=join("toolbar", class) role="group" aria-label=label>
            {children()}
        </div>
    }
    .into_any()
}

/// A number and what it is. Put several into a grid.
#[component]
pub fn Stat(
    /// The number, ready to read: "4 min", "12k".
    #[prop(into)]
    value: Signal<String>,
    /// What it is.
    #[prop(into)]
    label: String,
    /// How it compares: "2 more than last week".
    #[prop(optional, into)]
    hint: Option<String>,
) -> impl IntoView {
    view! {
        <dl class="stat">
            <dt>{label}</dt>
            <dd class="stat-value">{move || value.get()}</dd>
            {hint.map(|hint| view! { <dd>{hint}</dd> }.into_any())}
        </dl>
    }
    .into_any()
}
