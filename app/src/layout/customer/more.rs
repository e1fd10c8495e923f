//! Lists that go on below: a link to the next page that, once the page is alive, adds it here.

use crate::error::ApiResult;
use crate::ui::ErrorNote;
use coco::page::Page;
use leptos::prelude::*;

/// What was added below the first page.
pub struct More<T: Send + Sync + 'static> {
    /// The rows.
    pub rows: RwSignal<Vec<T>>,
    /// Where to go on: `None` until something was added, then as the page says.
    next: RwSignal<Option<Option<String>>>,
    busy: RwSignal<bool>,
    failed: RwSignal<bool>,
}

impl<T: Send + Sync + 'static> Clone for More<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for More<T> {}

impl<T: Clone + Send + Sync + 'static> More<T> {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self { rows: RwSignal::new(Vec::new()), next: RwSignal::new(None), busy: RwSignal::new(false), failed: RwSignal::new(false) }
    }

    /// Begins anew, for another list.
    pub fn clear(self) {
        self.rows.set(Vec::new());
        self.next.set(None);
    }

    /// Where to go on, after a first page that ended at `first`.
    #[must_use]
    pub fn cursor(self, first: Option<String>) -> Option<String> {
        self.next.get().unwrap_or(first)
    }

    /// Adds what `load` brings.
    pub async fn add(self, load: impl Future<Output = ApiResult<Page<T>>>) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let page = load.await;
        self.busy.try_set(false);
        self.failed.try_set(page.is_err());
        if let Ok(page) = page {
            self.rows.try_update(|rows| rows.extend(page.items));
            self.next.try_set(Some(page.next_cursor));
        }
    }

    /// The link below the list.
    #[must_use]
    pub fn link(self, href: String, press: Callback<()>) -> AnyView {
        view! { <ShowMore href busy=self.busy failed=self.failed press /> }.into_any()
    }
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
