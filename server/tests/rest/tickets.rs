//! `/api/tickets`

use super::*;

coco::both_dbs!(tickets_of_the_brief, customers_open_for_themselves, lists_are_filtered_and_paged);

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
        (json!({ "subject": "S", "description": "D", "customerEmail": "nobody" }), "customerEmail"),
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
