//! The socket itself, its return after a cut, and polling where sockets are blocked.

use super::{Connection, Frame, Live};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{CloseEvent, Event, MessageEvent, WebSocket};

/// Failures in a row before polling takes over, while the socket is still tried now and then.
const PATIENCE: u32 = 3;
/// The longest pause between attempts, in milliseconds.
const MAX_PAUSE: u32 = 15_000;
/// Between two polls, in milliseconds.
const POLL: u32 = 3_000;

thread_local! {
    static LINK: RefCell<Link> = const { RefCell::new(Link { socket: None, failures: 0, running: false, polling: false }) };
}

struct Link {
    socket: Option<WebSocket>,
    failures: u32,
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
        send(&serde_json::json!({ "type": "unsubscribe", "topics": [topic] }).to_string());
    }
}

pub fn send(frame: &str) -> bool {
    LINK.with_borrow(|l| l.socket.as_ref().is_some_and(|s| s.ready_state() == WebSocket::OPEN && s.send_with_str(frame).is_ok()))
}

fn subscribe(live: Live) {
    let frame = serde_json::json!({ "type": "subscribe", "topics": live.topics(), "since": live.seq.get_value() });
    send(&frame.to_string());
}

fn connect(live: Live) {
    let location = window().location();
    let scheme = if location.protocol().is_ok_and(|p| p == "https:") { "wss" } else { "ws" };
    let url = [scheme, "://", &location.host().unwrap_or_default(), "/ws"].concat();
    let Ok(socket) = WebSocket::new(&url) else { return lost(live) };
    let opened = Closure::<dyn FnMut(Event)>::new(move |_| {
        LINK.with_borrow_mut(|l| l.failures = 0);
        live.connection.try_set(Connection::Live);
        subscribe(live);
    });
    let message = Closure::<dyn FnMut(MessageEvent)>::new(move |e: MessageEvent| {
        if let Some(frame) = e.data().as_string().and_then(|text| Frame::read(&text)) {
            live.deliver(&frame);
        }
    });
    let closed = Closure::<dyn FnMut(CloseEvent)>::new(move |_| lost(live));
    socket.set_onopen(Some(opened.as_ref().unchecked_ref()));
    socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
    socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
    // They live as long as the socket, which the browser keeps.
    opened.forget();
    message.forget();
    closed.forget();
    LINK.with_borrow_mut(|l| l.socket = Some(socket));
}

/// After a cut: wait a little longer each time, and poll meanwhile once it lasts.
fn lost(live: Live) {
    let failures = LINK.with_borrow_mut(|l| {
        l.socket = None;
        l.failures += 1;
        l.failures
    });
    if live.connection.try_get_untracked().is_none() {
        return;
    }
    if failures >= PATIENCE {
        if !LINK.with_borrow_mut(|l| std::mem::replace(&mut l.polling, true)) {
            spawn_local(poll(live));
        }
    } else {
        live.connection.try_set(Connection::Connecting);
    }
    let jitter = (js_sys::Math::random() * 500.0) as u32;
    let pause = (500u32 << failures.min(5)).min(MAX_PAUSE) + jitter;
    spawn_local(async move {
        gloo_timers::future::TimeoutFuture::new(pause).await;
        if LINK.with_borrow(|l| l.socket.is_none()) {
            connect(live);
        }
    });
}

async fn poll(live: Live) {
    while LINK.with_borrow(|l| l.failures >= PATIENCE) {
        let ok = poll_once(live).await.is_some();
        if LINK.with_borrow(|l| l.failures >= PATIENCE) {
            live.connection.try_set(if ok { Connection::Polling } else { Connection::Offline });
        }
        gloo_timers::future::TimeoutFuture::new(POLL).await;
    }
    LINK.with_borrow_mut(|l| l.polling = false);
}

async fn poll_once(live: Live) -> Option<()> {
    let url = ["/api/events?topics=", &live.topics().join(","), "&since=", &live.seq.get_value().to_string()].concat();
    let answer = gloo_net::http::Request::get(&url).send().await.ok()?.json::<serde_json::Value>().await.ok()?;
    if answer.get("resync").and_then(serde_json::Value::as_bool) == Some(true) {
        live.deliver(&Frame::Resync);
    }
    for event in answer.get("events")?.as_array()? {
        if let Some(frame) = Frame::read(&event.to_string()) {
            live.deliver(&frame);
        }
    }
    let seq = answer.get("seq")?.as_i64()?;
    live.seq.try_update_value(|s| *s = (*s).max(seq));
    Some(())
}

/// Tries at once when the network comes back or the page is looked at again.
fn watch_network(live: Live) {
    let retry = move || {
        if LINK.with_borrow(|l| l.socket.is_none()) {
            connect(live);
        }
    };
    let online = window_event_listener_untyped("online", move |_| retry());
    let offline = window_event_listener_untyped("offline", move |_| {
        live.connection.try_set(Connection::Offline);
    });
    let focus = window_event_listener_untyped("focus", move |_| retry());
    std::mem::forget((online, offline, focus));
}
