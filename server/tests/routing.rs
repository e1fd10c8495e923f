//! Tickets find their reps by themselves while COCO runs, and the pages that go with it.

use crate::support::TestApp;
use coco::actor::{Actor, Role};
use coco::db::testing::Stage;
use coco::people::Presence;
use coco::routing::{Rules, Setup, SetupEdit};
use coco::tickets::{Channel, NewTicket, Ticket};
use serde_json::json;
use std::time::Duration;

coco::both_dbs!(tickets_find_who_is_there_and_who_comes, admins_see_and_save_it);

async fn turn_on(app: &TestApp, boss: &Actor) {
    let edit = SetupEdit { rules: Rules { automatic: true, ..Rules::default() }, reps: Vec::new(), version: 0 };
    app.stage.services.routing.save(boss, &app.vendor, edit).await.unwrap();
}

async fn owner_within_seconds(app: &TestApp, boss: &Actor, t: &Ticket) -> String {
    for _ in 0..100 {
        if let Some(name) = app.stage.services.tickets.get(boss, &t.number).await.unwrap().assignee_name {
            return name;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{} found nobody within five seconds", t.number);
}

async fn tickets_find_who_is_there_and_who_comes(stage: Stage) {
    let app = TestApp::on(stage, &[]).await;
    let boss = app.person(Role::AdminManager, "boss@example.com").await;
    let rita = app.person(Role::RepL1, "rita@example.com").await;
    let maya = app.person(Role::Customer, "maya@example.com").await;
    let (tickets, people) = (&app.stage.services.tickets, &app.stage.services.people);
    turn_on(&app, &boss).await;
    people.set_presence(&rita, Presence::Online).await.unwrap();
    let early = tickets.create(&maya, NewTicket::about("Early", "Before it ran", Channel::Web)).await.unwrap();
    server::worker::start(&app.state);
    assert_eq!(owner_within_seconds(&app, &boss, &early).await, "rita", "what waited at the start");
    let ticket = tickets.create(&maya, NewTicket::about("Now", "While it runs", Channel::Web)).await.unwrap();
    assert_eq!(owner_within_seconds(&app, &boss, &ticket).await, "rita");
    people.set_presence(&rita, Presence::Away).await.unwrap();
    let late = tickets.create(&maya, NewTicket::about("Late", "Nobody is there", Channel::Web)).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(tickets.get(&boss, &late.number).await.unwrap().assignee_name, None);
    people.set_presence(&rita, Presence::Online).await.unwrap();
    assert_eq!(owner_within_seconds(&app, &boss, &late).await, "rita", "who comes back");
    app.state.lifecycle.stop();
    app.state.lifecycle.drained().await;
}

async fn admins_see_and_save_it(stage: Stage) {
    let app = TestApp::on(stage, &[]).await;
    app.person(Role::AdminManager, "boss@example.com").await;
    app.person(Role::RepL1, "rita@example.com").await;
    let maya = app.person(Role::Customer, "maya@example.com").await;
    let ticket = app.stage.services.tickets.create(&maya, NewTicket::about("Help", "Me", Channel::Web)).await.unwrap();
    let (boss, rita) = (app.login("boss@example.com").await, app.login("rita@example.com").await);
    let page = boss.get("/admin/routing").await.expect_status(200);
    assert!(page.text().contains("Hand out tickets by themselves") && page.text().contains("rita"), "{}", page.text());
    rita.get("/admin/routing").await.expect_status(404);

    let vendor = app.vendor.to_string();
    let setup: Setup = boss.call("routing/load_routing", &[("vendor", &vendor)]).await.expect_status(200).json();
    rita.call("routing/load_routing", &[("vendor", &vendor)]).await.expect_status(403);
    let body = json!({ "vendor": vendor, "edit": { "rules": { "automatic": true }, "reps": [], "version": setup.version } });
    let save = "/sfn/app/routing/api/save_routing";
    rita.post(save, &body).await.expect_status(403);
    let saved: Setup = boss.post(save, &body).await.expect_status(200).json();
    assert_eq!((saved.rules.automatic, saved.version), (true, setup.version + 1));
    boss.post(save, &body).await.expect_status(409);
    let preview = boss.post("/sfn/app/routing/api/preview_routing", &body).await.expect_status(200);
    assert!(preview.text().contains(r#""tickets":1"#), "{}", preview.text());

    let why = rita.call("routing/explain_routing", &[("number", &ticket.number)]).await.expect_status(200);
    assert!(why.text().contains("is offline"), "{}", why.text());
    let customer = app.login("maya@example.com").await;
    let page = customer.get(&format!("/customer/tickets/{}", ticket.number)).await.expect_status(200);
    assert!(page.text().contains("You are next in line."), "{}", page.text());
    let desk = rita.get(&format!("/rep/inbox/{}", ticket.number)).await.expect_status(200);
    assert!(desk.text().contains("1st in the queue") && desk.text().contains("Why is this waiting?"), "{}", desk.text());
}
