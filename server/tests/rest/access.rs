//! Who gets in, with what, and what nonsense gets.

use super::*;

coco::both_dbs!(tokens_reach_what_their_scopes_name, nonsense_is_the_callers_fault, no_character_is_a_fault_of_ours);

async fn tokens_reach_what_their_scopes_name(stage: Stage) {
    let desk = Desk::on(stage).await;
    let ticket = desk.ticket().await;
    let (key, chat) = (ticket["number"].as_str().unwrap(), ticket["conversationId"].as_str().unwrap());
    let (of_ticket, of_chat) = (format!("/api/tickets/{key}"), format!("/api/chat/{chat}"));
    let events = format!("/api/events?topics=ticket:{}", ticket["id"].as_str().unwrap());
    let messages = format!("{of_chat}/messages");
    let chats = [of_chat.as_str(), &messages, &events, "/api/chat/queue"];
    let (reader, listener) = (
        desk.app.token_for("rep@example.com", &[Scope::TicketsRead]).await,
        desk.app.token_for("rep@example.com", &[Scope::ChatRead]).await,
    );
    for path in [of_ticket.as_str(), "/api/tickets"] {
        reader.get_json(path).await.expect_status(200);
        listener.get_json(path).await.expect_status(403);
    }
    for path in chats {
        listener.get_json(path).await.expect_status(200);
        reader.get_json(path).await.expect_status(403);
    }
    let writer = desk.app.token_for("maya@example.com", &[Scope::TicketsWrite]).await;
    writer.post("/api/tickets", &json!({ "subject": "S", "description": "D" })).await.expect_status(201);
    writer.post("/api/chat/start", &json!({ "subject": "S" })).await.expect_status(201);
    writer.get_json(&of_ticket).await.expect_status(403);

    let lead = desk.app.token_for("lead@example.com", &[Scope::ChatRead]).await;
    let figures: Value = lead.get_json("/api/chat/analytics").await.expect_status(200).json();
    assert_eq!(figures["analytics"]["queueLength"], 3);
    listener.get_json("/api/chat/analytics").await.expect_status(403);
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
async fn nonsense_is_the_callers_fault(stage: Stage) {
    let desk = Desk::on(stage).await;
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

/// PostgreSQL stores no NUL and takes none in a question.
async fn no_character_is_a_fault_of_ours(stage: Stage) {
    let desk = Desk::on(stage).await;
    let ticket = desk.ticket().await;
    let (key, chat) = (ticket["number"].as_str().unwrap(), ticket["conversationId"].as_str().unwrap());
    for path in [
        "/api/tickets/%00",
        &format!("/api/tickets/{key}%00"),
        "/api/chat/%00",
        "/api/attachments/%00",
        "/api/tickets?tag=%00",
        "/api/tickets?cursor=1.%00",
        "/api/tickets?vendorId=%00",
        "/api/tickets?status=%00",
        "/api/events?topics=ticket:%00",
    ] {
        let answer = desk.rep.get_json(path).await;
        assert!(answer.status.is_client_error(), "{path}: {answer:?}");
        answer.problem();
    }
    desk.rep.get_json("/api/tickets?q=%00").await.expect_status(200);
    put(&desk.rep, "/api/tickets/%00", &json!({ "subject": "S" })).await.expect_status(404).problem();
    let with = |email: &str| {
        json!({
            "subject": "a\0", "description": "b\0", "category": "c\0", "tags": ["d\0"], "customerName": "e\0", "customerEmail": email,
        })
    };
    assert_eq!(desk.rep.post("/api/tickets", &with("\0@x.de")).await.field(422), "customerEmail");
    assert_eq!(desk.rep.post("/api/chat/start", &with("\0@x.de")).await.field(422), "customerEmail");
    desk.rep.post("/api/tickets", &with("e@x.de")).await.expect_status(201);
    let change = json!({ "subject": "a\0", "tags": ["b\0"], "category": "c\0" });
    put(&desk.rep, &format!("/api/tickets/{key}"), &change).await.expect_status(200);
    let send = format!("/api/chat/{chat}/message");
    desk.rep.post(&send, &json!({ "content": "a\0" })).await.expect_status(201);
    assert_eq!(desk.rep.post(&send, &json!({ "content": "a", "clientId": "\0" })).await.field(422), "clientId");
}
