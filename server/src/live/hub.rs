//! Who follows what, and the one task that reads the journey for all of them.
//!
//! The task waits for commits, reads what is new in order, writes each event as text once for staff
//! and once for customers, and puts it to the followers of its topics. A follower joins a topic
//! under the same lock, and learns after which event that was: what came before it reads from the
//! database, what comes after arrives by itself, so nothing is missed and nothing comes twice.

use super::frame;
use super::guard::{Guard, Proof};
use super::key::{Key, keys};
use super::limits::{Limits, Room};
use super::peer::{Closing, Peer};
use super::presence::Roster;
use crate::lifecycle::Lifecycle;
use axum::extract::ws::Utf8Bytes;
use coco::actor::Actor;
use coco::conversations::Glimpse;
use coco::event::Event;
use coco::id::{UserId, VendorId};
use coco::journey::service::visible;
use coco::journey::{EventRecord, Topic};
use coco::services::Services;
use metrics::{Counter, Gauge};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Events read at once.
const BATCH: i64 = 500;
/// Looks again after this long even when no commit was told of: another process may write to the
/// same file.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// The pause after the database did not answer.
const AFTER_FAILURE: Duration = Duration::from_millis(500);
/// How long followers may take to go when this node stops.
const FAREWELL: Duration = Duration::from_secs(5);
/// The published `seq` before the first look at the journey.
const NOT_READY: i64 = -1;

/// The sockets of this node. Cheap to clone.
#[derive(Clone)]
pub struct Hub(Arc<Shared>);

pub(super) struct Shared {
    pub services: Services,
    book: Mutex<Book>,
    /// The last event that was published.
    published: watch::Sender<i64>,
    next: AtomicU64,
    pub guard: Guard,
    pub roster: Roster,
    pub limits: Arc<Limits>,
    stop: CancellationToken,
    stop_with: Once,
    pub meters: Meters,
}

/// What the lock protects: followers change and events go out in one order.
#[derive(Default)]
struct Book {
    topics: HashMap<Key, Vec<Arc<Peer>>>,
    sockets: HashMap<u64, Socket>,
    published: i64,
}

struct Socket {
    peer: Arc<Peer>,
    proof: Arc<Proof>,
}

/// Figures of this node.
pub(super) struct Meters {
    pub sockets: Gauge,
    pub frames_in: Counter,
    pub frames_out: Counter,
    pub slow: Counter,
}

/// A follower, until dropped.
pub struct Seat {
    hub: Hub,
    /// What is put to it.
    pub peer: Arc<Peer>,
    person: Option<UserId>,
}

/// For whom a frame is that is no event.
#[derive(Debug, Clone, Copy, Default)]
pub struct Audience {
    /// Not for customers.
    pub staff_only: bool,
    /// Not for this one, who caused it.
    pub except: Option<u64>,
}

impl Hub {
    /// Follows the journey until all its clones are gone, or [`Hub::shutdown`].
    #[must_use]
    pub fn start(services: Services, limits: Limits) -> Self {
        let shared = Arc::new(Shared {
            guard: Guard::new(services.clone()),
            roster: Roster::default(),
            limits: Arc::new(limits),
            services,
            book: Mutex::default(),
            published: watch::Sender::new(NOT_READY),
            next: AtomicU64::new(1),
            stop: CancellationToken::new(),
            stop_with: Once::new(),
            meters: Meters::new(),
        });
        spawn(follow(Arc::downgrade(&shared)));
        spawn(super::guard::watch(Arc::downgrade(&shared)));
        spawn(super::presence::watch(Arc::downgrade(&shared)));
        spawn(pass_on_glimpses(Arc::downgrade(&shared)));
        Self(shared)
    }

    /// Leave for `actor` to have one more socket; none when they have too many.
    #[must_use]
    pub fn room(&self, actor: &Actor) -> Option<Room> {
        self.0.limits.room(actor)
    }

    /// Forgets the limits of those who have not asked for a while.
    pub fn sweep(&self) {
        self.0.limits.sweep();
    }

    /// A socket of `actor`, who has proved it by `proof`.
    #[must_use]
    pub fn join(&self, actor: Arc<Actor>, proof: Proof) -> Seat {
        let person = (actor.role.is_staff() && proof.counts_as_present()).then(|| actor.id.clone());
        let peer = Arc::new(Peer::new(self.0.next.fetch_add(1, Ordering::Relaxed), actor.clone()));
        let mut book = self.0.book();
        book.sockets.insert(peer.number, Socket { peer: peer.clone(), proof: Arc::new(proof) });
        self.0.meters.sockets.set(book.sockets.len() as f64);
        drop(book);
        if self.0.stop.is_cancelled() {
            peer.close(Closing::Stopping);
        }
        if person.is_some() {
            self.0.roster.arrived(&actor);
        }
        Seat { hub: self.clone(), peer, person }
    }

    /// Someone who follows for the time of one request.
    #[must_use]
    pub fn drop_in(&self, actor: Arc<Actor>) -> Seat {
        let peer = Arc::new(Peer::new(self.0.next.fetch_add(1, Ordering::Relaxed), actor));
        Seat { hub: self.clone(), peer, person: None }
    }

    /// Puts a frame that is no event to the followers of `topic`.
    pub fn say(&self, topic: &Topic, frame: &Utf8Bytes, to: Audience) {
        self.0.say(topic, frame, to);
    }

    /// The last event that was published.
    #[must_use]
    pub fn seq(&self) -> i64 {
        *self.0.published.borrow()
    }

    /// How many sockets are open.
    #[must_use]
    pub fn sockets(&self) -> usize {
        self.0.book().sockets.len()
    }

    /// Stops together with everything else.
    pub(crate) fn stop_with(&self, lifecycle: &Lifecycle) {
        self.0.stop_with.call_once(|| {
            let (hub, stopping) = (self.clone(), lifecycle.clone());
            lifecycle.spawn(async move {
                stopping.stopped().await;
                hub.shutdown().await;
            });
        });
    }

    /// Sends everyone away, after what was stored for them is told, and stops reading.
    pub async fn shutdown(&self) {
        self.0.stop.cancel();
        self.0.peers().iter().for_each(|p| p.close(Closing::Stopping));
        let gone = async {
            while self.sockets() > 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        if tokio::time::timeout(FAREWELL, gone).await.is_err() {
            tracing::warn!(left = self.sockets(), "live.not_drained");
        }
    }

    pub(super) fn shared(&self) -> &Shared {
        &self.0
    }
}

impl Seat {
    /// Follows these topics, whose rights were checked: what happens after the event returned comes
    /// by itself.
    pub async fn follow(&self, topics: &[Topic]) -> i64 {
        let shared = self.hub.shared();
        let mut published = shared.published.subscribe();
        // Only in the first moments of the process; an error means that it ends.
        let _ready = published.wait_for(|seq| *seq != NOT_READY).await;
        let mut book = shared.book();
        for topic in topics {
            let fresh = self.peer.with_topics(|mine| {
                let fresh = !mine.contains(topic);
                if fresh {
                    mine.push(topic.clone());
                }
                fresh
            });
            if fresh {
                book.topics.entry(Key::of(topic)).or_insert_with(|| Vec::with_capacity(1)).push(self.peer.clone());
            }
        }
        book.published
    }

    /// Follows these topics no longer.
    pub fn unfollow(&self, topics: &[Topic]) {
        self.hub.shared().unfollow(&self.peer, topics);
    }

    /// The frames of the first moment in which there are any, at most after `patience`, and the
    /// newest event among them.
    pub async fn wait(&self, patience: Duration) -> (Vec<Utf8Bytes>, i64) {
        let frames = std::future::poll_fn(|cx| self.peer.poll_frames(cx));
        tokio::select! {
            got = frames => got,
            () = tokio::time::sleep(patience) => (Vec::new(), 0),
            () = self.hub.shared().stop.cancelled() => (Vec::new(), 0),
        }
    }

    pub(super) fn shared(&self) -> &Shared {
        self.hub.shared()
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let shared = self.hub.shared();
        shared.unfollow(&self.peer, &self.peer.topics());
        let mut book = shared.book();
        book.sockets.remove(&self.peer.number);
        shared.meters.sockets.set(book.sockets.len() as f64);
        drop(book);
        if let Some(person) = &self.person {
            shared.roster.left(person);
        }
    }
}

impl Shared {
    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn stop(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// All sockets.
    pub fn peers(&self) -> Vec<Arc<Peer>> {
        self.book().sockets.values().map(|s| s.peer.clone()).collect()
    }

    /// All sockets with what they proved themselves by.
    pub fn proofs(&self) -> Vec<(Arc<Peer>, Arc<Proof>)> {
        self.book().sockets.values().map(|s| (s.peer.clone(), s.proof.clone())).collect()
    }

    /// What this socket proved itself by; none when it is gone.
    pub fn proof(&self, peer: &Peer) -> Option<Arc<Proof>> {
        self.book().sockets.get(&peer.number).map(|s| s.proof.clone())
    }

    pub fn unfollow(&self, peer: &Peer, topics: &[Topic]) {
        let mut book = self.book();
        peer.with_topics(|mine| mine.retain(|t| !topics.contains(t)));
        for topic in topics {
            let key = Key::of(topic);
            if let Some(followers) = book.topics.get_mut(&key) {
                if let Some(at) = followers.iter().position(|p| p.number == peer.number) {
                    followers.swap_remove(at);
                }
                if followers.is_empty() {
                    book.topics.remove(&key);
                }
            }
        }
    }

    pub fn say(&self, topic: &Topic, frame: &Utf8Bytes, to: Audience) {
        let book = self.book();
        for peer in book.topics.get(&Key::of(topic)).into_iter().flatten() {
            if (peer.staff || !to.staff_only) && to.except != Some(peer.number) {
                peer.say(frame);
            }
        }
    }

    /// Puts a frame that is no event to the customers of a vendor who follow their own journey.
    pub fn say_to_customers(&self, vendor: &VendorId, frame: &Utf8Bytes) {
        let book = self.book();
        for peer in book.topics.iter().filter(|(key, _)| key.is_customer()).flat_map(|(_, peers)| peers) {
            let actor = peer.actor();
            if !actor.role.is_staff() && actor.vendors.contains(vendor) {
                peer.say(frame);
            }
        }
    }

    /// Shows a glimpse to all who follow its ticket but one.
    pub fn show(&self, glimpse: &Glimpse, except: Option<u64>) {
        let now = self.services.core.now();
        let (ticket, frame, staff_only) = match glimpse {
            Glimpse::Marked(m) => (&m.ticket_id, frame::receipt(m, now), false),
            Glimpse::Typing(t) => (&t.ticket_id, frame::typing(t, now), t.internal),
        };
        self.say(&Topic::Ticket(ticket.clone()), &frame, Audience { staff_only, except });
    }

    /// Tells what happened up to `seq`.
    fn publish(&self, events: &[EventRecord], seq: i64) {
        let mut book = self.book();
        for event in events {
            let mut copies = Copies::of(event);
            for followers in keys(event).iter().flatten().filter_map(|key| book.topics.get(key)) {
                for peer in followers {
                    if let Some(text) = copies.get(peer.staff) {
                        peer.tell(text, event.seq);
                    }
                }
            }
            if let (Event::AddressConfirmed {}, Some(person)) = (&event.event, &event.customer_id) {
                book.dismiss(person);
            }
        }
        for vendor in coco::routing::moved_queues(events) {
            let waiting = book.topics.get(&Key::queue(vendor));
            waiting.into_iter().flatten().for_each(|peer| peer.say(&frame::queue_moved()));
        }
        book.published = seq;
        drop(book);
        self.published.send_replace(seq);
        for event in events {
            if let (Event::VendorJoined { .. } | Event::AddressConfirmed {}, Some(person)) = (&event.event, &event.customer_id) {
                self.guard.suspect(person);
            }
        }
    }
}

impl Book {
    /// Sends those away who followed before the person proved their address: from the next event on they
    /// might be told what is for the owner of the address alone. The owner comes again.
    fn dismiss(&self, person: &UserId) {
        let sockets = self.sockets.values().map(|s| &s.peer).filter(|p| p.actor().id == *person);
        let polling = self.topics.get(&Key::customer(person)).into_iter().flatten();
        sockets.chain(polling).filter(|p| !p.actor().is_proved).for_each(|p| p.close(Closing::Proved));
    }
}

impl Meters {
    fn new() -> Self {
        metrics::describe_gauge!("live_sockets", "Sockets that are open.");
        metrics::describe_counter!("live_frames_in_total", "Frames that sockets received.");
        metrics::describe_counter!("live_frames_out_total", "Frames that sockets sent.");
        metrics::describe_counter!("live_slow_total", "Sockets dropped because they did not read fast enough.");
        Self {
            sockets: metrics::gauge!("live_sockets"),
            frames_in: metrics::counter!("live_frames_in_total"),
            frames_out: metrics::counter!("live_frames_out_total"),
            slow: metrics::counter!("live_slow_total"),
        }
    }
}

/// An event as text, written at most once for each kind of follower, and only when there is one.
struct Copies<'a> {
    event: &'a EventRecord,
    staff: Option<Option<Utf8Bytes>>,
    customer: Option<Option<Utf8Bytes>>,
}

impl<'a> Copies<'a> {
    const fn of(event: &'a EventRecord) -> Self {
        Self { event, staff: None, customer: None }
    }

    fn get(&mut self, staff: bool) -> Option<&Utf8Bytes> {
        let event = self.event;
        let copy = if staff { &mut self.staff } else { &mut self.customer };
        copy.get_or_insert_with(|| visible(staff, event.clone()).map(|e| frame::event(&e))).as_ref()
    }
}

/// Publishes what the journey tells.
async fn follow(hub: Weak<Shared>) {
    let Some((mut commits, stop)) = hub.upgrade().map(|h| (h.services.core.db.commits(), h.stop())) else { return };
    loop {
        commits.borrow_and_update();
        let Some(shared) = hub.upgrade() else { return };
        let pause = match shared.catch_up().await {
            Ok(true) => continue,
            Ok(false) => LOOK_AGAIN,
            Err(e) => {
                tracing::warn!(error = ?e, "live.journey_not_read");
                AFTER_FAILURE
            }
        };
        drop(shared);
        tokio::select! {
            changed = commits.changed() => if changed.is_err() { return },
            () = tokio::time::sleep(pause) => {}
            () = stop.cancelled() => return,
        }
    }
}

impl Shared {
    /// One round; true when there may be more.
    async fn catch_up(&self) -> coco::Result<bool> {
        let at = *self.published.borrow();
        if at == NOT_READY {
            let newest = self.services.journey.last_seq().await?;
            self.book().published = newest;
            self.published.send_replace(newest);
            return Ok(true);
        }
        let told = self.services.journey.tail(at, BATCH).await?;
        if told.read > 0 {
            self.publish(&told.events, told.seq);
        }
        Ok(told.read as i64 == BATCH)
    }
}

/// Shows those who follow a ticket how far the others are, and who types on other nodes.
async fn pass_on_glimpses(hub: Weak<Shared>) {
    let Some((mut marked, mut hints, stop)) =
        hub.upgrade().map(|h| (h.services.conversations.marked(), h.services.core.db.hints(), h.stop()))
    else {
        return;
    };
    loop {
        let glimpse = tokio::select! {
            got = marked.recv() => match got {
                Ok(marked) => Some(Glimpse::Marked(marked)),
                Err(RecvError::Closed) => return,
                // Receipts only grow: the next one tells it all.
                Err(RecvError::Lagged(_)) => None,
            },
            hint = hints.recv() => hint.ok().and_then(|hint| hub.upgrade()?.services.conversations.glimpse_elsewhere(&hint)),
            () = stop.cancelled() => return,
        };
        let Some(shared) = hub.upgrade() else { return };
        if let Some(glimpse) = glimpse {
            shared.show(&glimpse, None);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "they end with the hub, which tests make without a lifecycle")]
pub(super) fn spawn(work: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(work);
}
