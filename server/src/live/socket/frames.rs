//! What a socket does with what comes in.

use super::{End, MAX_CONTROL, MAX_FAULTS, MAX_TOPICS, OnItsWay, Socket};
use crate::live::frame::{self, ClientFrame, FrameError, Place, Upto};
use crate::live::peer::Out;
use crate::live::replay::{self, Frames};
use axum::extract::ws::Utf8Bytes;
use coco::actor::{Action, Actor, Subject};
use coco::conversations::{Glimpse, NewMessage, Typing, Visibility};
use coco::id::{AttachmentId, ConversationId, TicketId};
use coco::journey::Topic;
use coco::people::Presence;
use coco::{Error, Result};

impl Socket {
    /// Deals with a frame; `Some` ends the socket.
    pub(super) async fn receive(&mut self, text: &Utf8Bytes) -> Option<End> {
        self.shared().meters.frames_in.increment(1);
        let frame = match frame::parse(text.as_str()) {
            Ok(frame) => frame,
            Err(FrameError { client_id, error }) => {
                self.say(frame::error(&error, client_id.as_deref(), None));
                self.faults += u32::from(matches!(error, Error::Invalid(_)));
                return (self.faults >= MAX_FAULTS).then(|| End::because(1008, "too many frames that can't be read"));
            }
        };
        let is_message = matches!(frame, ClientFrame::Message { .. });
        if !self.shared().limits.frame(&self.seat.peer.actor().id) || (!is_message && !self.control.takes(MAX_CONTROL)) {
            let client_id = if let ClientFrame::Message { client_id, .. } = &frame { client_id.as_deref() } else { None };
            self.say(frame::error(&Error::RateLimited(1), client_id, None));
            return None;
        }
        match frame {
            ClientFrame::Ping => self.say(frame::pong()),
            ClientFrame::Message { place: Place::Conversation(id), content, client_id, internal, attachments } => {
                self.send(id, content, client_id, internal, attachments);
            }
            other => Box::pin(self.handle(other)).await,
        }
        None
    }

    /// All but the most frequent frames.
    async fn handle(&mut self, frame: ClientFrame) {
        let done = match frame {
            ClientFrame::Ping => {
                self.say(frame::pong());
                Ok(())
            }
            ClientFrame::Subscribe { topics, since } => self.subscribe(topics, since).await,
            ClientFrame::Unsubscribe { topics } => {
                self.unsubscribe(&topics);
                Ok(())
            }
            ClientFrame::Message { place, content, client_id, internal, attachments } => {
                match self.locate(place).await {
                    Ok((_, id)) => self.send(id, content, client_id, internal, attachments),
                    Err(e) => self.say(frame::error(&e, client_id.as_deref(), None)),
                }
                Ok(())
            }
            ClientFrame::Typing { place, on, internal } => self.typing(place, on, internal).await,
            ClientFrame::Mark { place, upto, read } => self.mark(place, upto, read).await,
            ClientFrame::Presence(state) => self.presence(state).await,
        };
        if let Err(e) = done {
            self.say(frame::error(&e, None, None));
        }
    }

    /// Follows what the person may follow; each refusal is told on its own.
    async fn subscribe(&mut self, words: Vec<String>, since: Option<i64>) -> Result<()> {
        if words.is_empty() || words.len() > MAX_TOPICS {
            return Err(Error::invalid("topics", format!("Name 1 to {MAX_TOPICS} topics.")));
        }
        let (actor, mine) = (self.actor(), self.seat.peer.topics());
        if since.is_some() && !self.shared().limits.replay(&actor.id) {
            return Err(Error::RateLimited(1));
        }
        let mut granted: Vec<Topic> = Vec::with_capacity(words.len());
        for word in &words {
            let fresh = granted.iter().filter(|g| !mine.contains(g)).count();
            match self.may_follow(&actor, word, MAX_TOPICS - mine.len() - fresh, &mine).await {
                Ok(topic) if granted.contains(&topic) => {}
                Ok(topic) => granted.push(topic),
                Err(e) => self.say(frame::error(&e, None, Some(word))),
            }
        }
        let seq = self.seat.follow(&granted).await;
        if let Some(since) = since.filter(|since| *since >= 0 && *since != seq) {
            let told = self.replay(&actor, &mut granted, since, seq).await;
            // After reading: what was read while the credential held may be told. Until an address is proved
            // the account may be taken over at any moment, and what was held back is then on its journey.
            if !actor.is_proved && !self.shared().holds(&self.seat.peer).await? {
                return Ok(());
            }
            self.outgoing.extend(told.into_values().map(Out::Frame));
        }
        self.say(frame::subscribed(&granted, seq));
        Ok(())
    }

    async fn may_follow(&mut self, actor: &Actor, word: &str, left: usize, mine: &[Topic]) -> Result<Topic> {
        let topic: Topic = word.parse()?;
        if left == 0 && !mine.contains(&topic) {
            return Err(Error::invalid("topics", format!("Follow at most {MAX_TOPICS} topics.")));
        }
        self.shared().services.journey.authorize(actor, &topic).await?;
        Ok(topic)
    }

    /// What happened after `since` up to `seq`, once and in order; what came later waits already.
    async fn replay(&mut self, actor: &Actor, granted: &mut Vec<Topic>, since: i64, seq: i64) -> Frames {
        let mut frames = Frames::new();
        let mut lost = Vec::new();
        for topic in granted.iter() {
            match replay::collect(&self.shared().services.journey, actor, topic, since, seq, &mut frames).await {
                Ok(true) => {}
                Ok(false) => {
                    self.say(frame::resync(granted, seq));
                    return Frames::new();
                }
                Err(e) => {
                    self.say(frame::error(&e, None, Some(&topic.to_string())));
                    lost.push(topic.clone());
                }
            }
        }
        self.seat.unfollow(&lost);
        granted.retain(|t| !lost.contains(t));
        frames
    }

    fn unsubscribe(&mut self, words: &[String]) {
        let topics: Vec<Topic> = words.iter().filter_map(|w| w.parse().ok()).collect();
        self.seat.unfollow(&topics);
        self.places.retain(|(ticket, _)| !topics.contains(&Topic::Ticket(ticket.clone())));
        self.say(frame::unsubscribed(&topics));
    }

    /// Hands a message to the store. The answer comes when it is on disk.
    fn send(&mut self, id: ConversationId, content: String, client_id: Option<String>, internal: bool, attachments: Vec<AttachmentId>) {
        let visibility = if internal { Visibility::Staff } else { Visibility::Customer };
        let new = NewMessage { conversation_id: id, content, visibility, attachments, client_id: client_id.clone() };
        match self.shared().services.conversations.enqueue(self.actor(), new) {
            Ok(stored) => self.sending.push_back(OnItsWay { client_id, stored }),
            Err(e) => self.say(frame::error(&e, client_id.as_deref(), None)),
        }
    }

    pub(super) fn answer(&mut self, stored: Result<coco::conversations::Message>, client_id: Option<&str>) {
        self.say(match stored {
            Ok(message) => frame::ack(client_id, &message),
            Err(e) => frame::error(&e, client_id, None),
        });
    }

    async fn typing(&mut self, place: Place, on: bool, internal: bool) -> Result<()> {
        let actor = self.actor();
        actor.may(if internal { Action::Note } else { Action::Reply }, Subject::Any)?;
        let (ticket_id, conversation_id) = self.locate(place).await?;
        let (user_id, user_name) = (actor.id.clone(), actor.name.clone());
        let typing = Typing { ticket_id, conversation_id, user_id, user_name, on, internal };
        let shared = self.shared();
        shared.show(&Glimpse::Typing(typing.clone()), Some(self.seat.peer.number));
        shared.services.conversations.type_elsewhere(typing).await
    }

    /// The others see the receipt when it is stored; see `hub::pass_on_glimpses`.
    async fn mark(&mut self, place: Place, upto: Upto, read: bool) -> Result<()> {
        let actor = self.actor();
        let (_, id) = self.locate(place).await?;
        let conversations = &self.shared().services.conversations;
        let position = match upto {
            Upto::Position(position) => position,
            Upto::Message(message) => conversations.position(&actor, &id, &message).await?,
        };
        conversations.mark(&actor, &id, position, if read { position } else { 0 }).await?;
        Ok(())
    }

    async fn presence(&mut self, state: Presence) -> Result<()> {
        self.shared().services.people.set_presence(&self.actor(), state).await.map(|_| ())
    }

    /// The ticket and conversation of a place the person may see.
    async fn locate(&mut self, place: Place) -> Result<(TicketId, ConversationId)> {
        let followed = self.seat.peer.topics();
        let known = self.places.iter().find(|(ticket, conversation)| match &place {
            Place::Conversation(id) => id == conversation,
            Place::Ticket(id) => id == ticket,
            Place::Only => true,
        });
        let follows = |id: &TicketId| followed.iter().any(|t| matches!(t, Topic::Ticket(f) if f == id));
        let mut tickets = followed.iter().filter_map(|t| if let Topic::Ticket(id) = t { Some(id) } else { None });
        let only = match (tickets.next(), tickets.next()) {
            (Some(id), None) => Some(id.clone()),
            _ => None,
        };
        // The right to what is followed is looked after by the guard.
        if let Some((ticket, conversation)) = known.filter(|(t, _)| follows(t) && (place != Place::Only || only.as_ref() == Some(t))) {
            return Ok((ticket.clone(), conversation.clone()));
        }
        let (actor, services) = (self.actor(), &self.shared().services);
        let found = match place {
            Place::Conversation(id) => services.conversations.get(&actor, &id).await.map(|(c, t)| (t.id, c.id))?,
            Place::Ticket(_) | Place::Only => {
                let id = match (place, only) {
                    (Place::Ticket(id), _) | (_, Some(id)) => id,
                    _ => return Err(Error::invalid("conversationId", "Say which conversation, or follow one ticket alone.")),
                };
                let conversation = services.conversations.first_in(&actor, &id).await?;
                (id, conversation.id)
            }
        };
        if follows(&found.0) && self.places.len() < MAX_TOPICS {
            self.places.push(found.clone());
        }
        Ok(found)
    }
}
