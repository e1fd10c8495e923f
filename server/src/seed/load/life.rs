//! One ticket of the load set: its whole past, told by the same rules as a real one but in memory.

use coco::actor::{Actor, ActorKind};
use coco::conversations::{Conversation, Message, Receipt, Visibility};
use coco::event::Event;
use coco::id::ClockIds;
use coco::journey::NewEvent;
use coco::tickets::bulk::Past;
use coco::tickets::{Assignment, Status, Ticket};
use coco::time::Timestamp;

/// A ticket and what has happened to it so far.
pub struct Life<'a> {
    ids: &'a ClockIds,
    pub past: Past,
    pub events: Vec<NewEvent>,
}

impl<'a> Life<'a> {
    /// Opens `ticket` with the customer's first words.
    pub fn open(ids: &'a ClockIds, ticket: Ticket, customer: &Actor, reason: Option<&str>, text: String) -> Self {
        let at = ticket.created_at;
        let conversation = Conversation {
            id: ids.at(at).into(),
            ticket_id: ticket.id.clone(),
            vendor_id: ticket.vendor_id.clone(),
            customer_id: ticket.customer_id.clone(),
            channel: ticket.channel,
            last_position: 0,
            created_at: at,
        };
        let opened = Event::TicketCreated {
            number: ticket.number.clone(),
            subject: ticket.subject.clone(),
            channel: ticket.channel,
            status: ticket.status,
            priority: ticket.priority,
            priority_source: ticket.priority_source,
            priority_reason: reason.map(str::to_owned),
        };
        let (tags, assignments, messages, receipts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let past = Past { ticket, tags, assignments, rating: None, conversation, messages, receipts };
        let mut life = Self { ids, past, events: Vec::new() };
        life.tell(customer, Visibility::Customer, opened, at);
        life.say(customer, false, text, at);
        life
    }

    fn tell(&mut self, actor: &Actor, visibility: Visibility, event: Event, at: Timestamp) {
        let t = &self.past.ticket;
        let spoken = matches!(event, Event::Message(_) | Event::Note(_));
        self.events.push(NewEvent {
            vendor_id: Some(t.vendor_id.clone()),
            customer_id: Some(t.customer_id.clone()),
            ticket_id: Some(t.id.clone()),
            conversation_id: spoken.then(|| self.past.conversation.id.clone()),
            visibility,
            actor: actor.into(),
            event,
            at,
        });
    }

    /// A message or note, and what it does to the ticket.
    pub fn say(&mut self, actor: &Actor, note: bool, content: String, at: Timestamp) {
        self.past.conversation.last_position += 1;
        let visibility = if note { Visibility::Staff } else { Visibility::Customer };
        let message = Message {
            id: self.ids.at(at).into(),
            conversation_id: self.past.conversation.id.clone(),
            position: self.past.conversation.last_position,
            sender_id: actor.id.clone(),
            sender_name: actor.name.clone(),
            sender_type: actor.kind,
            content,
            visibility,
            attachments: Vec::new(),
            client_id: None,
            created_at: at,
        };
        let from_staff = actor.kind != ActorKind::Customer;
        if !note {
            self.past.ticket.heard(&message, from_staff);
        }
        self.tell(actor, visibility, if note { Event::Note(message.clone()) } else { Event::Message(message.clone()) }, at);
        self.past.messages.push(message);
        if let (false, Some(to)) = (note, self.past.ticket.status_after_message(from_staff)) {
            self.become_(actor, to, "", at);
        }
    }

    /// Moves the ticket where the state machine allows it.
    pub fn become_(&mut self, actor: &Actor, to: Status, reason: &str, at: Timestamp) {
        let previous = self.past.ticket.status;
        if self.past.ticket.move_to(to, at).is_err() {
            return;
        }
        self.tell(actor, Visibility::Customer, Event::StatusChange { status: to, previous, reason: reason.into() }, at);
        match (to.is_open(), previous.is_open()) {
            (false, true) => self.stop_work(at),
            (true, false) => self.start_work("reopened", at),
            _ => {}
        }
    }

    fn stop_work(&mut self, at: Timestamp) {
        if let Some(last) = self.past.assignments.last_mut().filter(|a| a.until_at.is_none()) {
            last.until_at = Some(at);
        }
    }

    fn start_work(&mut self, reason: &str, at: Timestamp) {
        if let (Some(id), Some(name)) = (&self.past.ticket.assignee_id, &self.past.ticket.assignee_name) {
            let (rep_id, rep_name) = (id.clone(), name.clone());
            self.past.assignments.push(Assignment { rep_id, rep_name, from_at: at, until_at: None, reason: reason.into() });
        }
    }

    /// Gives the ticket to `to`.
    pub fn assign(&mut self, by: &Actor, to: &Actor, reason: &str, at: Timestamp) {
        let ticket = &mut self.past.ticket;
        let event = Event::AgentAssigned {
            agent_id: Some(to.id.clone()),
            agent_name: Some(to.name.clone()),
            previous_agent_id: ticket.assignee_id.replace(to.id.clone()),
            previous_agent_name: ticket.assignee_name.replace(to.name.clone()),
            reason: reason.into(),
        };
        self.stop_work(at);
        self.start_work(reason, at);
        self.tell(by, Visibility::Customer, event, at);
        let first = self.past.assignments.len() == 1;
        if self.past.ticket.status != Status::Escalated {
            self.become_(by, if first { Status::Assigned } else { Status::Reassigned }, "", at);
        }
    }

    /// Raises the level and hands the ticket to `to`.
    pub fn escalate(&mut self, by: &Actor, to: &Actor, level: i64, reason: &str, at: Timestamp) {
        let previous = std::mem::replace(&mut self.past.ticket.level, level);
        self.become_(by, Status::Escalated, reason, at);
        self.tell(by, Visibility::Customer, Event::Escalated { level, previous, reason: reason.into() }, at);
        self.assign(by, to, reason, at);
    }

    /// Puts tags on it.
    pub fn tag(&mut self, by: &Actor, tags: Vec<String>, at: Timestamp) {
        self.past.tags = tags.clone();
        self.past.ticket.version += 1;
        self.past.ticket.updated_at = at;
        self.tell(by, Visibility::Staff, Event::TagsChange { added: tags, removed: Vec::new() }, at);
    }

    /// How the customer was served.
    pub fn rate(&mut self, customer: &Actor, score: i64, at: Timestamp) {
        self.past.rating = Some(coco::feedback::Rating { score, comment: String::new(), created_at: at });
        self.tell(customer, Visibility::Customer, Event::Rated { score, comment: String::new() }, at);
    }

    /// `reader` has read up to `position`.
    pub fn read(&mut self, reader: &Actor, position: i64) {
        let (user_id, is_staff) = (reader.id.clone(), reader.role.is_staff());
        if position > 0 && !self.past.receipts.iter().any(|r| r.user_id == user_id) {
            self.past.receipts.push(Receipt { user_id, is_staff, delivered_position: position, read_position: position });
        }
    }
}
