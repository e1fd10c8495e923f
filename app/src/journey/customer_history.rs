//! The customer's whole history: every request, message and change, newest first.

use super::api::my_journey;
use crate::layout::customer::{More, loaded, use_mine};
use crate::load::Load;
use crate::tickets::customer_card::first_name;
use crate::ui::{EmptyState, Glyph, Icon, LinkButton, Now, PageTitle, Shape, TimeAgo, use_now};
use coco::actor::ActorKind;
use coco::event::Event;
use coco::journey::{EventRecord, JourneyPage, describe};
use coco::page::PageRequest;
use coco::tickets::Status;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// Events of a page.
const PAGE: u32 = 50;

/// `/customer/history`
#[component]
pub fn HistoryPage() -> impl IntoView {
    let mine = use_mine();
    let query = use_query_map();
    let cursor = Memo::new(move |_| query.with(|q| q.get("cursor")));
    let more = More::<EventRecord>::new();
    Effect::new(move |_| {
        cursor.track();
        more.clear();
    });
    let journey = Load::new(move || (cursor.get(), mine.changed.get()), |(cursor, _): (Option<String>, u32)| my_journey(asked(cursor)));
    view! {
        <div class="page narrow">
            <PageTitle text="Your history" />
            <p class="page-lead">"Everything that happened between you and those who help you."</p>
            {loaded(journey, "your history", Shape::Rows, move |page| view! { <Timeline page more /> }.into_any())}
        </div>
    }
}

fn asked(cursor: Option<String>) -> PageRequest {
    PageRequest { limit: Some(PAGE), cursor: cursor.filter(|c| !c.is_empty()) }
}

#[component]
fn Timeline(page: JourneyPage, more: More<EventRecord>) -> impl IntoView {
    let JourneyPage { items, next_cursor } = page;
    if items.is_empty() {
        return view! {
            <EmptyState glyph=Glyph::HISTORY text="Nothing has happened yet.">
                <LinkButton href="/customer/tickets/new">"Ask for help"</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    let now = use_now();
    let first = StoredValue::new(items);
    let days = move || {
        let mut all = first.get_value();
        all.extend(first.with_value(|first| more.below(first, true)));
        days(all, now)
    };
    let link = move || {
        more.cursor(next_cursor.clone()).map(|cursor| {
            let href = ["/customer/history?cursor=", &cursor].concat();
            let press = Callback::new(move |()| {
                leptos::task::spawn_local(more.add(first.get_value(), my_journey(asked(Some(cursor.clone())))));
            });
            more.link(href, press)
        })
    };
    view! {
        {days}
        {link}
    }
    .into_any()
}

/// The events by days, each day a list under its date.
fn days(events: Vec<EventRecord>, now: Now) -> Vec<AnyView> {
    let mut days: Vec<(i64, String, Vec<AnyView>)> = Vec::new();
    for event in events {
        let (day, title) = now.day(event.timestamp);
        let Some(row) = row(event) else { continue };
        match days.last_mut() {
            Some(last) if last.0 == day => last.2.push(row),
            _ => days.push((day, title, vec![row])),
        }
    }
    let group = |(_, title, rows): (i64, String, Vec<AnyView>)| {
        view! {
            <section class="day">
                <h2>{title}</h2>
                <ol class="timeline">{rows}</ol>
            </section>
        }
        .into_any()
    };
    days.into_iter().map(group).collect()
}

/// One event; `None` for those that are not told to customers.
fn row(event: EventRecord) -> Option<AnyView> {
    let words = describe(&event, false)?;
    let words = match (&event.event, event.actor.kind) {
        (Event::Message(_), ActorKind::Customer) => ["You wrote: ", &words].concat(),
        (Event::Message(_), _) => [first_name(&event.actor.name), " wrote: ", &words].concat(),
        _ => words,
    };
    let glyph = match event.event {
        Event::TicketCreated { .. } => Glyph::TICKET,
        Event::Message(_) => Glyph::CHAT,
        Event::StatusChange { status: Status::WaitingCustomer, .. } => Glyph::CLOCK,
        Event::StatusChange { status: Status::Reopened, .. } => Glyph::UNDO,
        Event::StatusChange { .. } => Glyph::CIRCLE_CHECK,
        Event::AgentAssigned { .. } => Glyph::USER,
        Event::Escalated { .. } => Glyph::ESCALATE,
        Event::Rated { .. } => Glyph::STAR,
        Event::VendorJoined { .. } => Glyph::STORE,
        _ => Glyph::INFO,
    };
    let words = match event.ticket_id {
        Some(ticket) => view! { <a class="timeline-words" href=["/customer/tickets/", ticket.as_str()].concat()>{words}</a> }.into_any(),
        None => view! { <span class="timeline-words">{words}</span> }.into_any(),
    };
    let row = view! {
        <li>
            <span class="timeline-icon">
                <Icon glyph=glyph />
            </span>
            {words}
            <TimeAgo at=event.timestamp />
        </li>
    };
    Some(row.into_any())
}
