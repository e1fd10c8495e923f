//! The rows of the inbox: loaded, and kept fresh without moving under the reader.

use super::query::ListQuery;
use crate::error::ApiResult;
use crate::layout::desk::Desk;
use crate::tickets::api::list_tickets;
use coco::id::TicketId;
use coco::page::Page;
use coco::tickets::{Ticket, TicketRow};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// A row, which changes in place.
#[derive(Debug, Clone)]
pub struct Row {
    /// Whose row.
    pub id: TicketId,
    /// What it shows.
    pub data: ArcRwSignal<TicketRow>,
    /// It came while the page was open.
    pub fresh: bool,
    /// It is not in this part of the inbox any more, but stays until the reader looks elsewhere.
    pub left: ArcRwSignal<bool>,
}

/// The state of the list pane; in context of everything in the inbox.
#[derive(Clone, Copy)]
pub struct InboxList {
    /// Which part is shown.
    pub query: Memo<ListQuery>,
    /// The number of the ticket that is open beside it.
    pub open: Memo<Option<String>>,
    /// The rows, in order.
    pub rows: RwSignal<Vec<Row>>,
    /// Where older tickets begin.
    pub next: RwSignal<Option<String>>,
    /// Rows that came and rows that left, which wait until the reader wants to see it.
    pub held: RwSignal<(usize, usize)>,
    /// Another page is on its way.
    pub loading: RwSignal<bool>,
    /// Why it could not be loaded.
    pub failed: RwSignal<Option<String>>,
    /// The element that scrolls.
    pub scroller: NodeRef<html::Div>,
    waiting: StoredValue<Option<Page<TicketRow>>>,
    /// The number of the selected row.
    pub(super) chosen: StoredValue<Option<String>>,
    /// Goes to the ticket with a number, or to it in place of the one that is open.
    pub(super) goes: Callback<(String, bool)>,
    round: StoredValue<u32>,
    desk: Desk,
}

impl InboxList {
    /// An empty list that is about to show `query`.
    #[must_use]
    pub fn new(desk: Desk, query: Memo<ListQuery>, open: Memo<Option<String>>) -> Self {
        Self {
            query,
            open,
            rows: RwSignal::new(Vec::new()),
            next: RwSignal::new(None),
            held: RwSignal::new((0, 0)),
            loading: RwSignal::new(false),
            failed: RwSignal::new(None),
            scroller: NodeRef::new(),
            waiting: StoredValue::new(None),
            chosen: StoredValue::new(None),
            goes: super::walk::goes(query),
            round: StoredValue::new(0),
            desk,
        }
    }

    /// The address that shows `query` and leaves the ticket beside it open.
    #[must_use]
    pub fn href(self, query: &ListQuery) -> String {
        self.open.with(|number| number.as_ref().map_or_else(|| query.href(), |number| query.ticket_href(number)))
    }

    /// Asks the server for what the address names.
    pub async fn ask(self) -> ApiResult<Page<TicketRow>> {
        let query = self.query.get_untracked();
        let filter = self.desk.viewer.with_value(|me| query.filter(&me.id, self.desk.vendor_id()));
        list_tickets(filter, query.page()).await
    }

    /// Takes the page the server rendered.
    pub fn begin(self, first: ApiResult<Page<TicketRow>>) {
        match first {
            Ok(page) => self.show(page, false),
            Err(e) => self.failed.set(Some(e.to_string())),
        }
    }

    /// Loads the page anew when the address changes, and quietly when something has happened.
    pub fn keep_fresh(self) {
        Effect::new(move |before: Option<ListQuery>| {
            let now = self.query.get();
            if before.is_some_and(|b| b != now) {
                self.load(false);
            }
            now
        });
        Effect::new(move |before: Option<u32>| {
            let beat = self.desk.beat.get();
            if before.is_some_and(|b| b != beat) {
                self.load(true);
            }
            beat
        });
    }

    /// Loads the page; `quiet` shows nothing of it and moves nothing under the reader.
    pub fn load(self, quiet: bool) {
        let round = self.round.get_value() + 1;
        self.round.set_value(round);
        if !quiet {
            self.loading.set(true);
        }
        spawn_local(async move {
            let answer = self.ask().await;
            if self.round.try_get_value() != Some(round) {
                return;
            }
            let quiet = quiet && !self.loading.get_untracked();
            self.loading.set(false);
            match answer {
                Ok(page) if quiet && self.is_being_read() => self.hold(page),
                Ok(page) => {
                    self.show(page, quiet);
                    if !quiet && let Some(el) = self.scroller.get_untracked() {
                        el.set_scroll_top(0);
                    }
                }
                Err(_) if quiet => {}
                Err(e) => self.failed.set(Some(e.to_string())),
            }
        });
    }

    fn show(self, page: Page<TicketRow>, live: bool) {
        let old = self.rows.get_untracked();
        let rows = page.items.into_iter().map(|row| match old.iter().find(|r| r.id == row.ticket.id) {
            Some(known) => {
                renew(known, row);
                known.set_left(false);
                known.clone()
            }
            None => Row { id: row.ticket.id.clone(), data: ArcRwSignal::new(row), fresh: live, left: ArcRwSignal::new(false) },
        });
        let rows: Vec<Row> = rows.collect();
        if rows.len() != old.len() || rows.iter().zip(&old).any(|(a, b)| a.id != b.id) {
            self.rows.set(rows);
        }
        self.next.set(page.next_cursor);
        self.failed.set(None);
        self.held.set((0, 0));
        self.waiting.set_value(None);
    }

    /// Rows that are there change in place; those that came wait, and those that left are marked.
    fn hold(self, page: Page<TicketRow>) {
        let rows = self.rows.get_untracked();
        for row in &page.items {
            if let Some(known) = rows.iter().find(|r| r.id == row.ticket.id) {
                renew(known, row.clone());
            }
        }
        let shown: Vec<&TicketId> = rows.iter().map(|r| &r.id).collect();
        let there: Vec<&TicketId> = page.items.iter().map(|r| &r.ticket.id).collect();
        let left = left(&shown, &there, page.next_cursor.is_some());
        rows.iter().zip(&left).for_each(|(row, left)| row.set_left(*left));
        // Further back what came is not of this page.
        let first = self.query.with_untracked(|q| q.after.is_none());
        let came = if first { there.iter().filter(|id| !shown.contains(id)).count() } else { 0 };
        let held = (came, left.into_iter().filter(|left| *left).count());
        if self.held.get_untracked() != held {
            self.held.set(held);
        }
        self.waiting.set_value(Some(page));
    }

    /// Shows what waits. The button for it goes, so the focus goes to the first row.
    pub fn release(self) {
        if let Some(page) = self.waiting.try_update_value(Option::take).flatten() {
            self.show(page, true);
            if let Some(el) = self.scroller.get_untracked() {
                el.set_scroll_top(0);
            }
            request_animation_frame(move || self.focus_first());
        }
    }

    /// Someone looks at the rows so closely that they must not move.
    fn is_being_read(self) -> bool {
        let Some(el) = self.scroller.get_untracked() else { return false };
        el.scroll_top() > 8 || el.matches(":hover, :focus-within").unwrap_or(false)
    }

    /// Takes over what the open ticket has become; it has been read.
    pub fn patch(self, ticket: &Ticket) {
        let row = self.rows.with_untracked(|rows| rows.iter().find(|r| r.id == ticket.id).cloned());
        if let Some(row) = row {
            let now = row.data.with_untracked(|d| TicketRow { ticket: ticket.clone(), unread: 0, ..d.clone() });
            renew(&row, now);
        }
    }
}

impl Row {
    fn set_left(&self, left: bool) {
        if self.left.get_untracked() != left {
            self.left.set(left);
        }
    }
}

/// Which of the rows `shown` have left, now that the page holds what is `there`. With `more` behind it, the last
/// ones were only pushed to the next page.
fn left(shown: &[&TicketId], there: &[&TicketId], more: bool) -> Vec<bool> {
    let end = if more { shown.iter().rposition(|id| there.contains(id)).map_or(0, |at| at + 1) } else { shown.len() };
    shown.iter().enumerate().map(|(at, id)| at < end && !there.contains(id)).collect()
}

fn renew(known: &Row, row: TicketRow) {
    if known.data.with_untracked(|d| *d != row) {
        known.data.set(row);
    }
}

#[cfg(test)]
mod tests {
    use super::left;
    use coco::id::TicketId;

    #[test]
    fn a_row_that_left_is_marked_and_one_pushed_to_the_next_page_is_not() {
        let ids: Vec<TicketId> = (0..5).map(|n| format!("0190aaaa-0000-7000-8000-00000000000{n}").parse().unwrap()).collect();
        let shown = [&ids[0], &ids[1], &ids[2], &ids[3]];
        let there = [&ids[4], &ids[0], &ids[2]];
        assert_eq!(left(&shown, &there, true), [false, true, false, false]);
        assert_eq!(left(&shown, &there, false), [false, true, false, true]);
        assert_eq!(left(&shown, &[], false), [true; 4]);
    }
}
