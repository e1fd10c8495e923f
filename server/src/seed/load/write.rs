//! Writes the load set: big transactions of statements with many rows, and the search index and the clocks of
//! promises along with them, so that their readers have nothing to catch up on.

use super::{Batch, Loaded};
use anyhow::Context;
use coco::journey::EventRecord;
use coco::services::Services;
use coco::tickets::search;
use coco::time::Timestamp;
use std::collections::BTreeMap;
use tokio::sync::mpsc;

/// Takes the numbers for tickets opened at these times; the first of each year.
pub async fn numbers(services: &Services, times: &[Timestamp]) -> anyhow::Result<BTreeMap<i64, i64>> {
    let mut numbers = BTreeMap::<i64, i64>::new();
    for at in times {
        *numbers.entry(at.civil().year).or_default() += 1;
    }
    let mut tx = services.core.db.begin().await?;
    for (year, count) in &mut numbers {
        *count = services.tickets.take_numbers(&mut tx, *year, *count).await?;
    }
    tx.commit().await?;
    Ok(numbers)
}

/// Writes what comes until nothing more does.
pub async fn all(services: &Services, wanted: usize, mut batches: mpsc::Receiver<Batch>) -> anyhow::Result<Loaded> {
    catch_up(services).await?;
    services.sla.begin().await?;
    let mut indexed = services.journey.last_seq().await?;
    let mut loaded = Loaded::default();
    while let Some(batch) = batches.recv().await {
        loaded.tickets += batch.pasts.len();
        loaded.messages += batch.pasts.iter().map(|p| p.messages.len()).sum::<usize>();
        loaded.events += batch.events.len();
        let records = store(services, batch).await?;
        watch(services, indexed, &records).await?;
        indexed = index(services, indexed, &records).await?;
        eprint!("\r{} of {wanted} tickets", loaded.tickets);
    }
    eprintln!();
    services.sla.tell_nobody().await?;
    Ok(loaded)
}

/// The events as they stand in the journey now.
async fn store(services: &Services, batch: Batch) -> anyhow::Result<Vec<EventRecord>> {
    let mut tx = services.core.db.begin().await?;
    services.tickets.store_past(&mut tx, &batch.pasts).await?;
    for event in &batch.events {
        tx.append(event.clone());
    }
    let seqs = tx.commit().await?;
    let record = |(e, seq): (coco::journey::NewEvent, i64)| EventRecord {
        seq,
        timestamp: e.at,
        vendor_id: e.vendor_id,
        customer_id: e.customer_id,
        ticket_id: e.ticket_id,
        conversation_id: e.conversation_id,
        visibility: e.visibility,
        actor: e.actor,
        event: e.event,
    };
    Ok(batch.events.into_iter().zip(seqs).map(record).collect())
}

/// Indexes the records when they come right after `at`, where the index stands; else, when someone
/// else has written in between, everything up to now. Where it stands then.
async fn index(services: &Services, at: i64, records: &[EventRecord]) -> anyhow::Result<i64> {
    let (Some(first), Some(last)) = (records.first(), records.last()) else { return Ok(at) };
    if first.seq == at + 1 {
        search::index(&services.core, at, records, last.seq).await?;
    }
    if services.journey.cursor(search::READER).await? < last.seq {
        catch_up(services).await.context("the search index")?;
    }
    Ok(last.seq)
}

/// Has the clocks of promises follow the records when these come right after `at`; else everything up to now.
async fn watch(services: &Services, at: i64, records: &[EventRecord]) -> anyhow::Result<()> {
    let (Some(first), Some(last)) = (records.first(), records.last()) else { return Ok(()) };
    if first.seq == at + 1 {
        services.sla.follow(at, records, last.seq).await?;
    }
    while services.sla.catch_up().await? > 0 {}
    Ok(())
}

/// Indexes everything there is.
pub async fn catch_up(services: &Services) -> anyhow::Result<()> {
    while search::catch_up(&services.core, &services.journey).await? > 0 {}
    Ok(())
}
