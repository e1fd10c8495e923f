//! Opening tickets, on both databases.

use super::*;
use crate::tickets::CustomerRef;

both_dbs!(
    what_comes_with_a_new_ticket_is_checked,
    someone_known_joins_with_an_event,
    a_new_ticket_comes_with_its_details,
    a_customer_and_staff_open_tickets_at_once,
    customers_ask_for_themselves
);

async fn a_customer_and_staff_open_tickets_at_once(stage: Stage) {
    let c = cast(stage).await;
    let tickets = &c.stage.services.tickets;
    for _ in 0..10 {
        let own = (0..4).map(|_| tickets.create(&c.customer, NewTicket::about("S", "D", Channel::Web)));
        let theirs = (0..4).map(|_| tickets.create(&c.rep, on_behalf_of("cleo@example.com")));
        let (own, theirs) = tokio::join!(futures::future::join_all(own), futures::future::join_all(theirs));
        for opened in own.into_iter().chain(theirs) {
            assert_eq!(opened.expect("no deadlock").customer_id, c.customer.id);
        }
    }
}

async fn customers_ask_for_themselves(stage: Stage) {
    let c = cast(stage).await;
    let tickets = &c.stage.services.tickets;
    assert!(tickets.create(&c.customer, on_behalf_of("Cleo@Example.com")).await.is_ok());
    assert!(tickets.create(&c.customer, on_behalf_of("rita@example.com")).await.unwrap_err().field("customer_email").is_some());
    let other = CustomerRef { id: Some(c.rep.id.clone()), email: None, name: String::new() };
    let for_other = NewTicket { customer: Some(other), ..NewTicket::about("S", "D", Channel::Web) };
    assert!(tickets.create(&c.customer, for_other).await.unwrap_err().field("customer_id").is_some());
}

async fn a_new_ticket_comes_with_its_details(stage: Stage) {
    let c = cast(stage).await;
    let tickets = &c.stage.services.tickets;
    let tags = ["B".to_owned(), "a".to_owned()];
    for client_id in [None, Some("x".to_owned())] {
        let new = NewTicket { client_id, tags: tags.to_vec(), ..NewTicket::about("S", "  It is broken ", Channel::Web) };
        let (ticket, details) = tickets.create_with_details(&c.customer, new.clone()).await.expect("a ticket");
        let read = tickets.details(&c.rep, Action::TicketRead, &[&ticket]).await.expect("details");
        assert_eq!(read.get(&ticket.id), Some(&details));
        assert_eq!(tickets.get(&c.rep, &ticket.number).await.as_ref(), Ok(&ticket));
        let (again, known) = tickets.create_with_details(&c.customer, new.clone()).await.expect("a ticket");
        assert_eq!((again.id == ticket.id, known == details), (new.client_id.is_some(), new.client_id.is_some()));
    }
}

fn on_behalf_of(email: &str) -> NewTicket {
    let customer = CustomerRef { id: None, email: Some(email.into()), name: String::new() };
    NewTicket { customer: Some(customer), ..NewTicket::about("S", "D", Channel::Call) }
}

async fn what_comes_with_a_new_ticket_is_checked(stage: Stage) {
    let c = cast(stage).await;
    let s = &c.stage.services;
    let new = NewTicket {
        client_id: Some("x".repeat(65)),
        attachments: (0..=crate::conversations::MAX_FILES).map(|_| s.core.id()).collect(),
        ..NewTicket::about("S", "D", Channel::Web)
    };
    let Err(Error::Invalid(faults)) = s.tickets.create(&c.customer, new).await else { panic!("accepted") };
    assert_eq!(faults.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), ["attachments", "client_id"]);
    let odd = NewTicket { subcategory: "a\u{0}b".into(), ..NewTicket::about("S", "D", Channel::Web) };
    assert_eq!(s.tickets.create(&c.customer, odd).await.expect("a ticket").subcategory, "ab");
    for address in ["\u{0}@example.com", "nobody", ""] {
        let refused = s.tickets.create(&c.rep, on_behalf_of(address)).await;
        assert!(refused.is_err_and(|e| e.field("customer_email").is_some()), "{address:?}");
    }
    for key in ["\u{0}", "TKT-2026-000001\u{0}"] {
        assert_eq!(s.tickets.get(&c.rep, key).await, Err(Error::NotFound));
        assert_eq!(s.tickets.assign(&c.rep, key, None, "", None).await, Err(Error::NotFound));
    }
}

async fn someone_known_joins_with_an_event(stage: Stage) {
    let c = cast(stage).await;
    let s = &c.stage.services;
    let elsewhere = c.stage.vendor("elsewhere").await;
    let maya = c.stage.person(Role::Customer, "Maya", &elsewhere).await;
    for _ in 0..2 {
        s.tickets.create(&c.rep, on_behalf_of(" Maya@example.com ")).await.expect("a ticket");
    }
    let journey = s.journey.of_customer(&maya, &maya.id, &PageRequest::default()).await.expect("the journey");
    let joined: Vec<_> = journey.items.iter().filter(|e| matches!(e.event, Event::VendorJoined { .. })).collect();
    assert_eq!(joined.len(), 1);
    assert_eq!((&joined[0].vendor_id, joined[0].actor.name.as_str()), (&Some(c.vendor.clone()), "Maya"));
}
