//! What every page of a customer knows: their vendors, their newest tickets, and when either changed.

use crate::conversations::api::mark_read;
use crate::error::ApiResult;
use crate::journey::api::newest_event;
use crate::live::{Connection, Frame, use_live};
use crate::load::Load;
use crate::shell::{CurrentViewer, use_viewer};
use crate::tickets::api::list_tickets;
use crate::vendors::api::vendor_choices;
use coco::actor::ActorKind;
use coco::conversations::Message;
use coco::event::Event;
use coco::id::TicketId;
use coco::page::PageRequest;
use coco::tickets::{Filter, InboxView, TicketRow};
use coco::vendors::VendorChoice;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

/// Tickets in reach of every page.
const NEWEST: u32 = 50;
/// Events that come together cause one reload.
const PAUSE: Duration = Duration::from_millis(400);

/// The newest tickets, and the event they were read after.
type Newest = (i64, Vec<TicketRow>);

/// What every page of a customer knows.
#[derive(Clone, Copy)]
pub struct Mine {
    /// All vendors, the chosen one first.
    pub vendors: Load<ApiResult<Vec<VendorChoice>>>,
    /// The newest tickets at all of them.
    pub tickets: Load<ApiResult<Newest>>,
    /// The ticket that is being read, which therefore has nothing unread.
    pub reading: RwSignal<Option<TicketId>>,
    /// Rises when something happened to the tickets.
    pub changed: RwSignal<u32>,
    vendors_changed: RwSignal<u32>,
}

/// What every page of a customer knows.
#[must_use]
pub fn use_mine() -> Mine {
    expect_context()
}

impl Mine {
    /// Loads it for the pages below, and anew whenever something happens on the customer's journey.
    pub(super) fn provide() -> Self {
        let (changed, vendors_changed) = (RwSignal::new(0), RwSignal::new(0));
        let mine = Self {
            vendors: Load::new(move || vendors_changed.get(), |_| vendor_choices()),
            tickets: Load::new(move || changed.get(), |_| newest()),
            reading: RwSignal::new(None),
            changed,
            vendors_changed,
        };
        provide_context(mine);
        mine.follow();
        mine
    }

    /// Something changed that no event tells, such as what was read.
    pub fn reload(self) {
        let _ = self.changed.try_update(|n| *n += 1);
    }

    /// The same for the vendors.
    pub fn reload_vendors(self) {
        let _ = self.vendors_changed.try_update(|n| *n += 1);
    }

    /// The chosen vendor, once it is known and there is one.
    #[must_use]
    pub fn vendor(self) -> Option<VendorChoice> {
        let vendors = self.vendors.get()?.ok()?;
        vendors.into_iter().find(|v| v.current).filter(|v| v.joined)
    }

    /// Tickets with something unread.
    #[must_use]
    pub fn unread(self) -> i64 {
        let reading = self.reading.get();
        let unread = |rows: &[TicketRow]| rows.iter().filter(|r| r.unread > 0 && Some(&r.ticket.id) != reading.as_ref()).count();
        self.tickets.get().and_then(Result::ok).map_or(0, |(_, rows)| unread(&rows)) as i64
    }

    /// Tells that a message has reached this device; the page of its ticket tells so itself.
    fn has_received(self, m: &Message, ticket: Option<&TicketId>) {
        let reading = self.reading.try_get_untracked().flatten();
        if m.sender_type == ActorKind::Customer || reading.as_ref() == ticket {
            return;
        }
        let (conversation, position) = (m.conversation_id.clone(), m.position);
        spawn_local(async move {
            // The next message tells it again.
            let _ = mark_read(conversation, position, 0).await;
        });
    }

    fn follow(self) {
        let (live, viewer) = (use_live(), use_context::<CurrentViewer>());
        let due = StoredValue::new((false, false));
        let soon = move |vendors: bool| {
            let (waiting, before) = due.get_value();
            due.set_value((true, vendors || before));
            if !waiting {
                set_timeout(
                    move || {
                        if let Some((_, vendors)) = due.try_get_value() {
                            due.set_value((false, false));
                            self.reload();
                            if vendors {
                                self.reload_vendors();
                            }
                        }
                    },
                    PAUSE,
                );
            }
        };
        let on = Callback::new(move |frame: Frame| match frame {
            Frame::Event(e) => {
                if let Event::Message(m) = &e.event {
                    self.has_received(m, e.ticket_id.as_ref());
                }
                if let (Event::AddressConfirmed {}, Some(viewer)) = (&e.event, viewer) {
                    viewer.reload();
                }
                soon(!matches!(e.event, Event::Message(_)));
            }
            Frame::Desk => self.reload_vendors(),
            Frame::Resync => soon(true),
            Frame::Presence { .. } | Frame::Typing { .. } | Frame::Receipt { .. } | Frame::QueueMoved | Frame::Subscribed(_) => {}
        });
        // Whether a desk is online is not told again after a cut.
        Effect::new(move |was_live: Option<bool>| {
            let is_live = live.connection.get() == Connection::Live;
            if is_live && was_live == Some(true) {
                self.reload_vendors();
            }
            is_live || was_live == Some(true)
        });
        Effect::new(move |_| {
            // Waits until both are known, then no more: following twice would tell everything twice.
            match (untrack(use_viewer), self.tickets.get_untracked()) {
                (Some(viewer), Some(Ok((seq, _)))) => live.follow(["customer:", viewer.id.as_str()].concat(), seq, on),
                _ => {
                    let _ = use_viewer();
                    self.tickets.track();
                }
            }
        });
    }
}

/// First where the journey stands, so that nothing is missed between the two.
async fn newest() -> ApiResult<Newest> {
    let seq = newest_event().await?;
    let filter = Filter { view: InboxView::All, ..Filter::default() };
    let page = list_tickets(filter, PageRequest { limit: Some(NEWEST), cursor: None }).await?;
    Ok((seq, page.items))
}
