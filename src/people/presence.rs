//! Which of the staff are here. Every node that has a socket of theirs holds a lease on them; without
//! one they are offline. What they have chosen is kept, and comes back with them.

use super::service::People;
use super::{Presence, store};
use crate::actor::{Action, Actor, Subject};
use crate::db::Tx;
use crate::error::Result;
use crate::id::UserId;
use crate::time::SECOND;
use crate::trace::TARGET;
use tokio::sync::broadcast;
use tracing::instrument;

/// What a hint to other nodes begins with; the node, the person and what they are now follow.
const HINT: &str = "presence";
/// How long a lease lasts; who is held is held again well before.
pub const LEASE: i64 = 60 * SECOND;

impl People {
    /// One's own presence.
    ///
    /// # Errors
    /// [`crate::Error::Forbidden`] for customers.
    #[instrument(target = TARGET, name = "people.presence", skip_all)]
    pub async fn presence(&self, actor: &Actor) -> Result<Presence> {
        actor.may(Action::Team, Subject::Any)?;
        store::presence(&mut self.core().db.read().await?, &actor.id).await
    }

    /// Chooses one's presence and returns it.
    ///
    /// # Errors
    /// [`crate::Error::Forbidden`] for customers.
    #[instrument(target = TARGET, name = "people.set_presence", skip_all)]
    pub async fn set_presence(&self, actor: &Actor, state: Presence) -> Result<Presence> {
        actor.may(Action::Team, Subject::Any)?;
        let mut tx = self.core().db.begin().await?;
        store::choose_presence(&mut tx, &actor.id, state, self.core().now()).await?;
        self.hint(&mut tx, &actor.id, state).await?;
        tx.commit().await?;
        self.tell(&actor.id, state);
        Ok(state)
    }

    /// Who becomes what on this node from now on, for those who show it live.
    #[must_use]
    pub fn presence_changes(&self) -> broadcast::Receiver<(UserId, Presence)> {
        self.presence.subscribe()
    }

    /// This node has sockets of these people: who was offline for having none is what they had
    /// chosen, or online.
    ///
    /// # Errors
    /// The database's.
    #[instrument(target = TARGET, name = "people.hold", skip_all)]
    pub async fn hold(&self, people: &[UserId]) -> Result<()> {
        let now = self.core().now();
        let mut tx = self.core().db.begin().await?;
        let mut back = Vec::new();
        for person in people {
            store::lease(&mut tx, person, &self.node, now.plus(LEASE)).await?;
            if let Some(state) = store::come_back(&mut tx, person, now).await? {
                self.hint(&mut tx, person, state).await?;
                back.push((person, state));
            }
        }
        tx.commit().await?;
        back.into_iter().for_each(|(person, state)| self.tell(person, state));
        Ok(())
    }

    /// This node has no socket of this person any more.
    ///
    /// # Errors
    /// The database's.
    #[instrument(target = TARGET, name = "people.release", skip_all)]
    pub async fn release(&self, person: &UserId) -> Result<()> {
        let now = self.core().now();
        let mut tx = self.core().db.begin().await?;
        store::end_lease(&mut tx, person, &self.node).await?;
        let gone = store::leave(&mut tx, person, now).await?;
        if gone {
            self.hint(&mut tx, person, Presence::Offline).await?;
        }
        tx.commit().await?;
        if gone {
            self.tell(person, Presence::Offline);
        }
        Ok(())
    }

    /// Sets those offline whom no node holds any more, as after one was killed.
    ///
    /// # Errors
    /// The database's.
    #[instrument(target = TARGET, name = "people.end_lapsed", skip_all)]
    pub async fn end_lapsed(&self) -> Result<()> {
        let now = self.core().now();
        let lapsed = store::lapsed(&mut self.core().db.read().await?, now, now.plus(-LEASE)).await?;
        if lapsed.is_empty() {
            return Ok(());
        }
        let mut tx = self.core().db.begin().await?;
        store::end_leases(&mut tx, now).await?;
        let mut gone = Vec::new();
        for person in &lapsed {
            if store::leave(&mut tx, person, now).await? {
                self.hint(&mut tx, person, Presence::Offline).await?;
                gone.push(person);
            }
        }
        tx.commit().await?;
        gone.into_iter().for_each(|person| self.tell(person, Presence::Offline));
        Ok(())
    }

    /// Who becomes what on another node, when a hint of the database says so.
    #[must_use]
    pub fn presence_elsewhere(&self, hint: &str) -> Option<(UserId, Presence)> {
        let mut words = hint.split(' ');
        if words.next()? != HINT || words.next()? == &*self.node {
            return None;
        }
        let (person, state) = (words.next()?.parse().ok()?, words.next()?);
        Some((person, Presence::ALL.into_iter().find(|p| p.as_str() == state)?))
    }

    /// Tells the other nodes, when `tx` commits.
    async fn hint(&self, tx: &mut Tx, person: &UserId, state: Presence) -> Result<()> {
        tx.hint(&format!("{HINT} {} {person} {}", self.node, state.as_str())).await
    }

    fn tell(&self, person: &UserId, state: Presence) {
        let _nobody_listens = self.presence.send((person.clone(), state));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::Role;
    use crate::db::testing::Stage;

    crate::both_dbs!(the_first_socket_brings_online, a_choice_is_kept, others_hold_too, a_killed_node_is_noticed, other_nodes_are_told);

    async fn rep(stage: &Stage) -> Actor {
        let vendor = stage.vendor("acme").await;
        stage.person(Role::RepL1, "Rita", &vendor).await
    }

    async fn the_first_socket_brings_online(stage: Stage) {
        let (rep, people) = (rep(&stage).await, &stage.services.people);
        let mut told = people.presence_changes();
        assert_eq!(people.presence(&rep).await, Ok(Presence::Offline));
        for _ in 0..2 {
            people.hold(std::slice::from_ref(&rep.id)).await.unwrap();
            assert_eq!(people.presence(&rep).await, Ok(Presence::Online));
        }
        people.release(&rep.id).await.unwrap();
        assert_eq!(people.presence(&rep).await, Ok(Presence::Offline));
        assert_eq!(told.try_recv().unwrap(), (rep.id.clone(), Presence::Online));
        assert_eq!(told.try_recv().unwrap(), (rep.id, Presence::Offline));
        assert!(told.try_recv().is_err(), "each change once");
    }

    async fn a_choice_is_kept(stage: Stage) {
        let (rep, people) = (rep(&stage).await, &stage.services.people);
        for choice in [Presence::Busy, Presence::Offline, Presence::Away] {
            people.hold(std::slice::from_ref(&rep.id)).await.unwrap();
            people.set_presence(&rep, choice).await.unwrap();
            people.release(&rep.id).await.unwrap();
            assert_eq!(people.presence(&rep).await, Ok(Presence::Offline));
            // As after a restart.
            let later = stage.services.on(stage.services.core.clone()).people;
            later.hold(std::slice::from_ref(&rep.id)).await.unwrap();
            assert_eq!(later.presence(&rep).await, Ok(choice));
            later.release(&rep.id).await.unwrap();
        }
    }

    async fn others_hold_too(stage: Stage) {
        let (rep, one) = (rep(&stage).await, &stage.services.people);
        let other = stage.services.on(stage.services.core.clone()).people;
        one.hold(std::slice::from_ref(&rep.id)).await.unwrap();
        other.hold(std::slice::from_ref(&rep.id)).await.unwrap();
        one.release(&rep.id).await.unwrap();
        assert_eq!(one.presence(&rep).await, Ok(Presence::Online), "the other node has a socket of theirs");
        other.release(&rep.id).await.unwrap();
        assert_eq!(one.presence(&rep).await, Ok(Presence::Offline));
    }

    async fn other_nodes_are_told(stage: Stage) {
        let (rep, one) = (rep(&stage).await, &stage.services.people);
        let other = stage.services.on(stage.services.core.clone()).people;
        let mut hints = stage.services.core.db.hints();
        one.set_presence(&rep, Presence::Busy).await.unwrap();
        if stage.services.core.db.kind() == crate::db::Kind::Sqlite {
            assert!(hints.try_recv().is_err());
            return;
        }
        // Until the listener is there.
        let again = std::time::Duration::from_millis(200);
        let hint = loop {
            match tokio::time::timeout(again, hints.recv()).await {
                Ok(hint) => break hint.unwrap(),
                Err(_) => assert_eq!(one.set_presence(&rep, Presence::Busy).await, Ok(Presence::Busy)),
            }
        };
        assert_eq!(other.presence_elsewhere(&hint), Some((rep.id, Presence::Busy)));
        assert_eq!(one.presence_elsewhere(&hint), None, "it knows already");
        for nonsense in ["", "presence", "presence x y z", "other a b c", "presence a 0190aaaa-0000-7000-8000-0000000000ff gone"] {
            assert_eq!(other.presence_elsewhere(nonsense), None);
        }
    }

    async fn a_killed_node_is_noticed(stage: Stage) {
        let (rep, one) = (rep(&stage).await, &stage.services.people);
        let other = stage.services.on(stage.services.core.clone()).people;
        one.hold(std::slice::from_ref(&rep.id)).await.unwrap();
        stage.clock.advance(LEASE - SECOND);
        other.end_lapsed().await.unwrap();
        assert_eq!(other.presence(&rep).await, Ok(Presence::Online));
        stage.clock.advance(SECOND);
        other.end_lapsed().await.unwrap();
        assert_eq!(other.presence(&rep).await, Ok(Presence::Offline));
        one.hold(std::slice::from_ref(&rep.id)).await.unwrap();
        assert_eq!(other.presence(&rep).await, Ok(Presence::Online), "it was only slow");
    }
}
