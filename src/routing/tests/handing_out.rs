//! Tickets find their reps, on both databases.

use crate::actor::{Actor, Role};
use crate::db::testing::Stage;
use crate::id::VendorId;
use crate::people::Presence;
use crate::people::presence::LEASE;
use crate::routing::follow::Follower;
use crate::routing::{RepEdit, Rules, SetupEdit, SkillNeed};
use crate::tickets::{Category, Channel, NewTicket, Priority, Status, Ticket, TicketEdit};
use crate::time::{MINUTE, SECOND};

crate::both_dbs!(
    the_most_pressing_goes_to_the_least_loaded,
    nothing_is_handed_out_until_it_is_turned_on,
    every_event_that_can_change_it_is_heard,
    nothing_is_handed_back_to_who_let_it_go,
    levels_skills_and_teams_are_kept_to,
    one_vendors_queue_is_not_anothers,
    the_queue_tells_where_one_is_and_how_long,
    who_was_here_before_the_last_stop_gets_nothing,
);

/// A desk with routing turned on.
pub(super) struct Cast {
    pub stage: Stage,
    pub vendor: VendorId,
    pub boss: Actor,
    pub rita: Actor,
    pub omar: Actor,
    pub cleo: Actor,
}

pub(super) async fn cast(stage: Stage) -> Cast {
    let vendor = stage.vendor("acme").await;
    let boss = stage.person(Role::AdminManager, "Boss", &vendor).await;
    let rita = stage.person(Role::RepL1, "Rita", &vendor).await;
    let omar = stage.person(Role::RepL2, "Omar", &vendor).await;
    let cleo = stage.person(Role::Customer, "Cleo", &vendor).await;
    let cast = Cast { stage, vendor, boss, rita, omar, cleo };
    cast.set(Rules { automatic: true, sticky: false, ..Rules::default() }, Vec::new()).await;
    cast
}

impl Cast {
    pub async fn set(&self, rules: Rules, reps: Vec<RepEdit>) {
        let routing = &self.stage.services.routing;
        let version = routing.setup(&self.boss, &self.vendor).await.unwrap().version;
        routing.save(&self.boss, &self.vendor, SetupEdit { rules, reps, version }).await.unwrap();
    }

    pub async fn open(&self, subject: &str, priority: Priority) -> Ticket {
        self.stage.clock.advance(SECOND);
        let new = NewTicket { priority: Some(priority), ..NewTicket::about(subject, "Help", Channel::Web) };
        self.stage.services.tickets.create(&self.cleo, new).await.unwrap()
    }

    pub async fn be(&self, who: &Actor, presence: Presence) {
        self.stage.services.people.set_presence(who, presence).await.unwrap();
    }

    async fn route(&self) -> usize {
        self.stage.services.routing.route(&self.vendor).await.unwrap()
    }

    async fn now(&self, t: &Ticket) -> Ticket {
        self.stage.services.tickets.get(&self.boss, &t.number).await.unwrap()
    }

    async fn owner(&self, t: &Ticket) -> Option<String> {
        self.now(t).await.assignee_name
    }
}

async fn the_most_pressing_goes_to_the_least_loaded(stage: Stage) {
    let c = cast(stage).await;
    let sina = c.stage.person(Role::RepL1, "Sina", &c.vendor).await;
    let limits = [&c.rita, &sina].map(|r| RepEdit { id: r.id.clone(), limit: 2, skills: Vec::new() });
    c.set(Rules { automatic: true, sticky: false, ..Rules::default() }, limits.into()).await;
    let mut tickets = Vec::new();
    for (subject, priority) in
        [("a", Priority::Low), ("b", Priority::High), ("c", Priority::Urgent), ("d", Priority::High), ("e", Priority::Low)]
    {
        tickets.push(c.open(subject, priority).await);
    }
    assert_eq!(c.route().await, 0, "nobody is there");
    c.be(&c.rita, Presence::Online).await;
    c.be(&sina, Presence::Busy).await;
    assert_eq!(c.route().await, 2);
    assert_eq!((c.owner(&tickets[2]).await, c.owner(&tickets[1]).await), (Some("Rita".into()), Some("Rita".into())));
    c.be(&sina, Presence::Online).await;
    assert_eq!(c.route().await, 2);
    assert_eq!((c.owner(&tickets[3]).await, c.owner(&tickets[0]).await), (Some("Sina".into()), Some("Sina".into())));
    assert_eq!((c.owner(&tickets[4]).await, c.route().await), (None, 0), "both are full");

    let given = c.now(&tickets[2]).await;
    assert_eq!(given.status, Status::Assigned);
    let view = c.stage.services.tickets.view(&c.boss, &given.number).await.unwrap();
    let told: Vec<_> = view.activity.iter().filter_map(|e| crate::journey::describe(e, true)).collect();
    assert!(told.contains(&"COCO assigned Rita: the only one who can take it now".into()), "{told:?}");
    assert_eq!(view.assignments[0].reason, "the only one who can take it now");
    let why = c.stage.services.routing.explain(&c.rita, &given.number).await.unwrap().unwrap();
    let people: Vec<_> = why.people.iter().map(|p| (p.name.as_str(), p.words.as_str(), p.chosen)).collect();
    assert!(!why.waits);
    assert_eq!(people[0], ("Rita", "the only one who can take it now", true));
    assert!(people.contains(&("Omar", "is kept for level 2", false)) && people.contains(&("Sina", "is busy", false)), "{people:?}");
    let waits = c.stage.services.routing.explain(&c.rita, &tickets[4].number).await.unwrap().unwrap();
    assert!(waits.waits && waits.people.iter().all(|p| !p.chosen));
    assert!(waits.people.iter().any(|p| p.words == "has 2 of at most 2 tickets"), "{waits:?}");

    // Taken by hand from who had it: routing does not explain that.
    c.stage.services.tickets.assign(&c.boss, &given.number, Some(&c.omar.id), "", None).await.unwrap();
    assert_eq!(c.stage.services.routing.explain(&c.rita, &given.number).await, Ok(None));
}

async fn nothing_is_handed_out_until_it_is_turned_on(stage: Stage) {
    let c = cast(stage).await;
    c.set(Rules::default(), Vec::new()).await;
    c.be(&c.rita, Presence::Online).await;
    let t = c.open("a", Priority::High).await;
    assert_eq!((c.route().await, c.owner(&t).await), (0, None));
    assert!(c.stage.services.routing.automatic().await.unwrap().is_empty());
    let why = c.stage.services.routing.explain(&c.rita, &t.number).await.unwrap().unwrap();
    assert!(!why.automatic && why.people[0].chosen, "who could take it");
}

async fn every_event_that_can_change_it_is_heard(stage: Stage) {
    let c = cast(stage).await;
    let s = &c.stage.services;
    c.set(Rules { automatic: true, ..Rules::default() }, vec![RepEdit { id: c.rita.id.clone(), limit: 1, skills: Vec::new() }]).await;
    let mut follower = Follower::default();
    let before = c.open("before", Priority::Low).await;
    c.be(&c.rita, Presence::Online).await;
    assert_eq!(follower.round(s).await, Ok(1), "what waits at the start");
    let next = c.open("next", Priority::Low).await;
    assert_eq!(follower.round(s).await, Ok(0), "she has one");
    s.tickets.transition(&c.rita, &before.number, Status::WaitingCustomer, "", None).await.unwrap();
    assert_eq!(follower.round(s).await, Ok(1), "it waits for the customer");
    let third = c.open("third", Priority::Low).await;
    assert_eq!(follower.round(s).await, Ok(0));
    s.tickets.transition(&c.rita, &next.number, Status::Resolved, "", None).await.unwrap();
    assert_eq!((follower.round(s).await, c.owner(&third).await), (Ok(1), Some("Rita".into())));
    s.tickets.escalate(&c.rita, &third.number, 2, None, "hard").await.unwrap();
    assert_eq!(follower.round(s).await, Ok(0), "nobody of level 2 is there");
    c.be(&c.omar, Presence::Online).await;
    follower.presence(s, &c.omar.id).await.unwrap();
    assert_eq!((follower.round(s).await, c.owner(&third).await), (Ok(1), Some("Omar".into())));
    assert_eq!(c.now(&third).await.status, Status::Escalated, "until he answers");

    let (fourth, fifth) = (c.open("fourth", Priority::Low).await, c.open("fifth", Priority::Low).await);
    assert_eq!((follower.round(s).await, c.owner(&fourth).await, c.owner(&fifth).await), (Ok(1), Some("Rita".into()), None));
    c.set(Rules { automatic: true, ..Rules::default() }, vec![RepEdit { id: c.rita.id.clone(), limit: 2, skills: Vec::new() }]).await;
    assert_eq!((follower.round(s).await, c.owner(&fifth).await), (Ok(1), Some("Rita".into())), "rules were saved");
    assert_eq!(follower.round(s).await, Ok(0));
}

async fn nothing_is_handed_back_to_who_let_it_go(stage: Stage) {
    let c = cast(stage).await;
    let s = &c.stage.services;
    c.be(&c.rita, Presence::Online).await;
    let t = c.open("a", Priority::High).await;
    assert_eq!(c.route().await, 1);
    s.tickets.assign(&c.rita, &t.number, None, "not mine", None).await.unwrap();
    assert_eq!((c.route().await, c.owner(&t).await), (0, None));
    let sina = c.stage.person(Role::RepL1, "Sina", &c.vendor).await;
    c.be(&sina, Presence::Online).await;
    assert_eq!((c.route().await, c.owner(&t).await), (1, Some("Sina".into())));
    // Who helped last comes first, when the rules say so.
    s.tickets.transition(&sina, &t.number, Status::Resolved, "", None).await.unwrap();
    c.set(Rules { automatic: true, sticky: true, ..Rules::default() }, Vec::new()).await;
    for subject in ["b", "c"] {
        let t = c.open(subject, Priority::Low).await;
        assert_eq!((c.route().await, c.owner(&t).await), (1, Some("Sina".into())));
    }
}

async fn levels_skills_and_teams_are_kept_to(stage: Stage) {
    let c = cast(stage).await;
    let s = &c.stage.services;
    let need = SkillNeed { category: Category::Billing, skill: "Billing".into() };
    let rules = Rules { automatic: true, sticky: false, needs: vec![need], ..Rules::default() };
    c.set(rules.clone(), Vec::new()).await;
    c.be(&c.rita, Presence::Online).await;
    c.be(&c.omar, Presence::Online).await;
    let bill = c.open("bill", Priority::High).await;
    s.tickets.edit(&c.boss, &bill.number, TicketEdit { category: Some(Category::Billing), ..TicketEdit::default() }).await.unwrap();
    // The more pressing ones that nobody can take do not hide the one that someone can.
    let blocked = c.open("blocked", Priority::Urgent).await;
    let team = s.teams.create(&c.vendor, "Others", std::slice::from_ref(&c.omar.id)).await.unwrap();
    s.tickets.assign_team(&c.boss, &blocked.number, Some(&team.id), "", None).await.unwrap();
    let plain = c.open("plain", Priority::Low).await;
    assert_eq!((c.route().await, c.owner(&plain).await), (1, Some("Rita".into())));
    let words = s.routing.explain(&c.rita, &bill.number).await.unwrap().unwrap().people;
    assert!(words.iter().any(|p| p.name == "Rita" && p.words == "does not have the skill billing"), "{words:?}");
    c.set(Rules { higher_levels_help: true, ..rules }, vec![RepEdit { id: c.rita.id.clone(), limit: 5, skills: vec![" BILLING ".into()] }])
        .await;
    assert_eq!(c.route().await, 2);
    assert_eq!((c.owner(&bill).await, c.owner(&blocked).await), (Some("Rita".into()), Some("Omar".into())));
}

async fn one_vendors_queue_is_not_anothers(stage: Stage) {
    let c = cast(stage).await;
    let elsewhere = c.stage.vendor("elsewhere").await;
    let eve = c.stage.person(Role::AdminSuper, "Eve", &elsewhere).await;
    let theirs = c.stage.person(Role::RepL1, "Theo", &elsewhere).await;
    c.be(&theirs, Presence::Online).await;
    let t = c.open("a", Priority::High).await;
    let routing = &c.stage.services.routing;
    assert_eq!((c.route().await, routing.route(&elsewhere).await), (0, Ok(0)));
    assert_eq!(routing.setup(&eve, &c.vendor).await, Err(crate::Error::NotFound));
    assert_eq!(routing.explain(&eve, &t.number).await, Err(crate::Error::NotFound));
    assert_eq!(routing.place(&eve, &t.number).await, Err(crate::Error::NotFound));
    assert_eq!(routing.explain(&c.cleo, &t.number).await, Err(crate::Error::Forbidden));
}

async fn the_queue_tells_where_one_is_and_how_long(stage: Stage) {
    let c = cast(stage).await;
    let s = &c.stage.services;
    let mut tickets = Vec::new();
    for n in 0..7 {
        tickets.push(c.open(&format!("t{n}"), Priority::Medium).await);
    }
    let last = c.open("last", Priority::Low).await;
    let place = s.routing.place(&c.cleo, &last.number).await.unwrap().unwrap();
    assert_eq!(place.words(), "You are 8th in line. We can't tell yet how long it takes.");
    for t in &tickets[..6] {
        c.stage.clock.advance(2 * MINUTE);
        s.tickets.assign(&c.boss, &t.number, Some(&c.rita.id), "", None).await.unwrap();
    }
    let place = s.routing.place(&c.cleo, &last.number).await.unwrap().unwrap();
    assert_eq!(place.words(), "You are 2nd in line. Usually 4 to 5 minutes.");
    let queue = s.tickets.queue(&c.boss, Some(&c.vendor), &crate::page::PageRequest::default()).await.unwrap().items;
    let waits = s.routing.waits(&c.boss, &queue).await.unwrap();
    assert_eq!((waits.len(), waits[1]), (2, place.wait));
    let urgent = c.open("urgent", Priority::Urgent).await;
    assert_eq!(s.routing.place(&c.cleo, &urgent.number).await.unwrap().unwrap().position, 1);
    assert_eq!(s.routing.place(&c.cleo, &last.number).await.unwrap().unwrap().position, 3);
    assert_eq!(s.routing.place(&c.cleo, &tickets[0].number).await, Ok(None), "someone has it");
    s.tickets.transition(&c.boss, &urgent.number, Status::Resolved, "", None).await.unwrap();
    assert_eq!(s.routing.place(&c.cleo, &urgent.number).await, Ok(None));
}

async fn who_was_here_before_the_last_stop_gets_nothing(stage: Stage) {
    let c = cast(stage).await;
    let people = &c.stage.services.people;
    people.hold(std::slice::from_ref(&c.rita.id)).await.unwrap();
    let t = c.open("over night", Priority::High).await;
    c.stage.clock.advance(LEASE);
    let mut begun = Follower::default();
    assert_eq!((begun.round(&c.stage.services).await, c.owner(&t).await), (Ok(0), None));
    people.hold(std::slice::from_ref(&c.rita.id)).await.unwrap();
    begun.presence(&c.stage.services, &c.rita.id).await.unwrap();
    assert_eq!((begun.round(&c.stage.services).await, c.owner(&t).await), (Ok(1), Some("Rita".into())), "who comes back");
}
