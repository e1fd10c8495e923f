//! The load set: any number of tickets with their whole past, stored as they stand. It is drawn on
//! one core while the other writes.

mod crowd;
mod draw;
mod life;
mod words;
mod write;

use super::content::Content;
use super::rng::Rng;
use coco::id::ClockIds;
use coco::journey::NewEvent;
use coco::services::Services;
use coco::tickets::bulk::Past;
use coco::time::{DAY, FixedClock, Timestamp};
use crowd::Desk;
use draw::Scene;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::mpsc;

pub use write::catch_up;

/// The load spreads over so long.
const SPAN: i64 = 365 * DAY;
/// The share of the first vendor.
const FIRST: f64 = 0.8;
/// Tickets written together.
const BATCH: usize = 2_000;
/// Messages of a usual ticket.
const USUAL: f64 = 4.5;
/// One ticket in so many is very long.
const LONG_EVERY: usize = 2_000;
/// Messages of a very long ticket, at least.
const LONG: usize = 200;

/// How much is wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// Tickets to add.
    pub tickets: usize,
    /// Messages to add with them, about; by default four or five each.
    pub messages: Option<usize>,
}

/// What was added.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "they are counts")]
pub struct Loaded {
    pub tickets: usize,
    pub messages: usize,
    pub events: usize,
    /// The newest of the tickets with 200 messages and more.
    pub long: String,
}

/// Tickets and, in the order of time, events.
#[derive(Default)]
struct Batch {
    pasts: Vec<Past>,
    events: Vec<NewEvent>,
}

/// Adds the load set.
pub async fn run(
    services: &Services,
    clock: &FixedClock,
    content: &Content,
    ids: Arc<ClockIds>,
    now: Timestamp,
    wanted: Wanted,
) -> anyhow::Result<Loaded> {
    let mut rng = Rng::new(now.micros() as u64);
    let desks = crowd::gather(services, clock, content, now, &mut rng).await?;
    let voices = words::Voice::all(content, &mut rng);
    clock.set(now);
    let words = words::Words::make(&mut rng);
    let times: Vec<Timestamp> = (0..wanted.tickets).map(|i| created(i, wanted.tickets, now, &mut rng)).collect();
    let numbers = write::numbers(services, &times).await?;
    let (sender, batches) = mpsc::channel(2);
    let drawer = Drawer { desks, voices, words, ids, now, times, numbers, wanted, rng };
    let drawing = tokio::task::spawn_blocking(move || drawer.draw(&sender));
    let loaded = write::all(services, wanted.tickets, batches).await?;
    let long = drawing.await?;
    Ok(Loaded { long, ..loaded })
}

/// When the `i`th of `n` tickets is opened: evenly, in order, never the same moment.
fn created(i: usize, n: usize, now: Timestamp, rng: &mut Rng) -> Timestamp {
    now.plus(-SPAN + (SPAN as f64 * (i as f64 + rng.unit() * 0.999) / n as f64) as i64)
}

struct Drawer {
    desks: Vec<Desk>,
    voices: Vec<words::Voice>,
    words: words::Words,
    ids: Arc<ClockIds>,
    now: Timestamp,
    times: Vec<Timestamp>,
    /// The next number of each year.
    numbers: BTreeMap<i64, i64>,
    wanted: Wanted,
    rng: Rng,
}

impl Drawer {
    /// Draws all and hands them on in batches; the number of the newest very long ticket.
    fn draw(mut self, sender: &mpsc::Sender<Batch>) -> String {
        let (times, mut numbers) = (std::mem::take(&mut self.times), std::mem::take(&mut self.numbers));
        let mut rng = std::mem::replace(&mut self.rng, Rng::new(0));
        let mut left = self.wanted.messages.unwrap_or((self.wanted.tickets as f64 * USUAL) as usize);
        let (mut batch, mut later, mut longest) = (Batch::default(), Vec::new(), String::new());
        for (i, at) in times.iter().enumerate() {
            let long = is_long(i, times.len());
            let count = if long { LONG + rng.below(LONG / 4) } else { count(left, times.len() - i, &mut rng) };
            let next = numbers.entry(at.civil().year).or_insert(1);
            let number = coco::tickets::number(at.civil().year, *next);
            *next += 1;
            if long {
                longest.clone_from(&number);
            }
            let desk = if long || rng.chance(FIRST) { &self.desks[0] } else { rng.pick(&self.desks) };
            let scene = Scene { ids: &self.ids, words: &self.words, voice: &self.voices[desk.text], desk, now: self.now };
            let life = scene.ticket(number, *at, count, &mut rng);
            left = left.saturating_sub(life.past.messages.len());
            batch.pasts.push(life.past);
            later.extend(life.events);
            let next_at = times.get(i + 1);
            if batch.pasts.len() == BATCH || next_at.is_none() {
                // What happens after the next ticket is opened has to wait for that.
                let horizon = next_at.copied().unwrap_or(self.now);
                later.sort_by_key(|e: &NewEvent| e.at);
                let rest = later.split_off(later.partition_point(|e| e.at <= horizon));
                batch.events = std::mem::replace(&mut later, rest);
                if sender.blocking_send(std::mem::take(&mut batch)).is_err() {
                    break;
                }
            }
        }
        longest
    }
}

/// Very long tickets stand in the middle of each stretch, so that there is at least one.
fn is_long(i: usize, of: usize) -> bool {
    let stretch = LONG_EVERY.min(of);
    i % stretch == stretch / 2
}

/// How many messages a ticket gets, so that in the end all that are `left` are used.
fn count(left: usize, tickets: usize, rng: &mut Rng) -> usize {
    let mean = left as f64 / tickets as f64;
    if tickets == 1 {
        return left.clamp(1, LONG);
    }
    // Between nothing and twice the mean, the middle more often.
    (((rng.unit() + rng.unit()) * mean).round() as usize).max(1)
}
