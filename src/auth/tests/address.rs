//! Proving an address, and what is held back until then.

use super::*;
use crate::id::VendorId;
use crate::journey::Topic;
use crate::journey::service::Replay;
use crate::page::PageRequest;
use crate::people::ProfileEdit;
use crate::tickets::{Channel, CustomerRef, Filter, InboxView, NewTicket, Status, Ticket};

crate::both_dbs!(
    what_staff_open_waits_for_the_proof,
    a_link_in_a_mail_is_for_the_account_alone,
    links_are_few_and_each_works_until_one_is_used,
    who_sets_a_password_by_mail_takes_the_account_over,
    a_mail_about_a_ticket_rates_it_before_the_proof,
    staff_learn_no_more_of_an_account_than_they_gave,
    the_same_form_never_shows_what_is_held_back
);

/// Someone who opens tickets for others.
async fn rep(stage: &Stage, vendor: &VendorId) -> Actor {
    stage.person(Role::RepL1, "Rita", vendor).await
}

async fn open_for(stage: &Stage, rep: &Actor, email: &str) -> Ticket {
    open(stage, rep, CustomerRef { id: None, email: Some(email.into()), name: String::new() }).await.unwrap()
}

async fn open(stage: &Stage, rep: &Actor, customer: CustomerRef) -> crate::Result<Ticket> {
    let new = NewTicket { customer: Some(customer), ..NewTicket::about("The xylophone", "It is broken", Channel::Call) };
    stage.services.tickets.create(rep, new).await
}

async fn is_proved(stage: &Stage, who: &Actor) -> bool {
    stage.services.people.actor(&who.id).await.unwrap().unwrap().is_proved
}

async fn index(stage: &Stage) {
    while crate::tickets::search::catch_up(&stage.services.core, &stage.services.journey).await.unwrap() > 0 {}
}

/// How many tickets the customer finds in their list, by words, and how many events of tickets on their journey.
async fn seen_by(stage: &Stage, who: &Actor) -> (usize, usize, usize) {
    let (s, page) = (&stage.services, PageRequest::default());
    let all = Filter { view: InboxView::All, ..Filter::default() };
    let list = s.tickets.list(who, &all, &page).await.unwrap().items.len();
    let found = s.tickets.list(who, &Filter { q: Some("xylophone".into()), ..all }, &page).await.unwrap().items.len();
    let journey = s.journey.of_customer(who, &who.id, &page).await.unwrap();
    (list, found, journey.items.iter().filter(|e| e.ticket_id.is_some()).count())
}

async fn replayed(stage: &Stage, who: &Actor) -> usize {
    let topic = Topic::Customer(who.id.clone());
    let Replay::Events { events, .. } = stage.services.journey.replay(who, &topic, 0).await.unwrap() else { panic!("all of it") };
    events.iter().filter(|e| e.ticket_id.is_some()).count()
}

async fn what_staff_open_waits_for_the_proof(stage: Stage) {
    let s = &stage.services;
    let vendor = stage.vendor("acme").await;
    let (rep, maya) = (rep(&stage, &vendor).await, maya(&stage).await);
    let [mail] = &stage.mail.sent()[..] else { panic!("one mail") };
    assert_eq!((mail.to.as_str(), mail.text.contains("Maya")), ("maya@example.com", false));
    assert!(mail.text.contains("https://help.example.com/customer/confirm?token="), "{}", mail.text);
    assert!(!is_proved(&stage, &maya).await);

    let ticket = open_for(&stage, &rep, "Maya@example.com").await;
    index(&stage).await;
    assert_eq!((seen_by(&stage, &maya).await, replayed(&stage, &maya).await), ((0, 0, 0), 0));
    assert_eq!(s.tickets.get(&maya, &ticket.number).await, Err(Error::NotFound));
    assert_eq!(s.tickets.view(&maya, &ticket.number).await.unwrap_err(), Error::NotFound);
    assert_eq!(s.journey.authorize(&maya, &Topic::Ticket(ticket.id.clone())).await, Err(Error::NotFound));
    let conversation = s.conversations.of_ticket(&rep, &ticket).await.unwrap();
    assert_eq!(s.conversations.get(&maya, &conversation.id).await, Err(Error::NotFound));
    let refused = s.conversations.messages(&maya, &conversation.id, &PageRequest::default(), false).await;
    assert_eq!(refused.unwrap_err(), Error::NotFound);
    assert_eq!(s.people.actor(&maya.id).await.unwrap().unwrap().vendors, [], "not even whose customer the address is");

    // What the person does itself works.
    s.vendors.choose(&maya, &stage.vendor("other").await).await.unwrap();
    let maya = s.people.actor(&maya.id).await.unwrap().unwrap();
    let own = s.tickets.create(&maya, NewTicket::about("My own", "Hello", Channel::Web)).await.unwrap();
    assert_eq!(s.tickets.get(&maya, &own.number).await.map(|t| t.id), Ok(own.id));

    s.auth.confirm_address(&maya, &token_of(&mail.text)).await.unwrap();
    assert!(is_proved(&stage, &maya).await);
    index(&stage).await;
    assert_eq!((seen_by(&stage, &maya).await, replayed(&stage, &maya).await), ((2, 1, 4), 4));
    let maya = s.people.actor(&maya.id).await.unwrap().unwrap();
    assert!(maya.vendors.contains(&vendor));
    assert_eq!(s.tickets.view(&maya, &ticket.number).await.unwrap().thread.messages.len(), 1);
    let journey = s.journey.of_customer(&maya, &maya.id, &PageRequest::default()).await.unwrap();
    assert_eq!(journey.items.iter().filter(|e| e.event.kind() == "address_confirmed").count(), 1);
    // From now on nothing is held back.
    let next = open_for(&stage, &rep, "maya@example.com").await;
    assert_eq!(s.tickets.get(&maya, &next.number).await.map(|t| t.id), Ok(next.id));
    let found = Filter { q: Some("xylophone".into()), ..Filter::default() };
    assert_eq!(s.tickets.list(&rep, &found, &PageRequest::default()).await.unwrap().items.len(), 1, "staff find it as before");
}

async fn a_link_in_a_mail_is_for_the_account_alone(stage: Stage) {
    let auth = &stage.services.auth;
    let maya = maya(&stage).await;
    let other = auth.register(form("other@example.com", RIGHT), BASE).await.unwrap();
    let sent = stage.mail.sent();
    let (mine, theirs) = (token_of(&sent[0].text), token_of(&sent[1].text));
    for (who, token) in [(&maya, theirs.as_str()), (&other, mine.as_str()), (&maya, "guess"), (&maya, "")] {
        assert!(auth.confirm_address(who, token).await.unwrap_err().field("token").is_some(), "{token}");
        assert!(!is_proved(&stage, who).await);
    }
    stage.clock.advance(PROOF_TTL);
    assert!(auth.confirm_address(&maya, &mine).await.unwrap_err().field("token").is_some(), "expired");
    auth.ask_to_confirm(&maya, BASE).await.unwrap();
    let token = token_of(&stage.mail.sent()[2].text);
    for _ in 0..2 {
        auth.confirm_address(&maya, &token).await.unwrap();
    }
    auth.ask_to_confirm(&maya, BASE).await.unwrap();
    assert_eq!(stage.mail.sent().len(), 3, "there is nothing to confirm any more");
    let token = Actor { scopes: Some(crate::actor::Scope::ALL.to_vec()), ..other };
    assert_eq!(auth.ask_to_confirm(&token, BASE).await, Err(Error::Forbidden));
}

async fn links_are_few_and_each_works_until_one_is_used(stage: Stage) {
    let (auth, maya) = (&stage.services.auth, maya(&stage).await);
    for _ in 1..MAX_MAILS {
        auth.ask_to_confirm(&maya, BASE).await.unwrap();
    }
    assert!(matches!(auth.ask_to_confirm(&maya, BASE).await, Err(Error::RateLimited(_))));
    let sent = stage.mail.sent();
    assert_eq!(sent.len() as i64, MAX_MAILS);
    auth.forgot("maya@example.com", BASE).await.unwrap();
    assert_eq!(stage.mail.sent().len() as i64, MAX_MAILS + 1, "links of another kind are counted by themselves");
    let proofs = async || {
        let mut works = Vec::new();
        for mail in &sent {
            let hash = secret::hash(&token_of(&mail.text));
            let mut conn = stage.services.core.db.read().await.unwrap();
            works
                .push(store::live_link(&mut conn, &hash, super::super::address::PROOF, stage.services.core.now()).await.unwrap().is_some());
        }
        works
    };
    assert_eq!(proofs().await, [true; 3]);
    auth.confirm_address(&maya, &token_of(&sent[0].text)).await.unwrap();
    assert!(is_proved(&stage, &maya).await, "the first mail does it as well");
    assert_eq!(proofs().await, [false; 3]);
}

async fn who_sets_a_password_by_mail_takes_the_account_over(stage: Stage) {
    let s = &stage.services;
    let vendor = stage.vendor("acme").await;
    let (rep, stranger) = (rep(&stage, &vendor).await, maya(&stage).await);
    let confirm = token_of(&stage.mail.sent()[0].text);
    let (_, token) = s.auth.create_token(&stranger, "kept", &crate::actor::Scope::ALL).await.unwrap();
    assert!(s.auth.by_token(&token).await.unwrap().is_some());
    let ticket = open_for(&stage, &rep, "maya@example.com").await;
    s.auth.forgot("maya@example.com", BASE).await.unwrap();
    let owner = s.auth.reset(&token_of(&stage.mail.sent()[1].text), "battery staple").await.unwrap();
    assert_eq!(s.tickets.get(&owner, &ticket.number).await.map(|t| t.id), Ok(ticket.id));
    assert_eq!(s.auth.by_token(&token).await, Ok(None), "the stranger's token is gone with their session");
    assert_eq!(s.auth.session_epoch(&owner.id).await, Ok(1));
    assert!(s.auth.sign_in("maya@example.com", RIGHT).await.is_err());
    s.auth.confirm_address(&owner, &confirm).await.unwrap();

    // Who has proved their address keeps their tokens when they lose their password.
    let (_, token) = s.auth.create_token(&owner, "mine", &crate::actor::Scope::ALL).await.unwrap();
    s.auth.forgot("maya@example.com", BASE).await.unwrap();
    s.auth.reset(&token_of(&stage.mail.sent()[2].text), "staple battery").await.unwrap();
    assert!(s.auth.by_token(&token).await.unwrap().is_some());
}

async fn a_mail_about_a_ticket_rates_it_before_the_proof(stage: Stage) {
    let s = &stage.services;
    let vendor = stage.vendor("acme").await;
    let (rep, stranger) = (rep(&stage, &vendor).await, maya(&stage).await);
    let ticket = open_for(&stage, &rep, "maya@example.com").await;
    s.tickets.transition(&rep, &ticket.number, Status::Resolved, "", None).await.unwrap();
    stage.clock.advance(crate::time::HOUR);
    assert_eq!(s.feedback.send_due(BASE).await, Ok(1));
    let mail = stage.mail.sent().pop().unwrap();
    let (_, rest) = mail.text.split_once("/rate/").unwrap();
    s.feedback.rate_by_link(rest.split('?').next().unwrap(), 5, "Thank you").await.unwrap();
    assert_eq!(s.feedback.rating(&rep, &ticket).await.unwrap().map(|r| r.score), Some(5));
    assert_eq!(seen_by(&stage, &stranger).await, (0, 0, 0));
    let activity = s.tickets.view(&rep, &ticket.number).await.unwrap().activity;
    let rated = activity.iter().find(|e| e.event.kind() == "rated").unwrap();
    assert_eq!(rated.actor.name, ticket.customer_name, "not what the account is called");
}

async fn staff_learn_no_more_of_an_account_than_they_gave(stage: Stage) {
    let s = &stage.services;
    let (vendor, other) = (stage.vendor("acme").await, stage.vendor("other").await);
    let (rep, eve) = (rep(&stage, &vendor).await, stage.person(Role::RepL1, "Eve", &other).await);
    let maya = maya(&stage).await;
    let profile = ProfileEdit {
        name: "Maya Lin".into(),
        language: "de".into(),
        timezone: "Europe/Berlin".into(),
        city: "Berlin".into(),
        phone: "030 1234".into(),
    };
    s.people.edit_profile(&maya, profile).await.unwrap();
    stage.clock.advance(crate::time::HOUR);

    let mut seen = Vec::new();
    for email in ["maya@example.com", "nobody@example.com"] {
        let unnamed = open_for(&stage, &rep, email).await;
        assert_eq!(unnamed.customer_name, email.split('@').next().unwrap());
        let named = CustomerRef { id: None, email: Some(email.into()), name: " Caller  One ".into() };
        let first = open(&stage, &rep, named).await.unwrap();
        let by_id = CustomerRef { id: Some(first.customer_id.clone()), email: None, name: String::new() };
        let second = open(&stage, &rep, by_id.clone()).await.unwrap();
        assert!(first.is_held && second.is_held);
        assert!(open(&stage, &eve, by_id.clone()).await.unwrap_err().field("customer_id").is_some());
        let elsewhere = open_for(&stage, &eve, email).await;
        assert_eq!(elsewhere.customer_name, unnamed.customer_name, "nor what another vendor calls them");
        assert_eq!(s.people.actor(&first.customer_id).await.unwrap().unwrap().vendors, []);
        let view = s.tickets.view(&rep, &second.number).await.unwrap();
        let card = view.customer.unwrap();
        assert_eq!((card.email.as_str(), card.email_proved_at), (email, None));
        let sender = view.thread.messages[0].sender_name.clone();
        seen.push((second.customer_name, sender, card.name, card.phone, card.city, card.timezone, card.language, card.created_at));
    }
    let caller = "Caller One".to_owned();
    let (none, at) = (String::new(), s.core.now());
    assert_eq!(seen[0], (caller.clone(), caller.clone(), caller, none.clone(), none, "UTC".into(), "en".into(), at));
    assert_eq!(seen[0], seen[1], "a known address and an unknown one are alike");

    s.auth.confirm_address(&maya, &token_of(&stage.mail.sent()[0].text)).await.unwrap();
    let mine = Filter { view: InboxView::All, customer_id: Some(maya.id.clone()), ..Filter::default() };
    let tickets = s.tickets.list(&rep, &mine, &PageRequest::default()).await.unwrap().items;
    assert_eq!(tickets.iter().map(|t| t.ticket.customer_name.as_str()).collect::<Vec<_>>(), ["Maya Lin"; 3]);
    let card = s.tickets.view(&rep, &tickets[0].ticket.number).await.unwrap().customer.unwrap();
    assert_eq!((card.name.as_str(), card.phone.as_str(), card.city.as_str()), ("Maya Lin", "030 1234", "Berlin"));
    let me = s.people.me(&maya).await.unwrap();
    assert!(me.current_vendor_id.is_some(), "they can write at once");
}

async fn the_same_form_never_shows_what_is_held_back(stage: Stage) {
    let s = &stage.services;
    let vendor = stage.vendor("acme").await;
    let (rep, maya) = (rep(&stage, &vendor).await, maya(&stage).await);
    let customer = CustomerRef { id: None, email: Some("maya@example.com".into()), name: String::new() };
    let form = NewTicket { client_id: Some("1".into()), ..NewTicket::about("S", "D", Channel::Web) };
    s.tickets.create(&rep, NewTicket { customer: Some(customer), ..form.clone() }).await.unwrap();
    s.vendors.choose(&maya, &vendor).await.unwrap();
    let maya = s.people.actor(&maya.id).await.unwrap().unwrap();
    assert!(matches!(s.tickets.create(&maya, form).await, Err(Error::Conflict(c)) if c.kind == ConflictKind::Duplicate));
}
