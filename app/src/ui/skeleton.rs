//! What stands where something is still loading, in its true shape.

use leptos::prelude::*;

/// What is coming.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shape {
    /// Lines of text.
    #[default]
    Lines,
    /// Cards below each other.
    Cards,
    /// Rows of a list, 64 px each.
    Rows,
    /// Rows of a table.
    Table,
    /// Bubbles of a conversation.
    Thread,
}

/// Pale shapes, with "Loading" for screen readers.
#[component]
pub fn Skeleton(
    /// What is coming.
    #[prop(optional)]
    shape: Shape,
    /// How many.
    #[prop(default = 3)]
    count: u8,
) -> impl IntoView {
    let name = match shape {
        Shape::Lines => None,
        Shape::Cards => Some("cards"),
        Shape::Rows => Some("rows"),
        Shape::Table => Some("table"),
        Shape::Thread => Some("thread"),
    };
    let bones: Vec<_> = (0..count).map(|_| view! { <div class="bone"></div> }.into_any()).collect();
    view! {
        <div role="status">
            <span class="vh">"Loading"</span>
            <div class="skeleton" data-shape=name aria-hidden="true">
                {bones}
            </div>
        </div>
    }
    .into_any()
}
