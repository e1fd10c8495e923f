//! Demo data: a small world made through the services, each step at the time it is said to have
//! happened, and on request as many tickets on top as a load test needs.
//!
//! On PostgreSQL add `?options[synchronous_commit]=off` to the address to be done sooner.

mod cast;
mod content;
mod fill;
mod hours;
mod load;
mod pictures;
mod plan;
mod play;
mod promises;
mod reading;
mod rng;
mod story;
#[cfg(test)]
mod tests;

use coco::id::ClockIds;
use coco::services::{Core, Services};
use coco::time::{FixedClock, Timestamp};
use content::Content;
use rng::Rng;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};
use story::{Deed, Story};

pub use load::{Loaded, Wanted};

/// The demo is the same in every run, but for the time it is told from.
const SEED: u64 = 20_261_121;

/// What was made.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// The demo, unless it was there before.
    pub demo: Option<Demo>,
    /// The load set, if it was asked for.
    pub load: Option<Loaded>,
    /// How long it took.
    pub took: Duration,
}

/// The demo in figures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are counts")]
pub struct Demo {
    pub vendors: usize,
    pub staff: usize,
    pub customers: usize,
    pub tickets: usize,
    pub messages: usize,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Demo { vendors, staff, customers, tickets, messages }) = self.demo {
            writeln!(f, "Made {vendors} vendors, {staff} staff, {customers} customers, {tickets} tickets and {messages} messages.")?;
            writeln!(f, "Everyone's password is \"{}\"; begin as customer@coco.com or rep.l1@coco.com.", cast::PASSWORD)?;
        }
        if let Some(Loaded { tickets, messages, events, long }) = &self.load {
            writeln!(f, "Added {tickets} tickets with {messages} messages and {events} events; a long one is {long}.")?;
        }
        write!(f, "Took {:.1} s.", self.took.as_secs_f64())
    }
}

/// Makes demo data in the database of `services`, ending now; with `load` that set on top, for
/// which the demo may be there already.
///
/// # Errors
/// When there are vendors already and nothing but the demo is asked for, or the database fails.
pub async fn run(services: &Services, load: Option<Wanted>) -> anyhow::Result<Summary> {
    let begun = Instant::now();
    let empty = services.vendors.all().await?.is_empty();
    anyhow::ensure!(empty || load.is_some(), "demo data is there already; nothing was changed");
    services.core.db.fill(true).await?;
    let made = make(services, empty, load.filter(|l| l.tickets > 0)).await;
    services.core.db.fill(false).await?;
    Ok(Summary { took: begun.elapsed(), ..made? })
}

async fn make(services: &Services, demo_too: bool, wanted: Option<Wanted>) -> anyhow::Result<Summary> {
    let (now, content) = (services.core.now(), Content::load()?);
    let mut summary = Summary::default();
    if demo_too {
        let (past, clock, _) = in_the_past(services, SEED);
        summary.demo = Some(demo(&past, &clock, &content, now).await?);
    }
    if let Some(wanted) = wanted {
        let (past, clock, ids) = in_the_past(services, now.micros() as u64);
        summary.load = Some(load::run(&past, &clock, &content, ids, now, wanted).await?);
    }
    Ok(summary)
}

/// The services in a time of their own.
fn in_the_past(services: &Services, seed: u64) -> (Services, Arc<FixedClock>, Arc<ClockIds>) {
    let clock = Arc::new(FixedClock::at(services.core.now()));
    let ids = Arc::new(ClockIds::new(clock.clone(), seed));
    (services.on(Core::new(services.core.db.clone(), clock.clone(), ids.clone())), clock, ids)
}

async fn demo(services: &Services, clock: &FixedClock, content: &Content, now: Timestamp) -> anyhow::Result<Demo> {
    let rng = &mut Rng::new(SEED);
    let cast = cast::make(services, clock, content, now, rng).await?;
    let stories = stories(content, now, rng);
    let opened = play::all(services, clock, &cast, &stories).await?;
    cast::routing(services, &cast).await?;
    play::fall_due(services, clock, now).await?;
    clock.set(now);
    reading::mark(services, &cast, &stories, &opened, now).await?;
    cast::presence(services, &cast).await?;
    services.feedback.ask_nobody().await?;
    load::catch_up(services).await?;
    let said = |(_, deed): &&(Timestamp, Deed)| matches!(deed, Deed::Open { .. } | Deed::Say { .. });
    Ok(Demo {
        vendors: cast.vendors.len(),
        staff: cast.vendors.iter().map(|v| v.staff.len()).sum(),
        customers: cast.customers.len(),
        tickets: opened.len(),
        messages: stories.iter().map(|s| s.steps.iter().filter(said).count()).sum(),
    })
}

fn stories(content: &Content, now: Timestamp, rng: &mut Rng) -> Vec<Story> {
    let mut stories: Vec<Story> = Vec::with_capacity(plan::TICKETS);
    for plan in plan::all(content, now, rng) {
        let taken = |subject: &str| stories.iter().any(|s| s.subject == subject);
        let story = Story::tell(&plan, &content.vendors[plan.vendor], &content.customers[plan.customer].name, now, rng, taken);
        stories.push(story);
    }
    stories
}
