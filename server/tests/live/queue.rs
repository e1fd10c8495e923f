//! Those who wait learn that the queue moves.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_is_told_that_the_queue_moves() {
    let live = on_sqlite().await;
    let cleo = live.app.person(Role::Customer, "cleo@example.com").await;
    let mut waiting = live.connect(&cleo).await;
    let topic = format!("queue:{}", live.app.vendor);
    waiting.subscribe(&[&topic], None).await;
    let tickets = &live.app.stage.services.tickets;
    let other = live.app.person(Role::Customer, "other@example.com").await;
    let ticket = tickets.create(&other, NewTicket::about("Secret", "Secret", Channel::Web)).await.unwrap();
    assert_eq!(waiting.expect("queue_moved").await, json!({ "type": "queue_moved" }), "and nothing else");
    tickets.assign(&live.rep, &ticket.number, Some(&live.rep.id), "", None).await.unwrap();
    waiting.expect("queue_moved").await;

    let elsewhere = live.app.stage.vendor("elsewhere").await;
    waiting.send(&json!({ "type": "subscribe", "topics": [format!("queue:{elsewhere}")] })).await;
    assert_eq!(waiting.expect("error").await["code"], "not_found");
}
