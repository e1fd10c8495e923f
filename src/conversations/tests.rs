//! Use cases around conversations, on both databases.

use super::*;
use crate::actor::{Actor, Role};
use crate::both_dbs;
use crate::db::testing::Stage;
use crate::error::Error;
use crate::journey::service::Replay;
use crate::journey::{EventRecord, Topic};
use crate::page::PageRequest;
use crate::tickets::{Channel, NewTicket, Ticket};
use crate::time::DAY;
use futures::TryStreamExt;
use std::sync::Arc;
use tokio::task::JoinSet;

mod naming;

mod scanning;

both_dbs!(
    many_senders_store_each_message_once_in_order,
    the_same_client_id_is_one_message,
    one_bad_message_takes_no_other_with_it,
    receipts_only_move_forward,
    other_nodes_see_who_reads_and_types,
    files_reach_those_who_may,
    files_are_given_out_in_parts,
    only_uploads_that_never_went_out_are_swept,
    a_follower_misses_nothing,
);

struct Talk {
    stage: Stage,
    customer: Actor,
    rep: Actor,
    ticket: Ticket,
    conversation: ConversationId,
}

async fn talk(stage: Stage) -> Talk {
    let vendor = stage.vendor("acme").await;
    let customer = stage.person(Role::Customer, "Cleo", &vendor).await;
    let rep = stage.person(Role::RepL1, "Rita", &vendor).await;
    let ticket = stage.services.tickets.create(&customer, NewTicket::about("S", "D", Channel::Web)).await.expect("a ticket");
    stage.services.tickets.assign(&rep, &ticket.number, Some(&rep.id), "", None).await.expect("assigned");
    let conversation = stage.services.conversations.of_ticket(&rep, &ticket).await.expect("a conversation").id;
    Talk { stage, customer, rep, ticket, conversation }
}

impl Talk {
    fn message(&self, text: &str, client_id: Option<&str>) -> NewMessage {
        NewMessage {
            conversation_id: self.conversation.clone(),
            content: text.into(),
            visibility: Visibility::Customer,
            attachments: Vec::new(),
            client_id: client_id.map(str::to_owned),
        }
    }
    async fn all(&self, who: &Actor) -> Vec<Message> {
        let page = PageRequest { limit: Some(200), cursor: None };
        self.stage.services.conversations.messages(who, &self.conversation, &page, false).await.expect("messages").items
    }
}

async fn many_senders_store_each_message_once_in_order(stage: Stage) {
    let t = Arc::new(talk(stage).await);
    let mut senders = JoinSet::new();
    for s in 0..10 {
        let t = t.clone();
        senders.spawn(async move {
            for n in 0..15 {
                let who = if s % 2 == 0 { &t.customer } else { &t.rep };
                t.stage.services.conversations.send(who, t.message(&format!("{s}/{n}"), Some(&format!("{s}-{n}")))).await.expect("sent");
            }
        });
    }
    senders.join_all().await;
    let all = t.all(&t.rep).await;
    assert_eq!(all.iter().map(|m| m.position).collect::<Vec<_>>(), (1..=151).collect::<Vec<_>>(), "no gap, no double");
    for s in 0..10 {
        let own: Vec<&str> = all.iter().filter(|m| m.content.starts_with(&format!("{s}/"))).map(|m| m.content.as_str()).collect();
        assert_eq!(own, (0..15).map(|n| format!("{s}/{n}")).collect::<Vec<_>>(), "each sender's order is kept");
    }
}

async fn the_same_client_id_is_one_message(stage: Stage) {
    let t = talk(stage).await;
    let c = &t.stage.services.conversations;
    let (a, b) = tokio::join!(c.send(&t.customer, t.message("once", Some("id"))), c.send(&t.customer, t.message("once", Some("id"))));
    let again = c.send(&t.customer, t.message("once", Some("id"))).await.expect("again");
    assert_eq!((a.expect("sent").id, b.expect("sent").id), (again.id.clone(), again.id));
    assert_eq!(t.all(&t.rep).await.len(), 2);
    c.send(&t.rep, t.message("mine", Some("id"))).await.expect("another's id is another message");
    assert_eq!(t.all(&t.rep).await.len(), 3);
}

async fn one_bad_message_takes_no_other_with_it(stage: Stage) {
    let t = talk(stage).await;
    let c = &t.stage.services.conversations;
    let lost = NewMessage { conversation_id: t.stage.services.core.id(), ..t.message("nowhere", None) };
    let stranger = t.stage.person(Role::Customer, "Stranger", &t.ticket.vendor_id).await;
    let (good, lost, foreign, empty) = tokio::join!(
        c.send(&t.customer, t.message("good", None)),
        c.send(&t.customer, lost),
        c.send(&stranger, t.message("let me in", None)),
        c.send(&t.customer, t.message("   ", None)),
    );
    assert!(good.is_ok());
    assert_eq!((lost.map(|_| ()), foreign.map(|_| ())), (Err(Error::NotFound), Err(Error::NotFound)));
    assert!(matches!(empty, Err(Error::Invalid(_))));
    assert_eq!(t.all(&t.rep).await.len(), 2);
}

async fn receipts_only_move_forward(stage: Stage) {
    let t = talk(stage).await;
    let c = &t.stage.services.conversations;
    for text in ["a", "b", "c"] {
        c.send(&t.rep, t.message(text, None)).await.expect("sent");
    }
    assert_eq!(c.mark(&t.customer, &t.conversation, 3, 2).await.expect("marked").read_position, 2);
    let back = c.mark(&t.customer, &t.conversation, 1, 1).await.expect("marked");
    assert_eq!((back.delivered_position, back.read_position), (3, 2));
    let beyond = c.mark(&t.customer, &t.conversation, 99, 99).await.expect("marked");
    assert_eq!((beyond.delivered_position, beyond.read_position), (4, 4), "no further than there is");
}

async fn other_nodes_see_who_reads_and_types(stage: Stage) {
    let t = talk(stage).await;
    let one = &t.stage.services.conversations;
    let other = t.stage.services.on(t.stage.services.core.clone()).conversations;
    let mut hints = t.stage.services.core.db.hints();
    let typing = Typing {
        ticket_id: t.ticket.id.clone(),
        conversation_id: t.conversation.clone(),
        user_id: t.rep.id.clone(),
        user_name: "Rita van der Berg".into(),
        on: true,
        internal: true,
    };
    one.type_elsewhere(typing.clone()).await.expect("told");
    if t.stage.services.core.db.kind() == crate::db::Kind::Sqlite {
        assert!(hints.try_recv().is_err());
        return;
    }
    // Until the listener is there.
    let again = std::time::Duration::from_millis(200);
    let hint = loop {
        match tokio::time::timeout(again, hints.recv()).await {
            Ok(hint) => break hint.expect("a hint"),
            Err(_) => one.type_elsewhere(typing.clone()).await.expect("told"),
        }
    };
    assert_eq!(other.glimpse_elsewhere(&hint), Some(Glimpse::Typing(typing)));
    assert_eq!(one.glimpse_elsewhere(&hint), None, "it knows already");
    let receipt = one.mark(&t.customer, &t.conversation, 1, 1).await.expect("marked");
    let mut seen = async || loop {
        let hint = hints.recv().await.expect("a hint");
        if let Some(Glimpse::Marked(marked)) = other.glimpse_elsewhere(&hint) {
            return marked;
        }
    };
    let marked = tokio::time::timeout(std::time::Duration::from_secs(5), seen()).await.expect("in time");
    assert_eq!((marked.ticket_id, marked.conversation_id, marked.receipt), (t.ticket.id, t.conversation, receipt));
    for nonsense in ["", "talk", "talk x", "talk x {}", "presence a b c"] {
        assert_eq!(other.glimpse_elsewhere(nonsense), None);
    }
}

async fn files_reach_those_who_may(stage: Stage) {
    let t = talk(stage).await;
    let c = &t.stage.services.conversations;
    let svg = bytes::Bytes::from_static(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'></svg>");
    let file = c.upload(&t.customer, "../evil.svg", svg).await.expect("uploaded");
    assert_eq!(file.name, "evil.svg");
    assert_eq!(c.download(&t.rep, &file.id, false).await.map(|_| ()), Err(Error::NotFound), "not before it is sent");
    let theirs = NewMessage { attachments: vec![file.id.clone()], ..t.message("", None) };
    assert!(matches!(c.send(&t.rep, theirs.clone()).await, Err(Error::Invalid(_))), "nobody sends another's file");
    let sent = c.send(&t.customer, theirs).await.expect("sent");
    assert_eq!(sent.attachments.len(), 1);
    assert!(!c.download(&t.rep, &file.id, false).await.expect("a file").inline);
    let stranger = t.stage.person(Role::Customer, "Stranger", &t.ticket.vendor_id).await;
    assert_eq!(c.download(&stranger, &file.id, false).await.map(|_| ()), Err(Error::NotFound));
    let note = c.upload(&t.rep, "note.txt", bytes::Bytes::from_static(b"secret")).await.expect("uploaded");
    let noted = NewMessage { attachments: vec![note.id.clone()], visibility: Visibility::Staff, ..t.message("see file", None) };
    c.send(&t.rep, noted).await.expect("noted");
    assert_eq!(c.download(&t.customer, &note.id, false).await.map(|_| ()), Err(Error::NotFound));
    assert!(matches!(c.upload(&t.rep, "x", bytes::Bytes::new()).await, Err(Error::Invalid(_))));
    let huge = bytes::Bytes::from(vec![0; MAX_FILE as usize + 1]);
    assert_eq!(c.upload(&t.rep, "x", huge).await, Err(Error::TooLarge(MAX_FILE)));
}

async fn files_are_given_out_in_parts(stage: Stage) {
    let t = talk(stage).await;
    let c = &t.stage.services.conversations;
    let bytes: Vec<u8> = (0..100_000_u32).map(|n| (n % 251) as u8).collect();
    let file = c.upload(&t.rep, "a.bin", bytes.clone().into()).await.expect("uploaded");
    let got = c.download(&t.rep, &file.id, false).await.expect("a file");
    assert_eq!(got.size, 100_000);
    for range in [0..100_000, 0..1, 9_000..60_000, 99_999..100_000] {
        let parts: Vec<bytes::Bytes> = got.read(range.clone()).await.expect("a stream").try_collect().await.expect("all of it");
        assert_eq!(parts.concat(), bytes[range.start as usize..range.end as usize]);
    }
}

async fn only_uploads_that_never_went_out_are_swept(stage: Stage) {
    let t = talk(stage).await;
    let c = &t.stage.services.conversations;
    let upload = async |name: &str| c.upload(&t.rep, name, bytes::Bytes::from_static(b"text")).await.expect("uploaded").id;
    let (sent, old) = (upload("sent").await, upload("old").await);
    let with = |id: &AttachmentId| NewMessage { attachments: vec![id.clone()], ..t.message("see", None) };
    c.send(&t.rep, with(&sent)).await.expect("sent");
    t.stage.clock.advance(2 * DAY);
    let new = upload("new").await;
    assert_eq!(c.sweep_unsent().await, Ok(1));
    assert_eq!(c.download(&t.rep, &old, false).await.map(|_| ()), Err(Error::NotFound));
    assert!(matches!(c.send(&t.rep, with(&old)).await, Err(Error::Invalid(_))));
    assert!(matches!(c.send(&t.rep, with(&sent)).await, Err(Error::Invalid(_))), "a file is on one message");
    for kept in [&sent, &new] {
        let got = c.download(&t.rep, kept, false).await.expect("a file");
        assert!(got.read(0..got.size).await.is_ok());
    }
}

/// While writers are busy, a reader that only ever asks for what comes after the last event it saw
/// gets every event, once, in order. On PostgreSQL this holds because of the journey's lock.
async fn a_follower_misses_nothing(stage: Stage) {
    let t = Arc::new(talk(stage).await);
    let s = t.stage.services.clone();
    let start = s.journey.last_seq().await.expect("a seq");
    let mut writers = JoinSet::new();
    for w in 0..8 {
        let t = t.clone();
        writers.spawn(async move {
            for n in 0..10 {
                let new = NewTicket::about(&format!("{w}/{n}"), "Text", Channel::Web);
                t.stage.services.tickets.create(&t.customer, new).await.expect("a ticket");
            }
        });
    }
    let (mut seen, mut at): (Vec<EventRecord>, i64) = (Vec::new(), start);
    loop {
        while let Some(ended) = writers.try_join_next() {
            ended.expect("no panic");
        }
        let done = writers.is_empty();
        let told = s.journey.tail(at, 7).await.expect("events");
        at = told.seq;
        let idle = told.events.is_empty();
        seen.extend(told.events);
        if done && idle {
            break;
        }
    }
    assert_eq!(seen.len(), 8 * 10 * 2, "each ticket tells its opening and its first message");
    assert!(seen.windows(2).all(|w| w[0].seq < w[1].seq));
    let topic = Topic::Customer(t.customer.id.clone());
    let Replay::Events { events, .. } = s.journey.replay(&t.customer, &topic, start).await.expect("a replay") else { panic!("resync") };
    assert_eq!(events.len(), seen.len());
    assert!(matches!(s.journey.replay(&t.customer, &topic, 1_000_000).await, Ok(Replay::Resync { .. })));
}
