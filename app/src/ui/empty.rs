//! Nothing here: one sentence, one action.

use super::{Glyph, Icon};
use leptos::prelude::*;

/// What stands where a list is empty.
#[component]
pub fn EmptyState(
    /// An icon of what would be here.
    glyph: Glyph,
    /// The sentence.
    #[prop(into)]
    text: String,
    /// The action, a `Button` or `LinkButton`.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon glyph=glyph />
            <p>{text}</p>
            {children.map(|children| children())}
        </div>
    }
    .into_any()
}
