//! Promises over the life of tickets, on both databases.

use super::hours::{BusinessHours, Interval};
use super::service::Sla;
use super::{BreachAction, Kind, Policy, Standing, Status as State};
use crate::actor::{Actor, ActorKind, Role};
use crate::both_dbs;
use crate::conversations::{NewMessage, Visibility};
use crate::db::Kind as Database;
use crate::db::testing::{START, Stage};
use crate::error::{ConflictKind, Error};
use crate::event::Event;
use crate::id::VendorId;
use crate::journey::EventRecord;
use crate::tickets::{Channel, NewTicket, Priority, Status, Ticket, TicketChange, TicketEdit};
use crate::time::{HOUR, MINUTE, Timestamp};

mod arithmetic;
mod policies;

both_dbs!(
    clocks_follow_the_life_of_a_ticket,
    what_is_done_without_an_answer_needs_none,
    warnings_and_breaches_are_told_once,
    what_fell_due_while_nobody_looked_is_told_afterwards,
    two_nodes_tell_a_breach_once,
    an_answer_in_time_is_no_breach_however_late_we_hear_of_it,
    a_breach_is_followed_by_what_the_policy_says,
    another_priority_is_another_target,
    weekends_and_moved_clocks_are_reckoned_with,
    what_was_before_the_first_start_is_told_to_nobody,
);

struct Cast {
    stage: Stage,
    vendor: VendorId,
    customer: Actor,
    rep: Actor,
    manager: Actor,
}

async fn cast(stage: Stage) -> Cast {
    let vendor = stage.vendor("acme").await;
    let customer = stage.person(Role::Customer, "Cleo", &vendor).await;
    let rep = stage.person(Role::RepL1, "Rita", &vendor).await;
    let manager = stage.person(Role::AdminManager, "Mona", &vendor).await;
    Cast { stage, vendor, customer, rep, manager }
}

impl Cast {
    fn sla(&self) -> &Sla {
        &self.stage.services.sla
    }
    /// So long after the tests began.
    fn at(&self, micros: i64) {
        self.stage.clock.set(START.plus(micros));
    }
    async fn open(&self, priority: Priority) -> Ticket {
        let new = NewTicket { priority: Some(priority), ..NewTicket::about("Broken", "Please help", Channel::Web) };
        self.stage.services.tickets.create(&self.customer, new).await.expect("a ticket")
    }
    async fn say(&self, who: &Actor, ticket: &Ticket, visibility: Visibility) {
        let conversation = self.stage.services.conversations.of_ticket(&self.rep, ticket).await.expect("a conversation");
        let new =
            NewMessage { conversation_id: conversation.id, content: "Text".into(), visibility, attachments: Vec::new(), client_id: None };
        self.stage.services.conversations.send(who, new).await.expect("sent");
    }
    async fn go(&self, ticket: &Ticket, to: Status) {
        let change = TicketChange { status: Some(to), ..TicketChange::default() };
        self.stage.services.tickets.change(&self.rep, &ticket.number, change).await.expect("moved");
    }
    async fn rank(&self, ticket: &Ticket, priority: Priority) {
        let edit = TicketEdit { priority: Some(priority), ..TicketEdit::default() };
        self.stage.services.tickets.edit(&self.rep, &ticket.number, edit).await.expect("ranked");
    }
    async fn follow(&self) {
        while self.sla().catch_up().await.expect("followed") > 0 {}
    }
    /// Follows and does what is due, as the worker does.
    async fn work(&self) -> usize {
        self.follow().await;
        self.sla().fall_due().await.expect("done")
    }
    /// First answer and resolution.
    async fn clocks(&self, ticket: &Ticket) -> [Standing; 2] {
        self.follow().await;
        let clocks = self.sla().clocks(&self.rep, ticket).await.expect("clocks");
        clocks.try_into().expect("two clocks")
    }
    async fn told(&self) -> Vec<EventRecord> {
        let mut events = self.stage.services.journey.tail(0, 10_000).await.expect("events").events;
        events.retain(|e| matches!(e.event, Event::SlaWarning { .. } | Event::SlaBreached { .. }));
        events
    }
    /// Kind of each event told, `warning` or `breached`, of which promise.
    async fn news(&self) -> Vec<(&'static str, Kind)> {
        let read = |e: &EventRecord| match e.event {
            Event::SlaWarning { promise, .. } => ("warning", promise),
            Event::SlaBreached { promise, .. } => ("breached", promise),
            _ => unreachable!("filtered"),
        };
        self.told().await.iter().map(read).collect()
    }
    async fn promise(&self, change: impl FnOnce(&mut Policy)) {
        let mut now = self.sla().policy(&self.manager, &self.vendor).await.expect("a policy");
        change(&mut now.policy);
        self.sla().save_policy(&self.manager, &self.vendor, now.policy, now.version).await.expect("saved");
    }
}

fn due(micros: i64) -> Option<Timestamp> {
    Some(START.plus(micros))
}

async fn clocks_follow_the_life_of_a_ticket(stage: Stage) {
    let c = cast(stage).await;
    let t = c.open(Priority::Medium).await;
    let [first, resolution] = c.clocks(&t).await;
    assert_eq!((first.kind, first.due_at, first.at_risk_at), (Kind::FirstResponse, due(4 * HOUR), due(3 * HOUR)));
    assert_eq!((resolution.kind, resolution.due_at), (Kind::Resolution, due(48 * HOUR)));

    c.at(HOUR);
    c.say(&c.rep, &t, Visibility::Staff).await;
    c.say(&c.customer, &t, Visibility::Customer).await;
    assert!(c.clocks(&t).await[0].is_running, "neither a note nor the customer answers");
    c.at(2 * HOUR);
    c.say(&c.rep, &t, Visibility::Customer).await;
    let [first, resolution] = c.clocks(&t).await;
    assert_eq!((first.met_at, first.used, first.breached_at), (due(2 * HOUR), 2 * HOUR, None));
    assert!(resolution.is_running);

    c.at(3 * HOUR);
    c.go(&t, Status::WaitingCustomer).await;
    let [_, resolution] = c.clocks(&t).await;
    assert_eq!((resolution.is_running, resolution.used, resolution.due_at), (false, 3 * HOUR, None));
    c.at(10 * HOUR);
    c.say(&c.customer, &t, Visibility::Customer).await;
    assert_eq!(c.clocks(&t).await[1].due_at, due(55 * HOUR), "seven hours later");

    c.at(20 * HOUR);
    c.go(&t, Status::Resolved).await;
    let [_, resolution] = c.clocks(&t).await;
    assert_eq!((resolution.met_at, resolution.used, resolution.due_at), (due(20 * HOUR), 13 * HOUR, None));
    c.at(30 * HOUR);
    c.say(&c.customer, &t, Visibility::Customer).await;
    let [first, resolution] = c.clocks(&t).await;
    assert_eq!((resolution.met_at, resolution.due_at), (None, due(65 * HOUR)), "goes on where it stopped");
    assert_eq!(first.met_at, due(2 * HOUR), "what was answered stays answered");
    c.at(31 * HOUR);
    c.go(&t, Status::Resolved).await;
    c.at(32 * HOUR);
    c.go(&t, Status::Closed).await;
    assert_eq!(c.clocks(&t).await[1].met_at, due(31 * HOUR), "closing what is resolved changes nothing");
    assert_eq!(c.sla().next_due().await, Ok(None));
}

async fn what_is_done_without_an_answer_needs_none(stage: Stage) {
    let c = cast(stage).await;
    let t = c.open(Priority::Medium).await;
    c.at(HOUR);
    c.go(&t, Status::Resolved).await;
    let [first, _] = c.clocks(&t).await;
    assert!(first.is_cancelled && first.met_at.is_none() && !first.is_open());
    c.at(9 * HOUR);
    assert_eq!(c.work().await, 0, "nothing falls due");
    c.say(&c.customer, &t, Visibility::Customer).await;
    let [first, _] = c.clocks(&t).await;
    assert_eq!((first.is_cancelled, first.due_at), (false, due(12 * HOUR)), "three hours are left");
}

async fn warnings_and_breaches_are_told_once(stage: Stage) {
    let c = cast(stage).await;
    let t = c.open(Priority::Urgent).await;
    let first = 15 * MINUTE;
    c.follow().await;
    c.at(first * 3 / 4);
    assert_eq!((c.sla().next_due().await, c.work().await), (Ok(due(first * 3 / 4)), 0), "not before it is past");
    c.at(first * 3 / 4 + 1);
    assert_eq!((c.work().await, c.work().await), (1, 0));
    assert_eq!(c.clocks(&t).await[0].status(c.stage.services.core.now()), State::AtRisk);
    c.at(first);
    assert_eq!(c.work().await, 0, "the last moment is in time");
    c.at(first + 1);
    assert_eq!((c.work().await, c.work().await), (1, 0));
    assert_eq!(c.clocks(&t).await[0].breached_at, due(first));
    c.at(5 * HOUR);
    c.work().await;
    let all = [("warning", Kind::FirstResponse), ("breached", Kind::FirstResponse), ("breached", Kind::Resolution)];
    assert_eq!(c.news().await, all, "who is too late needs no warning");
    let told = &c.told().await[1];
    assert_eq!((told.actor.kind, &told.actor.id, told.visibility), (ActorKind::System, &None, Visibility::Staff));
    assert!(
        matches!(&told.event, Event::SlaBreached { number, due_at, notify: true, .. } if *number == t.number && Some(*due_at) == due(first))
    );

    // What is broken stays so, also when the ticket was reopened.
    c.say(&c.rep, &t, Visibility::Customer).await;
    c.go(&t, Status::Resolved).await;
    c.at(6 * HOUR);
    c.say(&c.customer, &t, Visibility::Customer).await;
    c.at(7 * HOUR);
    assert_eq!(c.work().await, 0);
    let [first_clock, resolution] = c.clocks(&t).await;
    assert_eq!((first_clock.breached_at, resolution.breached_at), (due(first), due(4 * HOUR)));
    assert_eq!(c.news().await.len(), 3);
}

async fn what_fell_due_while_nobody_looked_is_told_afterwards(stage: Stage) {
    let c = cast(stage).await;
    let (late, later) = (c.open(Priority::High).await, c.open(Priority::Low).await);
    c.at(19 * HOUR);
    assert_eq!(c.work().await, 2);
    let all = c.news().await;
    assert_eq!(all.len(), 3, "{all:?}");
    assert!(c.clocks(&late).await.iter().all(|clock| clock.breached_at.is_some()));
    let [first, resolution] = c.clocks(&later).await;
    let now = c.stage.services.core.now();
    assert_eq!((first.status(now), resolution.status(now)), (State::AtRisk, State::OnTrack));
    assert_eq!(c.work().await, 0);
}

async fn two_nodes_tell_a_breach_once(stage: Stage) {
    let c = cast(stage).await;
    for _ in 0..20 {
        c.open(Priority::Urgent).await;
    }
    let beside = if c.stage.services.core.db.kind() == Database::Postgres { Some(c.stage.beside().await) } else { None };
    let other = beside.as_ref().map_or(c.sla(), |b| &b.services.sla);
    let now = 16 * MINUTE;
    c.at(now);
    beside.iter().for_each(|b| b.clock.set(START.plus(now)));
    let both = async |sla: &Sla| {
        while sla.catch_up().await.expect("followed") > 0 {}
        sla.fall_due().await.expect("done")
    };
    let (one, two) = tokio::join!(both(c.sla()), both(other));
    // Who was overtaken by the other's reader may have come too early.
    let rest = c.work().await;
    assert_eq!(one + two + rest, 20);
    assert_eq!(c.news().await, [("breached", Kind::FirstResponse); 20]);
}

async fn an_answer_in_time_is_no_breach_however_late_we_hear_of_it(stage: Stage) {
    let c = cast(stage).await;
    let t = c.open(Priority::Urgent).await;
    c.follow().await;
    c.at(14 * MINUTE);
    c.say(&c.rep, &t, Visibility::Customer).await;
    c.at(16 * MINUTE);
    assert_eq!(c.sla().fall_due().await, Ok(0), "the ticket says so before the reader has come as far");
    assert_eq!(c.clocks(&t).await[0].met_at, due(14 * MINUTE));
    assert!(c.news().await.is_empty());
}

async fn a_breach_is_followed_by_what_the_policy_says(stage: Stage) {
    let c = cast(stage).await;
    c.promise(|p| p.on_breach = vec![BreachAction::Escalate]).await;
    let tickets = &c.stage.services.tickets;
    let t = c.open(Priority::Urgent).await;
    tickets.assign(&c.manager, &t.number, Some(&c.rep.id), "", None).await.expect("assigned");
    c.at(16 * MINUTE);
    assert_eq!(c.work().await, 1);
    let now = tickets.get(&c.rep, &t.number).await.expect("the ticket");
    assert_eq!((now.level, now.status, &now.assignee_id), (2, Status::Escalated, &None));
    let told = c.told().await;
    assert!(matches!(&told[0].event, Event::SlaBreached { assignee_id, notify: false, .. } if *assignee_id == Some(c.rep.id.clone())));

    c.promise(|p| p.on_breach = vec![BreachAction::Notify, BreachAction::Reassign]).await;
    tickets.assign(&c.rep, &t.number, Some(&c.rep.id), "", None).await.expect("assigned");
    c.go(&t, Status::InProgress).await;
    c.at(5 * HOUR);
    assert_eq!(c.work().await, 1);
    let now = tickets.get(&c.rep, &t.number).await.expect("the ticket");
    assert_eq!((now.level, now.status, &now.assignee_id), (2, Status::WaitingForAgent, &None));
    assert_eq!(tickets.view(&c.rep, &t.number).await.expect("a view").assignments.len(), 2);
}

async fn another_priority_is_another_target(stage: Stage) {
    let c = cast(stage).await;
    let t = c.open(Priority::Low).await;
    c.at(2 * HOUR);
    c.rank(&t, Priority::High).await;
    assert_eq!(c.work().await, 1);
    assert_eq!(c.news().await, [("breached", Kind::FirstResponse)], "two hours are more than one");
    c.at(3 * HOUR);
    c.rank(&t, Priority::Medium).await;
    let [first, _] = c.clocks(&t).await;
    assert_eq!((first.breached_at, first.due_at), (None, due(4 * HOUR)), "not broken by the target it has now");
    c.at(4 * HOUR + 1);
    assert_eq!((c.work().await, c.work().await), (1, 0));
    assert_eq!(c.news().await.len(), 2, "once for each target");
    c.say(&c.rep, &t, Visibility::Customer).await;
    c.rank(&t, Priority::Low).await;
    assert_eq!(c.clocks(&t).await[0].breached_at, due(4 * HOUR), "what was done is done");
}

async fn weekends_and_moved_clocks_are_reckoned_with(stage: Stage) {
    let c = cast(stage).await;
    c.promise(|p| p.hours = BusinessHours::office("Europe/Berlin")).await;
    let at = |text: &str| Timestamp::try_from(text.to_owned()).expect("a time");
    // Friday, an hour before the end; on Sunday the clocks go forward.
    c.stage.clock.set(at("2026-03-27T15:00:00Z"));
    let t = c.open(Priority::Medium).await;
    assert_eq!(c.clocks(&t).await[0].due_at, Some(at("2026-03-30T10:00:00Z")));
    c.stage.clock.set(at("2026-03-29T12:00:00Z"));
    assert_eq!(c.work().await, 0, "nothing goes on over the weekend");
    c.stage.clock.set(at("2026-03-30T10:00:00.000001Z"));
    assert_eq!(c.work().await, 1);
    assert_eq!(c.news().await, [("breached", Kind::FirstResponse)]);
}

async fn what_was_before_the_first_start_is_told_to_nobody(stage: Stage) {
    let c = cast(stage).await;
    let t = c.open(Priority::Urgent).await;
    c.at(HOUR);
    c.sla().begin().await.expect("begun");
    assert_eq!(c.clocks(&t).await[0].breached_at, due(15 * MINUTE));
    assert_eq!((c.work().await, c.news().await), (0, Vec::new()));
    c.at(5 * HOUR);
    c.sla().begin().await.expect("begun before");
    assert_eq!(c.work().await, 1);
    assert_eq!(c.news().await, [("breached", Kind::Resolution)], "what falls due from then on is told");
}

/// Nine to noon, and nothing after.
fn mornings() -> Vec<Interval> {
    vec![Interval { from: 9 * 60, to: 12 * 60 }]
}

async fn refused(c: &Cast, who: &Actor, vendor: &VendorId, policy: Policy, version: i64) -> Error {
    c.sla().save_policy(who, vendor, policy, version).await.expect_err("refused")
}

fn is_stale(error: &Error) -> bool {
    matches!(error, Error::Conflict(c) if c.kind == ConflictKind::Stale)
}
