//! Asking every few seconds where sockets are blocked; the answers are the frames of the socket.

use super::browser::{is_blocked, set_connection};
use super::{Connection, Frame, Live, pause};
use crate::json::{self, Raw};
use gloo_net::http::{Request, Response};
use leptos::prelude::*;
use serde::Deserialize;

/// Between two polls, in milliseconds.
const EVERY: u32 = 3_000;

/// What happened since the last question.
#[derive(Deserialize)]
struct Told {
    #[serde(default)]
    resync: bool,
    #[serde(default)]
    events: Vec<Raw>,
    seq: Option<i64>,
}

/// What came of one question.
enum Answer {
    /// What happened.
    Told(Told),
    /// The session ended.
    SignedOut,
    /// One of the topics is not, or no longer, for this person.
    Refused,
    /// Nothing that can be used.
    Lost,
}

/// Asks until sockets work again. A topic that is refused is left out: it must not keep the others from being told.
pub(super) async fn poll(live: Live) {
    let mut refused: Vec<String> = Vec::new();
    while is_blocked(live) {
        let topics: Vec<String> = live.topics().into_iter().filter(|t| !refused.contains(t)).collect();
        let since = live.resume.try_get_value().map_or(0, |r| r.since());
        let answer = if topics.is_empty() { Answer::Lost } else { ask(&topics, Some(since)).await };
        if !is_blocked(live) {
            return;
        }
        match answer {
            Answer::Told(told) => {
                set_connection(live, Connection::Polling);
                take(live, &told, &[topics, refused.clone()].concat());
            }
            Answer::SignedOut => set_connection(live, Connection::SignedOut),
            Answer::Refused => {
                for topic in topics {
                    if matches!(ask(std::slice::from_ref(&topic), None).await, Answer::Refused) {
                        refused.push(topic);
                    }
                }
                continue;
            }
            Answer::Lost if !topics.is_empty() => set_connection(live, Connection::Offline),
            Answer::Lost => {}
        }
        pause(EVERY).await;
    }
}

async fn ask(topics: &[String], since: Option<i64>) -> Answer {
    let mut url = ["/api/events?topics=", &topics.join(",")].concat();
    if let Some(since) = since {
        url.push_str("&since=");
        url.push_str(&since.to_string());
    }
    match Request::get(&url).send().await {
        Ok(answer) => read(answer).await,
        Err(_) => Answer::Lost,
    }
}

async fn read(answer: Response) -> Answer {
    match answer.status() {
        200 => match answer.text().await.map(|text| json::read(&text)) {
            Ok(Ok(told)) => Answer::Told(told),
            _ => Answer::Lost,
        },
        401 => Answer::SignedOut,
        403 | 404 => Answer::Refused,
        _ => Answer::Lost,
    }
}

fn take(live: Live, told: &Told, topics: &[String]) {
    if told.resync {
        live.deliver(&Frame::Resync);
    }
    for event in &told.events {
        if let Some(frame) = Frame::read(event.as_ref()) {
            live.deliver(&frame);
        }
    }
    // What a page has begun to follow meanwhile was not asked for.
    let all_asked = live.topics().iter().all(|t| topics.contains(t));
    if let Some(seq) = told.seq.filter(|_| all_asked) {
        live.resume.try_update_value(|r| {
            r.begin();
            r.settle(seq);
        });
    }
}
