//! The socket itself: whether it still lives, and its return after a cut.

use super::poll::poll;
use super::resume::Resume;
use super::{Connection, Frame, Live, pause};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Serialize;
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{CloseEvent, Event, MessageEvent, WebSocket};

/// Failures in a row before polling takes over, while the socket is still tried now and then.
const PATIENCE: u32 = 3;
/// The longest pause between attempts, in milliseconds.
const MAX_PAUSE: u32 = 15_000;
/// How often a quiet socket is asked whether it lives, in milliseconds.
const ASK_EVERY: u32 = 25_000;
/// How long it may take to answer, in milliseconds.
const SILENCE: u32 = 5_000;
/// The code of a socket whose session ended.
const SIGNED_OUT: u16 = 4401;

thread_local! {
    static LINK: RefCell<Link> = const { RefCell::new(Link { socket: None, failures: 0, heard: 0.0, running: false, polling: false }) };
}

struct Link {
    socket: Option<WebSocket>,
    failures: u32,
    /// When something last came, in milliseconds.
    heard: f64,
    running: bool,
    polling: bool,
}

/// Sees to it that what is followed arrives: opens the socket, or subscribes on the open one.
pub fn want(live: Live) {
    let open = LINK.with_borrow(|l| l.socket.as_ref().is_some_and(|s| s.ready_state() == WebSocket::OPEN));
    if open {
        subscribe(live);
    } else if !LINK.with_borrow_mut(|l| std::mem::replace(&mut l.running, true)) {
        connect(live);
        watch_network(live);
    }
}

/// Stops following a topic that nobody on the page wants any more.
pub fn forget(live: Live, topic: &str) {
    if !live.topics().iter().any(|t| t == topic) {
        say(&Topics { kind: "unsubscribe", topics: &[topic.to_owned()], since: None });
    }
}

/// Which topics are, or are no longer, to be told of.
#[derive(Serialize)]
struct Topics<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    topics: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<i64>,
}

fn say(topics: &Topics) {
    if let Ok(frame) = serde_json::to_string(topics) {
        send(&frame);
    }
}

pub fn send(frame: &str) -> bool {
    LINK.with_borrow(|l| l.socket.as_ref().is_some_and(|s| s.ready_state() == WebSocket::OPEN && s.send_with_str(frame).is_ok()))
}

fn subscribe(live: Live) {
    let topics = live.topics();
    if topics.is_empty() {
        return;
    }
    let Some(since) = live.resume.try_update_value(Resume::ask) else { return };
    say(&Topics { kind: "subscribe", topics: &topics, since: Some(since) });
}

fn connect(live: Live) {
    let location = window().location();
    let scheme = if location.protocol().is_ok_and(|p| p == "https:") { "wss" } else { "ws" };
    let url = [scheme, "://", &location.host().unwrap_or_default(), "/ws"].concat();
    let Ok(socket) = WebSocket::new(&url) else { return lost(live) };
    let opened = Closure::<dyn FnMut(Event)>::new(move |_| {
        LINK.with_borrow_mut(|l| l.failures = 0);
        set_connection(live, Connection::Live);
        live.resume.try_update_value(Resume::begin);
        subscribe(live);
    });
    let message = Closure::<dyn FnMut(MessageEvent)>::new(move |e: MessageEvent| {
        LINK.with_borrow_mut(|l| l.heard = js_sys::Date::now());
        set_connection(live, Connection::Live);
        if let Some(frame) = e.data().as_string().and_then(|text| Frame::read(&text)) {
            live.deliver(&frame);
        }
    });
    let closed = Closure::<dyn FnMut(CloseEvent)>::new(move |e: CloseEvent| {
        if e.code() == SIGNED_OUT {
            set_connection(live, Connection::SignedOut);
        }
        lost(live);
    });
    socket.set_onopen(Some(opened.as_ref().unchecked_ref()));
    socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
    socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
    // They live as long as the socket, which the browser keeps.
    opened.forget();
    message.forget();
    closed.forget();
    LINK.with_borrow_mut(|l| l.socket = Some(socket));
}

/// How the page is connected now.
pub(super) fn set_connection(live: Live, now: Connection) {
    if live.connection.try_get_untracked().is_some_and(|before| before != now) {
        live.connection.try_set(now);
    }
}

/// Polling is to go on: sockets fail, and there is still someone to ask for.
pub(super) fn is_blocked(live: Live) -> bool {
    LINK.with_borrow(|l| l.failures >= PATIENCE) && !is_signed_out(live)
}

fn is_signed_out(live: Live) -> bool {
    live.connection.try_get_untracked().is_none_or(|c| c == Connection::SignedOut)
}

/// After a cut: wait a little longer each time, and poll meanwhile once it lasts.
fn lost(live: Live) {
    let failures = LINK.with_borrow_mut(|l| {
        l.socket = None;
        l.failures += 1;
        l.failures
    });
    if is_signed_out(live) {
        return;
    }
    if failures >= PATIENCE {
        if !LINK.with_borrow_mut(|l| std::mem::replace(&mut l.polling, true)) {
            spawn_local(async move {
                poll(live).await;
                LINK.with_borrow_mut(|l| l.polling = false);
            });
        }
    } else {
        set_connection(live, Connection::Connecting);
    }
    let jitter = (js_sys::Math::random() * 500.0) as u32;
    let wait = (500u32 << failures.min(5)).min(MAX_PAUSE) + jitter;
    spawn_local(async move {
        pause(wait).await;
        if LINK.with_borrow(|l| l.socket.is_none()) && !is_signed_out(live) {
            connect(live);
        }
    });
}

/// Asks the socket whether it lives: a network that went away says nothing, and the browser believes in it for
/// minutes. Without one, tries again at once; whoever was signed out may have signed in again elsewhere.
fn check(live: Live) {
    let Some(socket) = LINK.with_borrow(|l| l.socket.clone()) else { return connect(live) };
    if !send(r#"{"type":"ping"}"#) {
        return;
    }
    let asked = js_sys::Date::now();
    spawn_local(async move {
        pause(SILENCE).await;
        let silent = LINK.with_borrow(|l| l.heard < asked && l.socket.as_ref() == Some(&socket));
        if silent {
            // It would report its end only when the other side has agreed.
            socket.set_onclose(None);
            socket.set_onmessage(None);
            let _ = socket.close();
            lost(live);
        }
    });
}

/// Sees at once when the network comes back or the page is looked at again, and a dead socket in any case.
fn watch_network(live: Live) {
    let online = window_event_listener_untyped("online", move |_| {
        if !is_signed_out(live) {
            // Live again with the first sign of life, which also sends what could not be sent.
            set_connection(live, Connection::Connecting);
        }
        check(live);
    });
    let offline = window_event_listener_untyped("offline", move |_| {
        if !is_signed_out(live) {
            set_connection(live, Connection::Offline);
        }
    });
    let focus = window_event_listener_untyped("focus", move |_| check(live));
    let seen = window_event_listener_untyped("visibilitychange", move |_| {
        if document().visibility_state() == web_sys::VisibilityState::Visible {
            check(live);
        }
    });
    std::mem::forget((online, offline, focus, seen));
    spawn_local(async move {
        while live.connection.try_get_untracked().is_some() {
            pause(ASK_EVERY).await;
            if LINK.with_borrow(|l| l.socket.is_some()) {
                check(live);
            }
        }
    });
}
