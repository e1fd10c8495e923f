use super::Part;
use crate::actor::Role;
use crate::auth::Registration;
use crate::both_dbs;
use crate::db::testing::{START, Stage};
use crate::error::{Error, Result};
use crate::page::PageRequest;
use crate::ports::mailer::{Outbox, OutboxMail};
use crate::tickets::{Channel, CustomerRef, NewTicket};
use async_trait::async_trait;

both_dbs!(super_admins_read_what_is_theirs, what_is_held_back_counts, pages_go_on_past_what_is_hidden);

/// Mails in memory, oldest first.
struct Kept(Vec<OutboxMail>);

#[async_trait]
impl Outbox for Kept {
    async fn list(&self, before: Option<&str>, limit: usize) -> Result<Vec<OutboxMail>> {
        let older = self.0.iter().rev().filter(|m| before.is_none_or(|b| m.id.as_str() < b));
        Ok(older.take(limit).cloned().collect())
    }
    async fn read(&self, id: &str) -> Result<OutboxMail> {
        self.0.iter().find(|m| m.id == id).cloned().ok_or(Error::NotFound)
    }
}

fn kept(to: &[&str]) -> Kept {
    let mail = |(n, to): (usize, &&str)| OutboxMail {
        id: format!("m{n:03}"),
        at: START,
        to: (*to).into(),
        subject: format!("For {to}"),
        text: "Here: http://here/reset-password?token=x\n".into(),
    };
    Kept(to.iter().enumerate().map(mail).collect())
}

async fn super_admins_read_what_is_theirs(stage: Stage) {
    let (ours, theirs) = (stage.vendor("ours").await, stage.vendor("theirs").await);
    stage.person(Role::Customer, "Maya", &ours).await;
    stage.person(Role::AdminSuper, "Eve", &theirs).await;
    let both = [ours.clone(), theirs.clone()];
    stage.services.people.create("both@example.com", "Both", Role::Customer, &both).await.unwrap();
    let outbox = kept(&["maya@example.com", "eve@example.com", "both@example.com", "nobody@example.com"]);
    let boss = stage.person(Role::AdminSuper, "Boss", &ours).await;
    let mail = &stage.services.mail;
    let page = mail.list(&boss, &outbox, &PageRequest::default()).await.unwrap();
    let to: Vec<_> = page.items.iter().map(|m| m.to.as_str()).collect();
    assert_eq!(to, ["nobody@example.com", "maya@example.com"], "newest first, without those of another vendor's people");
    let letter = mail.read(&boss, &outbox, "m000", "http://here").await.unwrap();
    assert_eq!(letter.parts[1], Part::Link("http://here/reset-password?token=x".into()));
    for hidden in ["m001", "m002", "m999"] {
        assert_eq!(mail.read(&boss, &outbox, hidden, "http://here").await, Err(Error::NotFound), "{hidden}");
    }
    for role in Role::ALL.into_iter().filter(|r| *r != Role::AdminSuper) {
        let other = stage.person(role, role.as_str(), &ours).await;
        assert_eq!(mail.list(&other, &outbox, &PageRequest::default()).await, Err(Error::Forbidden));
        assert_eq!(mail.read(&other, &outbox, "m000", "").await, Err(Error::Forbidden));
    }
}

/// The link in such a mail would prove the address, and show what another vendor's staff opened for it.
async fn what_is_held_back_counts(stage: Stage) {
    let (ours, theirs) = (stage.vendor("ours").await, stage.vendor("theirs").await);
    let boss = stage.person(Role::AdminSuper, "Boss", &ours).await;
    let rep = stage.person(Role::RepL1, "Rita", &theirs).await;
    let form = Registration { name: "Maya".into(), email: "maya@example.com".into(), password: "correct horse".into() };
    stage.services.auth.register(form, "http://here").await.unwrap();
    let outbox = kept(&["maya@example.com"]);
    let read = || stage.services.mail.read(&boss, &outbox, "m000", "http://here");
    assert!(read().await.is_ok());
    let customer = CustomerRef { id: None, email: Some("maya@example.com".into()), name: String::new() };
    let new = NewTicket { customer: Some(customer), ..NewTicket::about("The lamp", "It is broken", Channel::Call) };
    stage.services.tickets.create(&rep, new).await.unwrap();
    assert_eq!(read().await, Err(Error::NotFound));
}

async fn pages_go_on_past_what_is_hidden(stage: Stage) {
    let (ours, theirs) = (stage.vendor("ours").await, stage.vendor("theirs").await);
    stage.person(Role::AdminSuper, "Eve", &theirs).await;
    let boss = stage.person(Role::AdminSuper, "Boss", &ours).await;
    let hidden = ["eve@example.com"; 9];
    let outbox = kept(&[&["a@example.com"][..], &hidden, &["b@example.com"], &hidden, &["c@example.com"]].concat());
    let (mut cursor, mut seen) = (None, Vec::new());
    loop {
        let page = stage.services.mail.list(&boss, &outbox, &PageRequest { limit: Some(1), cursor }).await.unwrap();
        seen.extend(page.items.into_iter().map(|m| m.to));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["c@example.com", "b@example.com", "a@example.com"]);
}
