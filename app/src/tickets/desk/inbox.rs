//! The inbox: the list, and beside it the ticket that is open.

use super::filters::Filters;
use super::list::InboxList;
use super::query::ListQuery;
use super::rows::{HeldBack, Rows};
use super::separator::Separator;
use super::walk::{arrows, keys};
use crate::layout::desk::{Arrival, use_desk};
use crate::load::Load;
use crate::ui::{EmptyState, Glyph, Shape, Skeleton, tally, title_text};
use coco::tickets::InboxView;
use leptos::html;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Outlet;
use leptos_router::hooks::{use_location, use_query_map};

/// The list pane and what is beside it.
#[component]
pub fn InboxPage() -> impl IntoView {
    let desk = use_desk();
    let (map, path) = (use_query_map(), use_location().pathname);
    let query = Memo::new(move |_| map.with(ListQuery::read));
    let open = Memo::new(move |_| path.with(|p| p.strip_prefix("/rep/inbox/").filter(|n| !n.is_empty()).map(str::to_owned)));
    let list = InboxList::new(desk, query, open);
    provide_context(list);
    let first = Load::new(|| (), move |()| list.ask());
    let arrival = Arrival::new();
    list.keep_fresh();
    keys(list);
    let root = NodeRef::<html::Div>::new();
    let title = move || query.with(|q| q.view.label().to_owned());
    view! {
        <Title text=title_text(title) />
        <div class="inbox" data-open=move || open.with(Option::is_some).then_some("") node_ref=root>
            <section class="inbox-list" aria-label="Tickets" id="inbox-list">
                <div class="inbox-head">
                    <Heading list />
                    <Filters list />
                </div>
                <HeldBack list />
                <div class="inbox-scroll" node_ref=list.scroller on:keydown=move |ev| arrows(list, &ev)>
                    {move || arrival.waits().then(|| view! { <Skeleton shape=Shape::Rows count=12 /> })}
                    {first.show(move |first| {
                        arrival.done();
                        list.begin(first);
                        view! { <Rows list /> }
                    })}
                </div>
            </section>
            <Separator root />
            <div class="inbox-ticket">
                <Outlet />
            </div>
        </div>
    }
}

/// The name of the list and how much is in it. Beside a ticket it is not the page's first heading.
#[component]
fn Heading(list: InboxList) -> impl IntoView {
    let counters = use_desk().counters;
    let count = move || {
        let view = list.query.with(|q| (q.filters() == 0 && q.q.is_none()).then_some(q.view));
        let n = counters.with(|c| match view? {
            InboxView::Open => Some(c.open),
            InboxView::Mine => Some(c.mine),
            InboxView::MyTeams => Some(c.my_teams),
            InboxView::Unassigned => Some(c.unassigned),
            InboxView::Pressing => Some(c.pressing),
            InboxView::Escalated => Some(c.escalated),
            InboxView::Waiting => Some(c.waiting),
            _ => None,
        })?;
        Some(view! { <span class="inbox-count">{tally(n)} <span class="vh">" tickets"</span></span> })
    };
    let words = move || list.query.with(|q| q.view.label());
    move || {
        if list.open.with(Option::is_some) {
            view! { <h2 class="inbox-title">{words} {count}</h2> }.into_any()
        } else {
            view! { <h1 class="inbox-title" tabindex="-1">{words} {count}</h1> }.into_any()
        }
    }
}

/// Beside the list while no ticket is open.
#[component]
pub fn NothingOpen() -> impl IntoView {
    view! {
        <div class="inbox-nothing">
            <EmptyState glyph=Glyph::INBOX text="Choose a ticket from the list, or press j to go down the list." />
        </div>
    }
}
