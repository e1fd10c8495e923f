//! What the journey promises its readers.

use super::{ActorRef, NewEvent};
use crate::actor::ActorKind;
use crate::both_dbs;
use crate::conversations::Visibility;
use crate::db::Db;
use crate::db::testing::{START, Stage};
use crate::event::Event;
use tokio::task::JoinSet;

both_dbs!(a_reader_passes_no_event);

const WRITERS: usize = 8;
const COMMITS: usize = 60;

fn event() -> NewEvent {
    NewEvent {
        vendor_id: None,
        customer_id: None,
        ticket_id: None,
        conversation_id: None,
        visibility: Visibility::System,
        actor: ActorRef { kind: ActorKind::System, id: None, name: "Test".into() },
        event: Event::CustomerRegistered {},
        at: START,
    }
}

/// Commits of one to three events each; the `seq` of all.
async fn write(db: Db, writer: usize) -> Vec<i64> {
    let mut told = Vec::new();
    for n in 0..COMMITS {
        let mut tx = db.begin().await.expect("a transaction");
        for _ in 0..=(n + writer) % 3 {
            tx.append(event());
        }
        told.extend(tx.commit().await.expect("stored"));
    }
    told
}

/// A cursor that only moves forward meets every event once, whatever the order in which
/// transactions take numbers and commit. Without the lock of `Tx::commit` it fails on PostgreSQL.
async fn a_reader_passes_no_event(stage: Stage) {
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        writers.spawn(write(stage.services.core.db.clone(), writer));
    }
    let (mut told, mut read, mut cursor) = (Vec::new(), Vec::new(), 0);
    loop {
        let last = writers.is_empty();
        let page = stage.services.journey.tail(cursor, 100).await.expect("events");
        cursor = page.seq;
        read.extend(page.events.iter().map(|e| e.seq));
        if last && page.read == 0 {
            break;
        }
        while let Some(done) = writers.try_join_next() {
            told.extend(done.expect("a writer's events"));
        }
    }
    told.sort_unstable();
    assert_eq!(read, told, "what a reader saw, and what was told");
}
