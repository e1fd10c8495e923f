//! What asking for ratings promises, on both databases.

use super::*;
use crate::Error;
use crate::actor::{Actor, Role};
use crate::conversations::{NewMessage, Visibility};
use crate::db::{sql, testing::Stage};
use crate::event::Event;
use crate::ports::mailer::{FakeMailer, Mail, Mailer};
use crate::services::Services;
use crate::tickets::{Channel, NewTicket, Status, Ticket, TicketChange};
use crate::time::{HOUR, MINUTE};
use async_trait::async_trait;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

crate::both_dbs!(
    who_is_helped_is_asked_once,
    every_way_to_resolve_asks,
    two_nodes_ask_once,
    a_mail_that_is_not_taken_is_tried_again,
    a_link_rates_once,
    opening_a_link_changes_nothing,
    a_link_ends,
    a_reopened_ticket_is_asked_about_anew,
    some_are_not_asked,
    old_invitations_are_swept,
);

const BASE: &str = "https://help.example.com/";

struct Cast {
    stage: Stage,
    customer: Actor,
    rep: Actor,
}

async fn cast(stage: Stage) -> Cast {
    let vendor = stage.vendor("acme").await;
    let customer = stage.person(Role::Customer, "Cleo", &vendor).await;
    let rep = stage.person(Role::RepL1, "Rita", &vendor).await;
    Cast { stage, customer, rep }
}

impl Cast {
    const fn services(&self) -> &Services {
        &self.stage.services
    }
    async fn open(&self) -> Ticket {
        let new = NewTicket::about("The charger is silent", "It does nothing", Channel::Web);
        self.services().tickets.create(&self.customer, new).await.unwrap()
    }
    async fn move_to(&self, ticket: &Ticket, to: Status) {
        self.services().tickets.transition(&self.rep, &ticket.number, to, "", None).await.unwrap();
    }
    async fn resolved(&self) -> Ticket {
        let ticket = self.open().await;
        self.move_to(&ticket, Status::Resolved).await;
        ticket
    }
    /// Everything that was mailed, after what is due was.
    async fn mails(&self) -> Vec<Mail> {
        self.services().feedback.send_due(BASE).await.unwrap();
        self.stage.mail.sent()
    }
    /// The token in the newest mail.
    async fn token(&self) -> String {
        token_of(self.mails().await.last().unwrap())
    }
    async fn standing(&self, token: &str) -> Standing {
        self.services().feedback.invitation(token).await.unwrap().standing
    }
    async fn change(&self, statement: &'static str, value: &str) {
        let mut tx = self.services().core.db.begin().await.unwrap();
        sql(statement).bind(&self.customer.id).bind(value).run(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
    }
}

fn token_of(mail: &Mail) -> String {
    let (_, rest) = mail.text.split_once("/rate/").unwrap();
    rest.split('?').next().unwrap().to_owned()
}

async fn who_is_helped_is_asked_once(stage: Stage) {
    let c = cast(stage).await;
    let ticket = c.resolved().await;
    assert_eq!(c.stage.mail.sent(), [], "a worker mails, not whoever resolves");
    let [mail] = &c.mails().await[..] else { panic!("one mail") };
    assert_eq!((mail.to.as_str(), mail.subject.as_str()), ("cleo@example.com", "Resolved: The charger is silent (TKT-2026-000001)"));
    for words in ["acme has resolved your request TKT-2026-000001:", "The charger is silent\n", "30 days"] {
        assert!(mail.text.contains(words), "{words}: {}", mail.text);
    }
    assert!(mail.text.contains("https://help.example.com/customer/tickets/TKT-2026-000001\n"), "{}", mail.text);
    let token = token_of(mail);
    for (score, word) in (1..=5).zip(SCORE_LABELS) {
        let choice = format!("{score}, {word}:\nhttps://help.example.com/rate/{token}?score={score}\n");
        assert!(mail.text.contains(&choice), "{}", mail.text);
    }
    c.move_to(&ticket, Status::Resolved).await;
    c.move_to(&ticket, Status::Closed).await;
    assert_eq!(c.mails().await.len(), 1, "closing what is resolved, or resolving it twice, asks nothing new");
    let mut conn = c.services().core.db.read().await.unwrap();
    let kept: Vec<(String,)> = sql("SELECT token_hash FROM rating_invitations").all(&mut conn).await.unwrap();
    assert!(!kept[0].0.contains(&token), "only a hash is kept");
}

async fn every_way_to_resolve_asks(stage: Stage) {
    let c = cast(stage).await;
    let tickets = &c.services().tickets;
    c.resolved().await;
    let change = |to| TicketChange { assign: Some(Some(c.rep.id.clone())), status: Some(to), ..TicketChange::default() };
    for (n, to) in [Status::Resolved, Status::Closed].into_iter().enumerate() {
        tickets.change(&c.rep, &c.open().await.number, change(to)).await.unwrap();
        assert_eq!(c.mails().await.len(), n + 2, "{to:?}");
    }
    tickets.change(&c.rep, &c.open().await.number, change(Status::WaitingCustomer)).await.unwrap();
    c.move_to(&c.open().await, Status::Closed).await;
    assert_eq!(c.mails().await.len(), 3, "neither was resolved");
}

async fn two_nodes_ask_once(stage: Stage) {
    let c = cast(stage).await;
    for _ in 0..5 {
        c.resolved().await;
    }
    let (a, b) = (&c.services().feedback, Services::on(c.services(), c.services().core.clone()).feedback);
    let (a, b) = tokio::join!(a.send_due(BASE), b.send_due(BASE));
    a.unwrap();
    b.unwrap();
    let mut subjects: Vec<String> = c.stage.mail.sent().into_iter().map(|m| m.subject).collect();
    subjects.sort();
    subjects.dedup();
    assert_eq!((subjects.len(), c.stage.mail.sent().len()), (5, 5));
}

/// Takes mail when it is told to.
#[derive(Default)]
struct Moody {
    takes: AtomicBool,
    taken: FakeMailer,
}

#[async_trait]
impl Mailer for Moody {
    async fn send(&self, mail: Mail) -> crate::Result<()> {
        if self.takes.load(Ordering::SeqCst) { self.taken.send(mail).await } else { Err(Error::Unavailable("full".into())) }
    }
}

async fn a_mail_that_is_not_taken_is_tried_again(stage: Stage) {
    let c = cast(stage).await;
    let moody = Arc::new(Moody::default());
    let feedback = service::Feedback::new(c.services().core.clone(), moody.clone());
    c.resolved().await;
    assert_eq!(feedback.send_due(BASE).await, Ok(1));
    moody.takes.store(true, Ordering::SeqCst);
    assert_eq!(feedback.send_due(BASE).await, Ok(0), "not at once");
    c.stage.clock.advance(5 * MINUTE);
    assert_eq!(feedback.send_due(BASE).await, Ok(1));
    assert_eq!(feedback.send_due(BASE).await, Ok(0));
    let [mail] = &moody.taken.sent()[..] else { panic!("one mail") };
    assert_eq!(c.standing(&token_of(mail)).await, Standing::Open);
}

async fn a_link_rates_once(stage: Stage) {
    let c = cast(stage).await;
    let (ticket, other) = (c.open().await, c.open().await);
    for t in [&ticket, &other] {
        c.move_to(t, Status::Resolved).await;
    }
    let mails = c.mails().await;
    let mail = mails.iter().find(|m| m.text.contains(&ticket.number)).unwrap();
    let (feedback, token) = (&c.services().feedback, token_of(mail));
    for score in [0, 6, -1] {
        assert!(feedback.rate_by_link(&token, score, "").await.unwrap_err().field("score").is_some());
    }
    assert!(feedback.rate_by_link(&token, 4, &"x".repeat(MAX_COMMENT + 1)).await.unwrap_err().field("comment").is_some());
    for wrong in ["", "guess", &token[1..], ticket.id.as_str(), &ticket.number, "\0"] {
        assert_eq!(feedback.rate_by_link(wrong, 1, "").await, Err(Error::NotFound), "{wrong}");
        assert_eq!(feedback.invitation(wrong).await, Err(Error::NotFound), "{wrong}");
    }
    let rating = feedback.rate_by_link(&token, 4, " Quick! ").await.unwrap();
    assert_eq!((rating.score, rating.comment.as_str()), (4, "Quick!"));
    assert_eq!(feedback.rating(&c.customer, &ticket).await, Ok(Some(rating)));
    assert_eq!(feedback.rating(&c.customer, &other).await, Ok(None), "of this ticket alone");
    let told = c.services().journey.tail(0, 1_000).await.unwrap().events;
    let told: Vec<_> = told.iter().filter(|e| matches!(e.event, Event::Rated { .. })).collect();
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].ticket_id.as_ref(), told[0].actor.id.as_ref()), (Some(&ticket.id), Some(&c.customer.id)));
    assert_eq!(c.standing(&token).await, Standing::Rated(4));
    assert!(matches!(feedback.rate_by_link(&token, 1, "").await, Err(Error::Conflict(_))), "once");
    feedback.rate(&c.customer, &ticket.number, 5, "").await.unwrap();
    assert_eq!(c.standing(&token).await, Standing::Rated(5), "changed on the page");
}

async fn opening_a_link_changes_nothing(stage: Stage) {
    let c = cast(stage).await;
    let ticket = c.resolved().await;
    let token = c.token().await;
    for _ in 0..3 {
        let invitation = c.services().feedback.invitation(&token).await.unwrap();
        assert_eq!((invitation.number, invitation.subject), (ticket.number.clone(), ticket.subject.clone()));
        assert_eq!((invitation.vendor_name.as_str(), invitation.standing), ("acme", Standing::Open));
    }
    assert_eq!(c.services().feedback.rating(&c.customer, &ticket).await, Ok(None));
    assert!(c.services().feedback.rate_by_link(&token, 5, "").await.is_ok(), "looking does not use it up");
}

async fn a_link_ends(stage: Stage) {
    let c = cast(stage).await;
    let ticket = c.resolved().await;
    let (feedback, token) = (&c.services().feedback, c.token().await);
    c.stage.clock.advance(LINK_TTL - 1);
    assert_eq!(c.standing(&token).await, Standing::Open);
    c.stage.clock.advance(1);
    assert_eq!(c.standing(&token).await, Standing::Expired);
    assert!(matches!(feedback.rate_by_link(&token, 5, "").await, Err(Error::Conflict(_))));
    assert!(feedback.rate(&c.customer, &ticket.number, 5, "").await.is_ok(), "the page still takes it");
}

async fn a_reopened_ticket_is_asked_about_anew(stage: Stage) {
    let c = cast(stage).await;
    let ticket = c.resolved().await;
    let (feedback, first) = (&c.services().feedback, c.token().await);
    feedback.rate_by_link(&first, 5, "").await.unwrap();
    c.stage.clock.advance(HOUR);
    let conversation_id = c.services().conversations.of_ticket(&c.customer, &ticket).await.unwrap().id;
    let reply = NewMessage {
        conversation_id,
        content: "Silent again".into(),
        visibility: Visibility::Customer,
        attachments: Vec::new(),
        client_id: None,
    };
    c.services().conversations.send(&c.customer, reply).await.unwrap();
    assert_eq!(c.standing(&first).await, Standing::Reopened);
    assert!(matches!(feedback.rate_by_link(&first, 1, "").await, Err(Error::Conflict(_))));
    c.move_to(&ticket, Status::Resolved).await;
    assert_eq!(c.mails().await.len(), 2);
    let second = c.token().await;
    assert_eq!((c.standing(&first).await, c.standing(&second).await), (Standing::Reopened, Standing::Open));
    assert_eq!(feedback.rate_by_link(&second, 2, "").await.unwrap().score, 2, "the earlier rating does not stand in the way");
}

async fn some_are_not_asked(stage: Stage) {
    let c = cast(stage).await;
    let ticket = c.resolved().await;
    c.move_to(&ticket, Status::Reopened).await;
    assert_eq!(c.mails().await, [], "reopened before the mail was written");
    c.resolved().await;
    c.stage.clock.advance(25 * HOUR);
    assert_eq!(c.mails().await, [], "too long ago");
    c.resolved().await;
    c.services().feedback.ask_nobody().await.unwrap();
    assert_eq!(c.mails().await, [], "demo data");
    c.resolved().await;
    c.change("UPDATE users SET email = $2 WHERE id = $1", "4711@import.invalid").await;
    assert_eq!(c.mails().await, [], "no address");
    c.change("UPDATE users SET email = $2 WHERE id = $1", "cleo@example.com").await;
    c.resolved().await;
    let mut tx = c.services().core.db.begin().await.unwrap();
    sql("UPDATE users SET is_active = $2 WHERE id = $1").bind(&c.customer.id).bind(false).run(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(c.mails().await, [], "gone");
}

async fn old_invitations_are_swept(stage: Stage) {
    let c = cast(stage).await;
    c.resolved().await;
    let (feedback, token) = (&c.services().feedback, c.token().await);
    c.stage.clock.advance(LINK_TTL);
    assert_eq!(feedback.sweep().await, Ok(0));
    assert_eq!(c.standing(&token).await, Standing::Expired);
    c.stage.clock.advance(61 * DAY);
    assert_eq!(feedback.sweep().await, Ok(1));
    assert_eq!(feedback.invitation(&token).await, Err(Error::NotFound));
}
