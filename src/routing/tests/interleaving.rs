//! Whatever happens at once, nobody gets more than they may, nothing is given twice, and nobody who could take a ticket
//! that waits is left without. Services keep nothing of routing in memory, so what comes by several connections stands for
//! several nodes.

use crate::actor::{Actor, ActorKind, Role};
use crate::db::testing::Stage;
use crate::event::Event;
use crate::id::{TicketId, UserId, VendorId};
use crate::page::PageRequest;
use crate::people::Presence;
use crate::routing::decide::{Candidate, decide};
use crate::routing::{RepEdit, Rules, SetupEdit, route};
use crate::services::Services;
use crate::sla::{BreachAction, Policy};
use crate::tickets::{Channel, Filter, NewTicket, Status};
use crate::time::{FixedClock, HOUR, SECOND};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::task::JoinSet;

crate::both_dbs!(nothing_that_happens_at_once_gives_too_much_or_too_little);

const RUNS: usize = 6;
const AT_ONCE: usize = 6;
const REPS: usize = 4;
const LIMIT: i64 = 3;

/// What someone does; numbers stand for one of those there are.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Create,
    Presence(usize, bool),
    To(usize, What),
    Route,
    /// Promises fall due, which takes tickets from those who have them and raises their level.
    Late,
}

/// What is done to a ticket.
#[derive(Debug, Clone, Copy)]
enum What {
    Resolve,
    Wait,
    PutBack,
    Assign(usize),
    Escalate,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        5 => Just(Deed::Create),
        3 => (0..REPS, any::<bool>()).prop_map(|(r, on)| Deed::Presence(r, on)),
        7 => (0usize..40, what()).prop_map(|(which, what)| Deed::To(which, what)),
        6 => Just(Deed::Route),
        1 => Just(Deed::Late),
    ]
}

fn what() -> impl Strategy<Value = What> {
    prop_oneof![
        2 => Just(What::Resolve),
        1 => Just(What::Wait),
        1 => Just(What::PutBack),
        2 => (0..REPS).prop_map(What::Assign),
        1 => Just(What::Escalate),
    ]
}

struct Desk {
    services: Services,
    clock: Arc<FixedClock>,
    vendor: VendorId,
    reps: Vec<Actor>,
    boss: Actor,
    cleo: Actor,
}

async fn nothing_that_happens_at_once_gives_too_much_or_too_little(stage: Stage) {
    let mut runner = TestRunner::deterministic();
    for run in 0..RUNS {
        let desk = Arc::new(desk(&stage, run).await);
        let scripts: Vec<Vec<Deed>> =
            (0..AT_ONCE).map(|_| prop::collection::vec(deed(), 12).new_tree(&mut runner).unwrap().current()).collect();
        let mut at_once = JoinSet::new();
        for script in scripts.clone() {
            let desk = desk.clone();
            at_once.spawn(async move {
                for deed in script {
                    desk.act(deed).await;
                }
            });
        }
        while let Some(done) = at_once.join_next().await {
            done.unwrap();
        }
        stage.clock.advance(SECOND);
        desk.services.routing.route(&desk.vendor).await.unwrap();
        desk.nobody_got_too_much(&scripts).await;
        desk.nobody_waits_in_vain(&scripts).await;
    }
}

async fn desk(stage: &Stage, run: usize) -> Desk {
    let vendor = stage.vendor(&format!("acme-{run}")).await;
    let mut reps = Vec::new();
    for n in 0..REPS {
        let role = if n == REPS - 1 { Role::RepL2 } else { Role::RepL1 };
        reps.push(stage.person(role, &format!("Rep {run} {n}"), &vendor).await);
    }
    let boss = stage.person(Role::AdminManager, &format!("Boss {run}"), &vendor).await;
    let cleo = stage.person(Role::Customer, &format!("Cleo {run}"), &vendor).await;
    let rules = Rules { automatic: true, ..Rules::default() };
    let limits = reps.iter().map(|r| RepEdit { id: r.id.clone(), limit: LIMIT, skills: Vec::new() }).collect();
    stage.services.routing.save(&boss, &vendor, SetupEdit { rules, reps: limits, version: 0 }).await.unwrap();
    let promises = Policy { on_breach: vec![BreachAction::Escalate, BreachAction::Reassign], ..Policy::standard() };
    stage.services.sla.save_policy(&boss, &vendor, promises, 0).await.unwrap();
    Desk { services: stage.services.clone(), clock: stage.clock.clone(), vendor, reps, boss, cleo }
}

impl Desk {
    /// What cannot be done by now is not done.
    async fn act(&self, deed: Deed) {
        let (s, tickets) = (&self.services, &self.services.tickets);
        let done = match deed {
            Deed::Create => tickets.create(&self.cleo, NewTicket::about("Help", "Help me", Channel::Web)).await,
            Deed::Presence(rep, on) => {
                let state = if on { Presence::Online } else { Presence::Away };
                s.people.set_presence(&self.reps[rep], state).await.unwrap();
                return;
            }
            Deed::Route => {
                s.routing.route(&self.vendor).await.unwrap();
                return;
            }
            Deed::Late => {
                self.clock.advance(5 * HOUR);
                s.sla.catch_up().await.unwrap();
                s.sla.fall_due().await.unwrap();
                return;
            }
            Deed::To(which, what) => {
                let Some(key) = self.pick(which).await else { return };
                match what {
                    What::Resolve => tickets.transition(&self.boss, &key, Status::Resolved, "", None).await,
                    What::Wait => tickets.transition(&self.boss, &key, Status::WaitingCustomer, "", None).await,
                    What::PutBack => tickets.assign(&self.boss, &key, None, "", None).await,
                    What::Assign(rep) => tickets.assign(&self.boss, &key, Some(&self.reps[rep].id), "", None).await,
                    What::Escalate => tickets.escalate(&self.boss, &key, 2, None, "hard").await,
                }
            }
        };
        assert!(matches!(done, Ok(_) | Err(crate::Error::Conflict(_))), "{deed:?}: {done:?}");
    }

    /// One of the tickets there are now.
    async fn pick(&self, which: usize) -> Option<String> {
        let filter = Filter { vendor_id: Some(self.vendor.clone()), ..Filter::default() };
        let mut all = self.services.tickets.list(&self.boss, &filter, &PageRequest::default()).await.unwrap().items;
        (!all.is_empty()).then(|| all.swap_remove(which % all.len()).ticket.number)
    }

    /// Goes through what happened in the order in which it was stored.
    async fn nobody_got_too_much(&self, scripts: &[Vec<Deed>]) {
        let events = self.services.journey.tail(0, 1_000_000).await.unwrap().events;
        let mut owners: HashMap<TicketId, (Option<UserId>, Status)> = HashMap::new();
        for e in events.iter().filter(|e| e.vendor_id.as_ref() == Some(&self.vendor)) {
            let Some(ticket) = &e.ticket_id else { continue };
            let now = owners.entry(ticket.clone()).or_insert((None, Status::WaitingForAgent));
            match &e.event {
                Event::StatusChange { status, .. } => now.1 = *status,
                Event::AgentAssigned { agent_id, previous_agent_id, .. } => {
                    assert_eq!(now.0, *previous_agent_id, "{ticket} was not whose it was thought to be: {scripts:?}");
                    now.0.clone_from(agent_id);
                    if let (ActorKind::System, Some(rep)) = (e.actor.kind, agent_id) {
                        assert_eq!(*previous_agent_id, None, "{ticket} was given twice: {scripts:?}");
                        let works = |(owner, status): &&(Option<UserId>, Status)| {
                            owner.as_ref() == Some(rep) && status.is_open() && *status != Status::WaitingCustomer
                        };
                        let has = owners.values().filter(works).count() as i64;
                        assert!(has <= LIMIT, "{rep} has {has} at {}: {scripts:?}", e.seq);
                    }
                }
                _ => {}
            }
        }
    }

    /// Decides once more on what still waits.
    async fn nobody_waits_in_vain(&self, scripts: &[Vec<Deed>]) {
        let s = &self.services;
        let queue = s.tickets.queue(&self.boss, Some(&self.vendor), &PageRequest { limit: Some(200), cursor: None }).await.unwrap().items;
        let waiting: Vec<_> = queue.into_iter().map(|q| q.ticket).collect();
        let mut conn = s.core.db.read().await.unwrap();
        let people: Vec<Candidate> = s.routing.candidates(&mut conn, &self.vendor).await.unwrap();
        let helpers = route::helpers(&mut conn, &self.vendor, &waiting).await.unwrap();
        let rules = Rules { automatic: true, ..Rules::default() };
        for ticket in &waiting {
            let decision = decide(&rules, &route::need(&rules, ticket, &helpers), &people);
            assert_eq!(decision.chosen, None, "{} waits in vain: {scripts:?}", ticket.number);
        }
    }
}
