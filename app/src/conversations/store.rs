//! The state of one thread: what is stored, what is on its way, who types, who has read.

use super::api::mark_read;
use super::outbox::{Outbox, Then, Unsent, new_client_id};
use crate::auth::api::Viewer;
use crate::error::ApiResult;
use crate::live::{Frame, Live};
use crate::ui::{Toaster, use_toaster};
use coco::actor::ActorKind;
use coco::conversations::{Attachment, Message, Receipt, Thread, Visibility};
use coco::event::Event;
use coco::id::{ConversationId, TicketId, UserId};
use coco::journey::EventRecord;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;
use std::time::Duration;

/// Who has not typed for so long types no more, whether or not that was told.
const TYPING_ENDS: Duration = Duration::from_secs(5);

/// Whose page the thread is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The customer's.
    Customer,
    /// The desk.
    Desk,
}

/// Does what was asked for when a message is stored; the page may show something else by then.
pub type After = Arc<dyn Fn(Then) + Send + Sync>;

/// Does what follows from having read, also when the page shows something else by then.
pub type WhenRead = Arc<dyn Fn() + Send + Sync>;

/// Someone who types.
#[derive(Debug, Clone, PartialEq)]
pub struct Typist {
    id: UserId,
    /// Their name.
    pub name: String,
    /// When they last did, in milliseconds.
    at: f64,
}

/// The state of one thread.
#[derive(Clone, Copy)]
pub struct ThreadStore {
    /// Whose page.
    pub side: Side,
    /// The ticket.
    pub ticket: StoredValue<TicketId>,
    /// Where messages go.
    pub conversation: StoredValue<ConversationId>,
    /// Who looks.
    pub me: StoredValue<Viewer>,
    /// Stored messages by position.
    pub messages: RwSignal<Vec<Message>>,
    /// What happened between them.
    pub events: RwSignal<Vec<EventRecord>>,
    /// Messages on their way or failed.
    pub unsent: RwSignal<Vec<Unsent>>,
    /// How far everyone has got.
    pub receipts: RwSignal<Vec<Receipt>>,
    /// Who types.
    pub typing: RwSignal<Vec<Typist>>,
    /// Cursor of earlier messages.
    pub earlier: RwSignal<Option<String>>,
    /// The newest public message of this side, which carries the receipt.
    pub last_ours: Memo<Option<i64>>,
    /// Whom notes may call by name.
    pub names: Signal<Vec<String>>,
    outbox: StoredValue<Outbox>,
    after: StoredValue<Option<After>>,
    when_read: StoredValue<Option<WhenRead>>,
    toaster: Toaster,
}

impl ThreadStore {
    /// From what the server rendered.
    #[must_use]
    pub fn new(side: Side, me: Viewer, thread: Thread) -> Self {
        let Thread { conversation, messages, events, receipts, earlier } = thread;
        let key = ["coco-unsent-", me.id.as_str(), "-", conversation.ticket_id.as_str()].concat();
        let outbox = Outbox::new(conversation.id.clone(), key);
        let messages = RwSignal::new(messages);
        let is_last = move |m: &&Message| side.wrote(m) && m.visibility == Visibility::Customer;
        Self {
            side,
            ticket: StoredValue::new(conversation.ticket_id),
            conversation: StoredValue::new(conversation.id),
            me: StoredValue::new(me),
            messages,
            events: RwSignal::new(events),
            unsent: RwSignal::from(outbox.unsent.clone()),
            receipts: RwSignal::new(receipts),
            typing: RwSignal::new(Vec::new()),
            earlier: RwSignal::new(earlier),
            last_ours: Memo::new(move |_| messages.with(|all| all.iter().rev().find(is_last).map(|m| m.position))),
            names: Signal::stored(Vec::new()),
            outbox: StoredValue::new(outbox),
            after: StoredValue::new(None),
            when_read: StoredValue::new(None),
            toaster: use_toaster(),
        }
    }

    /// Does what was asked for when a message is stored.
    pub fn when_stored(self, after: After) {
        self.after.set_value(Some(after));
    }

    /// Lets notes call these people by name.
    #[must_use]
    pub fn naming(self, names: Signal<Vec<String>>) -> Self {
        Self { names, ..self }
    }

    /// Does this when it is stored how far one has read.
    pub fn when_read(self, done: WhenRead) {
        self.when_read.set_value(Some(done));
    }

    /// Follows the ticket from `seq` on. `also` hears every frame after the thread has taken it.
    pub fn follow(self, live: Live, seq: i64, also: Callback<Frame>) {
        Effect::new(move |_| {
            let to_do = self.messages.with_untracked(|stored| self.outbox.with_value(|o| o.restore(stored)));
            if let Some(after) = self.after.get_value() {
                to_do.into_iter().for_each(|then| after(then));
            }
            self.go();
            let on = Callback::new(move |frame: Frame| {
                self.take(&frame);
                also.run(frame);
            });
            live.follow(["ticket:", self.ticket.get_value().as_str()].concat(), seq, on);
        });
        // What could not be sent goes by itself when the connection is back.
        Effect::new(move |before: Option<bool>| {
            let connected = live.connection.get().is_connected();
            if connected && before == Some(false) {
                self.outbox.with_value(|o| o.again(|m| m.lost || m.signed_out));
                self.go();
            }
            connected
        });
    }

    /// Takes newly loaded data, after a gap. What was told while they were on their way is newer.
    pub fn replace(self, thread: Thread) {
        let Thread { messages, events, receipts, earlier, .. } = thread;
        self.messages.update(|known| {
            let end = messages.last().map_or(0, |m| m.position);
            known.retain(|m| m.position > end);
            known.splice(0..0, messages);
        });
        self.events.update(|known| {
            let end = events.iter().map(|e| e.seq).max().unwrap_or_default();
            known.retain(|e| e.seq > end);
            known.splice(0..0, events);
        });
        for receipt in receipts {
            self.take_receipt(receipt);
        }
        self.earlier.set(earlier);
        let arrived: Vec<String> = self.messages.with_untracked(|all| all.iter().filter_map(|m| m.client_id.clone()).collect());
        let held = self.unsent.with_untracked(|u| u.iter().map(|m| m.client_id.clone()).collect::<Vec<_>>());
        for id in held.iter().filter(|id| arrived.contains(id)) {
            self.discard(id);
        }
    }

    fn take(self, frame: &Frame) {
        match frame {
            Frame::Event(e) if e.ticket_id.as_ref() == Some(&self.ticket.get_value()) => self.take_event(e),
            Frame::Typing { ticket_id, user_id, name, on } if *ticket_id == self.ticket.get_value() => {
                self.take_typing(user_id, name, *on);
            }
            Frame::Receipt { conversation_id, receipt } if *conversation_id == self.conversation.get_value() => {
                self.take_receipt(receipt.clone());
            }
            _ => {}
        }
    }

    fn take_event(self, e: &EventRecord) {
        match &e.event {
            Event::Message(m) | Event::Note(m) => self.take_message(m),
            _ => self.events.update(|events| {
                if !events.iter().any(|old| old.seq == e.seq) {
                    events.push(e.clone());
                }
            }),
        }
    }

    fn take_message(self, m: &Message) {
        self.typing.update(|t| t.retain(|one| one.id != m.sender_id));
        if let Some(id) = &m.client_id {
            self.outbox.with_value(|o| o.remove(id));
        }
        self.messages.update(|messages| match messages.binary_search_by_key(&m.position, |old| old.position) {
            Ok(_) => {}
            Err(at) => messages.insert(at, m.clone()),
        });
    }

    fn take_typing(self, who: &UserId, name: &str, on: bool) {
        let on = on && self.me.with_value(|me| me.id != *who);
        let at = js_sys::Date::now();
        self.typing.update(|t| {
            t.retain(|one| one.id != *who);
            if on {
                t.push(Typist { id: who.clone(), name: name.to_owned(), at });
            }
        });
        if on {
            let end = move || {
                self.typing.try_update(|t| t.retain(|one| one.at > at));
            };
            set_timeout(end, TYPING_ENDS);
        }
    }

    /// Nobody goes back behind what they have read.
    fn take_receipt(self, new: Receipt) {
        self.receipts.update(|all| match all.iter_mut().find(|r| r.user_id == new.user_id) {
            Some(known) => {
                known.delivered_position = known.delivered_position.max(new.delivered_position);
                known.read_position = known.read_position.max(new.read_position);
            }
            None => all.push(new),
        });
    }

    /// Shows the message at once and sends it.
    pub fn send(self, content: String, note: bool, attachments: Vec<Attachment>, then: Then) {
        let message = Unsent { client_id: new_client_id(), content, note, attachments, then, failed: None, lost: false, signed_out: false };
        self.outbox.with_value(|o| o.add(message));
        self.go();
    }

    /// Tries a failed message again.
    pub fn retry(self, client_id: &str) {
        self.outbox.with_value(|o| o.again(|m| m.client_id == client_id));
        self.go();
    }

    /// Gives up on a failed message.
    pub fn discard(self, client_id: &str) {
        self.outbox.with_value(|o| o.remove(client_id));
    }

    fn go(self) {
        let after = self.after.get_value();
        self.outbox.with_value(|o| o.go(move |message, answer| self.sent(&message, answer, after.as_ref())));
    }

    fn sent(self, message: &Unsent, answer: ApiResult<Option<Message>>, after: Option<&After>) {
        let gone = self.messages.is_disposed();
        match answer {
            Ok(stored) => {
                if let Some(stored) = stored.filter(|_| !gone) {
                    self.take_message(&stored);
                }
                if let Some(after) = after {
                    after(message.then);
                }
            }
            Err(e) if gone => {
                let start = coco::text::snippet(&message.content, 60);
                self.toaster.error(["“", &start, "” was not sent and is kept on its ticket. ", &e.to_string()].concat());
            }
            Err(_) => {}
        }
    }

    /// Tells how far one has received and, when that was `seen`, read.
    pub fn tell(self, seen: bool) {
        let me = self.me.with_value(|me| me.id.clone());
        let last = self.messages.with_untracked(|m| m.last().map(|m| m.position)).unwrap_or_default();
        let known = self.receipts.with_untracked(|all| all.iter().find(|r| r.user_id == me).cloned());
        let (delivered, read) = known.as_ref().map_or((0, 0), |r| (r.delivered_position, r.read_position));
        let now = (last.max(delivered), if seen { last.max(read) } else { read });
        if now == (delivered, read) {
            return;
        }
        let is_staff = self.side == Side::Desk;
        self.take_receipt(Receipt { user_id: me.clone(), is_staff, delivered_position: now.0, read_position: now.1 });
        let conversation = self.conversation.get_value();
        let done = self.when_read.get_value();
        spawn_local(async move {
            if mark_read(conversation, now.0, now.1).await.is_err() {
                // Told again with the next message.
                self.receipts.try_update(|all| {
                    all.retain(|r| r.user_id != me);
                    all.extend(known);
                });
            } else if let Some(done) = done {
                done();
            }
        });
    }

    /// How far the other side has got: delivered and read.
    #[must_use]
    pub fn others(self) -> (i64, i64) {
        let for_staff = self.side == Side::Desk;
        self.receipts.with(|receipts| {
            let theirs = receipts.iter().filter(|r| r.is_staff != for_staff);
            theirs.fold((0, 0), |(d, r), one| (d.max(one.delivered_position), r.max(one.read_position)))
        })
    }
}

impl Side {
    /// Whether someone of this side wrote it.
    #[must_use]
    pub fn wrote(self, m: &Message) -> bool {
        (m.sender_type == ActorKind::Customer) == (self == Self::Customer)
    }
}
