//! Changing a policy, and how well it was kept.

use super::*;
use crate::page::PageRequest;
use crate::sla::figures::Line;
use crate::tickets::{Filter, InboxView};
use crate::time::DAY;

both_dbs!(
    a_policy_is_changed_by_admins_of_its_vendor_and_once_at_a_time,
    open_tickets_go_on_under_the_new_policy,
    what_was_kept_adds_up,
    lists_and_pages_of_staff_show_the_clocks,
    what_presses_is_a_list_of_its_own,
);

async fn a_policy_is_changed_by_admins_of_its_vendor_and_once_at_a_time(stage: Stage) {
    let c = cast(stage).await;
    let other = c.stage.vendor("other").await;
    let found = c.sla().policy(&c.rep, &c.vendor).await.expect("staff read it");
    assert_eq!((found.version, &found.policy), (0, &Policy::standard()));
    assert_eq!(c.sla().policy(&c.customer, &c.vendor).await, Err(Error::Forbidden));
    assert_eq!(c.sla().policy(&c.rep, &other).await, Err(Error::NotFound));
    assert_eq!(refused(&c, &c.rep, &c.vendor, Policy::live_chat(), 0).await, Error::Forbidden);
    assert_eq!(refused(&c, &c.manager, &other, Policy::live_chat(), 0).await, Error::NotFound);

    let mut overlapping = Policy::standard();
    overlapping.hours.week[0] = vec![Interval { from: 540, to: 700 }, Interval { from: 600, to: 800 }];
    assert!(refused(&c, &c.manager, &c.vendor, overlapping, 0).await.field("week.monday").is_some());
    let mut nowhere = Policy::standard();
    nowhere.hours.timezone = "Mars/Base".into();
    assert!(refused(&c, &c.manager, &c.vendor, nowhere, 0).await.field("timezone").is_some());

    let saved = c.sla().save_policy(&c.manager, &c.vendor, Policy::live_chat(), 0).await.expect("saved");
    assert_eq!(c.sla().policy(&c.rep, &c.vendor).await, Ok(saved.clone()));
    assert!(is_stale(&refused(&c, &c.manager, &c.vendor, Policy::standard(), 0).await));
    assert_eq!((saved.version, c.sla().policy_of(&other).await.expect("the standard").version), (1, 0));
    let both = tokio::join!(
        c.sla().save_policy(&c.manager, &c.vendor, Policy::standard(), 1),
        c.sla().save_policy(&c.manager, &c.vendor, Policy::standard(), 1)
    );
    let lost = both.0.as_ref().err().or(both.1.as_ref().err()).expect("one was too late");
    assert!(is_stale(lost) && (both.0.is_ok() || both.1.is_ok()));
    let told = c.stage.services.journey.tail(0, 1_000).await.expect("events").events;
    let changes: Vec<_> = told.iter().filter(|e| matches!(e.event, Event::SlaChange { .. })).collect();
    assert_eq!(changes.len(), 2, "each save once");
    assert!(changes.iter().all(|e| e.vendor_id.as_ref() == Some(&c.vendor) && e.visibility == Visibility::Staff));
}

async fn open_tickets_go_on_under_the_new_policy(stage: Stage) {
    let c = cast(stage).await;
    let (running, paused, done) = (c.open(Priority::Medium).await, c.open(Priority::Medium).await, c.open(Priority::Medium).await);
    c.at(HOUR);
    c.go(&paused, Status::WaitingCustomer).await;
    c.go(&done, Status::Resolved).await;
    c.follow().await;
    c.at(2 * HOUR);
    // It is Monday, eleven o'clock.
    c.promise(|p| p.hours.week = std::array::from_fn(|_| mornings())).await;
    let [first, _] = c.clocks(&running).await;
    assert_eq!(first.due_at, due(DAY + HOUR), "two hours were used, one is left today and one tomorrow");
    c.at(4 * HOUR);
    c.go(&paused, Status::InProgress).await;
    assert_eq!(c.clocks(&paused).await[0].due_at, due(DAY + 3 * HOUR), "three are left, from tomorrow on");
    assert_eq!(c.clocks(&done).await[1].met_at, due(HOUR));

    c.promise(|p| p.targets[2].first_response.time = HOUR).await;
    c.at(4 * HOUR + 1);
    assert_eq!(c.work().await, 2, "what was used is more than there is now");
    c.promise(|p| p.targets[2].first_response.time = 40 * HOUR).await;
    assert_eq!(c.clocks(&running).await[0].breached_at, None, "not broken by the target it has now");
}

async fn what_was_kept_adds_up(stage: Stage) {
    let c = cast(stage).await;
    let (kept, late, open) = (c.open(Priority::Urgent).await, c.open(Priority::Urgent).await, c.open(Priority::Low).await);
    let team = c.stage.services.teams.create(&c.vendor, "Billing", &[]).await.expect("a team");
    c.stage.services.tickets.assign_team(&c.rep, &late.number, Some(&team.id), "", None).await.expect("given");
    c.at(10 * MINUTE);
    c.say(&c.rep, &kept, Visibility::Customer).await;
    c.at(20 * MINUTE);
    c.work().await;
    c.at(30 * MINUTE);
    c.say(&c.manager, &late, Visibility::Customer).await;
    c.go(&kept, Status::Resolved).await;
    c.work().await;
    assert!(c.clocks(&open).await[0].is_open());

    let sum = c.sla().attainment(&c.manager, &c.vendor).await.expect("figures");
    let first = |lines: &[Line]| -> Vec<String> {
        lines.iter().map(|l| format!("{} {}/{}", l.name, l.first_response.kept, l.first_response.broken)).collect()
    };
    assert_eq!((sum.all.first_response.kept, sum.all.first_response.broken, sum.all.resolution.kept), (1, 1, 1));
    assert_eq!(first(&sum.by_priority), ["Urgent 1/1", "High 0/0", "Medium 0/0", "Low 0/0"]);
    assert_eq!(first(&sum.by_team), ["Billing 0/1", "No team 1/0"]);
    assert_eq!(first(&sum.by_rep), ["Nobody 0/1", "Rita 1/0"], "who answers at last what nobody took did not break it");
    assert_eq!(first(&sum.by_week), ["Last 7 days 1/1"]);
    assert_eq!(c.sla().attainment(&c.rep, &c.vendor).await, Err(Error::Forbidden));
    c.at(31 * DAY);
    assert_eq!(c.sla().attainment(&c.manager, &c.vendor).await.expect("figures").all.first_response.of(), 0, "too long ago");
}

async fn lists_and_pages_of_staff_show_the_clocks(stage: Stage) {
    let c = cast(stage).await;
    let t = c.open(Priority::High).await;
    c.follow().await;
    let list = async |who: &Actor| {
        let page = c.stage.services.tickets.list(who, &Filter::default(), &PageRequest::default()).await;
        page.expect("a list").items.remove(0).due
    };
    assert_eq!(list(&c.rep).await.and_then(|clock| clock.due_at), due(HOUR));
    assert_eq!(list(&c.customer).await, None);
    let view = async |who: &Actor| c.stage.services.tickets.view(who, &t.number).await.expect("a view").clocks.len();
    assert_eq!((view(&c.rep).await, view(&c.customer).await), (2, 0));
    assert_eq!(c.sla().clocks(&c.customer, &t).await, Err(Error::Forbidden));
}

async fn what_presses_is_a_list_of_its_own(stage: Stage) {
    let c = cast(stage).await;
    let (urgent, answered, _low) = (c.open(Priority::Urgent).await, c.open(Priority::Urgent).await, c.open(Priority::Low).await);
    c.say(&c.rep, &answered, Visibility::Customer).await;
    let tickets = &c.stage.services.tickets;
    let pressing = async |who: &Actor| -> Vec<String> {
        let filter = Filter { view: InboxView::Pressing, ..Filter::default() };
        let page = tickets.list(who, &filter, &PageRequest::default()).await.expect("a list");
        page.items.into_iter().map(|row| row.ticket.number).collect()
    };
    c.work().await;
    assert!(pressing(&c.rep).await.is_empty());
    c.at(12 * MINUTE);
    c.work().await;
    assert_eq!(pressing(&c.rep).await, std::slice::from_ref(&urgent.number));
    assert_eq!(tickets.counters(&c.rep, &c.vendor).await.expect("counters").pressing, 1);
    assert!(pressing(&c.customer).await.is_empty());
    c.go(&urgent, Status::Resolved).await;
    c.follow().await;
    assert!(pressing(&c.rep).await.is_empty());
}

#[tokio::test]
async fn what_is_asked_often_is_found_by_an_index() {
    let c = cast(Stage::sqlite().await).await;
    let plan = async |statement: &'static str| {
        let mut conn = c.stage.services.core.db.read().await.expect("a reader");
        let steps: Vec<(i64, i64, i64, String)> = crate::db::sql(statement).all(&mut conn).await.expect("a plan");
        steps.into_iter().map(|s| s.3).collect::<Vec<_>>().join("; ")
    };
    let next = plan("EXPLAIN QUERY PLAN SELECT ticket_id FROM sla_clocks WHERE next_at < 5 ORDER BY next_at LIMIT 5").await;
    assert!(next.contains("USING INDEX sla_clocks_next (next_at<?)"), "{next}");
    let pressing = plan(
        "EXPLAIN QUERY PLAN SELECT DISTINCT ticket_id FROM sla_clocks WHERE met_at IS NULL AND warned_at IS NOT NULL
            AND is_cancelled = FALSE AND vendor_id = 'x' LIMIT 1000",
    );
    let pressing = pressing.await;
    assert!(pressing.contains("INDEX sla_clocks_pressing (vendor_id=?)") && !pressing.contains("TEMP B-TREE"), "{pressing}");
    let open = plan("EXPLAIN QUERY PLAN SELECT * FROM sla_clocks WHERE vendor_id = 'x' AND met_at IS NULL ORDER BY ticket_id, kind").await;
    assert!(open.contains("USING INDEX sla_clocks_open (vendor_id=?)"), "{open}");
}
