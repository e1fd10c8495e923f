//! `/api/chat`

use super::*;

coco::both_dbs!(conversations_of_the_brief, messages_go_back_and_forth, the_queue_is_in_order, figures_are_for_managers);

async fn conversations_of_the_brief(stage: Stage) {
    let desk = Desk::on(stage).await;
    let example = json!({
        "customerId": "customer-123", "customerName": "John Doe", "customerEmail": "john@example.com", "channel": "web", "subject": "Product Inquiry"
    });
    let chat = desk.rep.post("/api/chat/start", &example).await.conversation();
    for (field, want) in [
        ("customerName", json!("John Doe")),
        ("customerEmail", json!("john@example.com")),
        ("status", json!("queued")),
        ("channel", json!("web")),
        ("subject", json!("Product Inquiry")),
        ("agentId", json!(null)),
        ("tags", json!([])),
        ("assignedAt", json!(null)),
        ("startedAt", json!("2026-03-02T09:00:00Z")),
    ] {
        assert_eq!(chat[field], want, "{field}");
    }
    let path = format!("/api/chat/{}", chat["id"].as_str().unwrap());
    assert_eq!(desk.rep.get_json(&path).await.conversation(), chat);
    desk.stranger.get_json(&path).await.expect_status(404);
    let messages: Value = desk.rep.get_json(&format!("{path}/messages")).await.expect_status(200).json();
    assert_eq!(messages["messages"][0]["content"], "Product Inquiry");
    let ticket = desk.rep.get_json(&format!("/api/tickets/{}", chat["ticketId"].as_str().unwrap())).await.ticket();
    assert_eq!((&ticket["conversationId"], &ticket["number"]), (&chat["id"], &chat["ticketNumber"]));

    desk.app.stage.clock.advance(MINUTE);
    let taken = put(&desk.rep, &path, &json!({ "agentId": "me", "tags": ["Sales"], "subject": "Sales" })).await.conversation();
    assert_eq!((&taken["status"], &taken["agentName"], &taken["tags"]), (&json!("active"), &json!("rep"), &json!(["sales"])));
    assert_eq!(taken["assignedAt"], "2026-03-02T09:01:00Z");
    let closed = put(&desk.rep, &path, &json!({ "status": "closed" })).await.conversation();
    assert!(closed["status"] == "closed" && closed["resolvedAt"].is_string() && closed["closedAt"].is_string(), "{closed}");
    assert_eq!(put(&desk.rep, &path, &json!({ "status": "active" })).await.conversation()["status"], "active");
    assert_eq!(put(&desk.rep, &path, &json!({ "status": "queued" })).await.conversation()["status"], "queued");
    assert_eq!(put(&desk.rep, &path, &json!({ "agentId": "x" })).await.field(422), "agentId");

    let mine =
        desk.maya.post("/api/chat/start", &json!({ "subject": "Hi", "message": "Anyone?", "channel": "mobile" })).await.conversation();
    assert_eq!(mine["customerName"], "maya");
    put(&desk.maya, &format!("/api/chat/{}", mine["id"].as_str().unwrap()), &json!({ "status": "closed" })).await.expect_status(403);
    for missing in ["/api/chat/conv-123", "/api/chat/0190aaaa-0000-7000-8000-000000000001"] {
        desk.rep.get_json(missing).await.expect_status(404).problem();
    }
}

async fn messages_go_back_and_forth(stage: Stage) {
    let desk = Desk::on(stage).await;
    let path = format!("/api/chat/{}", desk.ticket().await["conversationId"].as_str().unwrap());
    let (send, list) = (format!("{path}/message"), format!("{path}/messages"));
    let example = json!({ "senderId": "customer-123", "senderName": "John Doe", "senderType": "customer", "content": "Hello, I need help with my order" });
    let said = desk.maya.post(&send, &example).await.of(201, "message");
    assert_eq!(
        (&said["senderType"], &said["senderName"], &said["messageType"], &said["position"]),
        (&json!("customer"), &json!("maya"), &json!("text"), &json!(2))
    );
    let answer =
        desk.rep.post(&send, &json!({ "senderType": "agent", "content": "Looking into it", "clientId": "c1" })).await.of(201, "message");
    assert_eq!((&answer["senderType"], &answer["clientId"]), (&json!("agent"), &json!("c1")));
    assert_eq!(
        desk.rep.post(&send, &json!({ "content": "Looking into it", "clientId": "c1" })).await.of(201, "message")["id"],
        answer["id"]
    );
    let note = desk.rep.post(&send, &json!({ "content": "Known fault", "internal": true })).await.of(201, "message");
    assert_eq!(note["internal"], true);

    let contents = async |who: &Visitor, query: &str| -> (Vec<String>, Option<String>) {
        let page: Value = who.get_json(&format!("{list}?{query}")).await.expect_status(200).json();
        let texts = page["messages"].as_array().unwrap().iter().map(|m| m["content"].as_str().unwrap().to_owned()).collect();
        (texts, page["nextCursor"].as_str().map(str::to_owned))
    };
    let all = ["It does not charge", "Hello, I need help with my order", "Looking into it", "Known fault"];
    assert_eq!(contents(&desk.rep, "").await.0, all);
    assert_eq!(contents(&desk.maya, "").await.0, all[..3]);
    let (newest, next) = contents(&desk.rep, "order=desc&limit=3").await;
    assert_eq!(newest, [all[3], all[2], all[1]]);
    assert_eq!(contents(&desk.rep, &format!("order=desc&limit=3&cursor={}", next.unwrap())).await, (vec![all[0].to_owned()], None));

    let people = &desk.app.stage.services.people;
    let (maya, id) = (people.actor_by_email("maya@example.com").await.unwrap(), answer["conversationId"].as_str().unwrap());
    for position in [3, 4] {
        desk.app.stage.clock.advance(MINUTE);
        desk.app.stage.services.conversations.mark(&maya, &id.parse().unwrap(), position, position).await.unwrap();
    }
    let page: Value = desk.rep.get_json(&list).await.expect_status(200).json();
    let read: Vec<&Value> = page["messages"].as_array().unwrap().iter().map(|m| &m["readAt"]).collect();
    let by_maya = json!("2026-03-02T09:01:00Z");
    assert_eq!(read, [&json!(null), &json!(null), &by_maya, &json!(null)], "by the other side, and when first");

    let taken = desk.rep.get_json(&path).await.conversation();
    assert_eq!((&taken["agentName"], &taken["status"]), (&json!("rep"), &json!("active")), "the first answer takes it");
    for (body, field) in [
        (json!({ "content": "" }), "content"),
        (json!({}), "content"),
        (json!({ "content": "x", "senderType": "customer" }), "senderType"),
        (json!({ "content": "x", "senderId": taken["customerId"] }), "senderId"),
        (json!({ "content": "x", "messageType": "system" }), "messageType"),
        (json!({ "content": "x", "attachments": ["x"] }), "attachments"),
        (json!({ "content": "x", "attachments": [taken["id"]] }), "attachments"),
        (json!({ "content": "x", "clientId": "x".repeat(65) }), "clientId"),
        (json!({ "content": "x".repeat(20_001) }), "content"),
        (json!({ "content": ["x"] }), "content"),
    ] {
        assert_eq!(desk.rep.post(&send, &body).await.field(422), field, "{body}");
    }
    assert_eq!(desk.rep.get_json(&format!("{list}?order=x")).await.field(422), "order");
    desk.maya.post(&send, &json!({ "content": "x", "internal": true })).await.expect_status(403);
    desk.stranger.post(&send, &json!({ "content": "x" })).await.expect_status(404);
    desk.stranger.get_json(&list).await.expect_status(404);
}

async fn the_queue_is_in_order(stage: Stage) {
    let desk = Desk::on(stage).await;
    for (subject, priority) in [("a", "low"), ("b", "high"), ("c", "urgent")] {
        desk.app.stage.clock.advance(MINUTE);
        desk.maya
            .post("/api/tickets", &json!({ "subject": subject, "description": "text", "priority": priority }))
            .await
            .expect_status(201);
    }
    let page: Value = desk.rep.get_json("/api/chat/queue?limit=2").await.expect_status(200).json();
    let first = &page["queue"][0];
    assert_eq!(
        (&first["subject"], &first["position"], &first["waitSeconds"], &first["customerName"]),
        (&json!("c"), &json!(1), &json!(0), &json!("maya"))
    );
    desk.rep.get_json(&format!("/api/chat/{}", first["conversationId"].as_str().unwrap())).await.expect_status(200);
    assert_eq!(first["estimatedWait"], json!(null), "nothing has left the queue yet");
    let next = page["nextCursor"].as_str().unwrap();
    let page: Value = desk.rep.get_json(&format!("/api/chat/queue?limit=2&cursor={next}")).await.expect_status(200).json();
    assert_eq!((&page["queue"][0]["subject"], &page["queue"][0]["position"], &page["nextCursor"]), (&json!("a"), &json!(3), &json!(null)));
    desk.maya.get_json("/api/chat/queue").await.expect_status(403);
    desk.stranger.get_json(&format!("/api/chat/queue?vendorId={}", desk.app.vendor)).await.expect_status(404);
    assert_eq!(desk.rep.get_json("/api/chat/queue?cursor=x").await.field(422), "cursor");
}

async fn figures_are_for_managers(stage: Stage) {
    let desk = Desk::on(stage).await;
    desk.ticket().await;
    let lead = desk.app.login("lead@example.com").await;
    let figures = lead.get_json("/api/chat/analytics").await.of(200, "analytics");
    assert_eq!(
        (&figures["openConversations"], &figures["queueLength"], &figures["customerSatisfaction"]),
        (&json!(1), &json!(1), &json!(null))
    );
    assert_eq!(figures["startedPerDay"].as_array().unwrap().len(), 14);
    desk.app.login("rep@example.com").await.get_json("/api/chat/analytics").await.expect_status(403);
    desk.maya.get_json("/api/chat/analytics").await.expect_status(403);
}
