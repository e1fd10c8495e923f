//! What happened before someone followed, for sockets and polling alike.

use super::frame;
use axum::extract::ws::Utf8Bytes;
use coco::Result;
use coco::actor::Actor;
use coco::journey::Topic;
use coco::journey::service::{Journey, Replay};
use std::collections::BTreeMap;

/// Events as frames: each once, in order.
pub type Frames = BTreeMap<i64, Utf8Bytes>;

/// Adds to `frames` what happened on `topic` after `since` up to `seq`; false when that is too much to tell.
///
/// # Errors
/// [`coco::Error::NotFound`] for a topic that is not the actor's, the database's.
pub async fn collect(journey: &Journey, actor: &Actor, topic: &Topic, since: i64, seq: i64, frames: &mut Frames) -> Result<bool> {
    let Replay::Events { events, .. } = journey.replay(actor, topic, since).await? else { return Ok(false) };
    for event in events.iter().filter(|e| e.seq <= seq) {
        frames.entry(event.seq).or_insert_with(|| frame::event(event));
    }
    Ok(true)
}
