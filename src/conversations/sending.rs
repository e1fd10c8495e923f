//! Sending messages: the busiest path of all, so messages that arrive together are stored together.
//!
//! Senders put their message into a lane and wait. One task takes whatever waits, applies the
//! rules to each in memory, writes them with a handful of statements in one transaction, and
//! answers everyone when it is on disk. While one batch is written the next one gathers.

use super::mentions::mentioned;
use super::{MAX_FILES, Message, NewMessage, Visibility, store};
use crate::actor::{Action, Actor};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::event::Event;
use crate::id::{AttachmentId, ConversationId, TicketId};
use crate::services::Core;
use crate::text::{Form, clean};
use crate::tickets::{MAX_BODY, Status, Ticket};
use crate::time::Timestamp;
use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::sync::{mpsc, oneshot};

/// Messages in one transaction.
const BATCH: usize = 128;
/// Messages that may wait; more are told to come back.
const WAITING: usize = 4_096;

/// A message with its sender, and who waits for it.
struct Job {
    actor: Arc<Actor>,
    new: NewMessage,
    answer: oneshot::Sender<Result<Message>>,
}

/// The way to the task that writes. Cheap to clone; the task ends with the last one.
#[derive(Clone)]
pub struct Lane(mpsc::Sender<Job>);

/// A message on its way: resolves when it is on disk, or refused. Dropping it does not call the
/// message back.
#[derive(Debug)]
#[must_use = "the message may yet be refused"]
pub struct Sending(oneshot::Receiver<Result<Message>>);

impl Future for Sending {
    type Output = Result<Message>;
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(cx).map(|done| done.unwrap_or_else(|_| Err(Error::Unavailable("the writer stopped".into()))))
    }
}

impl Lane {
    pub(super) fn start(core: Core) -> Self {
        let (sender, mut jobs) = mpsc::channel(WAITING);
        #[expect(clippy::disallowed_methods, reason = "it ends with the services, when nobody can send any more")]
        tokio::spawn(async move {
            let mut batch = Vec::with_capacity(BATCH);
            while jobs.recv_many(&mut batch, BATCH).await > 0 {
                write(&core, std::mem::take(&mut batch)).await;
            }
        });
        Self(sender)
    }

    /// Takes a message; messages are stored in the order in which they are taken.
    pub(super) fn enqueue(&self, actor: Arc<Actor>, new: NewMessage) -> Result<Sending> {
        let new = check(new)?;
        let (answer, stored) = oneshot::channel();
        self.0.try_send(Job { actor, new, answer }).map_err(|e| match e {
            mpsc::error::TrySendError::Full(_) => Error::RateLimited(1),
            mpsc::error::TrySendError::Closed(_) => Error::Unavailable("shutting down".into()),
        })?;
        Ok(Sending(stored))
    }
}

fn check(mut new: NewMessage) -> Result<NewMessage> {
    let mut form = Form::default();
    if new.attachments.is_empty() {
        new.content = form.body("content", &new.content, MAX_BODY);
    } else {
        new.content = clean(&new.content).trim().to_owned();
        if new.content.chars().count() > MAX_BODY {
            form.fault("content", format!("Use at most {MAX_BODY} characters."));
        }
    }
    check_extras(&mut form, new.client_id.as_deref(), &new.attachments);
    form.done()?;
    Ok(new)
}

/// Checks what a message may carry beside its text, also the first one of a ticket.
pub(crate) fn check_extras(form: &mut Form, client_id: Option<&str>, attachments: &[AttachmentId]) {
    if attachments.len() > MAX_FILES {
        form.fault("attachments", format!("Attach at most {MAX_FILES} files."));
    }
    if client_id.is_some_and(|id| id.is_empty() || id.len() > 64 || id.chars().any(char::is_control)) {
        form.fault("client_id", "Use 1 to 64 characters.");
    }
}

/// Writes a batch. When that fails as a whole, each is tried alone, so that one bad message does
/// not take others with it; not when storage does not answer, which it would not do more often.
async fn write(core: &Core, jobs: Vec<Job>) {
    let mut results = store_batch(core, &jobs).await;
    if jobs.len() > 1 && !matches!(results, Ok(_) | Err(Error::Unavailable(_))) {
        results = Ok(one_by_one(core, &jobs).await);
    }
    match results {
        Ok(results) => jobs.into_iter().zip(results).for_each(|(job, result)| drop(job.answer.send(result))),
        Err(e) => jobs.into_iter().for_each(|job| drop(job.answer.send(Err(e.clone())))),
    }
}

/// Each message in a transaction of its own. Once storage does not answer, the rest is not tried:
/// each would wait as long again.
async fn one_by_one(core: &Core, jobs: &[Job]) -> Vec<Result<Message>> {
    let mut results = Vec::with_capacity(jobs.len());
    for job in jobs {
        let one = store_batch(core, std::slice::from_ref(job)).await;
        if let Err(e @ Error::Unavailable(_)) = one {
            results.resize(jobs.len(), Err(e));
            return results;
        }
        results.push(one.and_then(|mut results| results.pop().unwrap_or(Err(Error::NotFound))));
    }
    results
}

async fn store_batch(core: &Core, jobs: &[Job]) -> Result<Vec<Result<Message>>> {
    let mut tx = core.db.begin().await?;
    let mut desk = Desk::load(&mut tx, jobs, core.now()).await?;
    let mut results = Vec::with_capacity(jobs.len());
    for job in jobs {
        results.push(desk.take(core, &mut tx, &job.actor, &job.new).await?);
    }
    if !desk.stored.is_empty() {
        desk.save(core, &mut tx).await?;
    }
    // Also when nothing is new: what is answered with may be of the same group and not on disk yet.
    tx.commit().await?;
    Ok(results)
}

/// The conversations and tickets of a batch, in memory while the rules are applied.
struct Desk {
    now: Timestamp,
    /// The position of the newest message, and the ticket.
    conversations: HashMap<ConversationId, (i64, TicketId)>,
    tickets: HashMap<TicketId, Ticket>,
    known: Vec<Message>,
    stored: Vec<(TicketId, Message)>,
    reopened: Vec<TicketId>,
    /// Given to the rep who answered first.
    taken: Vec<TicketId>,
}

impl Desk {
    async fn load(tx: &mut Tx, jobs: &[Job], now: Timestamp) -> Result<Self> {
        let (mut conversations, mut tickets) = (HashMap::new(), HashMap::new());
        for (id, last, ticket) in store::lock_many(tx, &distinct(jobs.iter().map(|j| &j.new.conversation_id))).await? {
            conversations.insert(id, (last, ticket.id.clone()));
            tickets.insert(ticket.id.clone(), ticket);
        }
        let keys = jobs.iter().filter_map(|j| Some((j.new.conversation_id.clone(), j.actor.id.clone(), j.new.client_id.clone()?)));
        let known = store::by_client_ids(tx, keys.collect()).await?;
        Ok(Self { now, conversations, tickets, known, stored: Vec::new(), reopened: Vec::new(), taken: Vec::new() })
    }

    /// Applies one message. The outer error undoes the batch, the inner one is the sender's.
    async fn take(&mut self, core: &Core, tx: &mut Tx, actor: &Actor, new: &NewMessage) -> Result<Result<Message>> {
        let Some((last, ticket)) = self.conversations.get_mut(&new.conversation_id) else { return Ok(Err(Error::NotFound)) };
        let Some(ticket) = self.tickets.get_mut(ticket) else { return Ok(Err(Error::NotFound)) };
        let action = if new.visibility == Visibility::Customer { Action::Reply } else { Action::Note };
        if let Err(refused) = actor.may(action, ticket.subject_of()) {
            return Ok(Err(refused));
        }
        let same = |m: &&Message| {
            m.client_id.is_some() && m.client_id == new.client_id && m.sender_id == actor.id && m.conversation_id == new.conversation_id
        };
        if let Some(stored) = self.known.iter().chain(self.stored.iter().map(|s| &s.1)).find(same) {
            return Ok(Ok(stored.clone()));
        }
        let mut attachments =
            if new.attachments.is_empty() { Vec::new() } else { store::unsent_files(tx, &actor.id, &new.attachments).await? };
        attachments.retain(|a| !self.stored.iter().any(|s| s.1.attachments.contains(a)));
        if attachments.len() != new.attachments.len() {
            return Ok(Err(Error::invalid("attachments", "One of the files is gone. Add it again.")));
        }
        if takes(actor, new, ticket) {
            crate::tickets::work::take(core, tx, actor, ticket, self.now).await?;
            self.taken.push(ticket.id.clone());
        }
        *last += 1;
        let message = Message {
            id: core.id(),
            conversation_id: new.conversation_id.clone(),
            position: *last,
            sender_id: actor.id.clone(),
            sender_name: actor.name.clone(),
            sender_type: actor.kind,
            content: new.content.clone(),
            visibility: new.visibility,
            attachments,
            client_id: new.client_id.clone(),
            created_at: self.now,
        };
        let event = if message.visibility == Visibility::Customer { Event::Message(message.clone()) } else { Event::Note(message.clone()) };
        tx.append(ticket.said(actor, &message.conversation_id, message.visibility, event, self.now));
        if message.visibility == Visibility::Customer {
            let status = ticket.status_after_message(actor.role.is_staff());
            ticket.heard(&message, actor.role.is_staff());
            if let Some(to) = status {
                let previous = ticket.status;
                ticket.move_to(to, self.now)?;
                let moved = Event::StatusChange { status: to, previous, reason: String::new() };
                tx.append(ticket.said(actor, &message.conversation_id, Visibility::Customer, moved, self.now));
                if to == Status::Reopened {
                    self.reopened.push(ticket.id.clone());
                }
            }
        }
        self.stored.push((ticket.id.clone(), message.clone()));
        Ok(Ok(message))
    }

    async fn save(&self, core: &Core, tx: &mut Tx) -> Result<()> {
        let messages: Vec<&Message> = self.stored.iter().map(|s| &s.1).collect();
        tx.write(store::insert_messages(&messages));
        for (ticket, message) in self.stored.iter().filter(|s| !s.1.attachments.is_empty()) {
            tx.write(store::attach(message, ticket));
        }
        self.note_mentions(tx).await?;
        let touched = distinct(messages.iter().map(|m| &m.conversation_id));
        let positions: Vec<_> = touched.into_iter().filter_map(|id| Some((id, self.conversations.get(id)?.0))).collect();
        tx.write(store::set_positions(&positions));
        let heard = distinct(self.stored.iter().filter(|s| s.1.visibility == Visibility::Customer).map(|s| &s.0));
        let tickets: Vec<&Ticket> = heard.into_iter().filter_map(|id| self.tickets.get(id)).collect();
        if !tickets.is_empty() {
            crate::tickets::service::save_activity(tx, &tickets);
        }
        for ticket in self.taken.iter().filter_map(|id| self.tickets.get(id)) {
            crate::tickets::service::save(tx, ticket).await?;
        }
        for ticket in self.reopened.iter().filter_map(|id| self.tickets.get(id)) {
            crate::tickets::work::resume_work(core, tx, ticket, self.now).await?;
        }
        Ok(())
    }

    /// Stores which colleagues the notes call. Nobody calls themselves.
    async fn note_mentions(&self, tx: &mut Tx) -> Result<()> {
        for (ticket, note) in self.stored.iter().filter(|s| s.1.visibility == Visibility::Staff && s.1.content.contains('@')) {
            let Some(ticket) = self.tickets.get(ticket) else { continue };
            let staff = crate::people::service::staff_names(tx, &ticket.vendor_id).await?;
            let mut named = mentioned(&note.content, &staff);
            named.retain(|id| **id != note.sender_id);
            if !named.is_empty() {
                tx.write(store::insert_mentions(note, ticket, &named));
            }
        }
        Ok(())
    }
}

/// A rep's public answer to an open ticket that nobody has makes it theirs.
fn takes(actor: &Actor, new: &NewMessage, ticket: &Ticket) -> bool {
    actor.role.is_staff()
        && new.visibility == Visibility::Customer
        && ticket.assignee_id.is_none()
        && ticket.status.is_open()
        && actor.may(Action::Assign, ticket.subject_of()).is_ok()
}

/// Each once, in order.
fn distinct<'a, T: Ord>(ids: impl Iterator<Item = &'a T>) -> Vec<&'a T> {
    let mut ids: Vec<&T> = ids.collect();
    ids.sort();
    ids.dedup();
    ids
}
