//! Lists and searches of tickets, on both databases.

use super::*;
use crate::journey::EventRecord;

both_dbs!(
    a_search_shows_a_ticket_once_at_its_newest_match,
    a_search_for_a_common_word_ends,
    the_few_of_one_vendor_are_found_among_the_many_of_another,
    signs_alone_are_found_nowhere,
    only_long_beginnings_of_words_are_found,
    events_are_indexed_once_by_several_nodes,
    several_vendors_make_one_list,
    tags_narrow_every_list,
    staff_without_a_vendor_find_nothing,
);

fn words(q: &str) -> Filter {
    Filter { view: InboxView::All, q: Some(q.into()), ..Filter::default() }
}

impl Cast {
    async fn indexed(&self) {
        let s = &self.stage.services;
        while search::catch_up(&s.core, &s.journey).await.expect("indexed") > 0 {}
    }
    /// The subjects on each page.
    async fn pages(&self, who: &Actor, filter: &Filter, limit: u32) -> Vec<Vec<String>> {
        let (mut pages, mut page) = (Vec::new(), PageRequest { limit: Some(limit), cursor: None });
        loop {
            let got = self.stage.services.tickets.list(who, filter, &page).await.expect("a page");
            pages.push(got.items.into_iter().map(|r| r.ticket.subject).collect());
            page.cursor = got.next_cursor;
            if page.cursor.is_none() {
                return pages;
            }
        }
    }
}

async fn a_search_shows_a_ticket_once_at_its_newest_match(stage: Stage) {
    let c = cast(stage).await;
    let mut tickets = Vec::new();
    for subject in ["a", "b", "c", "d", "e"] {
        tickets.push(c.open(subject, "my parcel").await);
    }
    for n in [0, 3, 0, 1, 3, 2] {
        c.say(&c.customer, &tickets[n], "the parcel again", Visibility::Customer).await.expect("sent");
    }
    c.indexed().await;
    for who in [&c.customer, &c.rep] {
        assert_eq!(c.pages(who, &words("parcel"), 2).await, [vec!["c", "d"], vec!["b", "a"], vec!["e"]]);
    }
}

async fn a_search_for_a_common_word_ends(stage: Stage) {
    let c = cast(stage).await;
    let s = &c.stage.services;
    let urgent = |subject, text| NewTicket { priority: Some(Priority::Urgent), ..NewTicket::about(subject, text, Channel::Web) };
    s.tickets.create(&c.customer, urgent("rare", "parcel")).await.expect("a ticket");
    c.open("common", "parcel").await;
    let all = s.journey.tail(0, 100).await.expect("events");
    let said = |e: &&EventRecord| matches!(&e.event, Event::Message(m) if m.content == "parcel");
    let common = all.events.iter().rfind(said).expect("a message").clone();
    let mut told = all.events;
    told.extend(std::iter::repeat_n(common, 4_300));
    search::index(&s.core, 0, &told, all.seq).await.expect("indexed");
    let filter = Filter { priority: Some(Priority::Urgent), ..words("parcel") };
    assert_eq!(c.pages(&c.rep, &filter, 10).await, [["rare"]], "one ticket is looked through first");
    for _ in 0..100 {
        s.tickets.create(&c.customer, urgent("other", "text")).await.expect("a ticket");
    }
    assert_eq!(c.pages(&c.rep, &filter, 10).await, [vec![], vec!["rare"]], "the first page ends before it finds any");
    let none = Filter { category: Some(Category::Billing), ..words("parcel") };
    assert_eq!(c.pages(&c.rep, &none, 10).await, [[""; 0]]);
}

async fn the_few_of_one_vendor_are_found_among_the_many_of_another(stage: Stage) {
    let c = cast(stage).await;
    let s = &c.stage.services;
    c.open("ours", "parcel").await;
    for _ in 0..100 {
        c.open("other", "text").await;
    }
    let second = c.stage.vendor("second").await;
    let theirs = c.stage.person(Role::Customer, "Theirs", &second).await;
    s.tickets.create(&theirs, NewTicket::about("theirs", "parcel", Channel::Web)).await.expect("a ticket");
    let all = s.journey.tail(0, 1_000).await.expect("events");
    let newest = all.events.last().expect("an event").clone();
    let mut told = all.events;
    told.extend(std::iter::repeat_n(newest, 900));
    search::index(&s.core, 0, &told, all.seq).await.expect("indexed");
    for who in [&c.rep, &c.customer] {
        assert_eq!(c.pages(who, &words("parcel"), 10).await, [["ours"]]);
    }
}

async fn signs_alone_are_found_nowhere(stage: Stage) {
    let c = cast(stage).await;
    c.open("S", "what???").await;
    c.indexed().await;
    for who in [&c.rep, &c.customer] {
        assert_eq!(c.pages(who, &words("???"), 10).await, [[""; 0]]);
        assert_eq!(c.pages(who, &words(" "), 10).await, [["S"]], "nothing was asked for");
    }
}

async fn only_long_beginnings_of_words_are_found(stage: Stage) {
    let c = cast(stage).await;
    c.open("S", "an elephant 李小龙").await;
    c.indexed().await;
    for (q, found) in [("an", true), ("ele", true), ("an elep", true), ("el", false), ("李", true)] {
        assert_eq!(c.pages(&c.rep, &words(q), 10).await.concat().len(), usize::from(found), "{q}");
    }
}

async fn events_are_indexed_once_by_several_nodes(stage: Stage) {
    let c = cast(stage).await;
    let s = &c.stage.services;
    for _ in 0..2 {
        c.open("S", "parcel").await;
        let from = s.journey.cursor(search::READER).await.expect("a cursor");
        let told = s.journey.tail(from, 100).await.expect("events");
        let index = || search::index(&s.core, from, &told.events, told.seq);
        let (a, b) = tokio::join!(index(), index());
        a.and(b).expect("indexed");
    }
    let mut conn = s.core.db.read().await.expect("a reader");
    let (rows,): (i64,) = crate::db::sql("SELECT COUNT(*) FROM search").one(&mut conn).await.expect("a count");
    assert_eq!(rows, 4, "a subject and a text of each of two tickets");
}

async fn several_vendors_make_one_list(stage: Stage) {
    let c = cast(stage).await;
    let second = c.stage.vendor("second").await;
    let theirs = c.stage.person(Role::Customer, "Theirs", &second).await;
    let s = &c.stage.services.tickets;
    let (mut newest_first, mut oldest_first) = (Vec::new(), Vec::new());
    for n in 0..9 {
        c.stage.clock.advance(MINUTE);
        let subject = format!("{n}");
        s.create(if n % 3 == 0 { &theirs } else { &c.customer }, NewTicket::about(&subject, "D", Channel::Web)).await.expect("a ticket");
        newest_first.insert(0, subject.clone());
        oldest_first.push(subject);
    }
    let both = Actor { vendors: vec![c.vendor.clone(), second.clone()], ..c.rep.clone() };
    let pages = c.pages(&both, &Filter::default(), 4).await;
    assert_eq!((pages.len(), pages.concat()), (3, newest_first));
    let queue = s.queue(&both, None, &PageRequest::default()).await.expect("the queue");
    assert_eq!(queue.items.into_iter().map(|q| q.ticket.subject).collect::<Vec<_>>(), oldest_first);
}

async fn tags_narrow_every_list(stage: Stage) {
    let c = cast(stage).await;
    for (subject, tags) in [("a", vec!["Late".to_owned()]), ("b", vec![]), ("c", vec!["late".into(), "vip".into()])] {
        c.stage.clock.advance(MINUTE);
        let new = NewTicket { tags, ..NewTicket::about(subject, "D", Channel::Web) };
        c.stage.services.tickets.create(&c.customer, new).await.expect("a ticket");
    }
    let both = Actor { vendors: vec![c.vendor.clone(), c.stage.vendor("second").await], ..c.rep.clone() };
    let tag = |tag: &str| Filter { tag: Some(tag.into()), ..Filter::default() };
    let refused = c.stage.services.tickets.list(&c.customer, &tag("late"), &PageRequest::default()).await;
    assert_eq!(refused.unwrap_err(), Error::Forbidden, "tags are not shown to customers");
    for who in [&c.rep, &both] {
        assert_eq!(c.pages(who, &tag("LATE"), 10).await, [["c", "a"]]);
        assert_eq!(c.pages(who, &tag("none"), 10).await, [[""; 0]]);
        let refused = c.stage.services.tickets.list(who, &tag("la\u{0}te"), &PageRequest::default()).await;
        assert!(refused.is_err_and(|e| e.field("tag").is_some()));
    }
}

async fn staff_without_a_vendor_find_nothing(stage: Stage) {
    let c = cast(stage).await;
    c.open("parcel", "parcel").await;
    c.indexed().await;
    let nowhere = Actor { vendors: Vec::new(), ..c.rep.clone() };
    for filter in [words("parcel"), Filter::default()] {
        assert_eq!(c.pages(&nowhere, &filter, 10).await, [[""; 0]]);
    }
    let queue = c.stage.services.tickets.queue(&nowhere, None, &PageRequest::default()).await.expect("a queue");
    assert!(queue.items.is_empty());
}
