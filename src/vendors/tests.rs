//! Tests of vendors.

use crate::actor::Role;
use crate::db::testing::Stage;
use crate::people::Presence;
use crate::tickets::{Channel, NewTicket};

crate::both_dbs!(a_customer_sees_of_each_vendor_their_own_open_tickets_and_whether_someone_is_there);

async fn a_customer_sees_of_each_vendor_their_own_open_tickets_and_whether_someone_is_there(stage: Stage) {
    let s = &stage.services;
    let (acme, zenith, quiet) = (stage.vendor("acme").await, stage.vendor("zenith").await, stage.vendor("quiet").await);
    let mut maya = stage.person(Role::Customer, "Maya", &acme).await;
    let other = stage.person(Role::Customer, "Otto", &acme).await;
    s.vendors.choose(&maya, &zenith).await.unwrap();
    maya.vendors.push(zenith.clone());
    for (who, vendor) in [(&maya, &acme), (&maya, &acme), (&maya, &zenith), (&other, &acme)] {
        let new = NewTicket { vendor_id: Some(vendor.clone()), ..NewTicket::about("Broken", "It does not charge", Channel::Web) };
        s.tickets.create(who, new).await.unwrap();
    }
    let (rita, rolf) = (stage.person(Role::RepL1, "Rita", &acme).await, stage.person(Role::RepL1, "Rolf", &acme).await);
    s.people.set_presence(&rita, Presence::Online).await.unwrap();
    s.people.set_presence(&rolf, Presence::Online).await.unwrap();
    s.people.set_presence(&stage.person(Role::RepL1, "Zoe", &zenith).await, Presence::Busy).await.unwrap();

    let seen: Vec<_> =
        s.vendors.choices(&maya).await.unwrap().into_iter().map(|c| (c.vendor.id, c.joined, c.current, c.open_tickets, c.online)).collect();
    assert_eq!(seen, [(zenith, true, true, 1, false), (acme, true, false, 2, true), (quiet, false, false, 0, false)]);
}
