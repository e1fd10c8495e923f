//! The same request twice.

use super::*;

coco::both_dbs!(the_same_key_does_its_work_once, keys_race_and_one_wins);

async fn the_same_key_does_its_work_once(stage: Stage) {
    let desk = Desk::on(stage).await;
    let body = json!({ "subject": "S", "description": "D" });
    let first = post_once(&desk.maya, "/api/tickets", "k1", &body).await.expect_status(201);
    assert_eq!(first.header("idempotent-replay"), "");
    let again = post_once(&desk.maya, "/api/tickets", "k1", &body).await.expect_status(201);
    assert_eq!((again.header("idempotent-replay"), again.text()), ("true", first.text()));
    assert_eq!(again.header("content-type"), "application/json");
    let other = post_once(&desk.maya, "/api/tickets", "k1", &json!({ "subject": "Other", "description": "D" })).await;
    assert_eq!(other.field(422), "Idempotency-Key");
    assert_eq!(post_once(&desk.maya, "/api/chat/start", "k1", &body).await.field(422), "Idempotency-Key");
    // Another's key is another key; refusals are not kept.
    let staff = json!({ "subject": "S", "description": "D", "customerEmail": "maya@example.com" });
    let of_rep = post_once(&desk.rep, "/api/tickets", "k1", &staff).await.ticket();
    assert_ne!(of_rep["id"], first.ticket()["id"]);
    post_once(&desk.maya, "/api/tickets", "k2", &json!({ "subject": "", "description": "D" })).await.expect_status(422);
    post_once(&desk.maya, "/api/tickets", "k2", &body).await.expect_status(201);

    let send = format!("/api/chat/{}/message", of_rep["conversationId"].as_str().unwrap());
    let message = json!({ "content": "once" });
    let one = post_once(&desk.maya, &send, "m1", &message).await.of(201, "message");
    assert_eq!(post_once(&desk.maya, &send, "m1", &message).await.of(201, "message"), one);
    assert_eq!(one["position"], 2);
    for bad in ["", &"x".repeat(256)] {
        assert_eq!(post_once(&desk.maya, "/api/tickets", bad, &body).await.field(422), "Idempotency-Key");
    }
    let page: Value = desk.maya.get_json("/api/tickets").await.expect_status(200).json();
    assert_eq!(page["tickets"].as_array().unwrap().len(), 3);
}

async fn keys_race_and_one_wins(stage: Stage) {
    let desk = Desk::on(stage).await;
    let body = json!({ "subject": "S", "description": "D" });
    let racing = (0..8).map(|_| post_once(&desk.maya, "/api/tickets", "race", &body));
    let answers = futures::future::join_all(racing).await;
    let ids: Vec<Value> = answers.into_iter().map(|a| a.ticket()["id"].clone()).collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    let page: Value = desk.maya.get_json("/api/tickets").await.expect_status(200).json();
    assert_eq!(page["tickets"].as_array().unwrap().len(), 1);
}
