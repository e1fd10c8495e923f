//! The REST API in the words of the briefs, on both databases.

use crate::support::{Answer, TestApp, Visitor};
use axum::body::Body;
use axum::http::{Request, header};
use coco::actor::{Role, Scope};
use coco::db::testing::Stage;
use coco::time::MINUTE;
use serde_json::{Value, json};

/// The smallest PNG there is: one pixel.
const PIXEL: &[u8] = &[
    137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 31, 21, 196, 137, 0, 0, 0, 13, 73,
    68, 65, 84, 120, 156, 99, 16, 104, 112, 248, 15, 0, 3, 68, 1, 208, 50, 143, 66, 127, 0, 0, 0, 0, 73, 69, 78, 68, 174, 66, 96, 130,
];

/// A customer, a rep, a manager, and someone of another vendor, each with a token of all scopes.
struct Desk {
    app: TestApp,
    maya: Visitor,
    rep: Visitor,
    stranger: Visitor,
}

impl Desk {
    async fn on(stage: Stage) -> Self {
        let app = TestApp::on(stage, &[]).await;
        app.person(Role::Customer, "maya@example.com").await;
        app.person(Role::RepL1, "rep@example.com").await;
        app.person(Role::AdminManager, "lead@example.com").await;
        let other = app.stage.vendor("other").await;
        app.stage.person(Role::AdminSuper, "stranger", &other).await;
        let (maya, rep) = (app.token("maya@example.com").await, app.token("rep@example.com").await);
        let stranger = app.token("stranger@example.com").await;
        Self { app, maya, rep, stranger }
    }

    /// A ticket of Maya's.
    async fn ticket(&self) -> Value {
        self.maya.post("/api/tickets", &json!({ "subject": "Broken charger", "description": "It does not charge" })).await.ticket()
    }
}

trait Shapes {
    fn ticket(self) -> Value;
    fn conversation(self) -> Value;
    fn of(self, status: u16, name: &str) -> Value;
    fn field(&self, status: u16) -> String;
}

impl Shapes for Answer {
    #[track_caller]
    fn ticket(self) -> Value {
        let status = if self.status == 201 { 201 } else { 200 };
        self.of(status, "ticket")
    }
    #[track_caller]
    fn conversation(self) -> Value {
        let status = if self.status == 201 { 201 } else { 200 };
        self.of(status, "conversation")
    }
    #[track_caller]
    fn of(self, status: u16, name: &str) -> Value {
        self.expect_status(status).json::<Value>()[name].clone()
    }
    /// The field that a refusal names first.
    #[track_caller]
    fn field(&self, status: u16) -> String {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self.problem().errors[0].field.clone()
    }
}

async fn put(who: &Visitor, path: &str, body: &Value) -> Answer {
    let request = Request::put(path).header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string()));
    who.send(request.unwrap()).await
}

async fn post_once(who: &Visitor, path: &str, key: &str, body: &Value) -> Answer {
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/json").header("idempotency-key", key);
    who.send(request.body(Body::from(body.to_string())).unwrap()).await
}

async fn upload(who: &Visitor, field: &str, name: &str, content: &[u8]) -> Answer {
    let mut body =
        format!("--b\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\ncontent-type: text/html\r\n\r\n")
            .into_bytes();
    body.extend_from_slice(content);
    body.extend_from_slice(b"\r\n--b--\r\n");
    let request = Request::post("/api/attachments").header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
    who.send(request.body(Body::from(body)).unwrap()).await
}

async fn fetch(who: &Visitor, path: &str, headers: &[(&str, &str)]) -> Answer {
    let request = headers.iter().fold(Request::get(path), |r, (name, value)| r.header(*name, *value));
    who.send(request.body(Body::empty()).unwrap()).await
}

coco::both_dbs!(
    tickets_of_the_brief,
    customers_open_for_themselves,
    lists_are_filtered_and_paged,
    changes_need_their_rights_and_go_in_order,
    conversations_of_the_brief,
    messages_go_back_and_forth,
    the_queue_is_in_order,
    the_same_key_does_its_work_once,
    keys_race_and_one_wins,
    files_come_and_go,
    figures_are_for_managers
);

async fn tickets_of_the_brief(stage: Stage) {
    let desk = Desk::on(stage).await;
    let example = json!({
        "customerId": "customer-123", "customerName": "John Doe", "customerEmail": "John@example.com", "subject": "Order Issue",
        "description": "My order has not arrived", "priority": "high", "category": "shipping", "tags": ["Late", "order"], "unknown": {"is": "ignored"}
    });
    let ticket = desk.rep.post("/api/tickets", &example).await.ticket();
    for (field, want) in [
        ("customerName", json!("John Doe")),
        ("customerEmail", json!("john@example.com")),
        ("subject", json!("Order Issue")),
        ("description", json!("My order has not arrived")),
        ("priority", json!("high")),
        ("prioritySource", json!("rep")),
        ("status", json!("waiting_for_agent")),
        ("statusGroup", json!("open")),
        ("category", json!("other")),
        ("subcategory", json!("shipping")),
        ("tags", json!(["late", "order"])),
        ("channel", json!("web")),
        ("assignedAgentId", json!(null)),
        ("version", json!(1)),
        ("createdAt", json!("2026-03-02T09:00:00Z")),
        ("resolvedAt", json!(null)),
        ("vendorId", json!(desk.app.vendor)),
    ] {
        assert_eq!(ticket[field], want, "{field}");
    }
    assert!(ticket["number"].as_str().unwrap().starts_with("TKT-2026-"));
    for key in [&ticket["id"], &ticket["number"]] {
        let path = format!("/api/tickets/{}", key.as_str().unwrap());
        assert_eq!(desk.rep.get_json(&path).await.ticket(), ticket);
        for other in [&desk.maya, &desk.stranger] {
            other.get_json(&path).await.expect_status(404).problem();
        }
        put(&desk.stranger, &path, &json!({ "subject": "x" })).await.expect_status(404);
    }
    // The same address is the same person.
    let again = desk.rep.post("/api/tickets", &example).await.ticket();
    assert_eq!(again["customerId"], ticket["customerId"]);
    let by_id = json!({ "customerId": ticket["customerId"], "subject": "More", "description": "Text" });
    assert_eq!(desk.rep.post("/api/tickets", &by_id).await.ticket()["customerEmail"], "john@example.com");

    for (body, field) in [
        (json!({ "subject": "S", "description": "D" }), "customerEmail"),
        (json!({ "subject": "S", "description": "D", "customerId": "customer-123" }), "customerEmail"),
        (json!({ "subject": "S", "description": "D", "customerEmail": "nobody" }), "email"),
        (json!({ "subject": "S", "description": "D", "customerEmail": "a@b.co", "priority": "dire" }), "priority"),
        (json!({ "subject": "S", "description": "D", "customerEmail": "a@b.co", "channel": "pigeon" }), "channel"),
        (json!({ "subject": "S", "description": "D", "customerEmail": "a@b.co", "vendorId": "x" }), "vendorId"),
        (json!({ "subject": "S", "description": "D", "customerEmail": "a@b.co", "tags": "x" }), "tags"),
        (json!({ "subject": "S", "description": "D", "customerEmail": "a@b.co", "tags": ["x".repeat(99)] }), "tags"),
        (json!({ "subject": " ", "description": "D", "customerEmail": "a@b.co" }), "subject"),
        (json!({ "subject": 7, "description": "D" }), "subject"),
        (json!({ "description": "D" }), "subject"),
    ] {
        assert_eq!(desk.rep.post("/api/tickets", &body).await.field(422), field, "{body}");
    }
    let foreign = json!({ "subject": "S", "description": "D", "customerEmail": "a@b.co", "vendorId": desk.app.vendor });
    desk.stranger.post("/api/tickets", &foreign).await.expect_status(404);
    desk.app.visitor().post("/api/tickets", &example).await.expect_status(401).problem();
    desk.app.token_for("rep@example.com", &[Scope::TicketsRead]).await.post("/api/tickets", &example).await.expect_status(403);
}

async fn customers_open_for_themselves(stage: Stage) {
    let desk = Desk::on(stage).await;
    let ticket = desk.ticket().await;
    assert_eq!((&ticket["customerName"], &ticket["prioritySource"]), (&json!("maya"), &json!("rules")));
    let with = |field: &str, value: Value| json!({ "subject": "S\u{202e}", "description": "D\u{0}D", field: value });
    let same = desk.maya.post("/api/tickets", &with("customerEmail", json!("MAYA@example.com"))).await.ticket();
    assert_eq!((&same["subject"], &same["description"]), (&json!("S"), &json!("DD")), "cleaned");
    desk.maya.post("/api/tickets", &with("customerId", json!("customer-123"))).await.expect_status(201);
    desk.maya.post("/api/tickets", &with("customerId", ticket["customerId"].clone())).await.expect_status(201);
    assert_eq!(desk.maya.post("/api/tickets", &with("customerEmail", json!("rep@example.com"))).await.field(422), "customerEmail");
    assert_eq!(desk.maya.post("/api/tickets", &with("customerId", ticket["id"].clone())).await.field(422), "customerId");
}

async fn lists_are_filtered_and_paged(stage: Stage) {
    let desk = Desk::on(stage).await;
    for n in 0..5 {
        desk.app.stage.clock.advance(MINUTE);
        let tags = if n % 2 == 0 { vec!["even"] } else { vec![] };
        let body = json!({ "subject": format!("Number {n}"), "description": "text", "tags": tags, "priority": if n == 3 { "urgent" } else { "low" } });
        desk.maya.post("/api/tickets", &body).await.expect_status(201);
    }
    let list = async |who: &Visitor, query: &str| -> Vec<String> {
        let page: Value = who.get_json(&format!("/api/tickets?{query}")).await.expect_status(200).json();
        page["tickets"].as_array().unwrap().iter().map(|t| t["subject"].as_str().unwrap().replace("Number ", "")).collect()
    };
    assert_eq!(list(&desk.rep, "").await, ["4", "3", "2", "1", "0"]);
    assert_eq!(list(&desk.maya, "status=open").await.len(), 5);
    assert_eq!(list(&desk.rep, "priority=critical").await, ["3"]);
    assert_eq!(list(&desk.rep, "tag=even").await, ["4", "2", "0"]);
    assert_eq!(list(&desk.rep, "view=mine").await, [""; 0]);
    assert_eq!(list(&desk.rep, "view=unassigned&channel=web&category=other").await.len(), 5);
    assert_eq!(list(&desk.rep, "status=resolved").await, [""; 0]);
    assert_eq!(list(&desk.stranger, "").await, [""; 0]);
    assert_eq!(
        list(&desk.rep, &format!("vendorId={}&customerId={}", desk.app.vendor, desk.ticket().await["customerId"].as_str().unwrap()))
            .await
            .len(),
        6
    );
    desk.stranger.get_json(&format!("/api/tickets?vendorId={}", desk.app.vendor)).await.expect_status(404);

    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page: Value = desk.rep.get_json(&format!("/api/tickets?limit=4{cursor}")).await.expect_status(200).json();
        seen.extend(page["tickets"].as_array().unwrap().iter().map(|t| t["number"].to_string()));
        let Some(next) = page["nextCursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen.len(), 6);
    for (query, field) in [
        ("limit=x", "limit"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("cursor=x", "cursor"),
        ("status=done", "status"),
        ("view=x", "view"),
        ("priority=x", "priority"),
        ("category=x", "category"),
        ("customerId=x", "customerId"),
        ("assignedAgentId=x", "assignedAgentId"),
    ] {
        assert_eq!(desk.rep.get_json(&format!("/api/tickets?{query}")).await.field(422), field);
    }
}

async fn changes_need_their_rights_and_go_in_order(stage: Stage) {
    let desk = Desk::on(stage).await;
    let path = format!("/api/tickets/{}", desk.ticket().await["number"].as_str().unwrap());
    let change = json!({
        "subject": "Charger dead", "priority": "urgent", "category": "technical", "tags": ["hardware"],
        "assignedAgentId": "me", "status": "in_progress", "reason": "Mine", "version": 1
    });
    let ticket = put(&desk.rep, &path, &change).await.ticket();
    for (field, want) in [
        ("subject", json!("Charger dead")),
        ("priority", json!("urgent")),
        ("prioritySource", json!("rep")),
        ("category", json!("technical")),
        ("subcategory", json!("")),
        ("tags", json!(["hardware"])),
        ("assignedAgentName", json!("rep")),
        ("status", json!("in_progress")),
        ("statusGroup", json!("in_progress")),
    ] {
        assert_eq!(ticket[field], want, "{field}");
    }
    assert_eq!(put(&desk.rep, &path, &json!({})).await.ticket(), ticket, "nothing asked, nothing changed");
    let stale = put(&desk.rep, &path, &json!({ "subject": "Old", "version": 1 })).await.expect_status(409).problem();
    assert_eq!(stale.code, "stale");
    assert_eq!(put(&desk.rep, &path, &json!({ "status": "new" })).await.expect_status(409).problem().code, "illegal_move");
    assert_eq!(put(&desk.rep, &path, &json!({ "assignedAgentId": null })).await.ticket()["assignedAgentId"], json!(null));
    let nobody = put(&desk.rep, &path, &json!({ "assignedAgentId": ticket["customerId"] })).await;
    assert_eq!(nobody.field(422), "assignedAgentId");
    for (body, field) in [
        (json!({ "status": "done" }), "status"),
        (json!({ "assignedAgentId": "x" }), "assignedAgentId"),
        (json!({ "version": "1" }), "version"),
    ] {
        assert_eq!(put(&desk.rep, &path, &body).await.field(422), field);
    }
    // Customers change nothing here, not even a part of it.
    for body in [json!({ "status": "reopened" }), json!({ "subject": "x" }), json!({ "assignedAgentId": null })] {
        put(&desk.maya, &path, &body).await.expect_status(403);
    }
    put(&desk.maya, &path, &json!({})).await.expect_status(200);
    desk.rep.send(Request::delete(&path).body(Body::empty()).unwrap()).await.expect_status(405).problem();
    for missing in ["/api/tickets/TKT-2026-999999", "/api/tickets/%ff", "/api/tickets/0190aaaa-0000-7000-8000-000000000001", "/api/nothing"]
    {
        desk.rep.get_json(missing).await.expect_status(404).problem();
    }
}

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
    let next = page["nextCursor"].as_str().unwrap();
    let page: Value = desk.rep.get_json(&format!("/api/chat/queue?limit=2&cursor={next}")).await.expect_status(200).json();
    assert_eq!((&page["queue"][0]["subject"], &page["queue"][0]["position"], &page["nextCursor"]), (&json!("a"), &json!(3), &json!(null)));
    desk.maya.get_json("/api/chat/queue").await.expect_status(403);
    desk.stranger.get_json(&format!("/api/chat/queue?vendorId={}", desk.app.vendor)).await.expect_status(404);
    assert_eq!(desk.rep.get_json("/api/chat/queue?cursor=x").await.field(422), "cursor");
}

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

async fn files_come_and_go(stage: Stage) {
    let desk = Desk::on(stage).await;
    let file = upload(&desk.maya, "file", "../pi<x\u{e4}.html", PIXEL).await.of(201, "attachment");
    assert_eq!((&file["contentType"], &file["size"], &file["name"]), (&json!("image/png"), &json!(PIXEL.len()), &json!("pixä.html")));
    let url = file["url"].as_str().unwrap();
    // Until it is sent, it is its uploader's alone.
    desk.rep.get_json(url).await.expect_status(404);
    let send = format!("/api/chat/{}/message", desk.ticket().await["conversationId"].as_str().unwrap());
    let sent = desk.maya.post(&send, &json!({ "content": "", "attachments": [file["id"]] })).await.of(201, "message");
    assert_eq!((&sent["messageType"], &sent["attachments"][0]), (&json!("image"), &file));

    let whole = desk.rep.get_json(url).await.expect_status(200);
    assert_eq!(whole.body, PIXEL);
    for (name, value) in [
        ("content-type", "image/png"),
        ("content-disposition", "inline; filename=\"pix_.html\"; filename*=UTF-8''pix%C3%A4.html"),
        ("x-content-type-options", "nosniff"),
        ("accept-ranges", "bytes"),
        ("cache-control", "private, max-age=3600"),
    ] {
        assert_eq!(whole.header(name), value);
    }
    assert!(whole.header("content-security-policy").starts_with("sandbox"));
    let part = fetch(&desk.rep, url, &[("range", "bytes=1-3")]).await.expect_status(206);
    assert_eq!((part.text(), part.header("content-range")), ("PNG", format!("bytes 1-3/{}", PIXEL.len()).as_str()));
    let beyond = fetch(&desk.rep, url, &[("range", "bytes=999-")]).await.expect_status(416);
    assert_eq!(beyond.header("content-range"), format!("bytes */{}", PIXEL.len()));
    fetch(&desk.rep, url, &[("range", "bytes=1-3"), ("if-range", "\"other\"")]).await.expect_status(200);
    fetch(&desk.rep, url, &[("if-none-match", whole.header("etag"))]).await.expect_status(304);
    let small = desk.rep.get_json(file["thumbnailUrl"].as_str().unwrap()).await.expect_status(200);
    assert_eq!(small.header("content-type"), "image/png");
    desk.stranger.get_json(url).await.expect_status(404);
    desk.app.visitor().get_json(url).await.expect_status(401);
    desk.rep.get_json("/api/attachments/x").await.expect_status(404).problem();

    // Markup is never shown, whatever it says it is; notes' files are staff's.
    let page =
        upload(&desk.rep, "file", "a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>").await.of(201, "attachment");
    desk.rep.post(&send, &json!({ "content": "see", "internal": true, "attachments": [page["id"]] })).await.expect_status(201);
    let got = desk.rep.get_json(page["url"].as_str().unwrap()).await.expect_status(200);
    assert!(got.header("content-disposition").starts_with("attachment;"), "{got:?}");
    desk.maya.get_json(page["url"].as_str().unwrap()).await.expect_status(404);
    assert!(page["thumbnailUrl"].is_null());

    assert_eq!(upload(&desk.maya, "other", "a", b"x").await.field(422), "file");
    assert_eq!(upload(&desk.maya, "file", "a", b"").await.field(422), "file");
    upload(&desk.maya, "file", "a", &vec![0; 25 * 1024 * 1024 + 1]).await.expect_status(413).problem();
    desk.maya.post("/api/attachments", &json!({})).await.problem();
    let broken = Request::post("/api/attachments").header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
    desk.maya
        .send(broken.body(Body::from("--b\r\ncontent-disposition: form-data; name=\"file\"\r\n\r\nhalf")).unwrap())
        .await
        .expect_status(400)
        .problem();
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

#[tokio::test]
async fn the_description_is_public() {
    let desk = Desk::on(Stage::sqlite().await).await;
    let nobody = desk.app.visitor();
    let document: Value = nobody.get_json("/api/openapi.json").await.expect_status(200).json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let page = nobody.get("/api/docs").await.expect_status(200);
    assert!(page.header("content-type").starts_with("text/html") && page.text().contains("/api/tickets"));
    let nonce = page.text().split("nonce=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(page.header("content-security-policy").contains(&format!("'nonce-{nonce}'")));
}

/// Whatever comes, there is an answer, and it is no fault of ours.
#[tokio::test]
async fn nonsense_is_the_callers_fault() {
    let desk = Desk::on(Stage::sqlite().await).await;
    let paths = [
        "/api/tickets",
        "/api/chat/start",
        "/api/attachments",
        "/api/chat/x/message",
        "/api/chat/0190aaaa-0000-7000-8000-000000000001/message",
    ];
    let bodies = ["", "{", "null", "[]", "1", "\"x\"", "{\"subject\":null}", "{\"content\":{}}", "\u{0}", "{\"subject\":\"\\ud800\"}"];
    for path in paths {
        for body in bodies {
            for kind in ["application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=b", "\u{1}"] {
                let Ok(request) = Request::post(path).header(header::CONTENT_TYPE, kind).body(Body::from(body)) else { continue };
                let answer = desk.rep.send(request).await;
                assert!(answer.status.is_client_error(), "{path} {kind} {body}: {answer:?}");
                answer.problem();
            }
        }
    }
}
