//! Above a page whose session has ended.

use crate::ui::{Banner, Glyph, Tone};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Says so, and leads to signing in and back to this page.
#[component]
pub fn SignedOutBanner() -> impl IntoView {
    let path = use_location().pathname;
    let href = move || ["/login?next=", &path.get()].concat();
    view! {
        <Banner tone=Tone::Warning glyph=Glyph::LOCK>
            "You have been signed out. What you wrote is kept. "
            <a class="link" href=href rel="external">"Sign in again"</a>
        </Banner>
    }
}
