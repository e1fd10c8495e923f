//! Where there is nothing to show, or nothing for this person.

use crate::error::ApiError;
use crate::ui::{EmptyState, ErrorNote, Glyph, LinkButton, Variant};
use leptos::prelude::*;
use leptos_meta::Title;

/// An address that leads nowhere.
#[component]
pub fn Missing() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    view! {
        <Title text="Not found" />
        <main class="desk-page">
            <h1 class="vh">"Not found"</h1>
            <EmptyState glyph=Glyph::SEARCH text="There is no page at this address. It may have moved, or the link is incomplete.">
                <LinkButton href="/rep/inbox" variant=Variant::Primary>"Open the inbox"</LinkButton>
            </EmptyState>
        </main>
    }
}

/// What could not be loaded, or is not for this person. The status of the response is set already.
#[component]
pub fn Refused(
    /// Why.
    error: ApiError,
    /// What is not here: "This ticket".
    #[prop(default = "This page")]
    what: &'static str,
    /// Tries again.
    #[prop(optional)]
    retry: Option<Callback<()>>,
) -> impl IntoView {
    let (title, glyph, text) = match &error {
        e if e.is_not_found() => ("Not found", Glyph::SEARCH, [what, " isn't here, or it isn't yours to see."].concat()),
        ApiError::Refused(coco::Error::Forbidden) => ("Not for you", Glyph::LOCK, [what, " is for other roles than yours."].concat()),
        ApiError::Refused(coco::Error::Unauthenticated) => {
            ("Signed out", Glyph::LOG_OUT, "You're signed out. Sign in to go on.".to_owned())
        }
        other => {
            let text = other.to_string();
            let retry = retry.unwrap_or_else(|| {
                Callback::new(|()| {
                    let _ = window().location().reload();
                })
            });
            return view! {
                <Title text="Something went wrong" />
                <h1 class="vh">"Something went wrong"</h1>
                <ErrorNote text retry />
            }
            .into_any();
        }
    };
    view! {
        <Title text=title />
        <h1 class="vh">{title}</h1>
        <EmptyState glyph text>
            {if title == "Signed out" {
                view! { <a class="btn" data-variant="primary" href="/login" rel="external">"Sign in"</a> }.into_any()
            } else {
                view! { <LinkButton href="/rep/inbox">"Open the inbox"</LinkButton> }.into_any()
            }}
        </EmptyState>
    }
    .into_any()
}
