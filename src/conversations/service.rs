//! Use cases around conversations. Sending is in `sending.rs`, files are in `attachments.rs`.

use super::attachments::DECODED_AT_ONCE;
use super::sending::{Lane, Sending};
use super::{Conversation, Glimpse, Marked, Message, NewMessage, Receipt, Thread, Visibility, store};
use crate::actor::{Action, Actor};
use crate::db::{Conn, Sql, Tx};
use crate::error::{Error, Result};
use crate::event::Event;
use crate::id::{AttachmentId, ConversationId, MessageId, TicketId, UserId, VendorId};
use crate::journey::EventRecord;
use crate::page::{Page, PageRequest};
use crate::ports::scanner::Scanner;
use crate::services::Core;
use crate::tickets::Ticket;
use crate::time::Timestamp;
use crate::trace::TARGET;
use object_store::ObjectStore;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::{Semaphore, broadcast};
use tracing::instrument;

/// Receipts that a slow listener may be behind; beyond it the oldest are lost to it.
const BEHIND: usize = 256;
/// Messages shown when a ticket's page opens.
const THREAD: i64 = 200;

/// Conversations, their messages and files.
#[derive(Clone)]
pub struct Conversations {
    pub(super) core: Core,
    pub(super) files: Arc<dyn ObjectStore>,
    /// Leave to decode an image.
    pub(super) decoding: Arc<Semaphore>,
    /// Looks through files before they are stored, where there is one.
    pub(crate) scanner: Option<Arc<dyn Scanner>>,
    lane: Lane,
    marked: broadcast::Sender<Marked>,
    /// What tells this process from the others on the database.
    pub(super) node: Arc<str>,
}

impl Conversations {
    pub(crate) fn new(core: Core, files: Arc<dyn ObjectStore>) -> Self {
        let decoding = Arc::new(Semaphore::new(DECODED_AT_ONCE));
        let (lane, marked, node) = (Lane::start(core.clone()), broadcast::Sender::new(BEHIND), crate::services::node());
        Self { lane, marked, node, decoding, scanner: None, core, files }
    }

    /// Sends a message or note. The same `client_id` again answers with the stored message. A
    /// rep's first public answer to a ticket that nobody has makes it theirs.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the fields, [`Error::NotFound`] where there is nothing for the actor.
    #[instrument(target = TARGET, name = "conversations.send", skip_all)]
    pub async fn send(&self, actor: &Actor, new: NewMessage) -> Result<Message> {
        self.enqueue(Arc::new(actor.clone()), new)?.await
    }

    /// The same without waiting: messages are stored in the order of these calls, and each answer
    /// can be awaited on its own.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the fields, [`Error::RateLimited`] when too many wait already.
    pub fn enqueue(&self, actor: Arc<Actor>, new: NewMessage) -> Result<Sending> {
        self.lane.enqueue(actor, new)
    }

    /// A conversation.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    #[instrument(target = TARGET, name = "conversations.get", skip_all)]
    pub async fn get(&self, actor: &Actor, id: &ConversationId) -> Result<(Conversation, Ticket)> {
        self.open(actor, id).await
    }

    /// The conversation of a ticket.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    #[instrument(target = TARGET, name = "conversations.of_ticket", skip_all)]
    pub async fn of_ticket(&self, actor: &Actor, ticket: &Ticket) -> Result<Conversation> {
        actor.may(Action::ChatRead, ticket.subject_of())?;
        store::of_ticket(&mut self.core.db.read().await?, &ticket.id).await?.ok_or(Error::NotFound)
    }

    /// The same, by the ticket's id.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    #[instrument(target = TARGET, name = "conversations.first_in", skip_all)]
    pub async fn first_in(&self, actor: &Actor, ticket: &TicketId) -> Result<Conversation> {
        let mut conn = self.core.db.read().await?;
        crate::tickets::service::open(&mut conn, actor, Action::ChatRead, ticket).await?;
        store::of_ticket(&mut conn, ticket).await?.ok_or(Error::NotFound)
    }

    async fn open(&self, actor: &Actor, id: &ConversationId) -> Result<(Conversation, Ticket)> {
        let mut conn = self.core.db.read().await?;
        let conversation = store::get(&mut conn, id).await?.ok_or(Error::NotFound)?;
        let ticket = crate::tickets::service::open(&mut conn, actor, Action::ChatRead, &conversation.ticket_id).await?;
        Ok((conversation, ticket))
    }

    /// A page of messages by position: oldest first, or newest first.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Invalid`] for a bad cursor.
    #[instrument(target = TARGET, name = "conversations.messages", skip_all)]
    pub async fn messages(&self, actor: &Actor, id: &ConversationId, page: &PageRequest, newest_first: bool) -> Result<Page<Message>> {
        self.open(actor, id).await?;
        let (limit, from) = (page.limit()?, page.after()?.map(|a| a.0));
        let mut conn = self.core.db.read().await?;
        let rows = store::page(&mut conn, id, actor.sees_staff(), newest_first, from, i64::from(limit) + 1).await?;
        Ok(Page::cut(rows, limit, |m| (m.position, "m".into())))
    }

    /// Notes how far the actor has received and read.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    #[instrument(target = TARGET, name = "conversations.mark", skip_all)]
    pub async fn mark(&self, actor: &Actor, id: &ConversationId, delivered: i64, read: i64) -> Result<Receipt> {
        let (conversation, ticket) = self.open(actor, id).await?;
        let end = conversation.last_position;
        let (delivered, read) = (delivered.max(read).clamp(0, end), read.clamp(0, end));
        let mut tx = self.core.db.begin().await?;
        let before = store::read_position(&mut tx, id, &actor.id).await?;
        if read > before {
            // First of all: two who read the same messages at once do so one after the other.
            store::lock(&mut tx, id).await?;
            store::note_read(&mut tx, id, actor.role.is_staff(), (before, read), self.core.now()).await?;
            store::see_mentions(&mut tx, id, &actor.id, (before, read), self.core.now()).await?;
        }
        let receipt = store::mark(&mut tx, id, actor, delivered, read).await?;
        let marked = Marked { ticket_id: ticket.id, conversation_id: conversation.id, receipt: receipt.clone() };
        self.glimpse(&mut tx, &Glimpse::Marked(marked.clone())).await?;
        tx.commit().await?;
        let _nobody_listens = self.marked.send(marked);
        Ok(receipt)
    }

    /// The receipts noted on this node from now on, for those who show them live; those of others come by
    /// [`Conversations::glimpse_elsewhere`].
    #[must_use]
    pub fn marked(&self) -> broadcast::Receiver<Marked> {
        self.marked.subscribe()
    }

    /// When the other side first had each of these messages on their screen, by position.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    #[instrument(target = TARGET, name = "conversations.read_times", skip_all)]
    pub async fn read_times(&self, actor: &Actor, id: &ConversationId, messages: &[Message]) -> Result<HashMap<i64, Timestamp>> {
        self.open(actor, id).await?;
        let positions = || messages.iter().map(|m| m.position);
        let (Some(from), Some(upto)) = (positions().min(), positions().max()) else { return Ok(HashMap::new()) };
        Ok(store::read_times(&mut self.core.db.read().await?, id, (from, upto)).await?.into_iter().collect())
    }

    /// Where a message stands in a conversation.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    #[instrument(target = TARGET, name = "conversations.position", skip_all)]
    pub async fn position(&self, actor: &Actor, id: &ConversationId, message: &MessageId) -> Result<i64> {
        self.open(actor, id).await?;
        store::position(&mut self.core.db.read().await?, id, message).await?.ok_or(Error::NotFound)
    }
}

/// Begins the conversation of a new ticket with its description as first message; which it is.
pub(crate) async fn open_in(
    core: &Core,
    tx: &mut Tx,
    actor: &Actor,
    ticket: &Ticket,
    description: &str,
    attachments: &[AttachmentId],
) -> Result<ConversationId> {
    let files = if attachments.is_empty() { Vec::new() } else { store::unsent_files(tx, &actor.id, attachments).await? };
    if files.len() != attachments.len() {
        return Err(Error::invalid("attachments", "One of the files is gone. Add it again."));
    }
    let conversation = Conversation {
        id: core.id(),
        ticket_id: ticket.id.clone(),
        vendor_id: ticket.vendor_id.clone(),
        customer_id: ticket.customer_id.clone(),
        channel: ticket.channel,
        last_position: 1,
        created_at: ticket.created_at,
    };
    tx.write(store::insert(std::slice::from_ref(&conversation)));
    // Staff who open a ticket for someone write down what that person said.
    let message = Message {
        id: core.id(),
        conversation_id: conversation.id.clone(),
        position: 1,
        sender_id: ticket.customer_id.clone(),
        sender_name: ticket.customer_name.clone(),
        sender_type: crate::actor::ActorKind::Customer,
        content: description.to_owned(),
        visibility: Visibility::Customer,
        attachments: files,
        client_id: None,
        created_at: ticket.created_at,
    };
    tx.write(store::insert_messages(&[&message]));
    if !message.attachments.is_empty() {
        tx.write(store::attach(&message, &ticket.id));
    }
    tx.append(ticket.said(actor, &conversation.id, Visibility::Customer, Event::Message(message), ticket.created_at));
    Ok(conversation.id)
}

/// The newest part of a ticket's thread, with the events that happened in that time.
pub(crate) async fn thread(conn: &mut Conn, actor: &Actor, ticket: &Ticket, events: &[EventRecord]) -> Result<Thread> {
    let conversation = store::of_ticket(conn, &ticket.id).await?.ok_or(Error::NotFound)?;
    let newest = store::page(conn, &conversation.id, actor.sees_staff(), true, None, THREAD + 1).await?;
    let page = Page::cut(newest, THREAD as u32, |m| (m.position, "m".into()));
    let mut messages = page.items;
    messages.reverse();
    let begin = if page.next_cursor.is_some() { messages.first().map(|m| m.created_at) } else { None };
    let mut events: Vec<EventRecord> = events.iter().filter(|e| begin.is_none_or(|b| e.timestamp >= b)).cloned().collect();
    events.reverse();
    let receipts = store::receipts(conn, &conversation.id).await?;
    Ok(Thread { conversation, messages, events, receipts, earlier: page.next_cursor })
}

/// The conversation each ticket began with.
pub(crate) async fn first_of(conn: &mut Conn, tickets: impl IntoIterator<Item = &TicketId>) -> Result<HashMap<TicketId, ConversationId>> {
    store::first_of(conn, tickets).await
}

/// The conversation each ticket began with, and its first words.
pub(crate) async fn beginnings(
    conn: &mut Conn,
    tickets: impl IntoIterator<Item = &TicketId>,
) -> Result<HashMap<TicketId, (ConversationId, String)>> {
    let first = store::first_of(conn, tickets).await?;
    let mut words = store::first_words(conn, first.values()).await?;
    Ok(first
        .into_iter()
        .map(|(ticket, id)| {
            let text = words.remove(&id).unwrap_or_default();
            (ticket, (id, text))
        })
        .collect())
}

/// Messages of the other side that the actor has not read, by ticket.
pub(crate) async fn unread(conn: &mut Conn, actor: &Actor, tickets: &[TicketId]) -> Result<HashMap<TicketId, i64>> {
    store::unread(conn, actor, tickets).await
}

/// How often notes at a vendor call the person, who has not seen it yet.
pub(crate) async fn unseen_mentions(conn: &mut Conn, user: &UserId, vendor: &VendorId) -> Result<i64> {
    store::unseen_mentions(conn, user, vendor).await
}

/// Adds the condition that a ticket of these vendors has a note that calls the person, who has not seen it yet.
pub(crate) fn calling(sql: Sql, user: &UserId, vendors: &[&VendorId]) -> Sql {
    store::calling(sql, user, vendors)
}
