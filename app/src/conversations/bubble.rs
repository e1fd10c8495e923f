//! One line of a thread.

use super::files::Files;
use super::outbox::Unsent;
use super::store::{Side, ThreadStore};
use super::words::Words;
use crate::live::use_live;
use crate::ui::{Avatar, AvatarSize, Button, Glyph, Icon, SageAvatar, Size, TimeAgo, Variant};
use coco::actor::ActorKind;
use coco::conversations::{Message, Visibility};
use coco::event::Event;
use coco::journey::{EventRecord, describe};
use coco::tickets::Status;
use coco::time::{MINUTE, Timestamp};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Messages of one sender within this time stand together.
const GROUP: i64 = 5 * MINUTE;

/// One line of a thread.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Unique in the thread; changes when the line would look different.
    pub key: String,
    /// What it shows.
    pub what: What,
}

/// What a line shows.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// A new day begins.
    Day(String),
    /// Something happened.
    Event(String, Timestamp),
    /// A message.
    Message {
        /// The message.
        message: Box<Message>,
        /// Show who wrote it.
        head: bool,
        /// Written by the side that looks.
        ours: bool,
    },
}

/// Messages and events in one order, with days between them; `day_of` numbers the days and calls them.
pub fn lines(messages: &[Message], events: &[EventRecord], side: Side, day_of: impl Fn(Timestamp) -> (i64, String)) -> Vec<Line> {
    let mut all = Vec::with_capacity(messages.len() + events.len() + 8);
    let (mut day, mut previous): (i64, Option<&Message>) = (i64::MIN, None);
    // The first message says it better than "You asked for help" would.
    let opened = |e: &EventRecord| side == Side::Customer && matches!(e.event, Event::TicketCreated { .. });
    let silent = |at: usize, e| side == Side::Desk && goes_without_saying(e, events.get(at + 1), messages);
    let told = events.iter().enumerate().filter(|(at, e)| !opened(e) && !silent(*at, e)).map(|(_, e)| e);
    let mut told = told.filter_map(|e| Some((e, describe(e, side == Side::Desk)?))).peekable();
    let mut on_day = |all: &mut Vec<Line>, at: Timestamp| {
        let (d, text) = day_of(at);
        if d != day {
            day = d;
            all.push(Line { key: format!("d{d}{text}"), what: What::Day(text) });
        }
    };
    for m in messages {
        while let Some((e, text)) = told.next_if(|(e, _)| precedes(e, m)) {
            on_day(&mut all, e.timestamp);
            all.push(Line { key: format!("e{}", e.seq), what: What::Event(text, e.timestamp) });
            previous = None;
        }
        on_day(&mut all, m.created_at);
        let head =
            previous.is_none_or(|p| p.sender_id != m.sender_id || p.visibility != m.visibility || m.created_at.since(p.created_at) > GROUP);
        all.push(Line {
            key: format!("m{}{}", m.position, u8::from(head)),
            what: What::Message { message: Box::new(m.clone()), head, ours: side.wrote(m) },
        });
        previous = Some(m);
    }
    for (e, text) in told {
        on_day(&mut all, e.timestamp);
        all.push(Line { key: format!("e{}", e.seq), what: What::Event(text, e.timestamp) });
    }
    all
}

/// A status that followed from a message by itself, or that was only the step before closing. The activity has both.
fn goes_without_saying(e: &EventRecord, next: Option<&EventRecord>, messages: &[Message]) -> bool {
    let Event::StatusChange { status, reason, .. } = &e.event else { return false };
    let begin = messages.partition_point(|m| m.created_at < e.timestamp);
    let mut beside = messages[begin..].iter().take_while(|m| m.created_at == e.timestamp);
    let is_step = |next: &EventRecord| {
        let closes = matches!(next.event, Event::StatusChange { status: Status::Closed, .. });
        closes && next.actor.id == e.actor.id && next.timestamp.since(e.timestamp) < MINUTE
    };
    reason.is_empty()
        && (beside.any(|m| e.actor.id.as_ref() == Some(&m.sender_id)) || (*status == Status::Resolved && next.is_some_and(is_step)))
}

/// Whether an event is told before a message; at the same moment only the opening of the ticket is.
fn precedes(e: &EventRecord, m: &Message) -> bool {
    e.timestamp < m.created_at || (e.timestamp == m.created_at && matches!(e.event, Event::TicketCreated { .. }))
}

/// A line.
#[component]
pub fn Bubble(
    /// What it shows.
    line: Line,
    /// The thread it is in.
    store: ThreadStore,
) -> impl IntoView {
    match line.what {
        What::Day(text) => view! { <li class="thread-day"><span>{text}</span></li> }.into_any(),
        What::Event(text, at) => view! { <li class="thread-event"><bdi>{text}</bdi> " · " <TimeAgo at /></li> }.into_any(),
        What::Message { message, head, ours } => view! { <Said message=*message head ours store /> }.into_any(),
    }
}

#[component]
fn Said(message: Message, head: bool, ours: bool, store: ThreadStore) -> impl IntoView {
    let note = message.visibility != Visibility::Customer;
    let face = (!ours || store.side == Side::Desk).then(|| match (head, message.sender_type) {
        (false, _) => view! { <span class="bubble-noface"></span> }.into_any(),
        (true, ActorKind::Sage) => view! { <SageAvatar size=AvatarSize::Normal /> }.into_any(),
        (true, _) => view! { <Avatar name=message.sender_name.clone() /> }.into_any(),
    });
    // On the right of one's own page nobody needs to be told who that is, except by ear.
    let mine = ours && store.side == Side::Customer;
    let name = if mine { "You".to_owned() } else { message.sender_name.clone() };
    let position = message.position;
    let state = move || {
        let (delivered, read) = store.others();
        if read >= position {
            "Read"
        } else if delivered >= position {
            "Delivered"
        } else {
            "Sent"
        }
    };
    let receipt = move || {
        let carries = store.last_ours.get() == Some(position);
        carries.then(|| view! { <p class="bubble-receipt" aria-live="polite">{state}</p> })
    };
    view! {
        <li class="bubble-row" data-ours=ours.to_string() data-note=note.to_string()>
            {face}
            <div class="bubble-stack">
                {head
                    .then(|| {
                        view! {
                            <p class="bubble-head">
                                <span class=if mine { "vh" } else { "bubble-name" }>{name}</span>
                                {note.then(|| view! { <span class="bubble-private"><Icon glyph=Glyph::LOCK /> "Only your team sees this"</span> })}
                                <TimeAgo at=message.created_at />
                            </p>
                        }
                    })}
                <div class="bubble">
                    {(!message.content.is_empty()).then(|| view! { <Words text=message.content.clone() note store /> })}
                    <Files files=message.attachments.clone() />
                </div>
                {(ours && !note).then_some(receipt)}
            </div>
        </li>
    }
}

/// A message on its way, or one that failed.
#[component]
pub fn Pending(
    /// The message.
    unsent: Unsent,
    /// The thread it is in.
    store: ThreadStore,
) -> impl IntoView {
    let id = StoredValue::new(unsent.client_id);
    let connection = use_live().connection;
    let (lost, signed_out) = (unsent.lost, unsent.signed_out);
    let path = use_location().pathname;
    let waits = Memo::new(move |_| lost && !connection.get().is_connected());
    let foot = move || match unsent.failed.clone() {
        None => view! { <p class="bubble-receipt">"Sending…"</p> }.into_any(),
        Some(_) if waits.get() => view! {
            <p class="bubble-receipt" role="status">
                "Will be sent when you're back online."
                <Button variant=Variant::Ghost size=Size::Small on:click=move |_| store.discard(&id.get_value())>"Discard"</Button>
            </p>
        }
        .into_any(),
        Some(reason) => view! {
            <p class="bubble-failed" role="alert">
                <Icon glyph=Glyph::ALERT />
                <span>{if signed_out { "You have been signed out. This is kept.".to_owned() } else { reason }}</span>
                {signed_out
                    .then(|| {
                        let href = ["/login?next=", &path.get()].concat();
                        view! { <a class="link" href=href rel="external">"Sign in and send"</a> }
                    })}
                <Button variant=Variant::Ghost size=Size::Small on:click=move |_| store.retry(&id.get_value())>"Try again"</Button>
                <Button variant=Variant::Ghost size=Size::Small on:click=move |_| store.discard(&id.get_value())>"Discard"</Button>
            </p>
        }
        .into_any(),
    };
    view! {
        <li class="bubble-row" data-ours="true" data-note=unsent.note.to_string() data-pending="true">
            <div class="bubble-stack">
                <div class="bubble">
                    {(!unsent.content.is_empty()).then(|| view! { <Words text=unsent.content.clone() note=unsent.note store /> })}
                    <Files files=unsent.attachments />
                </div>
                {foot}
            </div>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::{What, lines};
    use crate::conversations::Side;
    use coco::actor::ActorKind;
    use coco::conversations::{Message, Visibility};
    use coco::event::Event;
    use coco::journey::{ActorRef, EventRecord};
    use coco::tickets::Status;
    use coco::time::{DAY, HOUR, Timestamp};

    fn message(position: i64, at: i64) -> Message {
        let id = "0190aaaa-0000-7000-8000-000000000001";
        Message {
            id: id.parse().unwrap(),
            conversation_id: id.parse().unwrap(),
            position,
            sender_id: id.parse().unwrap(),
            sender_name: "Ada".into(),
            sender_type: ActorKind::Customer,
            content: "Hello".into(),
            visibility: Visibility::Customer,
            attachments: Vec::new(),
            client_id: None,
            created_at: Timestamp::from_micros(at),
        }
    }

    fn moved(seq: i64, status: Status, at: i64, reason: &str) -> EventRecord {
        let id: coco::id::UserId = "0190aaaa-0000-7000-8000-000000000001".parse().unwrap();
        EventRecord {
            seq,
            timestamp: Timestamp::from_micros(at),
            vendor_id: None,
            customer_id: None,
            ticket_id: None,
            conversation_id: None,
            visibility: Visibility::Customer,
            actor: ActorRef { kind: ActorKind::Rep, id: Some(id), name: "Ada".into() },
            event: Event::StatusChange { status, previous: Status::Assigned, reason: reason.into() },
        }
    }

    #[test]
    fn the_desk_is_told_what_someone_did_and_not_what_followed() {
        let said = [message(1, HOUR), message(2, 2 * HOUR)];
        let events = [
            moved(1, Status::InProgress, HOUR, ""),
            moved(2, Status::WaitingCustomer, HOUR + 1, ""),
            moved(3, Status::Resolved, 3 * HOUR, ""),
            moved(4, Status::Closed, 3 * HOUR + 1, ""),
            moved(5, Status::Resolved, 4 * HOUR, "A new cable."),
            moved(6, Status::Closed, 4 * HOUR + 1, ""),
            moved(7, Status::Resolved, 5 * HOUR, ""),
            moved(8, Status::Closed, 7 * HOUR, ""),
        ];
        let told = |side| {
            let all = lines(&said, &events, side, |_| (0, String::new()));
            all.iter().filter(|l| matches!(l.what, What::Event(..))).map(|l| l.key.clone()).collect::<Vec<_>>()
        };
        assert_eq!(told(Side::Desk), ["e2", "e4", "e5", "e6", "e7", "e8"]);
        assert_eq!(told(Side::Customer).len(), 7, "all but that work goes on");
    }

    #[test]
    fn days_are_those_of_the_reader() {
        let said = [message(1, 23 * HOUR), message(2, 25 * HOUR)];
        let days = |offset: i64| {
            let all = lines(&said, &[], Side::Customer, |at| {
                let day = (at.micros() + offset).div_euclid(DAY);
                (day, format!("day {day}"))
            });
            all.iter().filter(|l| matches!(l.what, What::Day(_))).map(|l| l.key.clone()).collect::<Vec<_>>()
        };
        assert_eq!(days(0), ["d0day 0", "d1day 1"]);
        assert_eq!(days(2 * HOUR), ["d1day 1"]);
    }
}
