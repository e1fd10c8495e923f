//! Something went wrong: what happened, and try again.

use super::{Glyph, Icon};
use crate::live::Live;
use leptos::prelude::*;

/// What stands where something could not be loaded or done.
#[component]
pub fn ErrorNote(
    /// What happened, without blame: "We couldn't load your tickets."
    #[prop(into)]
    text: Signal<String>,
    /// Does it again; without JavaScript the button loads the page again.
    #[prop(optional)]
    retry: Option<Callback<()>>,
) -> impl IntoView {
    let retry = retry.map(|retry| {
        when_back(retry);
        let again = move |ev: leptos::ev::MouseEvent| {
            ev.prevent_default();
            retry.run(());
        };
        view! {
            <a class="btn" href="" data-size="small" on:click=again>
                <Icon glyph=Glyph::REFRESH />
                "Try again"
            </a>
        }
        .into_any()
    });
    view! {
        <div class="error-note" role="alert">
            <Icon glyph=Glyph::ALERT />
            <p>{move || text.get()}</p>
            {retry}
        </div>
    }
    .into_any()
}

/// Does it again by itself when the connection is back.
fn when_back(retry: Callback<()>) {
    let Some(live) = use_context::<Live>() else { return };
    Effect::new(move |before: Option<bool>| {
        let connected = live.connection.get().is_connected();
        if connected && before == Some(false) {
            retry.run(());
        }
        connected
    });
}
