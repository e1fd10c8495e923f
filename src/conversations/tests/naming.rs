//! Calling colleagues by name in notes, on both databases.

use super::*;
use crate::tickets::{Filter, InboxView};

both_dbs!(
    a_note_calls_colleagues_until_they_have_read_it,
    only_staff_of_the_vendor_are_called,
    an_answer_calls_nobody,
    a_note_stored_once_calls_once,
    nobody_is_told_of_what_they_may_not_see,
);

impl Talk {
    async fn note(&self, text: &str) -> Message {
        let note = NewMessage { visibility: Visibility::Staff, ..self.message(text, None) };
        self.stage.services.conversations.send(&self.rep, note).await.expect("noted")
    }
    async fn colleague(&self, name: &str) -> Actor {
        self.stage.person(Role::RepL2, name, &self.ticket.vendor_id).await
    }
    /// How often they are called, and the tickets listed.
    async fn calls(&self, who: &Actor) -> (i64, Vec<String>) {
        let t = &self.stage.services.tickets;
        let counters = t.counters(who, &self.ticket.vendor_id).await.expect("counters");
        (counters.mentions, self.listed(who).await)
    }
    async fn listed(&self, who: &Actor) -> Vec<String> {
        let mentions = Filter { view: InboxView::Mentions, ..Filter::default() };
        let page = self.stage.services.tickets.list(who, &mentions, &PageRequest::default()).await.expect("a list");
        page.items.into_iter().map(|r| r.ticket.number).collect()
    }
}

async fn a_note_calls_colleagues_until_they_have_read_it(stage: Stage) {
    let t = talk(stage).await;
    let (omar, ana) = (t.colleague("Omar Haddad").await, t.colleague("Ana").await);
    let number = vec![t.ticket.number.clone()];
    let first = t.note("@omar haddad, @Omar Haddad: what do you think? @Rita does not know").await;
    let second = t.note("(@Omar Haddad)").await;
    assert_eq!(t.calls(&omar).await, (2, number.clone()));
    assert_eq!(t.calls(&ana).await, (0, vec![]));
    assert_eq!(t.calls(&t.rep).await, (0, vec![]), "nobody calls themselves");
    let c = &t.stage.services.conversations;
    c.mark(&ana, &t.conversation, second.position, second.position).await.expect("another's reading");
    c.mark(&omar, &t.conversation, second.position, first.position).await.expect("read the first");
    assert_eq!(t.calls(&omar).await, (1, number.clone()), "received is not read");
    c.mark(&omar, &t.conversation, second.position, second.position).await.expect("read both");
    assert_eq!(t.calls(&omar).await, (0, vec![]));
    t.note("Once more, @Omar Haddad").await;
    assert_eq!(t.calls(&omar).await, (1, number));
}

async fn only_staff_of_the_vendor_are_called(stage: Stage) {
    let t = talk(stage).await;
    let other = t.stage.vendor("other").await;
    let stranger = t.stage.person(Role::RepL2, "Sven", &other).await;
    t.note("@Sven and @Cleo, and mail to rita@Omar.example").await;
    assert_eq!(t.stage.services.tickets.counters(&stranger, &other).await.expect("counters").mentions, 0);
    assert_eq!(t.listed(&stranger).await, [""; 0]);
    assert_eq!(t.listed(&t.customer).await, [""; 0]);
    let mut conn = t.stage.services.core.db.read().await.expect("a reader");
    let (rows,): (i64,) = crate::db::sql("SELECT COUNT(*) FROM note_mentions").one(&mut conn).await.expect("a count");
    assert_eq!(rows, 0);
}

async fn an_answer_calls_nobody(stage: Stage) {
    let t = talk(stage).await;
    let omar = t.colleague("Omar").await;
    for who in [&t.rep, &t.customer] {
        t.stage.services.conversations.send(who, t.message("I asked @Omar", None)).await.expect("sent");
    }
    assert_eq!(t.calls(&omar).await, (0, vec![]));
}

async fn a_note_stored_once_calls_once(stage: Stage) {
    let t = talk(stage).await;
    let omar = t.colleague("Omar").await;
    let note = NewMessage { visibility: Visibility::Staff, ..t.message("@Omar", Some("once")) };
    let c = &t.stage.services.conversations;
    let (a, b) = tokio::join!(c.send(&t.rep, note.clone()), c.send(&t.rep, note));
    assert_eq!(a.expect("noted").id, b.expect("noted").id);
    assert_eq!(t.calls(&omar).await.0, 1);
}

async fn nobody_is_told_of_what_they_may_not_see(stage: Stage) {
    let t = talk(stage).await;
    let omar = t.colleague("Omar").await;
    t.note("@Omar").await;
    let elsewhere = t.stage.vendor("elsewhere").await;
    let gone = Actor { vendors: vec![elsewhere], ..omar };
    assert_eq!(t.listed(&gone).await, [""; 0], "who has left the vendor sees nothing of it");
    assert_eq!(t.stage.services.tickets.counters(&gone, &t.ticket.vendor_id).await, Err(Error::NotFound));
}
