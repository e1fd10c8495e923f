//! Carries the stories out through the services, everything in the order of time.

use super::cast::{Cast, Desk};
use super::pictures::Picture;
use super::story::{Deed, Story};
use anyhow::Context;
use coco::actor::Actor;
use coco::conversations::{NewMessage, Visibility};
use coco::id::{AttachmentId, ConversationId, UserId};
use coco::services::Services;
use coco::tickets::{Channel, CustomerRef, NewTicket, TicketChange, TicketEdit};
use coco::time::{DAY, FixedClock, Timestamp};

/// For so long before the end promises fall due as they did.
const WATCHED: i64 = 2 * DAY;

/// A ticket that was opened.
pub struct Opened {
    pub key: String,
    pub conversation: ConversationId,
}

/// Where each story stands in the end, in the order of the stories.
pub async fn all(services: &Services, clock: &FixedClock, cast: &Cast, stories: &[Story]) -> anyhow::Result<Vec<Opened>> {
    let mut steps: Vec<(Timestamp, usize, &Deed)> =
        stories.iter().enumerate().flat_map(|(i, s)| s.steps.iter().map(move |(at, deed)| (*at, i, deed))).collect();
    steps.sort_by_key(|(at, story, _)| (*at, *story));
    let mut opened: Vec<Option<Opened>> = stories.iter().map(|_| None).collect();
    let watched = steps.last().map(|(at, ..)| at.plus(-WATCHED));
    for (at, i, deed) in steps {
        if watched.is_some_and(|from| at > from) {
            fall_due(services, clock, at).await?;
        }
        clock.set(at);
        let scene =
            Scene { services, desk: &cast.vendors[stories[i].vendor], customer: &cast.customers[stories[i].customer], story: &stories[i] };
        match (&opened[i], deed) {
            (None, Deed::Open { by, text, picture }) => opened[i] = Some(scene.open(*by, text, *picture).await?),
            (Some(ticket), deed) => {
                scene.go_on(ticket, deed).await.with_context(|| format!("{}: \"{}\"", ticket.key, stories[i].subject))?
            }
            (None, _) => anyhow::bail!("\"{}\" does not begin with its opening", stories[i].subject),
        }
    }
    opened.into_iter().map(|o| o.context("a story without a beginning")).collect()
}

/// What falls due until then, each at its time. What was due before the first of these moments is told to nobody.
pub async fn fall_due(services: &Services, clock: &FixedClock, until: Timestamp) -> anyhow::Result<()> {
    services.sla.begin().await?;
    loop {
        while services.sla.catch_up().await? > 0 {}
        let Some(next) = services.sla.next_due().await?.filter(|next| *next < until) else { return Ok(()) };
        clock.set(services.core.now().max(next.plus(1)));
        anyhow::ensure!(services.sla.fall_due().await? > 0, "a clock of promises runs that should not");
    }
}

struct Scene<'a> {
    services: &'a Services,
    desk: &'a Desk,
    customer: &'a Actor,
    story: &'a Story,
}

impl Scene<'_> {
    fn rep(&self, place: usize) -> &Actor {
        &self.desk.staff[place]
    }

    fn rep_id(&self, place: usize) -> Option<&UserId> {
        Some(&self.desk.staff[place].id)
    }

    /// On the phone staff write it down and sort it at once; in a form the customer picks a category.
    async fn open(&self, by: Option<usize>, text: &str, picture: Option<&Picture>) -> anyhow::Result<Opened> {
        let actor = by.map_or(self.customer, |place| self.rep(place));
        let sorted = by.is_some() || matches!(self.story.channel, Channel::Web | Channel::Chat);
        let new = NewTicket {
            vendor_id: Some(self.desk.id.clone()),
            customer: by.map(|_| CustomerRef { id: Some(self.customer.id.clone()), email: None, name: String::new() }),
            category: sorted.then_some(self.story.category),
            subcategory: if sorted { self.story.sub.clone() } else { String::new() },
            tags: if by.is_some() { self.story.tags.clone() } else { Vec::new() },
            attachments: self.upload(actor, picture).await?,
            ..NewTicket::about(&self.story.subject, text, self.story.channel)
        };
        let ticket = self.services.tickets.create(actor, new).await?;
        let conversation = self.services.conversations.of_ticket(actor, &ticket).await?;
        Ok(Opened { key: ticket.id.to_string(), conversation: conversation.id })
    }

    async fn go_on(&self, ticket: &Opened, deed: &Deed) -> anyhow::Result<()> {
        let (tickets, key) = (&self.services.tickets, ticket.key.as_str());
        match deed {
            Deed::Open { .. } => anyhow::bail!("opened twice"),
            Deed::Assign { by, to, reason } => drop(tickets.assign(self.rep(*by), key, self.rep_id(*to), reason, None).await?),
            Deed::Sort { by, ticket_type } => {
                let edit = TicketEdit {
                    category: Some(self.story.category),
                    subcategory: Some(self.story.sub.clone()),
                    ticket_type: Some(*ticket_type),
                    tags: Some(self.story.tags.clone()),
                    ..TicketEdit::default()
                };
                let team = self.desk.teams.iter().find(|t| t.0 == self.story.category).map(|t| Some(t.1.clone()));
                tickets.change(self.rep(*by), key, TicketChange { edit, team, ..TicketChange::default() }).await?;
            }
            Deed::Rank { by, priority } => {
                let edit = TicketEdit { priority: Some(*priority), ..TicketEdit::default() };
                tickets.edit(self.rep(*by), key, edit).await?;
            }
            Deed::Escalate { by, to, level, reason } => {
                tickets.escalate(self.rep(*by), key, *level, self.rep_id(*to), reason).await?;
            }
            Deed::Move { by, to, reason } => drop(tickets.transition(self.rep(*by), key, *to, reason, None).await?),
            Deed::Rate { score, comment } => drop(self.services.feedback.rate(self.customer, key, *score, comment).await?),
            Deed::Say { by, note, text, picture } => {
                let actor = by.map_or(self.customer, |place| self.rep(place));
                let message = NewMessage {
                    conversation_id: ticket.conversation.clone(),
                    content: text.clone(),
                    visibility: if *note { Visibility::Staff } else { Visibility::Customer },
                    attachments: self.upload(actor, *picture).await?,
                    client_id: None,
                };
                self.services.conversations.send(actor, message).await?;
            }
        }
        Ok(())
    }

    async fn upload(&self, actor: &Actor, picture: Option<&Picture>) -> anyhow::Result<Vec<AttachmentId>> {
        let Some(picture) = picture else { return Ok(Vec::new()) };
        let file = self.services.conversations.upload(actor, picture.name, picture.png.into()).await?;
        Ok(vec![file.id])
    }
}
