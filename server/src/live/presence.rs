//! Presence of staff follows their sockets: when the last one is gone for a while they are offline,
//! and what they had chosen comes back with them.
//!
//! All of it is of this node and in memory; with several nodes this is the place for leases.

use super::frame;
use super::hub::{Audience, Shared};
use coco::Result;
use coco::actor::Actor;
use coco::id::UserId;
use coco::journey::Topic;
use coco::people::Presence;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;

/// How long someone may be without a socket: a reload, a change of network.
const GRACE: Duration = Duration::from_secs(10);
/// The same after this process started, when those who were here have yet to come back.
const GRACE_AT_START: Duration = Duration::from_secs(60);
/// How often those who left are looked at.
const TICK: Duration = Duration::from_secs(1);

/// Who of the staff is here.
#[derive(Default)]
pub struct Roster {
    people: Mutex<HashMap<UserId, Person>>,
    /// Someone came whose presence is to be restored.
    returned: Arc<Notify>,
}

struct Person {
    actor: Arc<Actor>,
    sockets: usize,
    /// When the last socket closed, until they are set offline for it.
    left: Option<Instant>,
    /// What they were before they were set offline for having no socket.
    chosen: Option<Presence>,
}

impl Roster {
    /// A socket opened.
    pub fn arrived(&self, actor: &Arc<Actor>) {
        let mut people = self.lock();
        let person =
            people.entry(actor.id.clone()).or_insert_with(|| Person { actor: actor.clone(), sockets: 0, left: None, chosen: None });
        person.actor = actor.clone();
        person.sockets += 1;
        person.left = None;
        if person.chosen.is_some() {
            self.returned.notify_one();
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

    /// Someone who is present by the database, but has no socket yet.
    fn expect(&self, actor: Arc<Actor>) {
        let left = Instant::now().checked_add(GRACE_AT_START - GRACE);
        self.lock().entry(actor.id.clone()).or_insert(Person { actor, sockets: 0, left, chosen: None });
    }

    /// Those gone for longer than [`GRACE`].
    fn gone(&self) -> Vec<Arc<Actor>> {
        let over = |p: &Person| p.left.is_some_and(|at| Instant::now().saturating_duration_since(at) >= GRACE);
        self.lock().values().filter(|p| over(p)).map(|p| p.actor.clone()).collect()
    }

    /// Those who are back, with what they had chosen.
    fn back(&self) -> Vec<(Arc<Actor>, Presence)> {
        let mut people = self.lock();
        let back = people.values_mut().filter(|p| p.sockets > 0);
        back.filter_map(|p| Some((p.actor.clone(), p.chosen.take()?))).collect()
    }

    /// Notes that someone was set offline. Those who were offline anyway are forgotten.
    fn set_offline(&self, id: &UserId, before: Presence) {
        let mut people = self.lock();
        let Some(person) = people.get_mut(id) else { return };
        person.left = None;
        person.chosen = (before != Presence::Offline).then_some(before);
        match (person.sockets, person.chosen) {
            (0, None) => drop(people.remove(id)),
            (0, Some(_)) | (_, None) => {}
            // They came back in between.
            (_, Some(_)) => self.returned.notify_one(),
        }
    }

    /// Notes that someone chose for themselves.
    fn chose(&self, id: &UserId) {
        if let Some(person) = self.lock().get_mut(id) {
            person.chosen = None;
        }
    }

    fn is_here(&self, id: &UserId) -> bool {
        self.lock().get(id).is_some_and(|p| p.sockets > 0)
    }

    fn actor(&self, id: &UserId) -> Option<Arc<Actor>> {
        self.lock().get(id).map(|p| p.actor.clone())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<UserId, Person>> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps presence true, one change after the other, and tells the desks.
pub(super) async fn watch(hub: Weak<Shared>) {
    let Some((mut changes, returned, stop)) =
        hub.upgrade().map(|h| (h.services.people.presence_changes(), h.roster.returned.clone(), h.stop()))
    else {
        return;
    };
    let mut tick = tokio::time::interval(TICK);
    let mut expected = false;
    loop {
        let change = tokio::select! {
            change = changes.recv() => Some(change),
            () = returned.notified() => None,
            _ = tick.tick() => None,
            () = stop.cancelled() => return,
        };
        let Some(shared) = hub.upgrade() else { return };
        match change {
            Some(Ok((person, state))) => shared.tell_presence(&person, state).await,
            Some(Err(RecvError::Closed)) => return,
            Some(Err(RecvError::Lagged(_))) | None => {}
        }
        expected = expected || noted("presence.not_read", shared.expect_present().await);
        for (actor, chosen) in shared.roster.back() {
            noted("presence.not_restored", shared.services.people.set_presence(&actor, chosen).await.map(|_| ()));
        }
        for actor in shared.roster.gone() {
            noted("presence.not_ended", shared.set_offline(&actor).await);
        }
    }
}

impl Shared {
    /// After a start, those present by the database are given time to come back.
    async fn expect_present(&self) -> Result<()> {
        for id in self.services.people.present().await? {
            if let Some(actor) = self.services.people.actor(&id).await? {
                self.roster.expect(Arc::new(actor));
            }
        }
        Ok(())
    }

    async fn set_offline(&self, actor: &Actor) -> Result<()> {
        let before = self.services.people.presence(actor).await?;
        if self.roster.is_here(&actor.id) {
            return Ok(());
        }
        if before != Presence::Offline {
            self.services.people.set_presence(actor, Presence::Offline).await?;
        }
        self.roster.set_offline(&actor.id, before);
        Ok(())
    }

    async fn tell_presence(&self, person: &UserId, state: Presence) {
        if state != Presence::Offline {
            self.roster.chose(person);
        }
        let actor = match self.roster.actor(person) {
            Some(actor) => Some(actor),
            None => self.services.people.actor(person).await.ok().flatten().map(Arc::new),
        };
        let frame = frame::presence(person, state, self.services.core.now());
        for vendor in actor.iter().flat_map(|a| &a.vendors) {
            self.say(&Topic::Inbox(vendor.clone()), &frame, Audience { staff_only: true, except: None });
        }
    }
}

/// Whether it went well; else it is logged and tried again by itself.
fn noted(what: &'static str, outcome: Result<()>) -> bool {
    outcome.inspect_err(|e| tracing::warn!(error = ?e, "{what}")).is_ok()
}
