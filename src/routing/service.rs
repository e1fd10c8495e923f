//! Use cases around routing: its rules, where someone stands in the queue, and why someone has a ticket.

use super::decide::{Considered, Verdict, decide};
use super::wait::{Exit, Wait, estimate, gaps};
use super::{Explanation, Looked, MAX_LIMIT, MAX_SKILL, MAX_SKILLS, Place, RepEdit, RepProfile, Setup, SetupEdit, route, store};
use crate::actor::{Action, Actor, Subject};
use crate::db::{Conn, Tx};
use crate::error::{ConflictKind, Error, Result};
use crate::event::Event;
use crate::id::{UserId, VendorId};
use crate::journey::NewEvent;
use crate::services::Core;
use crate::text::Form;
use crate::tickets::{Queued, Ticket, waiting};
use crate::time::{DAY, Timestamp};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

/// Waits are estimated from no more than so many tickets.
const EXITS: i64 = 31;
/// And from none older than this.
const LATELY: i64 = DAY;

/// Routing.
#[derive(Clone)]
pub struct Routing {
    pub(super) core: Core,
}

impl Routing {
    pub(crate) const fn new(core: Core) -> Self {
        Self { core }
    }

    /// How a vendor's tickets find their reps.
    ///
    /// # Errors
    /// [`Error::NotFound`] for another vendor's, [`Error::Forbidden`] for all but admins.
    pub async fn setup(&self, actor: &Actor, vendor: &VendorId) -> Result<Setup> {
        actor.may(Action::Routing, Subject::Vendor(vendor))?;
        let mut conn = self.core.db.read().await?;
        let (rules, version) = store::rules(&mut conn, vendor).await?;
        let reps = self.candidates(&mut conn, vendor).await?.into_iter().map(RepProfile::from).collect();
        Ok(Setup { rules, reps, version })
    }

    /// Changes that. Tickets that wait are handed out after it right away.
    ///
    /// # Errors
    /// As [`Routing::setup`]; [`Error::Invalid`] naming the fields, [`Error::Conflict`] when someone saved meanwhile.
    pub async fn save(&self, actor: &Actor, vendor: &VendorId, edit: SetupEdit) -> Result<Setup> {
        actor.may(Action::Routing, Subject::Vendor(vendor))?;
        let edit = edit.clean()?;
        let mut tx = self.core.db.begin().await?;
        self.save_in(&mut tx, vendor, &edit).await?;
        let event = Event::RoutingChange { automatic: edit.rules.automatic, version: edit.version + 1 };
        tx.append(NewEvent::to_staff(vendor, actor, event, self.core.now()));
        tx.commit().await?;
        self.setup(actor, vendor).await
    }

    async fn save_in(&self, tx: &mut Tx, vendor: &VendorId, edit: &SetupEdit) -> Result<()> {
        store::lock(tx).await?;
        let reps = self.candidates(tx, vendor).await?;
        if edit.reps.iter().any(|r| !reps.iter().any(|c| c.id == r.id)) {
            return Err(Error::invalid(
                "reps",
                "Someone of these does not take tickets here any more. Look at the newest, then save again.",
            ));
        }
        if !store::save_rules(tx, vendor, &edit.rules, edit.version, self.core.now()).await? {
            return Err(Error::conflict(ConflictKind::Stale, "Someone changed the routing while you were editing."));
        }
        for rep in &edit.reps {
            store::save_rep(tx, vendor, rep).await?;
        }
        Ok(())
    }

    /// The vendors whose tickets are handed out.
    ///
    /// # Errors
    /// The database's.
    pub async fn automatic(&self) -> Result<Vec<VendorId>> {
        let all = store::with_rules(&mut self.core.db.read().await?).await?;
        Ok(all.into_iter().filter(|(_, rules)| rules.automatic).map(|(vendor, _)| vendor).collect())
    }

    /// Where a ticket stands in the queue; `None` when it is not in it.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn place(&self, actor: &Actor, key: &str) -> Result<Option<Place>> {
        let ticket = crate::tickets::service::Tickets::new(self.core.clone()).get(actor, key).await?;
        place(&self.core, &mut self.core.db.read().await?, &ticket).await
    }

    /// How long each of these will go on waiting, by its place in the queue of its vendor.
    ///
    /// # Errors
    /// [`Error::NotFound`] when one is not the actor's.
    pub async fn waits(&self, actor: &Actor, queued: &[Queued]) -> Result<Vec<Option<Wait>>> {
        let mut conn = self.core.db.read().await?;
        let now = self.core.now();
        let mut exits = HashMap::new();
        let mut waits = Vec::with_capacity(queued.len());
        for Queued { ticket, .. } in queued {
            actor.may(Action::Inbox, ticket.subject_of())?;
            if let Entry::Vacant(free) = exits.entry(&ticket.vendor_id) {
                free.insert(lately(&mut conn, &ticket.vendor_id, now).await?);
            }
            let position = waiting::position(&mut conn, ticket).await?;
            waits.push(position.zip(exits.get(&ticket.vendor_id)).and_then(|(position, exits)| wait(exits, ticket, position, now)));
        }
        Ok(waits)
    }

    /// Why a ticket has the rep it has, or none; `None` when routing did not decide it.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`] for customers.
    pub async fn explain(&self, actor: &Actor, key: &str) -> Result<Option<Explanation>> {
        let ticket = crate::tickets::service::Tickets::new(self.core.clone()).get(actor, key).await?;
        actor.may(Action::Team, ticket.subject_of())?;
        let mut conn = self.core.db.read().await?;
        let rules = store::rules(&mut conn, &ticket.vendor_id).await?.0;
        let automatic = rules.automatic;
        if waiting::is_queued(&ticket) {
            let helpers = route::helpers(&mut conn, &ticket.vendor_id, std::slice::from_ref(&ticket)).await?;
            let people = self.candidates(&mut conn, &ticket.vendor_id).await?;
            let decision = decide(&rules, &route::need(&rules, &ticket, &helpers), &people);
            let people = decision.considered.into_iter().map(Looked::from).collect();
            return Ok(Some(Explanation { at: self.core.now(), automatic, waits: true, people }));
        }
        let decided = store::decision(&mut conn, &ticket.id).await?.filter(|(_, chosen, _)| ticket.assignee_id.as_ref() == Some(chosen));
        Ok(decided.map(|(at, _, considered)| {
            let people = considered.into_iter().map(Looked::from).collect();
            Explanation { at, automatic, waits: false, people }
        }))
    }
}

impl From<Considered> for Looked {
    fn from(c: Considered) -> Self {
        Self { words: c.verdict.words(), chosen: matches!(c.verdict, Verdict::Chosen { .. }), name: c.name }
    }
}

impl From<super::decide::Candidate> for RepProfile {
    fn from(c: super::decide::Candidate) -> Self {
        let super::decide::Candidate { id, name, level, presence, open, limit, skills, .. } = c;
        Self { id, name, level, presence, open, limit, skills }
    }
}

impl SetupEdit {
    /// The same, tidy.
    pub(super) fn clean(mut self) -> Result<Self> {
        let mut form = Form::default();
        for need in &mut self.rules.needs {
            need.skill = form.line("needs", &need.skill, MAX_SKILL).to_lowercase();
        }
        let categories: HashSet<_> = self.rules.needs.iter().map(|n| n.category).collect();
        if categories.len() < self.rules.needs.len() {
            form.fault("needs", "Name each category once.");
        }
        for rep in &mut self.reps {
            rep.clean(&mut form);
        }
        let people: HashSet<&UserId> = self.reps.iter().map(|r| &r.id).collect();
        if people.len() < self.reps.len() {
            form.fault("reps", "Name each person once.");
        }
        form.done()?;
        Ok(self)
    }
}

impl RepEdit {
    fn clean(&mut self, form: &mut Form) {
        if !(0..=MAX_LIMIT).contains(&self.limit) {
            form.fault("limit", format!("Use 0 to {MAX_LIMIT} tickets at once."));
        }
        let words = self.skills.iter().map(|s| crate::text::clean(s).split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase());
        let mut skills: Vec<String> = words.filter(|s| !s.is_empty()).collect();
        skills.sort();
        skills.dedup();
        if skills.len() > MAX_SKILLS || skills.iter().any(|s| s.chars().count() > MAX_SKILL) {
            form.fault("skills", format!("Use at most {MAX_SKILLS} skills of at most {MAX_SKILL} characters."));
        }
        self.skills = skills;
    }
}

/// Where a ticket stands in the queue; `None` when it is not in it. Rights are the caller's matter.
pub(crate) async fn place(core: &Core, conn: &mut Conn, ticket: &Ticket) -> Result<Option<Place>> {
    let Some(position) = waiting::position(conn, ticket).await? else { return Ok(None) };
    let now = core.now();
    let exits = lately(conn, &ticket.vendor_id, now).await?;
    Ok(Some(Place { position, wait: wait(&exits, ticket, position, now) }))
}

/// What left a vendor's queue lately, the newest first.
async fn lately(conn: &mut Conn, vendor: &VendorId, now: Timestamp) -> Result<Vec<Exit>> {
    store::exits(conn, vendor, now.plus(-LATELY), EXITS).await
}

fn wait(exits: &[Exit], ticket: &Ticket, position: i64, now: Timestamp) -> Option<Wait> {
    estimate(position, &gaps(exits, ticket.created_at, now))
}

/// Keeps all others who hand out tickets waiting until the transaction ends; taken before any row is kept from others.
/// Who gives someone a ticket takes it as well, so that routing always knows how much everyone has.
pub(crate) async fn lock(tx: &mut Tx) -> Result<()> {
    store::lock(tx).await
}

/// Notes that a ticket leaves the queue: waits are estimated from it.
pub(crate) fn left_queue(tx: &mut Tx, ticket: &Ticket, at: Timestamp) {
    tx.write(store::insert_exit(ticket, at));
}
