//! The state of a thread on a page: what is stored, what is on its way, who types, who has read.

use super::api::{mark_read, send_message};
use crate::auth::api::Viewer;
use crate::live::{Frame, Live};
use coco::conversations::{Attachment, Message, NewMessage, Receipt, Thread, Visibility};
use coco::event::Event;
use coco::id::{ConversationId, TicketId, UserId};
use coco::journey::EventRecord;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};

/// Whose page the thread is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The customer's.
    Customer,
    /// The desk.
    Desk,
}

/// A message on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsent {
    /// Made here; the same one twice is stored once.
    pub client_id: String,
    /// Text.
    pub content: String,
    /// An internal note.
    pub note: bool,
    /// Files, already uploaded.
    pub attachments: Vec<Attachment>,
    /// Why it could not be sent; `None` while it is on its way.
    pub failed: Option<String>,
}

/// What to do when a message is stored.
pub type After = Box<dyn FnOnce() + Send + Sync>;

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
    pub typing: RwSignal<Vec<(UserId, String)>>,
    /// Cursor of earlier messages.
    pub earlier: RwSignal<Option<String>>,
}

impl ThreadStore {
    /// From what the server rendered.
    #[must_use]
    pub fn new(side: Side, me: Viewer, thread: Thread) -> Self {
        Self {
            side,
            ticket: StoredValue::new(thread.conversation.ticket_id),
            conversation: StoredValue::new(thread.conversation.id),
            me: StoredValue::new(me),
            messages: RwSignal::new(thread.messages),
            events: RwSignal::new(thread.events),
            unsent: RwSignal::new(Vec::new()),
            receipts: RwSignal::new(thread.receipts),
            typing: RwSignal::new(Vec::new()),
            earlier: RwSignal::new(thread.earlier),
        }
    }

    /// Follows the ticket from `seq` on. `also` hears every frame after the thread has taken it.
    pub fn follow(self, live: Live, seq: i64, also: Callback<Frame>) {
        Effect::new(move |_| {
            self.restore_unsent();
            let on = Callback::new(move |frame: Frame| {
                self.take(&frame);
                also.run(frame);
            });
            live.follow(["ticket:", self.ticket.get_value().as_str()].concat(), seq, on);
        });
    }

    /// Takes newly loaded data, after a gap.
    pub fn replace(self, thread: Thread) {
        self.messages.set(thread.messages);
        self.events.set(thread.events);
        self.receipts.set(thread.receipts);
        self.earlier.set(thread.earlier);
        let stored = self.messages.get_untracked();
        self.unsent.update(|u| u.retain(|m| !stored.iter().any(|s| s.client_id.as_ref() == Some(&m.client_id))));
        self.keep_unsent();
    }

    fn take(self, frame: &Frame) {
        match frame {
            Frame::Event(e) if e.ticket_id.as_ref() == Some(&self.ticket.get_value()) => self.take_event(e),
            Frame::Typing { ticket_id, user_id, name, on } if *ticket_id == self.ticket.get_value() => {
                let me = self.me.with_value(|me| me.id == *user_id);
                self.typing.update(|t| {
                    t.retain(|(id, _)| id != user_id);
                    if *on && !me {
                        t.push((user_id.clone(), name.clone()));
                    }
                });
            }
            Frame::Receipt { conversation_id, receipt } if *conversation_id == self.conversation.get_value() => {
                self.receipts.update(|r| {
                    r.retain(|old| old.user_id != receipt.user_id);
                    r.push(receipt.clone());
                });
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
        self.typing.update(|t| t.retain(|(id, _)| *id != m.sender_id));
        if let Some(id) = &m.client_id {
            self.unsent.update(|u| u.retain(|w| w.client_id != *id));
            self.keep_unsent();
        }
        self.messages.update(|messages| match messages.binary_search_by_key(&m.position, |old| old.position) {
            Ok(_) => {}
            Err(at) => messages.insert(at, m.clone()),
        });
    }

    /// Shows the message at once and sends it; `after` runs when it is stored.
    pub fn send(self, content: String, note: bool, attachments: Vec<Attachment>, after: Callback<()>) {
        self.send_then(
            content,
            note,
            attachments,
            Box::new(move || {
                after.try_run(());
            }),
        );
    }

    /// The same; `after` runs also when the page shows something else by then.
    pub fn send_then(self, content: String, note: bool, attachments: Vec<Attachment>, after: After) {
        let unsent = Unsent { client_id: new_client_id(), content, note, attachments, failed: None };
        self.unsent.update(|u| u.push(unsent.clone()));
        self.keep_unsent();
        self.deliver(unsent, after);
    }

    /// Tries a failed message again.
    pub fn retry(self, client_id: &str) {
        let found = self.unsent.with_untracked(|u| u.iter().find(|m| m.client_id == client_id).cloned());
        if let Some(unsent) = found {
            self.mark(client_id, None);
            self.deliver(unsent, Box::new(|| {}));
        }
    }

    /// Gives up on a failed message.
    pub fn discard(self, client_id: &str) {
        self.unsent.update(|u| u.retain(|m| m.client_id != client_id));
        self.keep_unsent();
    }

    fn deliver(self, unsent: Unsent, after: After) {
        let message = NewMessage {
            conversation_id: self.conversation.get_value(),
            content: unsent.content,
            visibility: if unsent.note { Visibility::Staff } else { Visibility::Customer },
            attachments: unsent.attachments.iter().map(|a| a.id.clone()).collect(),
            client_id: Some(unsent.client_id.clone()),
        };
        spawn_local(async move {
            match send_message(message).await {
                Ok(stored) => {
                    if !self.unsent.is_disposed() {
                        self.take_message(&stored);
                    }
                    after();
                }
                Err(_) if self.unsent.is_disposed() => {}
                Err(e) => self.mark(&unsent.client_id, Some(e.to_string())),
            }
        });
    }

    fn mark(self, client_id: &str, failed: Option<String>) {
        self.unsent.update(|u| {
            if let Some(m) = u.iter_mut().find(|m| m.client_id == client_id) {
                m.failed = failed;
            }
        });
        self.keep_unsent();
    }

    /// Tells that everything shown was read.
    pub fn tell_read(self) {
        let last = self.messages.with_untracked(|m| m.last().map(|m| m.position)).unwrap_or_default();
        let me = self.me.with_value(|me| me.id.clone());
        let known = self.receipts.with_untracked(|r| r.iter().find(|r| r.user_id == me).map_or(0, |r| r.read_position));
        if last > known {
            let conversation = self.conversation.get_value();
            spawn_local(async move {
                if let Ok(receipt) = mark_read(conversation, last, last).await {
                    self.receipts.update(|r| {
                        r.retain(|old| old.user_id != receipt.user_id);
                        r.push(receipt);
                    });
                }
            });
        }
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

    fn key(self) -> String {
        ["coco-unsent-", self.ticket.get_value().as_str()].concat()
    }

    fn keep_unsent(self) {
        let unsent = self.unsent.get_untracked();
        let Some(storage) = crate::live::storage() else { return };
        if unsent.is_empty() {
            let _ = storage.remove_item(&self.key());
        } else if let Ok(text) = serde_json::to_string(&unsent) {
            let _ = storage.set_item(&self.key(), &text);
        }
    }

    /// Brings back what a reload interrupted, and sends it again: its client id makes that harmless.
    fn restore_unsent(self) {
        let kept = crate::live::storage().and_then(|s| s.get_item(&self.key()).ok().flatten());
        let Some(mut unsent) = kept.and_then(|text| serde_json::from_str::<Vec<Unsent>>(&text).ok()) else { return };
        let stored = self.messages.get_untracked();
        unsent.retain(|m| !stored.iter().any(|s| s.client_id.as_ref() == Some(&m.client_id)));
        self.unsent.set(unsent.clone());
        self.keep_unsent();
        for message in unsent {
            self.retry(&message.client_id);
        }
    }
}

/// 24 random characters.
pub fn new_client_id() -> String {
    (0..3).map(|_| format!("{:08x}", (js_sys::Math::random() * 4_294_967_296.0) as u32)).collect()
}
