//! Teams and the tickets they have, on both databases.

use crate::actor::{Actor, Role};
use crate::db::sql;
use crate::db::testing::Stage;
use crate::error::{ConflictKind, Error};
use crate::event::Event;
use crate::id::VendorId;
use crate::page::PageRequest;
use crate::teams::Team;
use crate::tickets::{Channel, Filter, InboxView, NewTicket, Status, Ticket, TicketChange};

crate::both_dbs!(
    a_team_has_a_ticket_with_or_without_a_rep,
    teams_belong_to_their_vendor,
    lists_of_teams_hold_what_is_theirs,
    members_come_and_go,
    bad_teams_are_named
);

struct Cast {
    stage: Stage,
    vendor: VendorId,
    rep: Actor,
    customer: Actor,
    billing: Team,
    technical: Team,
}

async fn cast(stage: Stage) -> Cast {
    let vendor = stage.vendor("acme").await;
    let rep = stage.person(Role::RepL1, "Rita", &vendor).await;
    let other = stage.person(Role::RepL2, "Omar", &vendor).await;
    let customer = stage.person(Role::Customer, "Cleo", &vendor).await;
    let teams = &stage.services.teams;
    let billing = teams.create(&vendor, " Billing ", std::slice::from_ref(&rep.id)).await.unwrap();
    let technical = teams.create(&vendor, "Technical", &[other.id.clone(), rep.id.clone(), other.id.clone()]).await.unwrap();
    Cast { stage, vendor, rep, customer, billing, technical }
}

impl Cast {
    async fn open(&self, subject: &str) -> Ticket {
        self.stage.clock.advance(1);
        let new = NewTicket::about(subject, "Help", Channel::Web);
        self.stage.services.tickets.create(&self.customer, new).await.unwrap()
    }

    async fn give(&self, ticket: &Ticket, team: Option<&Team>) -> crate::Result<Ticket> {
        let tickets = &self.stage.services.tickets;
        tickets.assign_team(&self.rep, &ticket.number, team.map(|t| &t.id), "knows it", None).await
    }

    async fn listed(&self, who: &Actor, filter: Filter) -> Vec<String> {
        let page = self.stage.services.tickets.list(who, &filter, &PageRequest::default()).await.unwrap();
        page.items.into_iter().map(|row| row.ticket.subject).collect()
    }
}

async fn a_team_has_a_ticket_with_or_without_a_rep(stage: Stage) {
    let c = cast(stage).await;
    let tickets = &c.stage.services.tickets;
    let t = c.open("Invoice").await;
    let given = c.give(&t, Some(&c.billing)).await.unwrap();
    assert_eq!((given.team_id.as_ref(), given.team_name.as_deref()), (Some(&c.billing.id), Some("Billing")));
    assert_eq!((given.status, given.assignee_id.as_ref(), given.version), (Status::WaitingForAgent, None, t.version + 1));
    assert_eq!(c.give(&t, Some(&c.billing)).await.unwrap().version, given.version, "twice changes nothing");

    let taken = tickets.assign(&c.rep, &t.number, Some(&c.rep.id), "", None).await.unwrap();
    assert_eq!((taken.team_id.as_ref(), taken.assignee_id.as_ref()), (Some(&c.billing.id), Some(&c.rep.id)));
    let stale = tickets.assign_team(&c.rep, &t.number, Some(&c.technical.id), "", Some(t.version)).await;
    assert!(matches!(stale, Err(Error::Conflict(e)) if e.kind == ConflictKind::Stale));
    c.give(&t, Some(&c.technical)).await.unwrap();
    let back = c.give(&t, None).await.unwrap();
    assert_eq!((back.team_id, back.assignee_id.as_ref()), (None, Some(&c.rep.id)), "the rep stays");
    let both = TicketChange { team: Some(Some(c.billing.id.clone())), assign: Some(None), ..TicketChange::default() };
    let both = tickets.change(&c.rep, &t.number, both).await.unwrap();
    assert_eq!((both.team_name.as_deref(), both.assignee_id), (Some("Billing"), None));

    let view = tickets.view(&c.rep, &t.number).await.unwrap();
    let told: Vec<_> = view.activity.iter().rev().filter_map(|e| crate::journey::describe(e, true)).collect();
    assert!(told.contains(&"Rita gave it to the team Billing: knows it".into()), "{told:?}");
    assert!(told.contains(&"Rita took it from the team Technical: knows it".into()), "{told:?}");
    let seen = async |by: &Actor| {
        let (view, got) = (tickets.view(by, &t.number).await.unwrap(), tickets.get(by, &t.number).await.unwrap());
        let conversation = c.stage.services.conversations.get(by, &view.thread.conversation.id).await.unwrap().1;
        let listed = tickets.list(by, &Filter::default(), &PageRequest::default()).await.unwrap().items.remove(0).ticket;
        let tickets = [view.ticket, got, conversation, listed];
        tickets.map(|t| (t.team_id.is_some(), t.team_name.is_some()))
    };
    assert_eq!(seen(&c.rep).await, [(true, true); 4]);
    assert_eq!(seen(&c.customer).await, [(false, false); 4]);
    let journey = c.stage.services.journey.of_customer(&c.customer, &c.customer.id, &PageRequest::default()).await.unwrap();
    assert!(!journey.items.iter().any(|e| matches!(e.event, Event::TeamAssigned { .. })), "how we are organised is no customer's matter");
    tickets.transition(&c.rep, &t.number, Status::Resolved, "", None).await.unwrap();
    assert!(matches!(c.give(&t, None).await, Err(Error::Conflict(e)) if e.kind == ConflictKind::IllegalMove));
    let again = TicketChange { team: Some(Some(c.technical.id.clone())), status: Some(Status::WaitingForAgent), ..TicketChange::default() };
    let again = tickets.change(&c.rep, &t.number, again).await.unwrap();
    assert_eq!((again.status, again.team_name.as_deref()), (Status::WaitingForAgent, Some("Technical")), "opened again for a team");
}

async fn teams_belong_to_their_vendor(stage: Stage) {
    let c = cast(stage).await;
    let (teams, tickets) = (&c.stage.services.teams, &c.stage.services.tickets);
    let elsewhere = c.stage.vendor("elsewhere").await;
    let eve = c.stage.person(Role::AdminSuper, "Eve", &elsewhere).await;
    let theirs = teams.create(&elsewhere, "Billing", std::slice::from_ref(&eve.id)).await.unwrap();
    let t = c.open("Invoice").await;
    assert!(c.give(&t, Some(&theirs)).await.unwrap_err().field("team_id").is_some());
    assert_eq!(tickets.assign_team(&eve, &t.number, Some(&theirs.id), "", None).await, Err(Error::NotFound));
    assert_eq!(tickets.assign_team(&c.customer, &t.number, Some(&c.billing.id), "", None).await, Err(Error::Forbidden));
    assert_eq!(teams.of_vendor(&eve, &c.vendor).await, Err(Error::NotFound));
    assert_eq!(teams.of_vendor(&c.customer, &c.vendor).await, Err(Error::Forbidden));
    assert_eq!(teams.of_vendor(&eve, &elsewhere).await, Ok(vec![theirs]));
    assert_eq!(teams.of_vendor(&c.rep, &c.vendor).await, Ok(vec![c.billing.clone(), c.technical.clone()]));
    c.give(&t, Some(&c.billing)).await.unwrap();
    let of_team = Filter { team_id: Some(c.billing.id.clone()), ..Filter::default() };
    assert_eq!(c.listed(&eve, of_team).await, [""; 0]);
}

async fn lists_of_teams_hold_what_is_theirs(stage: Stage) {
    let c = cast(stage).await;
    let omar = Actor { id: c.technical.members.iter().find(|m| **m != c.rep.id).unwrap().clone(), ..c.rep.clone() };
    let (bill, router, done) = (c.open("Bill").await, c.open("Router").await, c.open("Done").await);
    c.open("Nobody's").await;
    c.give(&bill, Some(&c.billing)).await.unwrap();
    c.stage.clock.advance(1);
    c.give(&router, Some(&c.technical)).await.unwrap();
    c.give(&done, Some(&c.technical)).await.unwrap();
    c.stage.services.tickets.transition(&c.rep, &done.number, Status::Resolved, "", None).await.unwrap();
    let mine = Filter { view: InboxView::MyTeams, ..Filter::default() };
    assert_eq!(c.listed(&c.rep, mine.clone()).await, ["Router", "Bill"]);
    assert_eq!(c.listed(&omar, mine.clone()).await, ["Router"]);
    assert_eq!(c.listed(&omar, Filter { vendor_id: Some(c.vendor.clone()), ..mine.clone() }).await, ["Router"]);
    assert_eq!(c.listed(&c.customer, mine).await, [""; 0]);
    let of_team = Filter { team_id: Some(c.technical.id.clone()), ..Filter::default() };
    let asked = c.stage.services.tickets.list(&c.customer, &of_team, &PageRequest::default()).await;
    assert_eq!(asked.unwrap_err(), Error::Forbidden, "nor what has the team");
    let team = |view| Filter { view, team_id: Some(c.technical.id.clone()), ..Filter::default() };
    assert_eq!(c.listed(&c.rep, team(InboxView::Open)).await, ["Router"]);
    assert_eq!(c.listed(&c.rep, team(InboxView::All)).await, ["Done", "Router"]);
    let count = async |who| c.stage.services.tickets.counters(who, &c.vendor).await.unwrap().my_teams;
    assert_eq!((count(&c.rep).await, count(&omar).await), (2, 1));
}

async fn members_come_and_go(stage: Stage) {
    let c = cast(stage).await;
    let teams = &c.stage.services.teams;
    let omar = c.technical.members.iter().find(|m| **m != c.rep.id).unwrap();
    let members = async || teams.of_vendor(&c.rep, &c.vendor).await.unwrap().remove(0).members;
    for _ in 0..2 {
        teams.add(&c.vendor, &c.billing.id, omar).await.unwrap();
        assert_eq!(members().await.len(), 2);
    }
    for _ in 0..2 {
        teams.remove(&c.vendor, &c.billing.id, &c.rep.id).await.unwrap();
        assert_eq!(members().await, std::slice::from_ref(omar));
    }
    let refused = teams.add(&c.vendor, &c.billing.id, &c.customer.id).await.unwrap_err();
    assert!(refused.field("members").is_some());
    let elsewhere = c.stage.vendor("elsewhere").await;
    assert_eq!(teams.add(&elsewhere, &c.billing.id, omar).await, Err(Error::NotFound));
    assert_eq!(teams.remove(&elsewhere, &c.billing.id, omar).await, Err(Error::NotFound));
    let mut tx = c.stage.services.core.db.begin().await.unwrap();
    sql("UPDATE users SET is_active = FALSE WHERE id = $1").bind(omar).run(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    assert!(members().await.is_empty(), "who may not sign in is in no team");
}

async fn bad_teams_are_named(stage: Stage) {
    let c = cast(stage).await;
    let teams = &c.stage.services.teams;
    for name in ["", &"x".repeat(61)] {
        assert!(teams.create(&c.vendor, name, &[]).await.unwrap_err().field("name").is_some());
    }
    assert!(teams.create(&c.vendor, "New", std::slice::from_ref(&c.customer.id)).await.unwrap_err().field("members").is_some());
    assert!(matches!(teams.create(&c.vendor, "Billing", &[]).await, Err(Error::Conflict(e)) if e.kind == ConflictKind::Duplicate));
}
