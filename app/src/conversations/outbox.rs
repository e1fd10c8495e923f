//! Messages on their way. They go one after the other, are kept over reloads, and arrive also when the
//! page has gone on to something else: the box outlives the thread it belongs to.

use super::api::send_message;
use crate::error::{ApiError, ApiResult};
use crate::json;
use crate::live::storage;
use coco::conversations::{Attachment, Message, NewMessage, Visibility};
use coco::id::ConversationId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What to do with the ticket when a message is stored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Then {
    /// What the message does by itself.
    #[default]
    Nothing,
    /// Go on working on it.
    KeepOpen,
    /// Resolve and close it.
    Close,
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
    /// What to do when it is stored.
    #[serde(default)]
    pub then: Then,
    /// Why it could not be sent; `None` while it is on its way.
    pub failed: Option<String>,
    /// It failed for want of a connection, and goes by itself when there is one.
    #[serde(default)]
    pub lost: bool,
    /// It failed because the session has ended.
    #[serde(default)]
    pub signed_out: bool,
}

impl Unsent {
    fn message(&self, to: &ConversationId) -> NewMessage {
        NewMessage {
            conversation_id: to.clone(),
            content: self.content.clone(),
            visibility: if self.note { Visibility::Staff } else { Visibility::Customer },
            attachments: self.attachments.iter().map(|a| a.id.clone()).collect(),
            client_id: Some(self.client_id.clone()),
        }
    }
}

/// The messages of one conversation that are on their way.
#[derive(Clone)]
pub struct Outbox {
    /// The messages, in the order in which they were written.
    pub unsent: ArcRwSignal<Vec<Unsent>>,
    conversation: ConversationId,
    kept: Kept,
    busy: Arc<AtomicBool>,
}

impl Outbox {
    /// Of a conversation; the browser keeps it under `key`.
    #[must_use]
    pub fn new(conversation: ConversationId, key: String) -> Self {
        Self { unsent: ArcRwSignal::new(Vec::new()), conversation, kept: Kept(key), busy: Arc::default() }
    }

    /// Puts a message in.
    pub fn add(&self, message: Unsent) {
        self.kept.put(&message);
        self.unsent.update(|u| u.push(message));
    }

    /// Takes out what is stored, or given up.
    pub fn remove(&self, client_id: &str) {
        if self.holds(client_id) {
            self.unsent.update(|u| u.retain(|m| m.client_id != client_id));
        }
        self.kept.remove(client_id);
    }

    /// Brings back what a reload interrupted. Sending it again is harmless: its client id is the same. What was
    /// `stored` after all is not sent; what is still to be done then is the answer.
    pub fn restore(&self, stored: &[Message]) -> Vec<Then> {
        let mut to_do = Vec::new();
        for mut message in self.kept.all() {
            if stored.iter().any(|s| s.client_id.as_ref() == Some(&message.client_id)) {
                self.kept.remove(&message.client_id);
                to_do.push(message.then);
            } else if !self.holds(&message.client_id) {
                message.failed = None;
                self.unsent.update(|u| u.push(message));
            }
        }
        to_do
    }

    /// Lets those that failed go again.
    pub fn again(&self, which: impl Fn(&Unsent) -> bool) {
        let failed = |m: &Unsent| m.failed.is_some() && which(m);
        if self.unsent.with_untracked(|u| u.iter().any(failed)) {
            self.unsent.update(|u| u.iter_mut().filter(|m| failed(m)).for_each(|m| m.failed = None));
        }
    }

    /// Sends what waits; `told` hears of each what became of it. The message itself is absent when it was
    /// stored but its answer was lost.
    pub fn go(&self, told: impl Fn(Unsent, ApiResult<Option<Message>>) + 'static) {
        if self.busy.swap(true, Ordering::Relaxed) {
            return;
        }
        let this = self.clone();
        spawn_local(async move {
            while let Some(next) = this.next() {
                match send_message(next.message(&this.conversation)).await {
                    Ok(stored) => {
                        this.remove(&next.client_id);
                        told(next, Ok(Some(stored)));
                    }
                    Err(_) if !this.holds(&next.client_id) => told(next, Ok(None)),
                    Err(e) => {
                        this.fail(&next.client_id, &e);
                        told(next, Err(e));
                    }
                }
            }
            this.busy.store(false, Ordering::Relaxed);
        });
    }

    fn next(&self) -> Option<Unsent> {
        self.unsent.with_untracked(|u| u.iter().find(|m| m.failed.is_none()).cloned())
    }

    fn holds(&self, client_id: &str) -> bool {
        self.unsent.with_untracked(|u| u.iter().any(|m| m.client_id == client_id))
    }

    fn fail(&self, client_id: &str, why: &ApiError) {
        self.unsent.update(|u| {
            if let Some(m) = u.iter_mut().find(|m| m.client_id == client_id) {
                m.failed = Some(why.to_string());
                m.lost = why.is_passing();
                m.signed_out = matches!(why, ApiError::Refused(coco::Error::Unauthenticated));
                self.kept.put(m);
            }
        });
    }
}

/// What the browser keeps of it. Each change touches one message, so that two tabs don't forget each
/// other's.
#[derive(Clone)]
struct Kept(String);

impl Kept {
    fn all(&self) -> Vec<Unsent> {
        let text = storage().and_then(|s| s.get_item(&self.0).ok().flatten());
        text.and_then(|text| json::read(&text).ok()).unwrap_or_default()
    }

    fn put(&self, message: &Unsent) {
        let mut all = self.all();
        match all.iter_mut().find(|m| m.client_id == message.client_id) {
            Some(known) => known.clone_from(message),
            None => all.push(message.clone()),
        }
        self.write(&all);
    }

    fn remove(&self, client_id: &str) {
        let mut all = self.all();
        let before = all.len();
        all.retain(|m| m.client_id != client_id);
        if all.len() != before {
            self.write(&all);
        }
    }

    fn write(&self, all: &[Unsent]) {
        let Some(storage) = storage() else { return };
        if all.is_empty() {
            let _ = storage.remove_item(&self.0);
        } else if let Ok(text) = serde_json::to_string(all) {
            let _ = storage.set_item(&self.0, &text);
        }
    }
}

/// 24 random characters.
#[cfg(target_arch = "wasm32")]
pub fn new_client_id() -> String {
    (0..3).map(|_| format!("{:08x}", (js_sys::Math::random() * 4_294_967_296.0) as u32)).collect()
}

/// As many as identifiers have.
#[cfg(not(target_arch = "wasm32"))]
pub fn new_client_id() -> String {
    use coco::id::IdSource;
    coco::id::SystemIds.next().to_string()
}

#[cfg(test)]
mod tests {
    use super::{Outbox, Then, Unsent};
    use crate::error::ApiError;
    use crate::json;
    use leptos::prelude::*;

    fn unsent(client_id: &str, lost: bool) -> Unsent {
        let (content, failed) = ("Hello".to_owned(), Some("We can't reach the server.".to_owned()));
        let (attachments, then) = (Vec::new(), Then::Close);
        Unsent { client_id: client_id.into(), content, note: false, attachments, then, failed, lost, signed_out: false }
    }

    #[test]
    fn what_failed_for_want_of_a_connection_goes_again_and_what_was_refused_does_not() {
        let conversation = "0190aaaa-0000-7000-8000-000000000001".parse().unwrap();
        let outbox = Outbox::new(conversation, "kept".into());
        outbox.add(unsent("refused", false));
        outbox.add(unsent("lost", true));
        assert_eq!(outbox.next(), None, "nothing goes by itself");
        outbox.again(|m| m.lost);
        let next = outbox.next().unwrap();
        assert_eq!((next.client_id.as_str(), next.then), ("lost", Then::Close), "and still closes the ticket");
        outbox.remove("lost");
        assert_eq!(outbox.next(), None);
        assert!(outbox.holds("refused"));
    }

    #[test]
    fn what_failed_for_want_of_a_session_says_so() {
        let outbox = Outbox::new("0190aaaa-0000-7000-8000-000000000001".parse().unwrap(), "kept".into());
        outbox.add(unsent("a", false));
        let signed_out = || outbox.unsent.with_untracked(|u| u[0].signed_out);
        outbox.fail("a", &coco::Error::Unauthenticated.into());
        assert!(signed_out());
        outbox.fail("a", &ApiError::Connection);
        assert!(!signed_out(), "by now there is a session, or nobody knows");
    }

    #[test]
    fn what_was_kept_before_can_still_be_read() {
        let old = r#"{"client_id":"a","content":"x","note":true,"attachments":[],"failed":null}"#;
        assert_eq!(json::read::<Unsent>(old).unwrap().then, Then::Nothing);
    }
}
