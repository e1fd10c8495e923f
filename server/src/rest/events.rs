//! `/api/events`: the frames of the socket, by asking for them.

use super::extract::{Api, Asked, Caller};
use super::words::{named, number};
use crate::live::replay::{self, Frames};
use crate::state::AppState;
use axum::extract::State;
use axum::extract::ws::Utf8Bytes;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use coco::Error;
use coco::actor::Actor;
use coco::journey::Topic;
use coco::services::Services;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use utoipa::{IntoParams, ToSchema};

/// Topics one request may follow.
const MAX_TOPICS: usize = 50;
/// The longest wait, in seconds.
const MAX_WAIT: u64 = 25;

/// What to follow.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct EventsQuery {
    /// Topics with commas between them: `ticket:<id>`, `inbox:<vendor id>`, `customer:<id>`, `queue:<vendor id>`.
    #[param(value_type = String)]
    pub topics: Option<String>,
    /// The `seq` of the previous answer. Absent: only the present `seq` is told.
    #[param(value_type = Option<i64>)]
    pub since: Option<String>,
    /// Seconds to wait when nothing has happened yet, at most 25; 0 when absent.
    #[param(value_type = Option<u32>)]
    pub wait: Option<String>,
}

/// What happened. Only described: the answer is made of frames that are text already.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventsAnswer {
    /// Frames as on the socket, in order. Those with `seq` may come more than once.
    events: Vec<serde_json::Value>,
    /// Ask with this as `since` next.
    seq: i64,
    /// Too much happened to tell it all: load the data anew.
    resync: bool,
}

/// What happened since, for clients that cannot open a socket.
#[utoipa::path(
    get, path = "/api/events", tag = "Live", operation_id = "getEvents", params(EventsQuery),
    responses((status = 200, description = "What happened.", body = EventsAnswer))
)]
pub async fn events(State(app): State<AppState>, Caller(actor): Caller, Asked(query): Asked<EventsQuery>) -> Api<Response> {
    let topics = topics(query.topics.as_deref().unwrap_or_default())?;
    let since = query.since.as_deref().map(|s| number::<i64>("since", s)).transpose()?;
    let wait = query.wait.as_deref().map_or(Ok(0), |w| number::<u64>("wait", w))?.min(MAX_WAIT);
    for topic in &topics {
        app.services.journey.authorize(&actor, topic).await.map_err(named)?;
    }
    app.hub.stop_with(&app.lifecycle);
    let actor = Arc::new(actor);
    let seat = app.hub.drop_in(actor.clone());
    let seq = seat.follow(&topics).await;
    let Some(since) = since else { return Ok(answer(&[], seq, false)) };
    match past(&app.services, &actor, &topics, since, seq).await? {
        None => Ok(answer(&[], seq, true)),
        Some(frames) if !frames.is_empty() || wait == 0 => Ok(answer(&frames, seq.max(since), false)),
        Some(_) => {
            let (frames, newest) = seat.wait(Duration::from_secs(wait)).await;
            Ok(answer(&frames, newest.max(seq).max(since), false))
        }
    }
}

fn topics(words: &str) -> coco::Result<Vec<Topic>> {
    let mut topics: Vec<Topic> = Vec::new();
    for word in words.split(',').map(str::trim).filter(|w| !w.is_empty()) {
        let topic = word.parse()?;
        if !topics.contains(&topic) {
            topics.push(topic);
        }
    }
    if topics.is_empty() || topics.len() > MAX_TOPICS {
        return Err(Error::invalid("topics", format!("Name 1 to {MAX_TOPICS} topics.")));
    }
    Ok(topics)
}

/// What happened after `since` up to `seq`; `None` when that is too much.
async fn past(services: &Services, actor: &Actor, topics: &[Topic], since: i64, seq: i64) -> coco::Result<Option<Vec<Utf8Bytes>>> {
    let mut frames = Frames::new();
    if since == seq {
        return Ok(Some(Vec::new()));
    }
    for topic in topics {
        if !replay::collect(&services.journey, actor, topic, since, seq, &mut frames).await? {
            return Ok(None);
        }
    }
    Ok(Some(frames.into_values().collect()))
}

fn answer(frames: &[Utf8Bytes], seq: i64, resync: bool) -> Response {
    let frames: Vec<&str> = frames.iter().map(Utf8Bytes::as_str).collect();
    let body = format!(r#"{{"events":[{}],"seq":{seq},"resync":{resync}}}"#, frames.join(","));
    ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")], body).into_response()
}
