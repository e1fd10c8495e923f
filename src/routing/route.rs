//! Handing out what waits.

use super::decide::{Candidate, Decision, Need, decide};
use super::service::Routing;
use super::{Rules, store};
use crate::db::{Conn, Tx};
use crate::error::Result;
use crate::id::{TicketId, UserId, VendorId};
use crate::tickets::{Category, Ticket, waiting};
use crate::time::Timestamp;
use std::collections::HashMap;

/// Tickets looked at in one go.
const PAGE: usize = 100;

impl Routing {
    /// Gives waiting tickets of a vendor to those who can take them, until nothing is left that anyone can; how many.
    /// Harmless at any time and from several nodes at once.
    ///
    /// # Errors
    /// The database's; what was not handed out then still waits.
    pub async fn route(&self, vendor: &VendorId) -> Result<usize> {
        if !self.is_worth_it(vendor).await? {
            return Ok(0);
        }
        let mut given = 0;
        loop {
            let (more, again) = self.hand_out(vendor).await?;
            given += more;
            if !again {
                return Ok(given);
            }
        }
    }

    /// Whether anything waits that anyone has room for, as far as can be told without keeping others waiting. What changes
    /// after this look is an event of its own.
    async fn is_worth_it(&self, vendor: &VendorId) -> Result<bool> {
        let mut conn = self.core.db.read().await?;
        let rules = store::rules(&mut conn, vendor).await?.0;
        let waits = rules.automatic && waiting::any(&mut conn, vendor).await?;
        Ok(waits && !takeable(&rules, &self.candidates(&mut conn, vendor).await?).is_empty())
    }

    /// One transaction; how many were given, and whether others changed some of them meanwhile.
    async fn hand_out(&self, vendor: &VendorId) -> Result<(usize, bool)> {
        let mut tx = self.core.db.begin().await?;
        store::lock(&mut tx).await?;
        let rules = store::rules(&mut tx, vendor).await?.0;
        let mut plan = if rules.automatic { self.plan(&mut tx, vendor, &rules).await? } else { Vec::new() };
        // In the order of their ids, as all do who keep several from others: else two could wait for each other.
        plan.sort_by(|a, b| a.0.id.cmp(&b.0.id));
        let (planned, mut given) = (plan.len(), 0);
        for (seen, rep, decision) in plan {
            given += usize::from(self.give(&mut tx, &seen, &rep, &decision).await?);
        }
        tx.commit().await?;
        Ok((given, given < planned))
    }

    /// Who is to get what, the most pressing first.
    async fn plan(&self, tx: &mut Tx, vendor: &VendorId, rules: &Rules) -> Result<Vec<(Ticket, UserId, Decision)>> {
        let mut people = self.candidates(tx, vendor).await?;
        let (mut plan, mut last) = (Vec::new(), None::<Ticket>);
        loop {
            let kinds = takeable(rules, &people);
            if kinds.is_empty() {
                return Ok(plan);
            }
            let page = waiting::takeable(tx, vendor, &kinds, last.as_ref(), PAGE).await?;
            let helpers = helpers(tx, vendor, &page).await?;
            for ticket in &page {
                let decision = decide(rules, &need(rules, ticket, &helpers), &people);
                if let Some(rep) = &decision.chosen {
                    take(&mut people, rep, self.core.now());
                    plan.push((ticket.clone(), rep.clone(), decision));
                }
            }
            if page.len() < PAGE {
                return Ok(plan);
            }
            last = page.into_iter().next_back();
        }
    }

    /// Gives one ticket; false when it is not as it was seen.
    async fn give(&self, tx: &mut Tx, seen: &Ticket, rep: &UserId, decision: &Decision) -> Result<bool> {
        let Some(mut ticket) = crate::tickets::service::lock(tx, &seen.id).await?.filter(|t| t.version == seen.version) else {
            return Ok(false);
        };
        waiting::give(&self.core, tx, &mut ticket, rep, &decision.reason()).await?;
        tx.write(store::insert_decision(&ticket.id, self.core.now(), rep, &decision.considered)?);
        Ok(true)
    }

    /// Everyone with a level who works for a vendor, as they are now.
    pub(super) async fn candidates(&self, conn: &mut Conn, vendor: &VendorId) -> Result<Vec<Candidate>> {
        let mut staff = crate::people::service::staff(conn, vendor).await?;
        staff.retain(|c| c.role.level().is_some());
        let ids: Vec<&UserId> = staff.iter().map(|c| &c.id).collect();
        let loads: HashMap<_, _> = waiting::loads(conn, vendor, &ids).await?.into_iter().map(|(id, open, at)| (id, (open, at))).collect();
        let mut kept: HashMap<_, _> = store::reps(conn, vendor).await?.into_iter().map(|r| (r.id, (r.limit, r.skills))).collect();
        let teams = crate::teams::service::all(conn, vendor).await?;
        let candidate = |c: crate::people::Colleague| {
            let (open, idle_since) = loads.get(&c.id).copied().unwrap_or((0, Timestamp::from_micros(0)));
            let (limit, skills) = kept.remove(&c.id).unwrap_or((super::USUAL_LIMIT, Vec::new()));
            let theirs = teams.iter().filter(|t| t.members.contains(&c.id)).map(|t| t.id.clone()).collect();
            let (level, presence) = (c.role.level()?, c.presence);
            Some(Candidate { name: c.name, level, skills, teams: theirs, presence, open, limit, idle_since, id: c.id })
        };
        Ok(staff.into_iter().filter_map(candidate).collect())
    }
}

/// The levels and categories of which someone could take a ticket now, teams and customers aside.
fn takeable(rules: &Rules, people: &[Candidate]) -> Vec<(i64, Category)> {
    let all = (1..=3).flat_map(|level| Category::ALL.map(|category| (level, category)));
    let need = |(level, category)| Need { level, skill: skill(rules, category), team: None, last_rep: None, let_go: None };
    all.filter(|kind| decide(rules, &need(*kind), people).chosen.is_some()).collect()
}

/// Who helped the customer of each ticket last with another, and who had it last.
pub(super) type Helpers = HashMap<TicketId, (Option<UserId>, Option<UserId>)>;

pub(super) async fn helpers(conn: &mut Conn, vendor: &VendorId, tickets: &[Ticket]) -> Result<Helpers> {
    let tickets: Vec<&Ticket> = tickets.iter().collect();
    let rows = waiting::helpers(conn, vendor, &tickets).await?;
    Ok(rows.into_iter().map(|(ticket, last_rep, let_go)| (ticket, (last_rep, let_go))).collect())
}

/// What a ticket asks of who takes it.
pub(super) fn need(rules: &Rules, t: &Ticket, helpers: &Helpers) -> Need {
    let (last_rep, let_go) = helpers.get(&t.id).cloned().unwrap_or_default();
    Need { level: t.level, skill: skill(rules, t.category), team: t.team_id.clone(), last_rep, let_go }
}

fn skill(rules: &Rules, category: Category) -> Option<String> {
    rules.skill_for(category).map(str::to_owned)
}

/// Notes that `rep` has one more.
pub(super) fn take(people: &mut [Candidate], rep: &UserId, now: Timestamp) {
    if let Some(c) = people.iter_mut().find(|c| c.id == *rep) {
        (c.open, c.idle_since) = (c.open + 1, now);
    }
}
