//! Use cases around tickets, on both databases.

use super::*;
use crate::actor::{Action, Actor, Role};
use crate::both_dbs;
use crate::conversations::{NewMessage, Visibility};
use crate::db::testing::Stage;
use crate::error::ConflictKind;
use crate::event::Event;
use crate::id::VendorId;
use crate::journey::EventRecord;
use crate::page::PageRequest;
use crate::time::{HOUR, MINUTE};

mod lists;
mod opening;
mod plans;

both_dbs!(
    a_ticket_lives_its_life,
    the_same_form_twice_is_one_ticket,
    numbers_have_no_gaps_under_load,
    a_save_on_an_old_version_is_refused,
    what_colleagues_write_stays_with_them,
    strangers_find_nothing,
    lists_page_without_loss,
    words_find_tickets_only_for_those_who_may,
    bad_input_is_named,
    a_customer_message_reopens,
    notes_push_nothing_out,
    assignment_history_adds_up,
    state_and_owner_never_contradict_each_other,
    a_change_is_made_whole_or_not_at_all,
);

struct Cast {
    stage: Stage,
    vendor: VendorId,
    customer: Actor,
    rep: Actor,
    other: Actor,
}

async fn cast(stage: Stage) -> Cast {
    let vendor = stage.vendor("acme").await;
    let customer = stage.person(Role::Customer, "Cleo", &vendor).await;
    let rep = stage.person(Role::RepL1, "Rita", &vendor).await;
    let other = stage.person(Role::RepL2, "Omar", &vendor).await;
    Cast { stage, vendor, customer, rep, other }
}

impl Cast {
    async fn open(&self, subject: &str, text: &str) -> Ticket {
        let new = NewTicket::about(subject, text, Channel::Web);
        self.stage.services.tickets.create(&self.customer, new).await.expect("a ticket")
    }
    async fn say(&self, who: &Actor, ticket: &Ticket, text: &str, visibility: Visibility) -> crate::Result<crate::conversations::Message> {
        let conversation = self.stage.services.conversations.of_ticket(&self.rep, ticket).await?;
        let new =
            NewMessage { conversation_id: conversation.id, content: text.into(), visibility, attachments: Vec::new(), client_id: None };
        self.stage.services.conversations.send(who, new).await
    }
    async fn now(&self, ticket: &Ticket) -> Ticket {
        self.stage.services.tickets.get(&self.rep, ticket.id.as_str()).await.expect("the ticket")
    }
}

async fn a_ticket_lives_its_life(stage: Stage) {
    let c = cast(stage).await;
    let s = &c.stage.services;
    let t = c.open("Charger is broken", "It does nothing").await;
    assert_eq!((t.number.as_str(), t.status, t.priority), ("TKT-2026-000001", Status::WaitingForAgent, Priority::High));
    assert_eq!(t.priority_source, PrioritySource::Rules);

    c.stage.clock.advance(5 * MINUTE);
    c.say(&c.rep, &t, "Hello, which light is on?", Visibility::Customer).await.expect("sent");
    let t1 = c.now(&t).await;
    assert_eq!((t1.assignee_id.as_ref(), t1.status), (Some(&c.rep.id), Status::InProgress), "a first answer takes the ticket");
    assert_eq!(t1.first_response_at, Some(c.stage.services.core.now()));

    s.tickets.transition(&c.rep, &t.number, Status::WaitingCustomer, "", None).await.expect("waits");
    c.say(&c.customer, &t, "The red one", Visibility::Customer).await.expect("sent");
    assert_eq!(c.now(&t).await.status, Status::InProgress);
    s.tickets.transition(&c.rep, &t.number, Status::Resolved, "Replaced", None).await.expect("resolved");
    let illegal = s.tickets.transition(&c.rep, &t.number, Status::WaitingCustomer, "", None).await;
    assert!(matches!(illegal, Err(Error::Conflict(c)) if c.kind == ConflictKind::IllegalMove));
    assert_eq!(s.feedback.rating(&c.customer, &t).await, Ok(None));
    let (_, rating) = s.feedback.rate(&c.customer, &t.number, 5, "Thank you").await.expect("rated");
    assert_eq!(s.feedback.rating(&c.customer, &t).await, Ok(Some(rating.clone())));
    assert_eq!(rating.score, 5);
    s.tickets.transition(&c.rep, &t.number, Status::Closed, "", None).await.expect("closed");

    let view = s.tickets.view(&c.customer, &t.number).await.expect("the page");
    assert_eq!(view.rating.map(|r| r.score), Some(5));
    assert_eq!(view.thread.messages.iter().map(|m| m.position).collect::<Vec<_>>(), [1, 2, 3]);
    let journey = s.journey.of_customer(&c.customer, &c.customer.id, &PageRequest::default()).await.expect("the journey");
    let kinds: Vec<&str> = journey.items.iter().rev().map(|e| e.event.kind()).collect();
    assert_eq!(kinds.first(), Some(&"customer_registered"));
    assert!(journey.items.windows(2).all(|w| w[0].seq > w[1].seq));
    for kind in ["ticket_created", "message", "agent_assigned", "status_change", "rated"] {
        assert!(kinds.contains(&kind), "{kind} is missing from {kinds:?}");
    }
}

async fn the_same_form_twice_is_one_ticket(stage: Stage) {
    let c = cast(stage).await;
    let new = NewTicket { client_id: Some("form-1".into()), ..NewTicket::about("S", "D", Channel::Web) };
    let s = &c.stage.services.tickets;
    let (a, b) = tokio::join!(s.create(&c.customer, new.clone()), s.create(&c.customer, new.clone()));
    assert_eq!(a.expect("a ticket").id, b.expect("the same").id);
    let all = s.list(&c.customer, &Filter { view: InboxView::All, ..Filter::default() }, &PageRequest::default()).await.expect("a list");
    assert_eq!(all.items.len(), 1);
}

async fn numbers_have_no_gaps_under_load(stage: Stage) {
    let c = std::sync::Arc::new(cast(stage).await);
    let mut tasks = tokio::task::JoinSet::new();
    for i in 0..40 {
        let c = c.clone();
        tasks.spawn(async move { c.open(&format!("Subject {i}"), "Text").await.number });
    }
    let mut numbers = tasks.join_all().await;
    numbers.sort();
    assert_eq!(numbers, (1..=40).map(|n| number(2026, n)).collect::<Vec<_>>());
}

async fn a_save_on_an_old_version_is_refused(stage: Stage) {
    let c = cast(stage).await;
    let s = &c.stage.services.tickets;
    let t = c.open("Old", "Text").await;
    let edit = |version, subject: &str| TicketEdit { version: Some(version), subject: Some(subject.into()), ..TicketEdit::default() };
    let saved = s.edit(&c.rep, &t.number, edit(t.version, "New")).await.expect("saved");
    let refused = s.edit(&c.other, &t.number, edit(t.version, "Newer")).await;
    assert!(matches!(refused, Err(Error::Conflict(c)) if c.kind == ConflictKind::Stale));
    assert_eq!(c.now(&t).await.subject, "New");
    c.say(&c.customer, &t, "A message is no edit", Visibility::Customer).await.expect("sent");
    s.edit(&c.other, &t.number, edit(saved.version, "Newer")).await.expect("messages do not get in the way of edits");
}

async fn what_colleagues_write_stays_with_them(stage: Stage) {
    let c = cast(stage).await;
    let s = &c.stage.services;
    let t = c.open("S", "D").await;
    c.say(&c.rep, &t, "He is rude", Visibility::Staff).await.expect("noted");
    s.tickets.assign(&c.rep, &t.number, Some(&c.other.id), "I can't stand him", None).await.expect("assigned");
    s.tickets.escalate(&c.other, &t.number, 3, None, "He is really rude").await.expect("escalated");
    let refused = c.say(&c.customer, &t, "Let me note", Visibility::Staff).await;
    assert_eq!(refused, Err(Error::Forbidden));
    let view = s.tickets.view(&c.customer, &t.number).await.expect("the page");
    let journey = s.journey.of_customer(&c.customer, &c.customer.id, &PageRequest::default()).await.expect("the journey");
    let topic = crate::journey::Topic::Ticket(t.id.clone());
    let replay = s.journey.replay(&c.customer, &topic, 0).await.expect("a replay");
    for text in [format!("{view:?}"), format!("{journey:?}"), format!("{replay:?}")] {
        assert!(!text.contains("rude") && !text.contains("stand him"), "{text}");
    }
    assert!(format!("{:?}", s.tickets.view(&c.rep, &t.number).await.expect("the page")).contains("really rude"));
}

async fn strangers_find_nothing(stage: Stage) {
    let c = cast(stage).await;
    let s = &c.stage.services;
    let t = c.open("Private", "Private words").await;
    let elsewhere = c.stage.vendor("elsewhere").await;
    let foreign = c.stage.person(Role::AdminSuper, "Foreign Admin", &elsewhere).await;
    let stranger = c.stage.person(Role::Customer, "Stranger", &c.vendor).await;
    let conversation = s.conversations.of_ticket(&c.rep, &t).await.expect("a conversation").id;
    for who in [&foreign, &stranger] {
        assert_eq!(s.tickets.get(who, &t.number).await, Err(Error::NotFound));
        assert_eq!(s.tickets.view(who, t.id.as_str()).await.map(|_| ()), Err(Error::NotFound));
        assert_eq!(s.tickets.edit(who, &t.number, TicketEdit::default()).await, Err(Error::NotFound));
        assert_eq!(s.tickets.assign(who, &t.number, None, "", None).await, Err(Error::NotFound));
        assert_eq!(s.feedback.rate(who, &t.number, 1, "").await.map(|_| ()), Err(Error::NotFound));
        assert_eq!(s.feedback.rating(who, &t).await, Err(Error::NotFound));
        assert_eq!(s.conversations.mark(who, &conversation, 1, 1).await, Err(Error::NotFound));
        assert_eq!(c.say(who, &t, "x", Visibility::Customer).await, Err(Error::NotFound));
        let all =
            s.tickets.list(who, &Filter { view: InboxView::All, ..Filter::default() }, &PageRequest::default()).await.expect("a list");
        assert!(all.items.is_empty());
    }
    let counters = s.tickets.counters(&foreign, &c.vendor).await;
    assert_eq!(counters, Err(Error::NotFound));
    let taken = s.tickets.assign(&c.rep, &t.number, Some(&foreign.id), "", None).await;
    assert!(matches!(taken, Err(Error::Invalid(_))), "tickets go to colleagues only");
}

async fn lists_page_without_loss(stage: Stage) {
    let c = cast(stage).await;
    for i in 0..25 {
        // Several share one moment, so that ties must be broken.
        if i % 3 == 0 {
            c.stage.clock.advance(MINUTE);
        }
        c.open(&format!("Subject {i}"), "Text").await;
    }
    let mut seen = Vec::new();
    let mut page = PageRequest { limit: Some(7), cursor: None };
    loop {
        let got = c.stage.services.tickets.list(&c.rep, &Filter::default(), &page).await.expect("a page");
        seen.extend(got.items.iter().map(|r| r.ticket.number.clone()));
        assert!(got.items.iter().all(|r| r.unread == 1));
        match got.next_cursor {
            Some(cursor) => page.cursor = Some(cursor),
            None => break,
        }
    }
    let mut distinct = seen.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!((seen.len(), distinct.len()), (25, 25));
    let counters = c.stage.services.tickets.counters(&c.rep, &c.vendor).await.expect("counters");
    assert_eq!((counters.open, counters.unassigned, counters.mine), (25, 25, 0));
}

async fn words_find_tickets_only_for_those_who_may(stage: Stage) {
    let c = cast(stage).await;
    let s = &c.stage.services;
    let t = c.open("Étagère livrée cassée", "The shelf arrived in pieces").await;
    c.say(&c.rep, &t, "Supplier zanzibar is late again", Visibility::Staff).await.expect("noted");
    while search::catch_up(&s.core, &s.journey).await.expect("indexed") > 0 {}
    let find = async |who: &Actor, q: &str| {
        let filter = Filter { view: InboxView::All, q: Some(q.into()), ..Filter::default() };
        s.tickets.list(who, &filter, &PageRequest::default()).await.expect("found").items.len()
    };
    assert_eq!(find(&c.rep, "zanzibar").await, 1);
    assert_eq!(find(&c.rep, "shelf pie").await, 1, "the last word may be a beginning");
    assert_eq!(find(&c.rep, "tkt-2026-000001").await, 1);
    for accents in ["étagère livrée", "etagere livree", "ETAGÈRE", "étag"] {
        assert_eq!(find(&c.rep, accents).await, 1, "{accents}");
    }
    assert_eq!(find(&c.rep, "\" OR body : *").await, 0);
    assert_eq!(find(&c.customer, "shelf").await, 1);
    assert_eq!(find(&c.customer, "zanzibar").await, 0, "notes are not found by customers");
    let stranger = c.stage.person(Role::Customer, "Stranger", &c.vendor).await;
    assert_eq!(find(&stranger, "shelf").await, 0);
}

async fn bad_input_is_named(stage: Stage) {
    let c = cast(stage).await;
    let long = "x".repeat(MAX_SUBJECT + 1);
    let new = NewTicket { tags: vec!["y".repeat(99)], ..NewTicket::about(&long, "  \u{202E} ", Channel::Web) };
    let Err(Error::Invalid(faults)) = c.stage.services.tickets.create(&c.customer, new).await else { panic!("accepted") };
    assert_eq!(faults.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), ["subject", "description"]);
    let lines = "line\n".repeat(MAX_BODY);
    assert!(matches!(
        c.stage.services.tickets.create(&c.customer, NewTicket::about("S", &lines, Channel::Web)).await,
        Err(Error::Invalid(_))
    ));
    let t = c.open("S", "D").await;
    assert!(matches!(c.say(&c.customer, &t, " \u{0} ", Visibility::Customer).await, Err(Error::Invalid(_))));
    for key in ["TKT-2026-999999", "nonsense", "", "' OR 1=1 --", "0190aaaa-0000-7000-8000-000000000001"] {
        assert_eq!(c.stage.services.tickets.get(&c.rep, key).await, Err(Error::NotFound), "{key}");
    }
}

async fn a_customer_message_reopens(stage: Stage) {
    let c = cast(stage).await;
    let s = &c.stage.services;
    let t = c.open("S", "D").await;
    s.tickets.assign(&c.rep, &t.number, Some(&c.rep.id), "", None).await.expect("assigned");
    s.tickets.transition(&c.rep, &t.number, Status::Resolved, "", None).await.expect("resolved");
    c.say(&c.customer, &t, "Not yet", Visibility::Customer).await.expect("sent");
    let t = c.now(&t).await;
    assert_eq!((t.status, t.resolved_at, t.assignee_id.as_ref()), (Status::Reopened, None, Some(&c.rep.id)));
    let view = s.tickets.view(&c.rep, &t.number).await.expect("the page");
    assert!(view.activity.iter().any(|e| matches!(e.event, Event::StatusChange { status: Status::Reopened, .. })));
    assert!(view.activity.iter().all(|e| !matches!(e.event, Event::Message(_))), "messages are told beside it");
    assert!(view.assignments.first().is_some_and(|a| a.until_at.is_none()), "work goes on");
}

async fn notes_push_nothing_out(stage: Stage) {
    let c = cast(stage).await;
    let s = &c.stage.services;
    let t = c.open("S", "D").await;
    s.tickets.assign(&c.rep, &t.number, Some(&c.rep.id), "", None).await.expect("taken");
    for n in 0..=super::service::ACTIVITY {
        c.say(&c.rep, &t, &format!("note {n}"), Visibility::Staff).await.expect("noted");
    }
    for who in [&c.rep, &c.customer] {
        let view = s.tickets.view(who, &t.number).await.expect("the page");
        let told = |e: &EventRecord| matches!(e.event, Event::StatusChange { status: Status::Assigned, .. });
        assert!(view.thread.events.iter().any(told), "{}", who.name);
        assert!(!view.thread.events.iter().any(|e| matches!(e.event, Event::Note(_))), "notes stand among the messages");
        let notes = view.activity.iter().filter(|e| matches!(e.event, Event::Note(_))).count() as i64;
        assert_eq!(notes, if who.id == c.rep.id { super::service::ACTIVITY } else { 0 });
    }
}

async fn assignment_history_adds_up(stage: Stage) {
    let c = cast(stage).await;
    let s = &c.stage.services.tickets;
    let t = c.open("S", "D").await;
    s.assign(&c.rep, &t.number, Some(&c.rep.id), "", None).await.expect("taken");
    c.stage.clock.advance(2 * HOUR);
    let moved = s.assign(&c.rep, &t.number, Some(&c.other.id), "on holiday", None).await.expect("handed over");
    assert_eq!(moved.status, Status::Reassigned);
    c.stage.clock.advance(HOUR);
    s.assign(&c.other, &t.number, None, "", None).await.expect("put back");
    let view = s.view(&c.rep, &t.number).await.expect("the page");
    let spent: Vec<(String, Option<i64>)> =
        view.assignments.iter().map(|a| (a.rep_name.clone(), a.until_at.map(|u| u.since(a.from_at)))).collect();
    assert_eq!(spent, [("Omar".to_owned(), Some(HOUR)), ("Rita".to_owned(), Some(2 * HOUR))]);
    assert_eq!(view.assignments[0].reason, "on holiday");
    assert_eq!(view.ticket.status, Status::WaitingForAgent);
}

async fn state_and_owner_never_contradict_each_other(stage: Stage) {
    let c = cast(stage).await;
    let s = &c.stage.services.tickets;
    let t = c.open("S", "D").await;
    for to in [Status::Assigned, Status::Reassigned] {
        let refused = s.transition(&c.rep, &t.number, to, "", None).await.unwrap_err();
        assert!(refused.field("status").is_some(), "{to:?} says nothing of who");
    }
    s.assign(&c.rep, &t.number, Some(&c.other.id), "", None).await.expect("assigned");
    let back = s.transition(&c.rep, &t.number, Status::WaitingForAgent, "Not ours", None).await.expect("put back");
    assert_eq!((back.status, &back.assignee_id), (Status::WaitingForAgent, &None));
    let view = s.view(&c.rep, &t.number).await.expect("the page");
    assert!(view.assignments.iter().all(|a| a.until_at.is_some()), "nobody works on it");
    assert!(view.activity.iter().any(|e| matches!(&e.event, Event::AgentAssigned { agent_id: None, reason, .. } if reason == "Not ours")));
    assert_eq!(s.queue(&c.rep, Some(&c.vendor), &PageRequest::default()).await.expect("the queue").items.len(), 1);

    s.escalate(&c.rep, &t.number, 2, None, "Too hard").await.expect("escalated");
    let taken = s.transition(&c.other, &t.number, Status::InProgress, "", None).await.expect("taken");
    assert_eq!((taken.status, &taken.assignee_id), (Status::InProgress, &Some(c.other.id.clone())), "who starts takes it");
}

async fn a_change_is_made_whole_or_not_at_all(stage: Stage) {
    let c = cast(stage).await;
    let s = &c.stage.services.tickets;
    let t = c.open("S", "D").await;
    let change = TicketChange {
        edit: TicketEdit { subject: Some("Other".into()), tags: Some(vec!["late".into()]), ..TicketEdit::default() },
        assign: Some(Some(c.other.id.clone())),
        ..TicketChange::default()
    };
    let seq = c.stage.services.journey.last_seq().await.expect("a seq");
    for status in [Status::Created, Status::Reopened] {
        let refused = s.change(&c.rep, &t.number, TicketChange { status: Some(status), ..change.clone() }).await;
        assert!(matches!(refused, Err(Error::Conflict(c)) if c.kind == ConflictKind::IllegalMove), "{status:?}");
    }
    assert_eq!(c.now(&t).await, t, "nothing of it was done");
    assert_eq!(c.stage.services.journey.last_seq().await, Ok(seq));

    let done = s.change(&c.rep, &t.number, TicketChange { status: Some(Status::Closed), ..change.clone() }).await.expect("changed");
    assert_eq!((done.status, done.subject.as_str(), &done.assignee_id), (Status::Closed, "Other", &Some(c.other.id.clone())));
    assert!(done.resolved_at.is_some() && s.tags(&c.rep, &done).await.expect("tags") == ["late"]);
    assert_eq!(s.tags(&c.customer, &done).await, Ok(Vec::new()), "how staff sort is no customer's matter");
    for (who, tags) in [(&c.rep, 1), (&c.customer, 0)] {
        assert_eq!(s.view(who, &t.number).await.expect("the page").tags.len(), tags);
        assert_eq!(s.details(who, Action::TicketRead, &[&done]).await.expect("details")[&done.id].tags.len(), tags);
    }
    let again = TicketChange { assign: Some(Some(c.rep.id.clone())), status: Some(Status::InProgress), ..TicketChange::default() };
    let back = s.change(&c.rep, &t.number, again).await.expect("brought back to someone else");
    assert_eq!((back.status, &back.assignee_id, back.closed_at), (Status::InProgress, &Some(c.rep.id.clone()), None));
}
