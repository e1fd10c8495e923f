//! One line over a page: the state of the connection, a planned outage.

use super::{Glyph, Icon, IconButton, Size, Tone};
use leptos::prelude::*;

/// A line across the page. Put it inside an element with `aria-live="polite"` when it comes and goes.
#[component]
pub fn Banner(
    /// `Info`, `Warning` or `Danger`.
    #[prop(default = Tone::Info)]
    tone: Tone,
    /// Another icon than that of the tone, such as `WIFI_OFF`.
    #[prop(optional)]
    glyph: Option<Glyph>,
    /// Makes it go away.
    #[prop(optional)]
    dismiss: Option<Callback<()>>,
    /// What is the matter and what still works.
    children: Children,
) -> impl IntoView {
    let fallback = if matches!(tone, Tone::Warning | Tone::Danger) { Glyph::ALERT } else { Glyph::INFO };
    view! {
        <div class="banner" data-kind=tone.as_str() role="status">
            <Icon glyph=glyph.unwrap_or(fallback) />
            <div>{children()}</div>
            {dismiss
                .map(|dismiss| {
                    view! {
                        <IconButton glyph=Glyph::X label="Dismiss" size=Size::Small on:click=move |_| dismiss.run(()) />
                    }
                    .into_any()
                })}
        </div>
    }
    .into_any()
}
