//! Walking the rows by keys. The focus is the selection, so that screen readers follow.

use super::list::InboxList;
use super::query::ListQuery;
use crate::ui::{Shortcut, use_shortcuts};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// How long a row is selected before its ticket opens: who goes on quickly passes it by.
const REST: Duration = Duration::from_millis(200);

impl InboxList {
    fn links(self) -> Vec<HtmlElement> {
        let Some(list) = self.scroller.try_get_untracked().flatten().and_then(|el| el.query_selector_all("a.inbox-row").ok()) else {
            return Vec::new();
        };
        (0..list.length()).filter_map(|i| list.get(i)?.dyn_into().ok()).collect()
    }

    fn place(self, links: &[HtmlElement]) -> Option<usize> {
        let focused = document().active_element();
        let at = links.iter().position(|l| focused.as_ref().is_some_and(|f| f.is_same_node(Some(l))));
        at.or_else(|| {
            let number = self.chosen.get_value().or_else(|| self.open.get_untracked())?;
            links.iter().position(|l| l.get_attribute("data-number").as_deref() == Some(&number))
        })
    }

    /// Selects the row `by` rows further; the focus is the selection.
    pub fn step(self, by: isize) {
        let links = self.links();
        let to = self.place(&links).map_or(0, |at| at.saturating_add_signed(by)).min(links.len().saturating_sub(1));
        if let Some(link) = links.get(to) {
            let _ = link.focus();
            self.chosen.set_value(link.get_attribute("data-number"));
            self.open_soon(link.clone());
        }
    }

    /// Opens the row beside the list once the walk rests on it. It takes the place of the ticket before it in the
    /// history: a walk is one step back.
    fn open_soon(self, link: HtmlElement) {
        let Some(number) = link.get_attribute("data-number") else { return };
        let rests = move || document().active_element().is_some_and(|el| el.is_same_node(Some(&link)));
        let open = move || {
            let Some(before) = self.open.try_get_untracked().filter(|_| rests() && has_room()) else { return };
            if before.as_ref() != Some(&number) {
                self.goes.run((number.clone(), before.is_some()));
            }
        };
        set_timeout(open, REST);
    }

    /// Puts the focus on the first row, unless it is somewhere by now.
    pub(super) fn focus_first(self) {
        let nowhere = document().active_element().is_none_or(|el| el.tag_name() == "BODY");
        if let Some(link) = self.links().first().filter(|_| nowhere) {
            let _ = link.focus();
        }
    }

    /// Opens the selected row.
    pub fn enter(self) {
        let links = self.links();
        if let Some(link) = self.place(&links).and_then(|at| links.get(at)) {
            link.click();
        }
    }
}

/// Goes to the ticket with a number, or to it in place of the one that is open.
pub fn goes(query: Memo<ListQuery>) -> Callback<(String, bool)> {
    let navigate = use_navigate();
    Callback::new(move |(number, replace): (String, bool)| {
        let to = query.with_untracked(|q| q.ticket_href(&number));
        navigate(&to, NavigateOptions { replace, scroll: false, ..NavigateOptions::default() });
    })
}

/// The list and a ticket stand side by side.
fn has_room() -> bool {
    let shown = |el: HtmlElement| el.offset_width() > 0;
    document().query_selector(".inbox-ticket").ok().flatten().and_then(|el| el.dyn_into().ok()).is_some_and(shown)
}

/// Sets the keys of the list.
pub fn keys(list: InboxList) {
    let focus_search = Callback::new(|()| {
        if let Some(el) = document().get_element_by_id("f-q").and_then(|el| el.dyn_into::<web_sys::HtmlInputElement>().ok()) {
            let _ = el.focus();
            el.select();
        }
    });
    use_shortcuts(vec![
        Shortcut::new("j", "Next ticket", Callback::new(move |()| list.step(1))),
        Shortcut::new("k", "Previous ticket", Callback::new(move |()| list.step(-1))),
        Shortcut::new("Enter", "Open the selected ticket", Callback::new(move |()| list.enter())),
        Shortcut::new("/", "Search tickets", focus_search),
    ]);
    // The arrows select as well while nothing else has the focus.
    Effect::new(move |_| {
        let listener = window_event_listener(leptos::ev::keydown, move |ev| {
            if document().active_element().is_none_or(|el| el.tag_name() == "BODY") {
                arrows(list, &ev);
            }
        });
        on_cleanup(move || listener.remove());
    });
}

/// Selects by arrow keys.
pub fn arrows(list: InboxList, ev: &web_sys::KeyboardEvent) {
    if ev.ctrl_key() || ev.meta_key() || ev.alt_key() || ev.default_prevented() {
        return;
    }
    match ev.key().as_str() {
        "ArrowDown" => list.step(1),
        "ArrowUp" => list.step(-1),
        _ => return,
    }
    ev.prevent_default();
}
