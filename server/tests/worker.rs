//! What runs beside the requests.

use crate::support::TestApp;
use coco::actor::Role;
use coco::page::PageRequest;
use coco::tickets::{Channel, Filter, NewTicket, Status};
use coco::time::DAY;
use std::time::Duration;

coco::both_dbs!(new_tickets_are_soon_found, who_is_helped_is_soon_asked, old_sessions_are_swept);

async fn new_tickets_are_soon_found(stage: coco::db::testing::Stage) {
    let app = TestApp::on(stage, &[]).await;
    let maya = app.person(Role::Customer, "maya@example.com").await;
    server::worker::start(&app.state);
    let tickets = &app.stage.services.tickets;
    tickets.create(&maya, NewTicket::about("A curious zebra", "It eats my cables", Channel::Web)).await.unwrap();
    let filter = Filter { q: Some("zebra".into()), ..Filter::default() };
    for _ in 0..100 {
        if !tickets.list(&maya, &filter, &PageRequest::default()).await.unwrap().items.is_empty() {
            app.state.lifecycle.stop();
            return app.state.lifecycle.drained().await;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("not found within five seconds");
}

async fn who_is_helped_is_soon_asked(stage: coco::db::testing::Stage) {
    let app = TestApp::on(stage, &[("public_url", "https://help.example.com")]).await;
    let maya = app.person(Role::Customer, "maya@example.com").await;
    let rep = app.person(Role::RepL1, "rep@example.com").await;
    server::worker::start(&app.state);
    let tickets = &app.stage.services.tickets;
    let ticket = tickets.create(&maya, NewTicket::about("Zebra", "It eats my cables", Channel::Web)).await.unwrap();
    tickets.transition(&rep, &ticket.number, Status::Resolved, "", None).await.unwrap();
    for _ in 0..100 {
        if let Some(mail) = app.stage.mail.sent().pop() {
            assert!(mail.text.contains("https://help.example.com/rate/"), "{}", mail.text);
            app.state.lifecycle.stop();
            return app.state.lifecycle.drained().await;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("not asked within five seconds");
}

async fn old_sessions_are_swept(stage: coco::db::testing::Stage) {
    let app = TestApp::on(stage, &[]).await;
    app.person(Role::Customer, "maya@example.com").await;
    app.login("maya@example.com").await;
    let count = async || {
        let mut conn = app.stage.services.core.db.read().await.unwrap();
        coco::db::sql("SELECT COUNT(*) FROM sessions").one::<(i64,)>(&mut conn).await.unwrap().0
    };
    server::worker::sweep(&app.state).await;
    assert_eq!(count().await, 1);
    app.stage.clock.advance(DAY);
    server::worker::sweep(&app.state).await;
    assert_eq!(count().await, 0);
}
