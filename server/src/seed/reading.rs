//! Who has read what: nearly everything, but for the newest.

use super::cast::Cast;
use super::play::Opened;
use super::story::{Deed, Story};
use coco::actor::Actor;
use coco::id::ConversationId;
use coco::services::Services;
use coco::time::{HOUR, Timestamp};
use tokio::task::JoinSet;

/// After this long everyone has looked.
const LOOKED: i64 = 9 * HOUR;
/// Marks under way at a time; they share commits.
const AT_ONCE: usize = 64;

pub async fn mark(services: &Services, cast: &Cast, stories: &[Story], opened: &[Opened], now: Timestamp) -> anyhow::Result<()> {
    let mut running = JoinSet::new();
    for (story, ticket) in stories.iter().zip(opened) {
        for (reader, position) in readers(cast, story, now) {
            if running.len() >= AT_ONCE {
                running.join_next().await.transpose()?.transpose()?;
            }
            running.spawn(one(services.clone(), reader.clone(), ticket.conversation.clone(), position));
        }
    }
    while let Some(done) = running.join_next().await {
        done??;
    }
    Ok(())
}

async fn one(services: Services, reader: Actor, conversation: ConversationId, position: i64) -> coco::Result<()> {
    services.conversations.mark(&reader, &conversation, position, position).await.map(|_| ())
}

/// How far each has read: those who wrote, up to what they wrote; after a while everyone everything.
fn readers<'a>(cast: &'a Cast, story: &Story, now: Timestamp) -> Vec<(&'a Actor, i64)> {
    let said: Vec<(Timestamp, bool)> = story.steps.iter().filter_map(|(at, deed)| Some((*at, by_staff(deed)?))).collect();
    let all = said.len() as i64;
    let last_of = |staff: bool| said.iter().rposition(|s| s.1 == staff).map_or(0, |i| i as i64 + 1);
    let looked = said.last().is_some_and(|s| now.since(s.0) > LOOKED);
    // The demo customer has something new wherever staff spoke last lately.
    let waits = story.customer == 0 && now.since(story.steps[0].0) < 4 * 24 * HOUR;
    let customer = if looked && !waits { all } else { last_of(false) };
    let staff = if looked { all } else { last_of(true) };
    let desk = cast.vendors[story.vendor].staff.iter().map(|s| (s, staff));
    desk.chain([(&cast.customers[story.customer], customer)]).filter(|(_, position)| *position > 0).collect()
}

/// Whether a message is by staff; `None` for what is no message.
fn by_staff(deed: &Deed) -> Option<bool> {
    match deed {
        Deed::Open { .. } => Some(false),
        Deed::Say { by, .. } => Some(by.is_some()),
        _ => None,
    }
}
