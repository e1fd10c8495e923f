//! What waits to be sent to one follower: a socket, or a request that polls.
//!
//! The hub puts frames in and never waits; the follower takes them out when it can write. Who does
//! not take them in time is dropped and resumes later, so that nobody slows the others.

use axum::extract::ws::Utf8Bytes;
use coco::actor::Actor;
use coco::journey::Topic;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// Frames that may wait.
pub const MAX_WAITING: usize = 4_096;
/// Bytes that may wait. Frames are shared between followers, so this is what one has to catch up
/// with rather than memory of its own.
pub const MAX_WAITING_BYTES: usize = 2 * 1024 * 1024;
/// Pings without any sign of life before a socket is given up.
const MAX_MISSED: u8 = 2;

/// One follower.
#[derive(Debug)]
pub struct Peer {
    /// Unique on this node.
    pub number: u64,
    /// Sees what only staff see.
    pub staff: bool,
    state: Mutex<State>,
    missed: AtomicU8,
}

#[derive(Debug)]
struct State {
    actor: Arc<Actor>,
    topics: Vec<Topic>,
    waiting: VecDeque<Out>,
    bytes: usize,
    /// The newest event put in: one that belongs to several topics goes in once.
    seq: i64,
    closing: Option<Closing>,
    waker: Option<Waker>,
}

/// Something to be sent.
#[derive(Debug, Clone)]
pub enum Out {
    /// A frame.
    Frame(Utf8Bytes),
    /// A sign of life is wanted.
    Ping,
}

/// Why a follower is sent away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closing {
    /// It did not read fast enough.
    Slow,
    /// It gave no sign of life.
    Silent,
    /// Its session ended, its token was revoked, or its role changed.
    Ended,
    /// This node stops.
    Stopping,
    /// The person's address was proved, perhaps by another person, whose the account is now.
    Proved,
}

impl Closing {
    /// The code and words of the close frame.
    #[must_use]
    pub const fn code(self) -> (u16, &'static str) {
        match self {
            Self::Slow => (1013, "too slow; connect again and resume"),
            Self::Silent => (1001, "no sign of life"),
            Self::Ended => (4401, "sign in again"),
            Self::Stopping => (1012, "restarting; connect again and resume"),
            Self::Proved => (1012, "address confirmed; connect again and resume"),
        }
    }
}

impl Peer {
    /// A follower that acts as `actor`.
    #[must_use]
    pub fn new(number: u64, actor: Arc<Actor>) -> Self {
        let staff = actor.sees_staff();
        let state = State { actor, topics: Vec::new(), waiting: VecDeque::new(), bytes: 0, seq: 0, closing: None, waker: None };
        Self { number, staff, state: Mutex::new(state), missed: AtomicU8::new(0) }
    }

    /// Who it is, with the rights they have now.
    #[must_use]
    pub fn actor(&self) -> Arc<Actor> {
        self.lock().actor.clone()
    }

    /// Changes the rights it has.
    pub fn set_actor(&self, actor: Arc<Actor>) {
        self.lock().actor = actor;
    }

    /// What it follows.
    #[must_use]
    pub fn topics(&self) -> Vec<Topic> {
        self.lock().topics.clone()
    }

    /// Looks at what it follows.
    pub fn with_topics<T>(&self, look: impl FnOnce(&mut Vec<Topic>) -> T) -> T {
        look(&mut self.lock().topics)
    }

    /// Puts an event in, unless it is in already.
    pub fn tell(&self, frame: &Utf8Bytes, seq: i64) {
        let mut state = self.lock();
        if seq > state.seq {
            state.seq = seq;
            state.put(frame);
        }
    }

    /// Puts in something that is no event.
    pub fn say(&self, frame: &Utf8Bytes) {
        self.lock().put(frame);
    }

    /// Asks for a sign of life; gives up when there was none for too long.
    pub fn ping(&self) {
        if self.missed.fetch_add(1, Ordering::Relaxed) >= MAX_MISSED {
            self.close(Closing::Silent);
        } else {
            let mut state = self.lock();
            state.waiting.push_back(Out::Ping);
            state.wake();
        }
    }

    /// Notes a sign of life.
    pub fn heard(&self) {
        self.missed.store(0, Ordering::Relaxed);
    }

    /// Sends it away. What waits is still sent when there is a chance that it arrives.
    pub fn close(&self, why: Closing) {
        self.lock().close(why);
    }

    /// Moves what waits into `taken` if that is empty; ready when there was something, or the
    /// follower is to go.
    pub fn poll_take(&self, cx: &mut Context<'_>, taken: &mut VecDeque<Out>) -> Poll<Option<Closing>> {
        let mut state = self.lock();
        let room = taken.is_empty();
        if (state.waiting.is_empty() || !room) && state.closing.is_none() {
            if !state.waker.as_ref().is_some_and(|w| w.will_wake(cx.waker())) {
                state.waker = Some(cx.waker().clone());
            }
            return Poll::Pending;
        }
        if room {
            state.bytes = 0;
            std::mem::swap(taken, &mut state.waiting);
        } else {
            taken.append(&mut state.waiting);
        }
        Poll::Ready(state.closing)
    }

    /// Takes the frames that wait, with the newest event ever put in; ready when there are any, or
    /// the follower is to go.
    pub fn poll_frames(&self, cx: &mut Context<'_>) -> Poll<(Vec<Utf8Bytes>, i64)> {
        let mut state = self.lock();
        if state.waiting.is_empty() && state.closing.is_none() {
            state.waker = Some(cx.waker().clone());
            return Poll::Pending;
        }
        state.bytes = 0;
        let frames = state.waiting.drain(..).filter_map(|out| if let Out::Frame(text) = out { Some(text) } else { None });
        let frames = frames.collect();
        Poll::Ready((frames, state.seq))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn put(&mut self, frame: &Utf8Bytes) {
        if self.closing.is_some() {
            return;
        }
        self.bytes += frame.len();
        if self.waiting.len() >= MAX_WAITING || self.bytes > MAX_WAITING_BYTES {
            self.close(Closing::Slow);
            return;
        }
        self.waiting.push_back(Out::Frame(frame.clone()));
        self.wake();
    }

    fn close(&mut self, why: Closing) {
        if self.closing.is_none() {
            self.closing = Some(why);
            if matches!(why, Closing::Slow | Closing::Silent) {
                (self.waiting, self.bytes) = (VecDeque::new(), 0);
            }
        }
        self.wake();
    }

    fn wake(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coco::actor::{ActorKind, Role};
    use coco::id::{IdSource, SystemIds};

    fn peer() -> Peer {
        let id = SystemIds.next().into();
        let actor =
            Actor { id, kind: ActorKind::Customer, role: Role::Customer, name: "A".into(), vendors: vec![], scopes: None, is_proved: true };
        Peer::new(1, Arc::new(actor))
    }

    fn take(peer: &Peer) -> (usize, Option<Closing>) {
        let mut taken = VecDeque::new();
        match peer.poll_take(&mut Context::from_waker(Waker::noop()), &mut taken) {
            Poll::Ready(closing) => (taken.len(), closing),
            Poll::Pending => (0, None),
        }
    }

    #[test]
    fn an_event_of_several_topics_goes_in_once() {
        let peer = peer();
        for seq in [1, 1, 2, 2, 1] {
            peer.tell(&"x".into(), seq);
        }
        peer.say(&"typing".into());
        assert_eq!(take(&peer), (3, None));
        assert_eq!(take(&peer), (0, None));
    }

    #[test]
    fn who_does_not_read_is_dropped_without_a_backlog() {
        let by_count = peer();
        for seq in 1..=MAX_WAITING as i64 + 5 {
            by_count.tell(&"x".into(), seq);
        }
        assert_eq!(take(&by_count), (0, Some(Closing::Slow)));
        let by_size = peer();
        let large: Utf8Bytes = "x".repeat(64 * 1024).into();
        for seq in 1..=40 {
            by_size.tell(&large, seq);
        }
        assert_eq!(take(&by_size), (0, Some(Closing::Slow)));
    }

    #[test]
    fn what_waits_goes_out_before_the_end() {
        let peer = peer();
        peer.tell(&"x".into(), 1);
        peer.close(Closing::Ended);
        peer.close(Closing::Slow);
        peer.tell(&"late".into(), 2);
        assert_eq!(take(&peer), (1, Some(Closing::Ended)));
    }

    #[test]
    fn silence_is_noticed_and_any_sign_counts() {
        let peer = peer();
        for _ in 0..9 {
            peer.ping();
            peer.heard();
        }
        assert_eq!(take(&peer), (9, None));
        (0..3).for_each(|_| peer.ping());
        assert_eq!(take(&peer), (0, Some(Closing::Silent)));
    }
}
