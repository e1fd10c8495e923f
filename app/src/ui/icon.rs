//! Icons: one component for every drawing.
//!
//! lucide-leptos has a component with six signals for every icon; here an icon is a string, so a
//! further icon costs its path data and nothing else.

use leptos::prelude::*;

/// A drawing; the constants are in `glyphs.rs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyph {
    inner: &'static str,
    turns: bool,
}

impl Glyph {
    /// A drawing that looks the same in every writing direction.
    pub(super) const fn new(inner: &'static str) -> Self {
        Self { inner, turns: false }
    }
    /// A drawing that is mirrored from right to left, such as an arrow back.
    pub(super) const fn turning(inner: &'static str) -> Self {
        Self { inner, turns: true }
    }
}

/// An icon in the size and colour of the text around it. It never stands alone: hidden from screen
/// readers, it needs a word or a [`VisuallyHidden`](super::VisuallyHidden) name next to it.
#[component]
pub fn Icon(
    /// The drawing.
    glyph: Glyph,
) -> impl IntoView {
    view! {
        <svg
            class=if glyph.turns { "icon icon-turns" } else { "icon" }
            viewBox="0 0 24 24"
            aria-hidden="true"
            inner_html=glyph.inner
        ></svg>
    }
    .into_any()
}

/// The icon of a component that may have one.
pub(super) fn face(glyph: Option<Glyph>) -> Option<AnyView> {
    glyph.map(|glyph| view! { <Icon glyph=glyph /> }.into_any())
}
