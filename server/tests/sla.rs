//! Promises of time, as the pages and the worker see them.

use crate::support::TestApp;
use coco::actor::{Actor, Role};
use coco::db::testing::Stage;
use coco::event::Event;
use coco::sla::PolicyText;
use coco::tickets::{Channel, NewTicket, Priority, Ticket};
use coco::time::{HOUR, MINUTE};
use serde_json::json;
use std::time::Duration;

coco::both_dbs!(
    what_falls_due_is_told_without_delay,
    a_policy_is_changed_by_its_form,
    the_pages_show_what_is_promised,
    programs_see_how_a_ticket_stands
);

struct Desk {
    app: TestApp,
    customer: Actor,
}

async fn desk(stage: Stage) -> Desk {
    let app = TestApp::on(stage, &[]).await;
    let customer = app.person(Role::Customer, "maya@example.com").await;
    app.person(Role::RepL1, "rep@example.com").await;
    app.person(Role::AdminManager, "boss@example.com").await;
    Desk { app, customer }
}

impl Desk {
    async fn urgent(&self, subject: &str) -> Ticket {
        let new = NewTicket { priority: Some(Priority::Urgent), ..NewTicket::about(subject, "Please help", Channel::Web) };
        self.app.stage.services.tickets.create(&self.customer, new).await.unwrap()
    }
}

async fn what_falls_due_is_told_without_delay(stage: Stage) {
    let desk = desk(stage).await;
    let ticket = desk.urgent("Sparks").await;
    desk.app.stage.services.sla.begin().await.unwrap();
    server::worker::start(&desk.app.state);
    desk.app.stage.clock.advance(16 * MINUTE);
    for _ in 0..100 {
        let told = desk.app.stage.services.journey.tail(0, 100).await.unwrap().events;
        if told.iter().any(|e| matches!(&e.event, Event::SlaBreached { number, .. } if *number == ticket.number)) {
            desk.app.state.lifecycle.stop();
            return desk.app.state.lifecycle.drained().await;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("not told within five seconds");
}

async fn a_policy_is_changed_by_its_form(stage: Stage) {
    let desk = desk(stage).await;
    let (boss, rep) = (desk.app.login("boss@example.com").await, desk.app.login("rep@example.com").await);
    let vendor = desk.app.vendor.as_str();
    let mut text: PolicyText = boss.call("sla/load_policy", &[("vendor", vendor)]).await.expect_status(200).json();
    let save = async |who: &crate::support::Visitor, text: &PolicyText| {
        who.post("/sfn/app/sla/api/save_policy", &json!({ "vendor": vendor, "text": text })).await
    };
    text.targets[0].resolution = "soon".into();
    text.week[2] = "9-13, 12-17".into();
    let answer = save(&boss, &text).await.expect_status(422);
    assert!(answer.text().contains("targets.urgent.resolution"), "{}", answer.text());
    text.targets[0].resolution = "2 h".into();
    assert!(save(&boss, &text).await.expect_status(422).text().contains("09:00–13:00 and 12:00–17:00 overlap"));
    text.week[2] = "9-12:30, 13:30-17".into();
    save(&rep, &text).await.expect_status(403);
    let saved: PolicyText = save(&boss, &text).await.expect_status(200).json();
    assert_eq!((saved.version, saved.week[2].as_str()), (1, "09:00–12:30, 13:30–17:00"));
    save(&boss, &text).await.expect_status(409);
    assert_eq!(rep.call("sla/load_policy", &[("vendor", vendor)]).await.expect_status(200).json::<PolicyText>(), saved);
    rep.call("sla/load_attainment", &[("vendor", vendor)]).await.expect_status(403);
}

async fn the_pages_show_what_is_promised(stage: Stage) {
    let desk = desk(stage).await;
    let ticket = desk.urgent("Sparks").await;
    let sla = &desk.app.stage.services.sla;
    while sla.catch_up().await.unwrap() > 0 {}
    desk.app.stage.clock.advance(HOUR);
    sla.fall_due().await.unwrap();
    let (boss, rep) = (desk.app.login("boss@example.com").await, desk.app.login("rep@example.com").await);
    let page = boss.get("/admin/sla").await.expect_status(200);
    for part in ["First answer within", "Europe/Berlin", "Promises kept by priority", "Load the newest"] {
        assert_eq!(page.text().contains(part), part != "Load the newest", "{part}");
    }
    rep.get("/admin/sla").await.expect_status(404);
    let page = rep.get(&format!("/rep/inbox/{}", ticket.number)).await.expect_status(200);
    for part in ["Breached", "First answer: the promised time is over", "data-status=\"breached\""] {
        assert!(page.text().contains(part), "{part}");
    }
}

async fn programs_see_how_a_ticket_stands(stage: Stage) {
    let desk = desk(stage).await;
    let path = format!("/api/tickets/{}", desk.urgent("Sparks").await.number);
    while desk.app.stage.services.sla.catch_up().await.unwrap() > 0 {}
    let (rep, maya) = (desk.app.token("rep@example.com").await, desk.app.token("maya@example.com").await);
    let ticket =
        async |who: &crate::support::Visitor| who.get_json(&path).await.expect_status(200).json::<serde_json::Value>()["ticket"].clone();
    let seen = ticket(&rep).await;
    assert_eq!((&seen["slaTarget"], &seen["slaStatus"]), (&json!("2026-03-02T09:15:00Z"), &json!("on_track")));
    desk.app.stage.clock.advance(12 * MINUTE);
    assert_eq!(ticket(&rep).await["slaStatus"], "at_risk");
    desk.app.stage.clock.advance(4 * MINUTE);
    assert_eq!(ticket(&rep).await["slaStatus"], "breached");
    assert_eq!(ticket(&maya).await["slaStatus"], json!(null));
}
