//! The state of the open ticket: what the server said, with one's own changes shown at once.

use super::change::{Known, take_event};
use super::list::InboxList;
use super::saving::{Conflict, Job};
use crate::conversations::{Side, Then, ThreadStore};
use crate::layout::desk::{Desk, once_in};
use crate::live::{Frame, use_live};
use crate::tickets::api::load_ticket;
use crate::tickets::reload::reload_ticket;
use crate::ui::{Toaster, use_toaster};
use coco::event::Event;
use coco::feedback::Rating;
use coco::journey::EventRecord;
use coco::people::CustomerCard;
use coco::routing::Place;
use coco::sla::Standing;
use coco::tickets::{Assignment, Ticket, TicketView};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

/// From an event to asking what else it changed.
const SETTLE: Duration = Duration::from_millis(400);

/// The state of the open ticket.
#[derive(Clone, Copy)]
pub struct TicketStore {
    /// The ticket as shown.
    pub ticket: RwSignal<Ticket>,
    /// Its tags as shown.
    pub tags: RwSignal<Vec<String>>,
    /// Who worked on it, newest first.
    pub assignments: RwSignal<Vec<Assignment>>,
    /// What happened, newest first.
    pub activity: RwSignal<Vec<EventRecord>>,
    /// How its promises stand.
    pub clocks: RwSignal<Vec<Standing>>,
    /// How the customer rated it.
    pub rating: RwSignal<Option<Rating>>,
    /// Where it stands in the queue, while it is there.
    pub place: RwSignal<Option<Place>>,
    /// Who the customer is.
    pub customer: StoredValue<Option<CustomerCard>>,
    /// How many tickets they have here.
    pub customer_tickets: StoredValue<i64>,
    /// Messages.
    pub thread: ThreadStore,
    /// A change that someone else's got in the way of.
    pub conflict: RwSignal<Option<Conflict>>,
    /// What the desk knows.
    pub desk: Desk,
    /// What the server last said.
    pub(super) known: StoredValue<Known>,
    /// Changes in order; the first is being saved.
    pub(super) queue: StoredValue<VecDeque<Job>>,
    /// Where results are told.
    pub(super) toaster: Toaster,
    stale: StoredValue<bool>,
    /// The last event that is contained; earlier ones may be told again.
    seq: StoredValue<i64>,
}

impl TicketStore {
    /// From what the server rendered.
    #[must_use]
    pub fn new(desk: Desk, view: TicketView) -> Self {
        let known = Known::of(&view);
        Self {
            ticket: RwSignal::new(view.ticket),
            tags: RwSignal::new(view.tags),
            assignments: RwSignal::new(view.assignments),
            activity: RwSignal::new(view.activity),
            clocks: RwSignal::new(view.clocks),
            rating: RwSignal::new(view.rating),
            place: RwSignal::new(view.place),
            customer: StoredValue::new(view.customer),
            customer_tickets: StoredValue::new(view.customer_tickets),
            thread: ThreadStore::new(Side::Desk, desk.viewer.get_value(), view.thread).naming(names(desk)),
            conflict: RwSignal::new(None),
            desk,
            known: StoredValue::new(known),
            queue: StoredValue::new(VecDeque::new()),
            stale: StoredValue::new(false),
            seq: StoredValue::new(view.seq),
            toaster: use_toaster(),
        }
    }

    /// Follows the ticket, and keeps its row in the list in step.
    pub fn follow(self, list: Option<InboxList>) {
        let number = self.number();
        self.thread.when_stored(Arc::new(move |then| match then {
            Then::Nothing => {}
            Then::KeepOpen => self.keep_open(),
            Then::Close => self.finish(number.clone()),
        }));
        let desk = self.desk;
        self.thread.when_read(Arc::new(move || {
            // One of them may have been here.
            if desk.counters.with_untracked(|c| c.mentions > 0) {
                desk.stir();
            }
        }));
        self.thread.follow(use_live(), self.seq.get_value(), Callback::new(move |frame| self.take_frame(&frame)));
        Effect::new(move |_| {
            if let Some(list) = list {
                self.ticket.with(|t| list.patch(t));
            }
        });
    }

    fn take_frame(self, frame: &Frame) {
        match frame {
            Frame::Event(e) if e.ticket_id == Some(self.known.with_value(|k| k.ticket.id.clone())) => self.take_event(e),
            Frame::Resync => self.catch_up(),
            _ => {}
        }
    }

    fn take_event(self, e: &EventRecord) {
        if e.seq <= self.seq.get_value() {
            return;
        }
        self.seq.set_value(e.seq);
        self.known.update_value(|known| take_event(known, &e.event));
        self.refresh();
        if matches!(e.event, Event::Message(_)) {
            return;
        }
        self.activity.update(|a| a.insert(0, e.clone()));
        if let Event::Rated { score, comment } = &e.event {
            self.rating.set(Some(Rating { score: *score, comment: comment.clone(), created_at: e.timestamp }));
        }
        // The version and the history of assignments are not in events.
        if !matches!(e.event, Event::Note(_)) {
            once_in(self.stale, SETTLE, move || self.reload());
        }
    }

    /// Asks the server how the ticket stands.
    fn reload(self) {
        let number = self.number();
        spawn_local(async move {
            if let Ok(view) = load_ticket(number).await
                && !self.ticket.is_disposed()
            {
                self.take(&view);
            }
        });
    }

    /// The same for the messages too, after a gap.
    fn catch_up(self) {
        let number = self.number();
        spawn_local(async move {
            if let Some(view) = reload_ticket(number, self.toaster, move || self.ticket.is_disposed()).await {
                self.take(&view);
                self.thread.replace(view.thread);
            }
        });
    }

    /// Takes over what the server says now.
    pub(super) fn take(self, view: &TicketView) {
        if view.ticket.version >= self.known.with_value(|k| k.ticket.version) {
            self.known.set_value(Known::of(view));
        }
        self.refresh();
        // Live events may have told more by now.
        if view.seq >= self.seq.get_value() {
            self.seq.set_value(view.seq);
            self.activity.set(view.activity.clone());
        }
        self.assignments.set(view.assignments.clone());
        self.rating.set(view.rating.clone());
        self.place.set(view.place);
        self.clocks.set(view.clocks.clone());
    }

    /// Shows what is known with what is on its way.
    pub(super) fn refresh(self) {
        let mut shown = self.known.get_value();
        self.queue.with_value(|queue| queue.iter().for_each(|job| job.apply(&mut shown)));
        if self.ticket.with_untracked(|t| *t != shown.ticket) {
            self.ticket.set(shown.ticket);
        }
        if self.tags.with_untracked(|t| *t != shown.tags) {
            self.tags.set(shown.tags);
        }
    }

    /// The ticket's number.
    #[must_use]
    pub fn number(self) -> String {
        self.known.with_value(|k| k.ticket.number.clone())
    }
}

/// What everyone who works here is called.
fn names(desk: Desk) -> Signal<Vec<String>> {
    Memo::new(move |_| desk.colleagues.with(|all| all.iter().map(|c| c.name.clone()).collect::<Vec<_>>())).into()
}
