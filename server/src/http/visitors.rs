//! Who a session belongs to, with the rights they have now.
//!
//! What was read is believed for two seconds, so that a page with many requests reads it once.
//! Whatever changes rights in this process forgets it at once; other nodes follow within that time. Nobody
//! is remembered who has not proved their address: whose it is may take the account over on any node, and
//! sees what no session from before may see.

use coco::Result;
use coco::actor::Actor;
use coco::id::UserId;
use coco::services::{Core, Services};
use coco::time::{SECOND, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// For this long the database is not asked again.
const FRESH: i64 = 2 * SECOND;
/// People remembered; beyond it the stale ones go, then all.
const MAX_REMEMBERED: usize = 10_000;

/// Finds out who comes with a session. Cheap to clone.
#[derive(Clone)]
pub struct Visitors {
    services: Services,
    known: Arc<RwLock<Known>>,
}

#[derive(Default)]
struct Known {
    people: HashMap<UserId, Person>,
    /// Rises when rights change: what was read before is not kept.
    turn: u64,
}

struct Person {
    actor: Actor,
    epoch: i64,
    at: Timestamp,
}

impl Visitors {
    /// On these services.
    #[must_use]
    pub fn new(services: Services) -> Self {
        Self { services, known: Arc::default() }
    }

    /// The person, when they may sign in and sessions of `epoch` are still valid.
    ///
    /// # Errors
    /// The database's.
    pub async fn actor(&self, user: &UserId, epoch: i64) -> Result<Option<Actor>> {
        let now = self.core().now();
        let turn = match self.remembered(user, epoch, now) {
            Ok(actor) => return Ok(actor),
            Err(turn) => turn,
        };
        let Some(actor) = self.services.people.actor(user).await? else { return Ok(None) };
        let current = self.epoch(user).await?;
        if actor.is_proved {
            self.remember(Person { actor: actor.clone(), epoch: current, at: now }, turn);
        }
        Ok((current == epoch).then_some(actor))
    }

    /// The epoch that sessions of this person must carry.
    ///
    /// # Errors
    /// The database's; [`coco::Error::Unauthenticated`] when they cannot sign in.
    pub async fn epoch(&self, user: &UserId) -> Result<i64> {
        self.services.auth.session_epoch(user).await
    }

    /// Makes the next request of this person read their rights anew: after sign-out, and after
    /// whatever may have changed them.
    pub fn forget(&self, user: &UserId) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.turn += 1;
        known.people.remove(user);
        drop(known);
        self.services.auth.forget_tokens(user);
    }

    const fn core(&self) -> &Core {
        &self.services.core
    }

    /// What is known of the person, or the turn in which to ask the database. An epoch above the
    /// one that is known tells that it is out of date.
    fn remembered(&self, user: &UserId, epoch: i64, now: Timestamp) -> Result<Option<Actor>, u64> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        match known.people.get(user) {
            Some(p) if (0..FRESH).contains(&now.since(p.at)) && epoch <= p.epoch => Ok((epoch == p.epoch).then(|| p.actor.clone())),
            _ => Err(known.turn),
        }
    }

    fn remember(&self, person: Person, turn: u64) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.turn != turn {
            return;
        }
        if known.people.len() >= MAX_REMEMBERED {
            let now = person.at;
            known.people.retain(|_, p| (0..FRESH).contains(&now.since(p.at)));
            if known.people.len() >= MAX_REMEMBERED {
                known.people.clear();
            }
        }
        known.people.insert(person.actor.id.clone(), person);
    }
}
