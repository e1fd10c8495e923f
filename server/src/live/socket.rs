//! One socket, in one task: what comes in, what is answered, what goes out.
//!
//! Messages are handed to the store as they arrive and answered when they are on disk, so that one
//! does not wait for the other; everything else is done in turn. Nothing more is read while
//! too much waits to be answered or written.

mod frames;

use super::frame::MAX_FRAME;
use super::guard::Proof;
use super::hub::{Seat, Shared};
use super::peer::{Closing, Out};
use crate::http::csrf::same_origin;
use crate::http::identify::{SessionKey, bearer};
use crate::http::problem::Problem;
use crate::state::AppState;
use app::context::Identity;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Error as WsError, Extension};
use coco::Error;
use coco::actor::Actor;
use coco::conversations::sending::Sending;
use coco::id::{ConversationId, TicketId};
use futures::{Sink, SinkExt, StreamExt};
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Instant, timeout};
use tower_sessions::Session;
use tungstenite::error::{CapacityError, Error as Fault};

/// Bytes kept for reading; larger frames are read into memory of their own.
const READ_BUFFER: usize = 2 * 1024;
/// Bytes gathered before they are written, when there is more to write.
const WRITE_BUFFER: usize = 4 * 1024;
/// Topics one socket may follow.
const MAX_TOPICS: usize = 50;
/// Frames other than messages in one second.
const MAX_CONTROL: u32 = 60;
/// Messages on their way to disk.
const MAX_SENDING: usize = 64;
/// Frames that wait to be written before reading pauses.
const MAX_BEHIND: usize = 256;
/// Frames that cannot be read before the socket is closed.
const MAX_FAULTS: u32 = 20;
/// How long the rest may take after it was decided to close.
const GRACE: Duration = Duration::from_secs(5);
/// The same for one that does not read.
const GRACE_SLOW: Duration = Duration::from_millis(500);
/// When to try again, in seconds, for who has too many sockets.
const ROOM_AGAIN: u32 = 30;
/// How long a client that sends too much is given to see why the socket is closed.
const LINGER: Duration = Duration::from_secs(1);

/// Opens a socket: with a session only for our own pages, with a token for anyone.
pub async fn upgrade(
    State(state): State<AppState>,
    Extension(identity): Extension<Identity>,
    key: Option<Extension<SessionKey>>,
    session: Option<Extension<Session>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    upgrade: std::result::Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let Some(actor) = identity.0 else { return Problem::from(Error::Unauthenticated).into_response() };
    let proof = match key {
        Some(Extension(SessionKey(who))) => {
            if !same_origin(&headers, &state.config) {
                let detail = "Sockets open only from pages of this site.";
                return Problem::new(StatusCode::FORBIDDEN, "cross_site", detail).into_response();
            }
            Proof::session(session.and_then(|s| s.id()).map(|id| id.to_string()), who.epoch)
        }
        None => match token(&headers, query.as_deref()) {
            Some(token) => Proof::token(token),
            None => return Problem::from(Error::Unauthenticated).into_response(),
        },
    };
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade,
        Err(rejection) => return no_socket(&rejection),
    };
    let Some(room) = state.hub.room(&actor) else { return Problem::from(Error::RateLimited(ROOM_AGAIN)).into_response() };
    state.hub.stop_with(&state.lifecycle);
    let (hub, hold) = (state.hub.clone(), state.lifecycle.hold());
    upgrade.read_buffer_size(READ_BUFFER).write_buffer_size(WRITE_BUFFER).max_message_size(MAX_FRAME).max_frame_size(MAX_FRAME).on_upgrade(
        move |ws| async move {
            let seat = hub.join(Arc::new(actor), proof);
            Socket::new(ws, seat).run().await;
            drop((hold, room));
        },
    )
}

fn token(headers: &HeaderMap, query: Option<&str>) -> Option<String> {
    let in_query = || query?.split('&').find_map(|pair| pair.strip_prefix("access_token="));
    bearer(headers).or_else(in_query).map(str::to_owned)
}

fn no_socket(rejection: &WebSocketUpgradeRejection) -> Response {
    let problem = Problem::new(StatusCode::UPGRADE_REQUIRED, "upgrade_required", format!("Open a WebSocket here. {rejection}"));
    let mut response = problem.into_response();
    response.headers_mut().insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    response
}

struct Socket {
    ws: WebSocket,
    seat: Seat,
    /// To be written.
    outgoing: VecDeque<Out>,
    /// On their way to disk, in order.
    sending: VecDeque<OnItsWay>,
    /// The conversations of tickets that are followed, once they were asked for.
    places: Vec<(TicketId, ConversationId)>,
    /// Something was written but perhaps not sent.
    unflushed: bool,
    faults: u32,
    control: Window,
}

struct OnItsWay {
    client_id: Option<String>,
    stored: Sending,
}

/// Counts what happens within a second.
struct Window {
    since: Instant,
    count: u32,
}

/// What the task does next.
enum Turn {
    Frame(Utf8Bytes),
    End(End),
}

/// Why a socket ends.
enum End {
    /// It is gone.
    Gone,
    /// We close it.
    Close { code: u16, reason: &'static str, grace: Duration, linger: bool },
}

impl End {
    const fn because(code: u16, reason: &'static str) -> Self {
        Self::Close { code, reason, grace: GRACE, linger: false }
    }
}

impl From<Closing> for End {
    fn from(why: Closing) -> Self {
        let (code, reason) = why.code();
        let grace = if matches!(why, Closing::Slow | Closing::Silent) { GRACE_SLOW } else { GRACE };
        Self::Close { code, reason, grace, linger: false }
    }
}

impl Socket {
    fn new(ws: WebSocket, seat: Seat) -> Self {
        Self {
            ws,
            seat,
            outgoing: VecDeque::new(),
            sending: VecDeque::new(),
            places: Vec::new(),
            unflushed: false,
            faults: 0,
            control: Window { since: Instant::now(), count: 0 },
        }
    }

    async fn run(mut self) {
        let end = loop {
            let ended = match std::future::poll_fn(|cx| self.turn(cx)).await {
                Turn::Frame(text) => self.receive(&text).await,
                Turn::End(end) => Some(end),
            };
            if let Some(end) = ended {
                break end;
            }
        };
        // Boxed, as it is of no use while the socket lives, and thousands live.
        Box::pin(self.close(end)).await;
    }

    /// Writes what can be written, reads what can be read.
    fn turn(&mut self, cx: &mut Context<'_>) -> Poll<Turn> {
        loop {
            let taken = match self.seat.peer.poll_take(cx, &mut self.outgoing) {
                Poll::Ready(Some(why)) => return Poll::Ready(Turn::End(why.into())),
                Poll::Ready(None) => true,
                Poll::Pending => false,
            };
            while let Some(first) = self.sending.front_mut()
                && let Poll::Ready(stored) = Pin::new(&mut first.stored).poll(cx)
            {
                let client_id = self.sending.pop_front().and_then(|s| s.client_id);
                self.answer(stored, client_id.as_deref());
            }
            if let Err(end) = self.write(cx) {
                return Poll::Ready(Turn::End(end));
            }
            if !taken {
                break;
            }
        }
        if self.outgoing.len() < MAX_BEHIND && self.sending.len() < MAX_SENDING {
            while let Poll::Ready(got) = self.ws.poll_next_unpin(cx) {
                self.seat.peer.heard();
                match got {
                    Some(Ok(Message::Text(text))) => return Poll::Ready(Turn::Frame(text)),
                    Some(Ok(Message::Binary(_))) => return Poll::Ready(Turn::End(End::because(1003, "frames are text"))),
                    // Pings and closes are answered below us.
                    Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Close(_))) => self.unflushed = true,
                    Some(Err(e)) => return Poll::Ready(Turn::End(fault(e))),
                    None => return Poll::Ready(Turn::End(End::Gone)),
                }
            }
        }
        if self.unflushed {
            match self.ws.poll_flush_unpin(cx) {
                Poll::Ready(Ok(())) => self.unflushed = false,
                Poll::Ready(Err(_)) => return Poll::Ready(Turn::End(End::Gone)),
                Poll::Pending => {}
            }
        }
        Poll::Pending
    }

    fn write(&mut self, cx: &mut Context<'_>) -> std::result::Result<(), End> {
        let mut written = 0;
        while !self.outgoing.is_empty() {
            match Pin::new(&mut self.ws).poll_ready(cx) {
                Poll::Ready(Ok(())) => {}
                Poll::Ready(Err(_)) => return Err(End::Gone),
                Poll::Pending => break,
            }
            let Some(out) = self.outgoing.pop_front() else { break };
            Pin::new(&mut self.ws).start_send(message(out)).map_err(|_| End::Gone)?;
            written += 1;
        }
        if written > 0 {
            self.unflushed = true;
            self.shared().meters.frames_out.increment(written);
            // What a burst needed is given back.
            if self.outgoing.is_empty() && self.outgoing.capacity() > MAX_SENDING {
                self.outgoing = VecDeque::new();
            }
        }
        Ok(())
    }

    fn say(&mut self, frame: Utf8Bytes) {
        self.outgoing.push_back(Out::Frame(frame));
    }

    fn actor(&self) -> Arc<Actor> {
        self.seat.peer.actor()
    }

    fn shared(&self) -> &Shared {
        self.seat.shared()
    }

    /// Tells what is still to be told, says why, and waits for the other side to agree.
    async fn close(mut self, end: End) {
        let End::Close { code, reason, grace, linger } = end else { return };
        if code == Closing::Slow.code().0 {
            self.shared().meters.slow.increment(1);
        }
        let farewell = async {
            while let Some(first) = self.sending.pop_front() {
                let stored = first.stored.await;
                self.answer(stored, first.client_id.as_deref());
            }
            while let Some(out) = self.outgoing.pop_front() {
                self.ws.feed(message(out)).await?;
            }
            self.ws.send(Message::Close(Some(CloseFrame { code, reason: Utf8Bytes::from_static(reason) }))).await?;
            while let Some(Ok(_)) = self.ws.next().await {}
            Ok::<(), WsError>(())
        };
        // Whoever does not answer in time is cut off.
        let _in_time = timeout(grace, farewell).await;
        if linger {
            tokio::time::sleep(LINGER).await;
        }
    }
}

impl Window {
    /// Whether one more is within the limit.
    fn takes(&mut self, limit: u32) -> bool {
        let now = Instant::now();
        if now.saturating_duration_since(self.since) >= Duration::from_secs(1) {
            (self.since, self.count) = (now, 0);
        }
        self.count += 1;
        self.count <= limit
    }
}

fn message(out: Out) -> Message {
    match out {
        Out::Frame(text) => Message::Text(text),
        Out::Ping => Message::Ping(axum::body::Bytes::new()),
    }
}

/// What to answer to what cannot be read.
fn fault(e: WsError) -> End {
    match e.into_inner().downcast_ref::<Fault>() {
        Some(Fault::Capacity(CapacityError::MessageTooLong { .. })) => {
            End::Close { code: 1009, reason: "frames hold at most 64 KB", grace: GRACE, linger: true }
        }
        Some(Fault::Utf8(_)) => End::because(1007, "frames are UTF-8"),
        Some(Fault::Protocol(tungstenite::error::ProtocolError::ResetWithoutClosingHandshake)) => End::Gone,
        Some(Fault::Protocol(_)) => End::because(1002, "not a WebSocket frame"),
        _ => End::Gone,
    }
}
