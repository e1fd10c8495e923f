//! What runs beside the requests.

use crate::support::TestApp;
use coco::actor::Role;
use coco::page::PageRequest;
use coco::tickets::{Channel, Filter, NewTicket};
use coco::time::DAY;
use std::time::Duration;

coco::both_dbs!(new_tickets_are_soon_found, old_sessions_are_swept);

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
