//! The customer's tickets, by state and by words.

use super::api::list_tickets;
use super::customer_card::{TicketCards, are_several};
use crate::layout::customer::{More, loaded, use_mine};
use crate::load::Load;
use crate::ui::{EmptyState, Field, Glyph, IconButton, LinkButton, PageTitle, Shape, Variant};
use coco::page::{Page, PageRequest};
use coco::tickets::{Filter, InboxView, TicketRow};
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};

/// The lists, with their words for customers.
const LISTS: [(InboxView, &str); 5] = [
    (InboxView::Open, "Open"),
    (InboxView::Waiting, "Waiting for you"),
    (InboxView::Resolved, "Resolved"),
    (InboxView::Closed, "Closed"),
    (InboxView::All, "All"),
];

/// Rows of a page.
const PAGE: u32 = 20;

/// What the address asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Asked {
    view: InboxView,
    q: String,
    cursor: Option<String>,
}

impl Asked {
    fn filter(&self) -> Filter {
        let q = (!self.q.is_empty()).then(|| self.q.clone());
        Filter { view: self.view, q, ..Filter::default() }
    }

    fn page(&self) -> PageRequest {
        PageRequest { limit: Some(PAGE), cursor: self.cursor.clone() }
    }

    fn href(&self) -> String {
        let mut href = ["/customer/tickets?status=", self.view.as_str()].concat();
        for (name, value) in [("&q=", &self.q), ("&cursor=", self.cursor.as_ref().unwrap_or(&String::new()))] {
            if !value.is_empty() {
                href.push_str(name);
                href.push_str(&leptos_router::location::Url::escape(value));
            }
        }
        href
    }
}

/// `/customer/tickets`
#[component]
pub fn TicketsPage() -> impl IntoView {
    let mine = use_mine();
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|query| Asked {
            view: InboxView::from_word(query.get_str("status").unwrap_or_default()),
            q: query.get("q").unwrap_or_default().trim().to_owned(),
            cursor: query.get("cursor").filter(|c| !c.is_empty()),
        })
    });
    let more = More::<TicketRow>::new();
    Effect::new(move |_| {
        asked.track();
        more.clear();
    });
    let list = Load::new(
        move || (asked.get(), mine.changed.get()),
        |(asked, _): (Asked, u32)| async move { list_tickets(asked.filter(), asked.page()).await },
    );
    let chips: Vec<_> = LISTS
        .into_iter()
        .map(|(view, words)| {
            let href = move || Asked { view, cursor: None, ..asked.get() }.href();
            let current = move || asked.with(|a| a.view == view).then_some("true");
            view! { <a class="chip" href=href aria-current=current>{words}</a> }
        })
        .collect();
    view! {
        <div class="page">
            <PageTitle text="Your tickets">
                <LinkButton href="/customer/tickets/new" variant=Variant::Primary glyph=Glyph::PLUS>"New ticket"</LinkButton>
            </PageTitle>
            <Search asked />
            <nav class="chips" aria-label="Which tickets">{chips}</nav>
            {loaded(list, "your tickets", Shape::Cards, move |page| view! { <Rows page asked more /> }.into_any())}
        </div>
    }
}

/// Finds by words; a plain GET form, taken over once the page is alive.
#[component]
fn Search(asked: Memo<Asked>) -> impl IntoView {
    let words = RwSignal::new(asked.get_untracked().q);
    // Back, and a link to another list, say what is looked for now.
    Effect::new(move |before: Option<String>| {
        let now = asked.with(|a| a.q.clone());
        if before.is_some_and(|before| before != now) {
            words.set(now.clone());
        }
        now
    });
    let navigate = use_navigate();
    let submit = move |e: leptos::ev::SubmitEvent| {
        e.prevent_default();
        let q = words.get_untracked().trim().to_owned();
        navigate(&Asked { q, cursor: None, ..asked.get_untracked() }.href(), leptos_router::NavigateOptions::default());
    };
    view! {
        <form class="search" role="search" action="/customer/tickets" method="get" on:submit=submit>
            <input type="hidden" name="status" value=move || asked.with(|a| a.view.as_str()) />
            <Field label="Search your tickets" name="q" kind="search" hide_label=true placeholder="Search" value=words />
            <IconButton glyph=Glyph::SEARCH label="Search" submit=true variant=Variant::Secondary />
        </form>
    }
}

#[component]
fn Rows(page: Page<TicketRow>, asked: Memo<Asked>, more: More<TicketRow>) -> impl IntoView {
    let Page { items, next_cursor } = page;
    if items.is_empty() {
        return nothing(&asked.get_untracked()).into_any();
    }
    let several = are_several(&items);
    let (first, shown) = (StoredValue::new(items.clone()), items);
    let goes_on = next_cursor.is_some();
    let added = move || {
        let newest_first = asked.with(|a| a.q.is_empty());
        let rows = if goes_on { first.with_value(|first| more.below(first, newest_first)) } else { Vec::new() };
        (!rows.is_empty()).then(|| view! { <TicketCards rows several /> })
    };
    let link = move || {
        more.cursor(next_cursor.clone()).map(|cursor| {
            let next = Asked { cursor: Some(cursor), ..asked.get_untracked() };
            let href = next.href();
            let press = Callback::new(move |()| {
                let (filter, page) = (next.filter(), next.page());
                leptos::task::spawn_local(more.add(first.get_value(), list_tickets(filter, page)));
            });
            more.link(href, press)
        })
    };
    view! {
        <TicketCards rows=shown several />
        {added}
        {link}
    }
    .into_any()
}

/// One sentence and one action, by what was asked for.
fn nothing(asked: &Asked) -> AnyView {
    if !asked.q.is_empty() {
        let text = ["Nothing here has “", &asked.q, "” in it."].concat();
        // What is not in this list may be in another.
        let (q, words) =
            if asked.view == InboxView::All { (String::new(), "See all tickets") } else { (asked.q.clone(), "Search all tickets") };
        let all = Asked { view: InboxView::All, q, cursor: None }.href();
        return view! {
            <EmptyState glyph=Glyph::SEARCH text=text>
                <LinkButton href=all>{words}</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    let text = match asked.view {
        InboxView::Waiting => "Nothing is waiting for you.",
        InboxView::Resolved => "Nothing was resolved lately.",
        InboxView::Closed => "Nothing is closed.",
        InboxView::All => "You have not asked for anything yet.",
        _ => "Nothing is open.",
    };
    view! {
        <EmptyState glyph=Glyph::TICKET text=text>
            <LinkButton href="/customer/tickets/new">"Ask for help"</LinkButton>
        </EmptyState>
    }
    .into_any()
}
