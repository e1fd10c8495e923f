//! Sockets stay only as long as what opened them holds, and as long as someone is there.
//!
//! One task looks after all sockets of the node: it pings each every [`PING`] seconds, and asks
//! again whether its session or token is valid and which rights go with it. Nothing is asked of the
//! database while nothing was committed; beyond [`BUDGET`] sockets a second the others wait their turn.

use super::frame;
use super::hub::Shared;
use super::peer::{Closing, Peer};
use coco::actor::Actor;
use coco::auth::sessions::SessionRows;
use coco::db::Kind;
use coco::id::UserId;
use coco::services::Services;
use coco::{Error, Result};
use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior};

/// Seconds between two pings of a socket.
const PING: u64 = 40;
/// How often a socket's credential is asked about, when something was committed.
const RECHECK: Duration = Duration::from_secs(3);
/// How often at least, and how often the rights to each topic.
const RECHECK_ALL: Duration = Duration::from_secs(60);
/// Sockets asked about in one second.
const BUDGET: usize = 250;

/// What a socket was opened with.
#[derive(Debug)]
pub struct Proof {
    secret: Secret,
    checked: Mutex<Checked>,
}

enum Secret {
    /// An API token.
    Token(String),
    /// A browser's session, by its id, and the person's session epoch when it began.
    Session { id: Option<String>, epoch: i64 },
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if matches!(self, Self::Token(_)) { "Token" } else { "Session" })
    }
}

#[derive(Debug, Clone, Copy)]
struct Checked {
    at: Instant,
    /// When the rights to each topic were last asked about.
    all_at: Instant,
    /// How many commits there had been.
    commits: u64,
}

impl Proof {
    /// An API token, which was just found valid.
    #[must_use]
    pub fn token(secret: String) -> Self {
        Self::new(Secret::Token(secret))
    }

    /// A session, which was just found valid.
    #[must_use]
    pub fn session(id: Option<String>, epoch: i64) -> Self {
        Self::new(Secret::Session { id, epoch })
    }

    fn new(secret: Secret) -> Self {
        let now = Instant::now();
        Self { secret, checked: Mutex::new(Checked { at: now, all_at: now, commits: 0 }) }
    }

    /// A person at a page, rather than a program.
    #[must_use]
    pub const fn counts_as_present(&self) -> bool {
        matches!(self.secret, Secret::Session { .. })
    }

    fn checked(&self) -> MutexGuard<'_, Checked> {
        self.checked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Asks about credentials.
pub struct Guard {
    services: Services,
    rows: SessionRows,
    suspects: Mutex<HashSet<UserId>>,
}

impl Guard {
    /// On these services.
    #[must_use]
    pub fn new(services: Services) -> Self {
        Self { rows: SessionRows::new(services.core.clone()), services, suspects: Mutex::default() }
    }

    /// The person's sockets are asked about first, and soon.
    pub fn suspect(&self, person: &UserId) {
        self.suspects.lock().unwrap_or_else(PoisonError::into_inner).insert(person.clone());
    }

    fn take_suspects(&self) -> HashSet<UserId> {
        std::mem::take(&mut *self.suspects.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Who comes with this proof, with the rights they have now; `None` when it is not valid any more.
    async fn actor(&self, proof: &Proof, person: &UserId) -> Result<Option<Actor>> {
        match &proof.secret {
            Secret::Token(secret) => self.services.auth.by_token(secret).await,
            Secret::Session { id, epoch } => {
                if let Some(id) = id
                    && self.rows.load(id, self.services.core.now().micros()).await?.is_none()
                {
                    return Ok(None);
                }
                match self.services.auth.session_epoch(person).await {
                    Ok(now) if now == *epoch => self.services.people.actor(person).await,
                    Ok(_) | Err(Error::Unauthenticated) => Ok(None),
                    Err(e) => Err(e),
                }
            }
        }
    }
}

/// Looks after the sockets, once a second.
pub(super) async fn watch(hub: Weak<Shared>) {
    let Some((commits, stop)) = hub.upgrade().map(|h| (h.services.core.db.commits(), h.stop())) else { return };
    let mut tick = tokio::time::interval(Duration::from_secs(1));
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for turn in 0.. {
        tokio::select! {
            _ = tick.tick() => {}
            () = stop.cancelled() => return,
        }
        let Some(shared) = hub.upgrade() else { return };
        let sockets = shared.proofs();
        for (peer, _) in sockets.iter().filter(|(peer, _)| peer.number % PING == turn % PING) {
            peer.ping();
        }
        let commits = *commits.borrow();
        for (peer, proof, all) in shared.due(sockets, commits) {
            if let Err(e) = shared.check(&peer, &proof, all).await {
                tracing::warn!(error = ?e, "live.rights_not_read");
                continue;
            }
            let now = Instant::now();
            let mut checked = proof.checked();
            *checked = Checked { at: now, all_at: if all { now } else { checked.all_at }, commits };
        }
    }
}

impl Shared {
    /// Those to be asked about now, suspects first, then by how long ago they were; and whether about each
    /// of their topics.
    fn due(&self, sockets: Vec<(Arc<Peer>, Arc<Proof>)>, commits: u64) -> Vec<(Arc<Peer>, Arc<Proof>, bool)> {
        let suspects = self.guard.take_suspects();
        // Other nodes commit too, and do not tell of every commit.
        let blind = self.services.core.db.kind() == Kind::Postgres;
        let now = Instant::now();
        let mut due = Vec::new();
        for (peer, proof) in sockets {
            let checked = *proof.checked();
            let since = now.saturating_duration_since(checked.at);
            let all = now.saturating_duration_since(checked.all_at) >= RECHECK_ALL;
            let suspect = !suspects.is_empty() && suspects.contains(&peer.actor().id);
            if suspect || all || (since >= RECHECK && (blind || checked.commits != commits)) {
                due.push(((!suspect).then_some(checked.at), peer, proof, all));
            }
        }
        due.sort_unstable_by_key(|d: &(Option<Instant>, _, _, _)| d.0);
        let keep = due.iter().filter(|d| d.0.is_none()).count().max(BUDGET);
        due.truncate(keep);
        due.into_iter().map(|(_, peer, proof, all)| (peer, proof, all)).collect()
    }

    /// Asks now whether a socket's credential still holds, and sends it away when it does not.
    pub async fn holds(&self, peer: &Peer) -> Result<bool> {
        let Some(proof) = self.proof(peer) else { return Ok(false) };
        let holds = self.guard.actor(&proof, &peer.actor().id).await?.is_some();
        if !holds {
            peer.close(Closing::Ended);
        }
        Ok(holds)
    }

    async fn check(&self, peer: &Peer, proof: &Proof, all: bool) -> Result<()> {
        let before = peer.actor();
        match self.guard.actor(proof, &before.id).await? {
            Some(now) if now.sees_staff() == peer.staff => {
                let changed = now != *before;
                if changed {
                    peer.set_actor(Arc::new(now));
                }
                if changed || all { self.recheck_topics(peer).await } else { Ok(()) }
            }
            _ => {
                peer.close(Closing::Ended);
                Ok(())
            }
        }
    }

    async fn recheck_topics(&self, peer: &Peer) -> Result<()> {
        let actor = peer.actor();
        for topic in peer.topics() {
            match self.services.journey.authorize(&actor, &topic).await {
                Ok(()) => {}
                Err(e @ (Error::NotFound | Error::Forbidden)) => {
                    self.unfollow(peer, std::slice::from_ref(&topic));
                    peer.say(&frame::error(&e, None, Some(&topic.to_string())));
                }
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }
}
