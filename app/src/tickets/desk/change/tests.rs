use super::{Change, Known, take_event};
use coco::actor::ActorKind;
use coco::conversations::Visibility;
use coco::event::Event;
use coco::id::UserId;
use coco::journey::{ActorRef, EventRecord};
use coco::tickets::{Category, Channel, Priority, PrioritySource, Status, Ticket, TicketType};
use coco::time::Timestamp;

fn id(n: u8) -> UserId {
    format!("0190aaaa-0000-7000-8000-0000000000{n:02}").parse().unwrap()
}

fn ticket() -> Ticket {
    let (any, at) = ("0190aaaa-0000-7000-8000-000000000001", Timestamp::from_micros(0));
    Ticket {
        id: any.parse().unwrap(),
        number: "TKT-2026-000001".into(),
        vendor_id: any.parse().unwrap(),
        customer_id: id(1),
        customer_name: "Ada".into(),
        subject: "No light".into(),
        status: Status::WaitingForAgent,
        priority: Priority::Medium,
        priority_source: PrioritySource::Rules,
        channel: Channel::Web,
        ticket_type: TicketType::Question,
        category: Category::Other,
        subcategory: String::new(),
        assignee_id: None,
        assignee_name: None,
        team_id: None,
        team_name: None,
        level: 1,
        version: 1,
        created_at: at,
        updated_at: at,
        activity_at: at,
        last_line: String::new(),
        first_response_at: None,
        resolved_at: None,
        closed_at: None,
        is_held: false,
    }
}

fn known(seq: i64) -> Known {
    Known { ticket: ticket(), tags: Vec::new(), seq }
}

fn did(seq: i64, who: u8, event: Event) -> EventRecord {
    EventRecord {
        seq,
        timestamp: Timestamp::from_micros(0),
        vendor_id: None,
        customer_id: None,
        ticket_id: None,
        conversation_id: None,
        visibility: Visibility::Staff,
        actor: ActorRef { kind: ActorKind::Rep, id: Some(id(who)), name: format!("Person {who}") },
        event,
    }
}

fn taken_by(who: u8) -> Event {
    Event::AgentAssigned {
        agent_id: Some(id(who)),
        agent_name: Some(format!("Person {who}")),
        previous_agent_id: None,
        previous_agent_name: None,
        reason: String::new(),
    }
}

fn assign(who: u8) -> Change {
    Change::Assign(Some((id(who), format!("Person {who}"))), String::new())
}

fn filed(ticket_type: TicketType) -> Event {
    Event::CategoryChange { category: Category::Other, subcategory: "Lamps".into(), ticket_type }
}

#[test]
fn taking_a_ticket_that_someone_took_in_the_same_moment_asks_though_the_page_heard_of_it() {
    let activity = [did(8, 3, taken_by(3)), did(4, 3, taken_by(3))];
    let mut heard = known(5);
    take_event(&mut heard, &activity[0].event);
    let theirs = assign(2).contest(&heard, &heard, &activity, &id(2)).unwrap();
    assert_eq!((theirs.seq, theirs.actor.name.as_str()), (8, "Person 3"));
    assert_eq!(assign(2).contest(&known(8), &heard, &activity, &id(2)), None, "who has seen it whole may take it over");
}

#[test]
fn what_is_already_so_and_what_one_did_oneself_is_not_asked_about() {
    let (mine, same) = ([did(8, 2, taken_by(4))], [did(8, 3, taken_by(2))]);
    let mut is = known(8);
    assert_eq!(assign(2).contest(&known(5), &is, &mine, &id(2)), None);
    take_event(&mut is, &same[0].event);
    assert_eq!(assign(2).contest(&known(5), &is, &same, &id(2)), None);
}

#[test]
fn what_else_was_changed_does_not_matter() {
    let other = Event::SubjectChange { subject: "Dark".into(), previous: "No light".into() };
    let activity = [did(9, 3, filed(TicketType::Question)), did(8, 3, other)];
    let asked = |change: Change| change.contest(&known(5), &known(9), &activity, &id(2)).map(|e| e.seq);
    assert_eq!(asked(assign(2)), None);
    assert_eq!(asked(Change::Priority(Priority::High)), None);
    assert_eq!(asked(Change::Move(Status::Resolved)), None);
    assert_eq!(asked(Change::Type(TicketType::Problem)), None, "only the sub-category is another");
    assert_eq!(asked(Change::Category(Category::Billing, String::new())), Some(9));
    assert_eq!(asked(Change::Subject("Broken".into())), Some(8));
}

#[test]
fn the_question_names_both_sides() {
    let mut is = known(8);
    take_event(&mut is, &taken_by(3));
    assert_eq!((assign(2).mine(), assign(2).theirs(&is)), ("assign it to Person 2".into(), "It is assigned to Person 3 now.".into()));
    take_event(&mut is, &filed(TicketType::Question));
    let billing = Change::Category(Category::Billing, String::new());
    assert_eq!((billing.mine(), billing.theirs(&is)), ("file it under Billing".into(), "It is filed under Other / Lamps now.".into()));
    assert_eq!(Change::Tags(vec!["lamp".into()]).theirs(&is), "It has no tags now.");
}
