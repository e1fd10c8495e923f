//! How much one person may ask over all their sockets of this node, and how many they may have.

use crate::config::Config;
use coco::actor::Actor;
use coco::id::UserId;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Replays a second, each of which reads the database; a browser with many tabs that comes back
/// asks for many at once.
const REPLAYS: NonZeroU32 = NonZeroU32::MIN.saturating_add(4);
/// Replays at once.
const REPLAYS_AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(99);

/// The limits of this node.
pub struct Limits {
    frames: DefaultKeyedRateLimiter<UserId>,
    replays: DefaultKeyedRateLimiter<UserId>,
    sockets: Mutex<HashMap<UserId, u32>>,
    staff: u32,
    customer: u32,
}

/// Leave to have one socket, until dropped.
pub struct Room {
    limits: Arc<Limits>,
    person: UserId,
}

impl Limits {
    /// As configured.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self {
            frames: RateLimiter::keyed(Quota::per_second(config.socket_rate)),
            replays: RateLimiter::keyed(Quota::per_second(REPLAYS).allow_burst(REPLAYS_AT_ONCE)),
            sockets: Mutex::default(),
            staff: config.sockets_per_staff.get(),
            customer: config.sockets_per_customer.get(),
        }
    }

    /// Whether the person may send one more frame now.
    #[must_use]
    pub fn frame(&self, person: &UserId) -> bool {
        self.frames.check_key(person).is_ok()
    }

    /// Whether the person may ask once more for what they missed.
    #[must_use]
    pub fn replay(&self, person: &UserId) -> bool {
        self.replays.check_key(person).is_ok()
    }

    /// One more socket, if the person may have one.
    #[must_use]
    pub fn room(self: &Arc<Self>, actor: &Actor) -> Option<Room> {
        let most = if actor.role.is_staff() { self.staff } else { self.customer };
        let mut sockets = self.sockets();
        let count = sockets.entry(actor.id.clone()).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Room { limits: self.clone(), person: actor.id.clone() })
    }

    /// Forgets those who have not asked for a while.
    pub fn sweep(&self) {
        for limiter in [&self.frames, &self.replays] {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }

    fn sockets(&self) -> MutexGuard<'_, HashMap<UserId, u32>> {
        self.sockets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let mut sockets = self.limits.sockets();
        if let Some(count) = sockets.get_mut(&self.person) {
            *count -= 1;
            if *count == 0 {
                sockets.remove(&self.person);
            }
        }
    }
}
