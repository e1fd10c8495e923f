//! SQLite knows nothing of how the rows are spread, so its plans depend on the SQL and the schema
//! alone: these are the ones for lists that many look at.

use super::*;
use crate::db::sql;
use crate::tickets::list::{narrow, vendors};

#[tokio::test]
async fn lists_walk_an_index_in_order() {
    let c = cast(Stage::sqlite().await).await;
    let view = |view| Filter { view, ..Filter::default() };
    let all = view(InboxView::All);
    let of_customer = |view| Filter { view, customer_id: Some(c.customer.id.clone()), ..Filter::default() };
    let at_vendor = |view| Filter { view, vendor_id: Some(c.vendor.clone()), ..Filter::default() };
    let tagged = Filter { tag: Some("late".into()), ..all.clone() };
    for (who, filter, index) in [
        (&c.rep, view(InboxView::Open), "tickets_by_open"),
        (&c.rep, view(InboxView::Mine), "tickets_by_assignee"),
        (&c.rep, view(InboxView::Unassigned), "tickets_by_assignee"),
        (&c.rep, view(InboxView::Pressing), "tickets_by_open"),
        (&c.rep, view(InboxView::Escalated), "tickets_by_status"),
        (&c.rep, view(InboxView::Closed), "tickets_by_status"),
        (&c.rep, all.clone(), "tickets_by_vendor"),
        (&c.rep, tagged, "tickets_by_vendor"),
        (&c.rep, of_customer(InboxView::Open), "tickets_by_customer"),
        (&c.rep, of_customer(InboxView::Closed), "tickets_by_customer"),
        (&c.customer, at_vendor(InboxView::Open), "tickets_by_customer"),
        (&c.customer, at_vendor(InboxView::Closed), "tickets_by_customer"),
        (&c.customer, all, "tickets_by_customer"),
    ] {
        let explain = sql("EXPLAIN QUERY PLAN SELECT * FROM tickets");
        let list = narrow(explain, who, &filter, &vendors(who, &filter)).push(" ORDER BY activity_at DESC, id DESC LIMIT 50");
        let mut conn = c.stage.services.core.db.read().await.expect("a reader");
        let steps: Vec<(i64, i64, i64, String)> = list.all(&mut conn).await.expect("a plan");
        let plan = steps.into_iter().map(|s| s.3).collect::<Vec<_>>().join("; ");
        assert!(plan.contains(&format!("USING INDEX {index} ")) && !plan.contains("TEMP B-TREE"), "{filter:?}: {plan}");
    }
}

#[tokio::test]
async fn the_few_tickets_that_call_someone_are_looked_up() {
    let c = cast(Stage::sqlite().await).await;
    let filter = Filter { view: InboxView::Mentions, ..Filter::default() };
    let explain = sql("EXPLAIN QUERY PLAN SELECT * FROM tickets");
    let list = narrow(explain, &c.rep, &filter, &vendors(&c.rep, &filter)).push(" ORDER BY activity_at DESC, id DESC LIMIT 50");
    let mut conn = c.stage.services.core.db.read().await.expect("a reader");
    let steps: Vec<(i64, i64, i64, String)> = list.all(&mut conn).await.expect("a plan");
    let plan = steps.into_iter().map(|s| s.3).collect::<Vec<_>>().join("; ");
    assert!(plan.contains("tickets USING INDEX sqlite_autoindex_tickets_1 (id=?)"), "{plan}");
    assert!(plan.contains("note_mentions_unseen (user_id=? AND vendor_id=?)"), "{plan}");
}

#[tokio::test]
async fn what_is_around_messages_is_found_past_them() {
    let c = cast(Stage::sqlite().await).await;
    let mut conn = c.stage.services.core.db.read().await.expect("a reader");
    for (besides, index) in
        [("kind <> 'message'", "journey_around_messages"), ("kind <> 'message' AND kind <> 'note'", "journey_between_messages")]
    {
        let explain = sql("EXPLAIN QUERY PLAN SELECT * FROM journey_events WHERE ").push(besides);
        let explain = explain.push(" AND ticket_id = 'x' AND visibility <> 'system' ORDER BY seq DESC LIMIT 100");
        let steps: Vec<(i64, i64, i64, String)> = explain.all(&mut conn).await.expect("a plan");
        assert_eq!(steps.len(), 1);
        assert!(steps[0].3.contains(&format!("USING INDEX {index} (ticket_id=?)")), "{}", steps[0].3);
    }
}
