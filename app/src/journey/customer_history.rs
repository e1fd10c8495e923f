//! The customer's whole history: every request, message and change, newest first.

use super::api::{Told, my_journey};
use crate::layout::customer::{More, loaded, use_mine};
use crate::load::Load;
use crate::tickets::customer_card::first_name;
use crate::ui::{EmptyState, Glyph, Icon, LinkButton, Now, PageTitle, Shape, TimeAgo, use_now};
use coco::actor::ActorKind;
use coco::event::Event;
use coco::journey::describe;
use coco::page::{Page, PageRequest};
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
    let more = More::<Told>::new();
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
fn Timeline(page: Page<Told>, more: More<Told>) -> impl IntoView {
    let Page { items, next_cursor } = page;
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
fn days(events: Vec<Told>, now: Now) -> Vec<AnyView> {
    let mut days: Vec<(i64, String, Vec<AnyView>)> = Vec::new();
    for told in events {
        let (day, title) = now.day(told.event.timestamp);
        let Some(row) = row(told) else { continue };
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
fn row(told: Told) -> Option<AnyView> {
    let Told { event, about } = told;
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
    let words = match about {
        Some((number, subject)) => {
            let href = ["/customer/tickets/", &number].concat();
            view! {
                <a class="timeline-words" href=href>
                    <bdi>{words}</bdi>
                    <span class="timeline-about">
                        <span class="ticket-number">{number}</span>
                        " · "
                        <bdi>{subject}</bdi>
                    </span>
                </a>
            }
            .into_any()
        }
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
