//! One ticket of the customer: where it stands, the conversation, and how it went.

use super::api::load_ticket;
use super::customer_card::what_next;
use super::reload::reload_ticket;
use crate::conversations::{Composer, Side, ThreadStore, ThreadView};
use crate::feedback::customer_rating::RatingCard;
use crate::layout::customer::{loaded, use_mine};
use crate::layout::desk::once_in;
use crate::live::{Frame, use_live};
use crate::load::Load;
use crate::routing::InLine;
use crate::shell::use_viewer;
use crate::ui::{Glyph, Icon, Shape, StatusBadge, title_text, use_toaster};
use coco::event::Event;
use coco::feedback::Rating;
use coco::routing::Place;
use coco::tickets::{Ticket, TicketView};
use coco::vendors::Vendor;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use std::time::Duration;

/// Between two looks at where in the queue a ticket is.
const QUEUE_PAUSE: Duration = Duration::from_secs(2);

/// `/customer/tickets/:number`
#[component]
pub fn TicketPage() -> impl IntoView {
    let params = use_params_map();
    let number = Memo::new(move |_| params.with(|p| p.get("number")).unwrap_or_default());
    // Each ticket has elements of its own: what is typed for one must not stay in the fields of the next.
    view! {
        <div class="ticket-page">
            <For each=move || [number.get()] key=Clone::clone children=by_number />
        </div>
    }
}

fn by_number(number: String) -> AnyView {
    let ticket = Load::new(|| (), move |()| load_ticket(number.clone()));
    loaded(ticket, "this ticket", Shape::Thread, move |view| view! { <OneTicket view /> }.into_any())
}

#[component]
fn OneTicket(view: TicketView) -> impl IntoView {
    let mine = use_mine();
    let Some(viewer) = use_viewer() else { return ().into_any() };
    let TicketView { ticket, vendor, thread, rating, place, seq, .. } = view;
    let store = ThreadStore::new(Side::Customer, viewer, thread);
    let (id, number) = (ticket.id.clone(), ticket.number.clone());
    let ticket = RwSignal::new(ticket);
    let rating = RwSignal::new(rating);
    let place = RwSignal::new(place);
    let (shown, waiting) = (number.clone(), number.clone());
    follow(store, seq, ticket, rating);
    Effect::new(move |_| mine.reading.set(Some(id.clone())));
    on_cleanup(move || {
        let _ = mine.reading.try_set(None);
        mine.reload();
    });
    let subject = move || ticket.with(|t| t.subject.clone());
    let next = move || ticket.with(|t| what_next(t.status, t.assignee_name.as_deref()));
    let waits = Memo::new(move |_| ticket.with(|t| t.status.is_open() && t.assignee_name.is_none()));
    let moved = follow_queue(&vendor, seq, waits);
    let can_rate = Memo::new(move |_| ticket.with(|t| !t.status.is_open()));
    view! {
        <Title text=title_text(subject) />
        <header class="ticket-head">
            <a class="btn btn-icon" data-variant="ghost" href="/customer/tickets" aria-label="All tickets" title="All tickets">
                <Icon glyph=Glyph::CHEVRON_LEFT />
            </a>
            <div class="ticket-head-words">
                <h1 tabindex="-1">{subject}</h1>
                <p>
                    <span class="ticket-number">{number}</span>
                    " · "
                    {vendor.name}
                </p>
            </div>
        </header>
        <div class="ticket-strip" aria-live="polite">
            {move || view! { <StatusBadge status=ticket.with(|t| t.status) for_customer=true /> }}
            <p>{next} " " <InLine number=waiting place waits moved words=Place::words /></p>
        </div>
        <ThreadView store>
            <Show when=move || can_rate.get()>
                <RatingCard number=shown.clone() rating />
            </Show>
        </ThreadView>
        <Composer store />
    }
    .into_any()
}

/// Rises when the queue of the vendor moves, while the ticket waits in it.
fn follow_queue(vendor: &Vendor, seq: i64, waits: Memo<bool>) -> RwSignal<u32> {
    let (moved, soon) = (RwSignal::new(0_u32), StoredValue::new(false));
    let topic = ["queue:", vendor.id.as_str()].concat();
    let look = move || {
        once_in(soon, QUEUE_PAUSE, move || {
            let _ = moved.try_update(|n| *n += 1);
        });
    };
    Effect::new(move |_| {
        if waits.get() {
            let on = Callback::new(move |frame: Frame| {
                if matches!(frame, Frame::QueueMoved | Frame::Resync) {
                    look();
                }
            });
            use_live().follow(topic.clone(), seq, on);
            // It may have moved before.
            look();
        }
    });
    moved
}

/// Keeps what stands around the thread as it is on the desk.
fn follow(store: ThreadStore, seq: i64, ticket: RwSignal<Ticket>, rating: RwSignal<Option<Rating>>) {
    let toaster = use_toaster();
    // What the page began with contains earlier events, which may be told again.
    let on = Callback::new(move |frame: Frame| match frame {
        Frame::Event(e) if e.seq > seq && e.ticket_id.as_ref() == Some(&store.ticket.get_value()) => match e.event {
            Event::StatusChange { status, .. } => ticket.update(|t| t.status = status),
            Event::AgentAssigned { agent_name, .. } => ticket.update(|t| t.assignee_name = agent_name),
            Event::SubjectChange { subject, .. } => ticket.update(|t| t.subject = subject),
            Event::Rated { score, comment } => rating.set(Some(Rating { score, comment, created_at: e.timestamp })),
            _ => {}
        },
        Frame::Resync => {
            let number = ticket.with_untracked(|t| t.number.clone());
            spawn_local(async move {
                if let Some(view) = reload_ticket(number, toaster, move || ticket.is_disposed()).await {
                    ticket.set(view.ticket);
                    rating.set(view.rating);
                    store.replace(view.thread);
                }
            });
        }
        _ => {}
    });
    store.follow(use_live(), seq, on);
}
