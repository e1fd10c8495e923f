//! Tables: a sticky head, sorting by link, rows that lead somewhere.

use super::attr::attr;
use super::{Glyph, Icon};
use leptos::prelude::*;

/// How a column is sorted now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Not by this column.
    None,
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// The head of a column.
#[derive(Debug, Clone)]
pub struct Column {
    label: String,
    number: bool,
    hidden: bool,
    sort: Option<(String, Sort)>,
}

impl Column {
    /// A column of words.
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), number: false, hidden: false, sort: None }
    }
    /// Of numbers: aligned at the end. Give its cells `class="num"`.
    #[must_use]
    pub fn number(mut self) -> Self {
        self.number = true;
        self
    }
    /// The label is for screen readers only, as over checkboxes or menus.
    #[must_use]
    pub fn hidden(mut self) -> Self {
        self.hidden = true;
        self
    }
    /// Sorts by following `href`, which names the other direction when it is sorted already.
    #[must_use]
    pub fn sort(mut self, href: impl Into<String>, now: Sort) -> Self {
        self.sort = Some((href.into(), now));
        self
    }
}

fn head(column: Column) -> AnyView {
    let Column { label, number, hidden, sort } = column;
    let class = number.then_some("num");
    let Some((href, now)) = sort else {
        let inner = if hidden { view! { <span class="vh">{label}</span> }.into_any() } else { label.into_any() };
        return view! { <th {..attr("scope", "col")} class=class>{inner}</th> }.into_any();
    };
    let (state, glyph) = match now {
        Sort::None => ("none", Glyph::SORT),
        Sort::Ascending => ("ascending", Glyph::ARROW_UP),
        Sort::Descending => ("descending", Glyph::ARROW_DOWN),
    };
    view! {
        <th {..attr("scope", "col")} {..attr("aria-sort", state)} class=class>
            <a class="sort" href=href>
                {label}
                <Icon glyph=glyph />
            </a>
        </th>
    }
    .into_any()
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
