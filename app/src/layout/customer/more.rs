//! Lists that go on below: a link to the next page that, once the page is alive, adds it here.

use crate::error::ApiResult;
use crate::journey::api::Told;
use crate::ui::ErrorNote;
use coco::page::Page;
use coco::tickets::TicketRow;
use leptos::prelude::*;

/// What stands in such a list, the newest first.
pub trait Listed: Clone + Send + Sync + 'static {
    /// Whether both are the same thing.
    fn is(&self, other: &Self) -> bool;
    /// How new it is.
    fn place(&self) -> i64;
}

impl Listed for TicketRow {
    fn is(&self, other: &Self) -> bool {
        self.ticket.id == other.ticket.id
    }
    fn place(&self) -> i64 {
        self.ticket.activity_at.micros()
    }
}

impl Listed for Told {
    fn is(&self, other: &Self) -> bool {
        self.event.seq == other.event.seq
    }
    fn place(&self) -> i64 {
        self.event.seq
    }
}

/// What was added below the first page. The first page may be loaded anew meanwhile, and what it then no longer
/// holds is still in the list.
pub struct More<T: Send + Sync + 'static> {
    /// Every row that was seen.
    seen: RwSignal<Vec<T>>,
    /// Where to go on: `None` until something was added, then as the page says.
    next: RwSignal<Option<Option<String>>>,
    busy: RwSignal<bool>,
    failed: RwSignal<bool>,
    /// Counts the lists that this was used for; an answer for an earlier one comes too late.
    round: StoredValue<u32>,
}

impl<T: Send + Sync + 'static> Clone for More<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for More<T> {}

impl<T: Listed> More<T> {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            seen: RwSignal::new(Vec::new()),
            next: RwSignal::new(None),
            busy: RwSignal::new(false),
            failed: RwSignal::new(false),
            round: StoredValue::new(0),
        }
    }

    /// Begins anew, for another list.
    pub fn clear(self) {
        self.round.update_value(|n| *n += 1);
        self.seen.set(Vec::new());
        self.next.set(None);
        self.busy.set(false);
        self.failed.set(false);
    }

    /// Where to go on, after a first page that ended at `first`.
    #[must_use]
    pub fn cursor(self, first: Option<String>) -> Option<String> {
        self.next.get().unwrap_or(first)
    }

    /// What stands below `first`, the first page as it is now. Where the newest stand first, what is newer than its
    /// last row and not in it has left the list.
    #[must_use]
    pub fn below(self, first: &[T], newest_first: bool) -> Vec<T> {
        self.seen.with(|seen| below(seen, first, newest_first))
    }

    /// Adds what `load` brings, below `first`.
    pub async fn add(self, first: Vec<T>, load: impl Future<Output = ApiResult<Page<T>>>) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let round = self.round.get_value();
        let answer = load.await;
        if self.round.try_get_value() != Some(round) {
            return;
        }
        self.busy.set(false);
        self.failed.set(answer.is_err());
        if let Ok(page) = answer {
            self.seen.update(|seen| *seen = first.into_iter().chain(std::mem::take(seen)).chain(page.items).fold(Vec::new(), with));
            self.next.set(Some(page.next_cursor));
        }
    }

    /// The link below the list.
    #[must_use]
    pub fn link(self, href: String, press: Callback<()>) -> AnyView {
        view! { <ShowMore href busy=self.busy failed=self.failed press /> }.into_any()
    }
}

/// `all` with `one`, unless it is there.
fn with<T: Listed>(mut all: Vec<T>, one: T) -> Vec<T> {
    if !all.iter().any(|known| known.is(&one)) {
        all.push(one);
    }
    all
}

fn below<T: Listed>(seen: &[T], first: &[T], newest_first: bool) -> Vec<T> {
    let end = first.last().map_or(i64::MIN, T::place);
    let stays = |row: &&T| !first.iter().any(|f| f.is(row)) && (!newest_first || row.place() <= end);
    seen.iter().filter(stays).cloned().collect()
}

/// The link below a list.
#[component]
fn ShowMore(
    /// The next page, for those without JavaScript.
    href: String,
    /// It is being fetched.
    busy: RwSignal<bool>,
    /// It could not be fetched.
    failed: RwSignal<bool>,
    /// Fetches it.
    press: Callback<()>,
) -> impl IntoView {
    view! {
        <Show when=move || failed.get()>
            <ErrorNote text="We couldn't load more. Try again." />
        </Show>
        <a
            class="btn btn-wide"
            href=href
            aria-busy=move || busy.get().then_some("true")
            on:click=move |e| {
                e.prevent_default();
                press.run(());
            }
        >
            <span class="btn-text">"Show more"</span>
        </a>
    }
}

#[cfg(test)]
mod tests {
    use super::{Listed, below, with};

    impl Listed for i64 {
        fn is(&self, other: &Self) -> bool {
            self == other
        }
        fn place(&self) -> i64 {
            *self
        }
    }

    #[test]
    fn what_a_new_row_pushed_off_the_first_page_is_still_there() {
        let seen = [40, 30, 20, 10];
        assert_eq!(below(&seen, &[50, 40], true), [30, 20, 10]);
        assert_eq!(below(&seen, &[50, 30], true), [20, 10], "40 has left the list");
        assert_eq!(below(&seen, &[10, 40], false), [30, 20], "the best match first has no such order");
        assert_eq!([3, 2, 2, 1, 3].into_iter().fold(Vec::new(), with), [3, 2, 1]);
    }
}
