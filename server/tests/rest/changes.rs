//! Changing tickets and conversations.

use super::*;

coco::both_dbs!(
    changes_need_their_rights_and_go_in_order,
    every_word_of_the_brief_is_a_state_to_go_to,
    a_change_that_is_refused_changes_nothing,
    what_is_put_back_is_in_the_queue,
    what_nobody_has_is_open_and_queued_whatever_its_status,
    teams_are_given_tickets_and_asked_for_them
);

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

async fn every_word_of_the_brief_is_a_state_to_go_to(stage: Stage) {
    let desk = Desk::on(stage).await;
    for before in [None, Some("in_progress"), Some("resolved"), Some("closed")] {
        for word in ["open", "in_progress", "waiting", "resolved", "closed"] {
            let path = format!("/api/tickets/{}", desk.ticket().await["number"].as_str().unwrap());
            if let Some(before) = before {
                put(&desk.rep, &path, &json!({ "status": before })).await.expect_status(200);
            }
            let answer = put(&desk.rep, &path, &json!({ "status": word })).await;
            if (before, word) == (Some("closed"), "resolved") {
                answer.expect_status(409);
                continue;
            }
            let ticket = answer.ticket();
            assert_eq!(ticket["statusGroup"], word, "from {before:?}");
            let owner = if ["in_progress", "waiting"].contains(&word) { json!("rep") } else { ticket["assignedAgentName"].clone() };
            assert_eq!(ticket["assignedAgentName"], owner, "from {before:?} to {word}");
        }
    }
    let path = format!("/api/tickets/{}", desk.ticket().await["number"].as_str().unwrap());
    assert_eq!(put(&desk.rep, &path, &json!({ "status": "assigned" })).await.field(422), "status");
    let both = put(&desk.rep, &path, &json!({ "status": "assigned", "assignedAgentId": "me" })).await.ticket();
    assert_eq!((&both["status"], &both["assignedAgentName"]), (&json!("assigned"), &json!("rep")));
}

async fn a_change_that_is_refused_changes_nothing(stage: Stage) {
    let desk = Desk::on(stage).await;
    let path = format!("/api/tickets/{}", desk.ticket().await["number"].as_str().unwrap());
    let before = desk.rep.get_json(&path).await.ticket();
    let change = json!({ "subject": "Other", "tags": ["late"], "assignedAgentId": "me", "status": "reopened" });
    assert_eq!(put(&desk.rep, &path, &change).await.expect_status(409).problem().code, "illegal_move");
    assert_eq!(desk.rep.get_json(&path).await.ticket(), before);
}

async fn what_nobody_has_is_open_and_queued_whatever_its_status(stage: Stage) {
    let desk = Desk::on(stage).await;
    let number = desk.ticket().await["number"].as_str().unwrap().to_owned();
    let services = &desk.app.stage.services;
    let rep = services.people.actor_by_email("rep@example.com").await.unwrap();
    services.tickets.escalate(&rep, &number, 2, None, "It smokes").await.unwrap();
    let ticket = desk.rep.get_json(&format!("/api/tickets/{number}")).await.ticket();
    assert_eq!((&ticket["status"], &ticket["statusGroup"]), (&json!("escalated"), &json!("open")));
    let chat = desk.rep.get_json(&format!("/api/chat/{}", ticket["conversationId"].as_str().unwrap())).await.conversation();
    assert_eq!(chat["status"], "queued");
}

async fn what_is_put_back_is_in_the_queue(stage: Stage) {
    let desk = Desk::on(stage).await;
    let chat = desk.maya.post("/api/chat/start", &json!({ "subject": "Hi" })).await.conversation();
    let path = format!("/api/chat/{}", chat["id"].as_str().unwrap());
    let queue = async || -> Vec<Value> {
        let answer: Value = desk.rep.get_json("/api/chat/queue").await.expect_status(200).json();
        answer["queue"].as_array().unwrap().iter().map(|q| q["conversationId"].clone()).collect()
    };
    assert_eq!(queue().await, [chat["id"].clone()]);
    let mine = put(&desk.rep, &path, &json!({ "status": "active" })).await.conversation();
    assert_eq!((&mine["status"], &mine["agentName"]), (&json!("active"), &json!("rep")));
    assert!(queue().await.is_empty());
    for before in ["active", "resolved", "closed"] {
        put(&desk.rep, &path, &json!({ "status": before })).await.expect_status(200);
        let back = put(&desk.rep, &path, &json!({ "status": "queued" })).await.conversation();
        assert_eq!((&back["status"], &back["agentId"]), (&json!("queued"), &json!(null)), "after {before}");
        assert_eq!(queue().await, [chat["id"].clone()], "after {before}");
    }
}

async fn teams_are_given_tickets_and_asked_for_them(stage: Stage) {
    let desk = Desk::on(stage).await;
    let services = &desk.app.stage.services;
    let rep = services.people.actor_by_email("rep@example.com").await.unwrap();
    let team = services.teams.create(&desk.app.vendor, "Billing", std::slice::from_ref(&rep.id)).await.unwrap();
    desk.ticket().await;
    let path = format!("/api/tickets/{}", desk.ticket().await["number"].as_str().unwrap());
    let given = put(&desk.rep, &path, &json!({ "assignedTeamId": team.id, "reason": "About money" })).await.ticket();
    assert_eq!((&given["assignedTeamId"], &given["assignedTeamName"]), (&json!(team.id), &json!("Billing")));
    assert_eq!(given["status"], "waiting_for_agent");
    let both = put(&desk.rep, &path, &json!({ "assignedTeamId": team.id, "assignedAgentId": "me" })).await.ticket();
    assert_eq!((&both["assignedTeamName"], &both["assignedAgentName"]), (&json!("Billing"), &json!("rep")));
    for query in ["view=my_teams".to_owned(), format!("assignedTeamId={}", team.id)] {
        let found: Value = desk.rep.get_json(&format!("/api/tickets?{query}")).await.expect_status(200).json();
        let numbers: Vec<_> = found["tickets"].as_array().unwrap().iter().map(|t| &t["number"]).collect();
        assert_eq!(numbers, [&given["number"]], "{query}");
    }
    for wrong in [json!("x"), json!("0190aaaa-0000-7000-8000-000000000001")] {
        assert_eq!(put(&desk.rep, &path, &json!({ "assignedTeamId": wrong })).await.field(422), "assignedTeamId");
    }
    let known = json!({ "id": team.id, "vendorId": desk.app.vendor, "name": "Billing", "memberIds": team.members });
    for query in [String::new(), format!("?vendorId={}", desk.app.vendor)] {
        let path = format!("/api/teams{query}");
        assert_eq!(desk.rep.get_json(&path).await.expect_status(200).json::<Value>()["teams"], json!([known]));
        desk.maya.get_json(&path).await.expect_status(403);
        let refused = desk.stranger.get_json(&path).await;
        if query.is_empty() {
            assert_eq!(refused.expect_status(200).json::<Value>()["teams"], json!([]));
        } else {
            refused.expect_status(404);
        }
    }
    // How staff are organised is no customer's matter.
    put(&desk.rep, &path, &json!({ "tags": ["late"] })).await.expect_status(200);
    let chat = format!("/api/chat/{}", given["conversationId"].as_str().unwrap());
    for (who, shown) in [(&desk.rep, true), (&desk.maya, false)] {
        let mut all: Value = who.get_json("/api/tickets").await.expect_status(200).json();
        let listed = all["tickets"].as_array_mut().unwrap().iter_mut().find(|t| t["number"] == given["number"]).unwrap().take();
        for one in [listed, who.get_json(&path).await.ticket()] {
            assert_eq!((one["assignedTeamId"] != json!(null), one["assignedTeamName"] == "Billing"), (shown, shown));
            assert_eq!(one["tags"] == json!(["late"]), shown);
        }
        assert_eq!(who.get_json(&chat).await.conversation()["tags"] == json!(["late"]), shown);
    }
    for query in ["tag=late".to_owned(), format!("assignedTeamId={}", team.id)] {
        desk.maya.get_json(&format!("/api/tickets?{query}")).await.expect_status(403).problem();
    }
    put(&desk.maya, &path, &json!({ "assignedTeamId": null })).await.expect_status(403);
    assert_eq!(put(&desk.rep, &path, &json!({ "assignedTeamId": null })).await.ticket()["assignedTeamId"], json!(null));
}
