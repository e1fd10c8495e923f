//! Tables: a sticky head, rows that lead somewhere.

use super::attr::attr;
use leptos::prelude::*;

/// The head of a column.
#[derive(Debug, Clone)]
pub struct Column {
    label: String,
    number: bool,
}

impl Column {
    /// A column of words.
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), number: false }
    }
    /// Of numbers: aligned at the end. Give its cells `class="num"`.
    #[must_use]
    pub fn number(mut self) -> Self {
        self.number = true;
        self
    }
}

fn head(column: Column) -> AnyView {
    let Column { label, number } = column;
    view! { <th {..attr("scope", "col")} class=number.then_some("num")>{label}</th> }.into_any()
}

/// A table. Its cells are plain `<tr>` and `<td>`.
#[component]
pub fn Table(
    /// What it lists, for screen readers.
    #[prop(into)]
    caption: String,
    /// The heads, in order.
    columns: Vec<Column>,
    /// Further classes of the scrolling box, such as a height.
    #[prop(optional)]
    class: &'static str,
    /// Rows.
    children: Children,
) -> impl IntoView {
    let heads: Vec<_> = columns.into_iter().map(head).collect();
    view! {
        <div
            {..attr("tabindex", "0")}
            class=super::browser::join("table-box", class)
            role="region"
            aria-label=caption
        >
            <table class="table">
                <caption class="vh">{caption.clone()}</caption>
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// The link of a row: put it in the first cell, its target is the whole row. Use it for a side
/// sheet too, with `on:click` and `prevent_default`.
#[component]
pub fn TableRowLink(
    /// Where the row leads.
    #[prop(into)]
    href: String,
    /// The words in the cell.
    children: Children,
) -> impl IntoView {
    view! { <a class="row-link" href=href>{children()}</a> }.into_any()
}
