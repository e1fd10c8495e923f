//! The customer's first page: what waits for them, what is going on, and the way to help.

use super::customer_card::{TicketCards, address, are_several, first_name};
use crate::error::ApiResult;
use crate::feedback::api::newest_unrated;
use crate::layout::customer::{Mine, loaded, use_mine};
use crate::load::Load;
use crate::shell::use_viewer;
use crate::ui::{Card, EmptyState, Glyph, Icon, LinkButton, PageTitle, Shape, Size, Stat, Variant};
use crate::vendors::customer_list::VendorList;
use coco::tickets::{Status, TicketRow};
use leptos::prelude::*;
use leptos_meta::Title;

/// Active tickets shown before "All your requests".
const ACTIVE: usize = 5;

/// `/customer/dashboard`
#[component]
pub fn HomePage() -> impl IntoView {
    let mine = use_mine();
    let unrated = Load::new(move || mine.changed.get(), |_| newest_unrated());
    let hello = Signal::derive(move || match use_viewer() {
        Some(viewer) => ["Hello, ", first_name(&viewer.name)].concat(),
        None => "Hello".to_owned(),
    });
    view! {
        <Title text="Home" />
        <div class="page home">
            <div class="home-main">
                <Transition>
                    <PageTitle text=hello heading_only=true />
                </Transition>
                {loaded(mine.tickets, "your tickets", Shape::Cards, move |(_, rows)| view! { <Tickets mine rows unrated /> }.into_any())}
            </div>
            <div class="home-side">
                <LinkButton href="/customer/help" variant=Variant::Primary size=Size::Large glyph=Glyph::CHAT class="btn-wide">
                    "Get help"
                </LinkButton>
                <section class="home-vendors" aria-labelledby="home-vendors">
                    <h2 id="home-vendors">"Who helps you"</h2>
                    <VendorList mine compact=true />
                </section>
                <a class="link" href="/customer/history">"Your whole history"</a>
            </div>
        </div>
    }
}

#[component]
fn Tickets(mine: Mine, rows: Vec<TicketRow>, unrated: Load<ApiResult<Option<TicketRow>>>) -> impl IntoView {
    let several = are_several(&rows);
    let count = |is: fn(Status) -> bool| rows.iter().filter(|r| is(r.ticket.status)).count().to_string();
    let (waiting, resolved) = (count(|s| s == Status::WaitingCustomer), count(|s| s == Status::Resolved));
    // Exact, where the list is only its newest part.
    let open = move || {
        let vendors = mine.vendors.get().and_then(Result::ok).unwrap_or_default();
        vendors.iter().map(|v| v.open_tickets).sum::<i64>().to_string()
    };
    let first = rows.iter().find(|r| r.ticket.status == Status::WaitingCustomer).cloned();
    let shown = first.as_ref().map(|r| r.ticket.id.clone());
    let active: Vec<_> = rows.into_iter().filter(|r| r.ticket.status.is_open() && Some(&r.ticket.id) != shown.as_ref()).collect();
    let more = active.len() > ACTIVE;
    let next = match first {
        Some(row) => view! { <WaitingForYou row /> }.into_any(),
        None => (move || unrated.get().and_then(Result::ok).flatten().map(|row| view! { <RateThis row /> })).into_any(),
    };
    let list = if active.is_empty() && shown.is_none() {
        view! { <EmptyState glyph=Glyph::CIRCLE_CHECK text="Nothing is open. When you need help, we are a message away." /> }.into_any()
    } else {
        let active: Vec<_> = active.into_iter().take(ACTIVE).collect();
        view! { <TicketCards rows=active several /> }.into_any()
    };
    view! {
        {next}
        <section class="home-active" aria-labelledby="home-active">
            <div class="home-head">
                <h2 id="home-active">"Your open tickets"</h2>
                <a class="link" href="/customer/tickets">{if more { "See all" } else { "All tickets" }}</a>
            </div>
            {list}
        </section>
        <div class="home-stats">
            <Stat value=Signal::derive(open) label="open" />
            <Stat value=waiting label="waiting for you" />
            <Stat value=resolved label="resolved lately" />
        </div>
    }
}

/// The one thing that needs the customer.
#[component]
fn WaitingForYou(row: TicketRow) -> impl IntoView {
    let ticket = row.ticket;
    let who = ticket.assignee_name.as_deref().map_or("We are", |name| first_name(name)).to_owned();
    let words = if ticket.assignee_name.is_some() {
        [&who, " is waiting for your answer"].concat()
    } else {
        [&who, " waiting for your answer"].concat()
    };
    view! {
        <Card class="home-next" href=address(&ticket)>
            <span class="home-next-words">
                <Icon glyph=Glyph::CHAT />
                <strong>{words}</strong>
            </span>
            <span class="home-next-subject"><span class="ticket-number">{ticket.number}</span> " " {ticket.subject}</span>
            <span class="ticket-card-line">{ticket.last_line}</span>
        </Card>
    }
}

/// The newest thing that was done, to be rated.
#[component]
fn RateThis(row: TicketRow) -> impl IntoView {
    view! {
        <Card class="home-next" href=[&address(&row.ticket), "#rating"].concat()>
            <span class="home-next-words">
                <Icon glyph=Glyph::STAR />
                <strong>"How did we do?"</strong>
            </span>
            <span class="home-next-subject"><span class="ticket-number">{row.ticket.number}</span> " " {row.ticket.subject}</span>
            <span class="ticket-card-line">"This is resolved. Tell us how it went; it takes a moment."</span>
        </Card>
    }
}
