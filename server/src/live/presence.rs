//! Presence of staff follows their sockets: with the first one they are what they had chosen or online,
//! and when the last one is gone for a while they are offline.
//!
//! The node holds those who have a socket here in the database, where other nodes see it, and hints to them at
//! each change; whom
//! nobody holds any more, as after a node was killed, any node sets offline.
//!
//! Customers hear only whether anyone is online at their vendor's desk.

use super::frame;
use super::hub::{Audience, Shared};
use coco::Result;
use coco::actor::Actor;
use coco::id::{UserId, VendorId};
use coco::journey::Topic;
use coco::people::Presence;
use coco::people::presence::LEASE;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;

/// How long someone may be without a socket: a reload, a change of network.
const GRACE: Duration = Duration::from_secs(10);
/// How often those who left are looked at.
const TICK: Duration = Duration::from_secs(1);
/// How often everyone here is held again, and those whom nobody holds are looked for.
const RENEW: Duration = Duration::from_secs(20);

/// Who of the staff is here.
#[derive(Default)]
pub struct Roster {
    people: Mutex<HashMap<UserId, Person>>,
    /// Someone came who is not held yet.
    arrived: Arc<Notify>,
}

struct Person {
    actor: Arc<Actor>,
    sockets: usize,
    /// When the last socket closed.
    left: Option<Instant>,
    /// The database knows that they are here.
    held: bool,
}

impl Roster {
    /// A socket opened.
    pub fn arrived(&self, actor: &Arc<Actor>) {
        let mut people = self.lock();
        let person = people.entry(actor.id.clone()).or_insert_with(|| Person { actor: actor.clone(), sockets: 0, left: None, held: false });
        person.actor = actor.clone();
        person.sockets += 1;
        person.left = None;
        if !person.held {
            self.arrived.notify_one();
        }
    }

    /// A socket closed.
    pub fn left(&self, id: &UserId) {
        if let Some(person) = self.lock().get_mut(id) {
            person.sockets = person.sockets.saturating_sub(1);
            if person.sockets == 0 {
                person.left = Some(Instant::now());
            }
        }
    }

    /// Those to be held: everyone here, or only those who are not yet.
    fn to_hold(&self, everyone: bool) -> Vec<UserId> {
        self.lock().iter().filter(|(_, p)| everyone || !p.held).map(|(id, _)| id.clone()).collect()
    }

    fn held(&self, ids: &[UserId]) {
        let mut people = self.lock();
        for id in ids {
            if let Some(person) = people.get_mut(id) {
                person.held = true;
            }
        }
    }

    /// Those gone for longer than [`GRACE`].
    fn gone(&self) -> Vec<UserId> {
        let over = |p: &Person| p.left.is_some_and(|at| Instant::now().saturating_duration_since(at) >= GRACE);
        self.lock().iter().filter(|(_, p)| over(p)).map(|(id, _)| id.clone()).collect()
    }

    /// Notes that someone is held no longer. Who came back in between is to be held again.
    fn released(&self, id: &UserId) {
        let mut people = self.lock();
        match people.get_mut(id) {
            Some(person) if person.sockets > 0 => person.held = false,
            _ => drop(people.remove(id)),
        }
    }

    fn actor(&self, id: &UserId) -> Option<Arc<Actor>> {
        self.lock().get(id).map(|p| p.actor.clone())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<UserId, Person>> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps presence true, one change after the other, and tells desks and customers.
pub(super) async fn watch(hub: Weak<Shared>) {
    let Some((people, mut hints, arrived, stop)) =
        hub.upgrade().map(|h| (h.services.people.clone(), h.services.core.db.hints(), h.roster.arrived.clone(), h.stop()))
    else {
        return;
    };
    let mut changes = people.presence_changes();
    let mut online = people.vendors_online().await.unwrap_or_default();
    let mut tick = tokio::time::interval(TICK);
    let started = Instant::now();
    let mut renewed = started;
    loop {
        let change = tokio::select! {
            change = changes.recv() => match change {
                Ok(change) => Some(change),
                Err(RecvError::Closed) => return,
                Err(RecvError::Lagged(_)) => None,
            },
            hint = hints.recv() => hint.ok().and_then(|hint| people.presence_elsewhere(&hint)),
            () = arrived.notified() => None,
            _ = tick.tick() => None,
            () = stop.cancelled() => return,
        };
        let Some(shared) = hub.upgrade() else { return };
        let now = Instant::now();
        let renew = now.saturating_duration_since(renewed) >= RENEW;
        if let Some((person, state)) = &change {
            shared.tell_presence(person, *state).await;
        }
        if change.is_some() || renew {
            noted("presence.customers_not_told", shared.tell_customers(&mut online).await);
        }
        if renew {
            renewed = now;
        }
        noted("presence.not_held", shared.hold(renew).await);
        for person in shared.roster.gone() {
            noted("presence.not_released", shared.release(&person).await);
        }
        // After a start, those who were here are given time to come back.
        if renew && now.saturating_duration_since(started) >= Duration::from_micros(LEASE as u64) {
            noted("presence.not_ended", shared.services.people.end_lapsed().await);
        }
    }
}

impl Shared {
    async fn hold(&self, everyone: bool) -> Result<()> {
        let people = self.roster.to_hold(everyone);
        if !people.is_empty() {
            self.services.people.hold(&people).await?;
            self.roster.held(&people);
        }
        Ok(())
    }

    async fn release(&self, person: &UserId) -> Result<()> {
        self.services.people.release(person).await?;
        self.roster.released(person);
        Ok(())
    }

    async fn tell_presence(&self, person: &UserId, state: Presence) {
        let actor = match self.roster.actor(person) {
            Some(actor) => Some(actor),
            None => self.services.people.actor(person).await.ok().flatten().map(Arc::new),
        };
        let frame = frame::presence(person, state, self.services.core.now());
        for vendor in actor.iter().flat_map(|a| &a.vendors) {
            self.say(&Topic::Inbox(vendor.clone()), &frame, Audience { staff_only: true, except: None });
        }
    }

    /// Tells customers where the first one came or the last one went; `told` is what they know.
    async fn tell_customers(&self, told: &mut HashSet<VendorId>) -> Result<()> {
        let online = self.services.people.vendors_online().await?;
        for vendor in online.symmetric_difference(told) {
            self.say_to_customers(vendor, &frame::desk(vendor, online.contains(vendor), self.services.core.now()));
        }
        *told = online;
        Ok(())
    }
}

/// Logs what failed; it is tried again by itself.
fn noted(what: &'static str, outcome: Result<()>) {
    if let Err(e) = outcome {
        tracing::warn!(error = ?e, "{what}");
    }
}
