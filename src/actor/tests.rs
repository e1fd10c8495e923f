use super::*;
use std::str::FromStr;

fn vendor(n: u8) -> VendorId {
    VendorId::from_str(&format!("00000000-0000-7000-8000-0000000000{n:02}")).unwrap()
}
fn user(n: u8) -> UserId {
    UserId::from_str(&format!("00000000-0000-7000-9000-0000000000{n:02}")).unwrap()
}
fn actor(role: Role) -> Actor {
    let kind = if role.is_staff() { ActorKind::Rep } else { ActorKind::Customer };
    Actor { id: user(1), kind, role, name: "A".into(), vendors: vec![vendor(1)], scopes: None, is_proved: true }
}

#[test]
fn customers_only_reach_their_own_tickets() {
    let (v, mine, other) = (vendor(1), user(1), user(2));
    let c = actor(Role::Customer);
    assert!(c.may(Action::TicketRead, Subject::Ticket { vendor: &v, customer: Some(&mine) }).is_ok());
    assert_eq!(c.may(Action::TicketRead, Subject::Ticket { vendor: &v, customer: Some(&other) }), Err(Error::NotFound));
    assert_eq!(c.may(Action::TicketRead, Subject::Ticket { vendor: &v, customer: None }), Err(Error::NotFound), "held back");
    assert_eq!(c.may(Action::Note, Subject::Ticket { vendor: &v, customer: Some(&mine) }), Err(Error::Forbidden));
}

#[test]
fn staff_never_see_another_vendor() {
    let (foreign, customer) = (vendor(2), user(2));
    for role in Role::ALL.into_iter().filter(|r| r.is_staff()) {
        let a = actor(role);
        for (action, _, _) in POLICY {
            assert_eq!(a.may(*action, Subject::Ticket { vendor: &foreign, customer: Some(&customer) }), Err(Error::NotFound));
            assert_eq!(a.may(*action, Subject::Vendor(&foreign)), Err(Error::NotFound));
        }
    }
}

#[test]
fn tokens_do_only_what_their_scopes_say() {
    let (v, customer) = (vendor(1), user(2));
    let mut a = actor(Role::AdminSuper);
    a.scopes = Some(vec![Scope::TicketsRead]);
    let ticket = Subject::Ticket { vendor: &v, customer: Some(&customer) };
    assert!(a.may(Action::TicketRead, ticket).is_ok());
    assert_eq!(a.may(Action::Assign, ticket), Err(Error::Forbidden));
    assert_eq!(a.may(Action::ChatRead, ticket), Err(Error::Forbidden), "tickets are not what is said in them");
    a.scopes = Some(vec![Scope::ChatRead]);
    assert_eq!((a.may(Action::ChatRead, ticket), a.may_try(Action::Overview)), (Ok(()), true));
    assert_eq!(a.may(Action::TicketRead, ticket), Err(Error::Forbidden));
    assert_eq!(a.may(Action::Reply, ticket), Err(Error::Forbidden));
    a.scopes = Some(Scope::ALL.to_vec());
    assert_eq!(a.may(Action::Profile, Subject::Any), Err(Error::Forbidden), "no scope grants what sessions do");
}

#[test]
fn every_way_in_is_listed_once() {
    for (i, e) in ENTRY_POINTS.iter().enumerate() {
        assert!(!ENTRY_POINTS[..i].iter().any(|o| o.method == e.method && o.path == e.path), "{} {} twice", e.method, e.path);
    }
}

#[test]
fn every_scope_opens_some_way_in() {
    for scope in Scope::ALL {
        assert!(ENTRY_POINTS.iter().any(|e| e.action.scope() == Some(scope)), "{scope:?}");
    }
    for entry in ENTRY_POINTS.iter().filter(|e| !e.path.starts_with("/sfn/")) {
        assert!(entry.action == Action::Public || entry.action.scope().is_some(), "no token opens {}", entry.path);
    }
}
