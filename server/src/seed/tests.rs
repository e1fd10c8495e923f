//! The demo and the load set are true: what stands in the tables is what the journey tells.

use super::{Demo, Wanted, run};
use coco::both_dbs;
use coco::db::sql;
use coco::db::testing::Stage;
use coco::event::Event;
use coco::id::{ConversationId, TicketId};
use coco::journey::EventRecord;
use coco::page::PageRequest;
use coco::routing::follow::Follower;
use coco::tickets::search::READER;
use coco::tickets::{Filter, InboxView, Status, Ticket};
use std::collections::{HashMap, HashSet};

both_dbs!(the_demo_is_true, the_load_is_consistent);

const LOGINS: [&str; 7] = [
    "customer@coco.com",
    "rep.l1@coco.com",
    "rep.l2@coco.com",
    "rep.l3@coco.com",
    "admin.manager@coco.com",
    "admin.senior@coco.com",
    "super@coco.com",
];

async fn the_demo_is_true(stage: Stage) {
    let made = run(&stage.services, None).await.unwrap().demo.unwrap();
    assert_eq!(made, Demo { vendors: 3, staff: 12, customers: 60, tickets: 400, messages: made.messages });
    assert!(run(&stage.services, None).await.unwrap_err().to_string().starts_with("demo data is there already"));
    for (table, count) in [("vendors", 3), ("tickets", 400), ("users", 72)] {
        assert_eq!(rows(&stage, table).await, count, "{table}");
    }
    for email in LOGINS {
        assert!(stage.services.auth.sign_in(email, "password").await.is_ok(), "{email}");
    }
    let events = stage.services.journey.tail(0, 1_000_000).await.unwrap().events;
    assert!(events.is_sorted_by_key(|e| e.timestamp), "the journey is told in the order of time");
    assert!(events.last().unwrap().timestamp <= stage.services.core.now(), "nothing lies ahead");
    statuses_are_those_of_the_journey(&stage, &events).await;
    everything_is_filled_in(&events);
    assert_eq!(stage.services.feedback.send_due("http://127.0.0.1:3000").await, Ok(0), "nobody gets mail about it");
    the_inbox_is_alive(&stage).await;
    promises_stand_in_every_way(&stage).await;
    assert_eq!(stage.services.routing.automatic().await.unwrap().len(), 2, "at the first vendor reps take tickets");
    assert_eq!(Follower::default().round(&stage.services).await, Ok(0), "nobody is there to be given one");
    the_demo_customer_has_something_to_look_at(&stage).await;
}

async fn rows(stage: &Stage, table: &str) -> i64 {
    let count = match table {
        "vendors" => "SELECT COUNT(*) FROM vendors",
        "tickets" => "SELECT COUNT(*) FROM tickets",
        _ => "SELECT COUNT(*) FROM users",
    };
    sql(count).one::<(i64,)>(&mut stage.services.core.db.read().await.unwrap()).await.unwrap().0
}

async fn statuses_are_those_of_the_journey(stage: &Stage, events: &[EventRecord]) {
    let mut told: HashMap<&TicketId, Status> = HashMap::new();
    for event in events {
        if let (Some(id), Event::TicketCreated { status, .. } | Event::StatusChange { status, .. }) = (&event.ticket_id, &event.event) {
            told.insert(id, *status);
        }
    }
    let mut conn = stage.services.core.db.read().await.unwrap();
    let stored: Vec<(TicketId, Status)> = sql("SELECT id, status FROM tickets").all(&mut conn).await.unwrap();
    for (id, status) in stored {
        assert_eq!(told.get(&id), Some(&status), "{id}");
    }
}

fn everything_is_filled_in(events: &[EventRecord]) {
    let mut subjects = HashSet::new();
    for event in events {
        let text = match &event.event {
            Event::Message(m) | Event::Note(m) => &m.content,
            Event::Escalated { reason, .. } | Event::AgentAssigned { reason, .. } | Event::StatusChange { reason, .. } => reason,
            Event::Rated { comment, .. } => comment,
            Event::TicketCreated { subject, .. } => {
                assert!(subjects.insert(subject), "{subject} twice");
                subject
            }
            _ => continue,
        };
        assert!(!text.contains(['{', '}']), "{text}");
    }
}

async fn the_inbox_is_alive(stage: &Stage) {
    let rep = stage.services.people.actor_by_email("rep.l1@coco.com").await.unwrap();
    let counters = stage.services.tickets.counters(&rep, &rep.vendors[0]).await.unwrap();
    assert!(counters.open >= 20 && counters.mine >= 5 && counters.unassigned >= 2 && counters.escalated >= 1, "{counters:?}");
    let newest = &list(stage, "rep.l1@coco.com", InboxView::Open).await[0];
    assert!(stage.services.core.now().since(newest.activity_at) < 2 * coco::time::HOUR, "{newest:?}");
}

async fn promises_stand_in_every_way(stage: &Stage) {
    let (page, now) = (PageRequest { limit: Some(200), cursor: None }, stage.services.core.now());
    let mut found = HashSet::new();
    for email in ["admin.manager@coco.com", "ingrid.vasseur@larkspur.example", "dilnoza.karimova@nimbus.example"] {
        let manager = stage.services.people.actor_by_email(email).await.unwrap();
        let open = stage.services.tickets.list(&manager, &Filter::default(), &page).await.unwrap().items;
        found.extend(open.iter().filter_map(|row| Some(row.due.as_ref()?.status(now))));
        let kept = stage.services.sla.attainment(&manager, &manager.vendors[0]).await.unwrap().all;
        assert!(kept.resolution.kept > 0 && kept.first_response.broken > 0, "{email}: {kept:?}");
    }
    assert_eq!(found.len(), 3, "{found:?}");
    assert_eq!(stage.services.journey.cursor(coco::sla::reader::READER).await, stage.services.journey.last_seq().await);
}

async fn list(stage: &Stage, email: &str, view: InboxView) -> Vec<Ticket> {
    let actor = stage.services.people.actor_by_email(email).await.unwrap();
    let (filter, page) = (Filter { view, ..Filter::default() }, PageRequest { limit: Some(200), cursor: None });
    stage.services.tickets.list(&actor, &filter, &page).await.unwrap().items.into_iter().map(|r| r.ticket).collect()
}

async fn the_demo_customer_has_something_to_look_at(stage: &Stage) {
    let sam = stage.services.people.actor_by_email("customer@coco.com").await.unwrap();
    let (choices, tickets) = (stage.services.vendors.choices(&sam).await.unwrap(), list(stage, "customer@coco.com", InboxView::All).await);
    assert!(choices.iter().all(|c| c.joined) && choices[0].current && choices[0].vendor.slug == "voltway", "{choices:?}");
    assert_eq!(tickets.len(), 8);
    let rep = stage.services.people.actor_by_email("rep.l1@coco.com").await.unwrap();
    let mut found = [false; 5];
    for ticket in &tickets {
        let view = stage.services.tickets.view(&sam, ticket.id.as_str()).await.unwrap();
        let place = match (ticket.status, &ticket.assignee_id, view.rating.is_some()) {
            (Status::InProgress, Some(id), _) if *id == rep.id => 0,
            (Status::WaitingCustomer, ..) => 1,
            (Status::Resolved, _, false) => 2,
            (Status::Closed, _, true) => 3,
            _ => 4,
        };
        found[place] = true;
        for file in view.thread.messages.iter().flat_map(|m| &m.attachments) {
            assert!(file.has_thumbnail && stage.services.conversations.download(&sam, &file.id, true).await.unwrap().size > 0);
        }
    }
    assert_eq!(found, [true; 5]);
}

async fn the_load_is_consistent(stage: Stage) {
    let wanted = Wanted { tickets: 1_000, messages: None };
    let summary = run(&stage.services, Some(wanted)).await.unwrap();
    let (demo, load) = (summary.demo.unwrap(), summary.load.unwrap());
    assert_eq!((demo.tickets, load.tickets), (400, 1_000));
    assert!((4_000..5_500).contains(&load.messages), "{load:?}");
    let journey = &stage.services.journey;
    let events = journey.tail(0, 1_000_000).await.unwrap().events;
    statuses_are_those_of_the_journey(&stage, &events).await;
    assert_eq!(journey.cursor(READER).await.unwrap(), journey.last_seq().await.unwrap(), "the search index is complete");
    positions_are_messages(&stage, demo.messages + load.messages).await;
    unread_is_what_was_not_read(&stage).await;

    let rep = stage.services.people.actor_by_email("rep.l1@coco.com").await.unwrap();
    let long = stage.services.tickets.view(&rep, &load.long).await.unwrap();
    assert!(long.thread.conversation.last_position >= 200 && long.thread.earlier.is_some());
    let filter = Filter { view: InboxView::All, q: Some(load.long.clone()), ..Filter::default() };
    let hits = stage.services.tickets.list(&rep, &filter, &PageRequest::default()).await.unwrap();
    assert_eq!(hits.items.iter().map(|r| &r.ticket.number).collect::<Vec<_>>(), [&load.long]);

    let more = run(&stage.services, Some(Wanted { tickets: 10, messages: Some(500) })).await.unwrap();
    assert!(more.demo.is_none() && more.load.is_some_and(|l| l.tickets == 10), "a second load comes on top");
}

async fn positions_are_messages(stage: &Stage, expected: usize) {
    const COUNTED: &str = "SELECT c.id, c.last_position, COUNT(m.id), COALESCE(MAX(m.position), 0)
        FROM conversations c LEFT JOIN messages m ON m.conversation_id = c.id GROUP BY c.id, c.last_position";
    let mut conn = stage.services.core.db.read().await.unwrap();
    let counted: Vec<(ConversationId, i64, i64, i64)> = sql(COUNTED).all(&mut conn).await.unwrap();
    for (id, last, count, max) in &counted {
        assert_eq!((last, last), (count, max), "{id}");
    }
    assert_eq!(counted.iter().map(|c| c.2).sum::<i64>(), expected as i64);
}

/// Counted once more by hand for level 1, from the threads and the receipts.
async fn unread_is_what_was_not_read(stage: &Stage) {
    let rep = stage.services.people.actor_by_email("rep.l1@coco.com").await.unwrap();
    let (filter, page) = (Filter { view: InboxView::Mine, ..Filter::default() }, PageRequest { limit: Some(60), cursor: None });
    let rows = stage.services.tickets.list(&rep, &filter, &page).await.unwrap().items;
    assert!(rows.len() > 20 && rows.iter().any(|r| r.unread > 0) && rows.iter().any(|r| r.unread == 0));
    for row in rows {
        let thread = stage.services.tickets.view(&rep, row.ticket.id.as_str()).await.unwrap().thread;
        let read = thread.receipts.iter().find(|r| r.user_id == rep.id).map_or(0, |r| r.read_position);
        let unread = thread.messages.iter().filter(|m| m.sender_id == row.ticket.customer_id && m.position > read).count();
        assert_eq!(row.unread, unread as i64, "{}", row.ticket.number);
    }
}
