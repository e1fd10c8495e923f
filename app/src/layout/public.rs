//! The frame of pages that anyone may see.

use crate::ui::{LinkButton, PageTitle, Variant};
use leptos::prelude::*;

/// A letter C that is also two people in one circle.
const MARK: &str = r#"<rect width="32" height="32" rx="9"/><path d="M21.4 11.4a7 7 0 1 0 0 9.2"/><circle cx="21.6" cy="16" r="1.9"/>"#;

/// One narrow column with the name of the product above.
#[component]
pub fn PublicPage(
    /// Heading and document title.
    #[prop(into)]
    title: String,
    /// One sentence below the heading.
    #[prop(optional, into)]
    lead: Option<String>,
    /// What the page is for.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="public">
            <PublicTop />
            <main class="public-card">
                <PageTitle text=title />
                {lead.map(|lead| view! { <p class="public-lead">{lead}</p> })}
                {children()}
            </main>
        </div>
    }
}

/// The line at the top of public pages.
#[component]
pub fn PublicTop(
    /// What stands at its end.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <header class="public-top">
            <a class="brand" href="/" rel="external">
                <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true" inner_html=MARK></svg>
                "COCO"
            </a>
            {children.map(|children| children())}
        </header>
    }
}

/// What stands where nothing is; also tells programs so.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    tell_not_found();
    view! {
        <div class="public">
            <PublicTop />
            <main class="public-card">
                <NotFound />
            </main>
        </div>
    }
}

/// The words for an address that leads nowhere, or to something of someone else.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <PageTitle text="We couldn't find that" />
        <p class="public-lead">"The address may be mistyped, or what was here has moved."</p>
        // The server knows where the start is for those who are signed in.
        <LinkButton href="/" variant=Variant::Primary attr:rel="external">"Go to the start"</LinkButton>
    }
}

/// Sets the status of the page.
fn tell_not_found() {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
}
