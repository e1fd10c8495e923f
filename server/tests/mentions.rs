//! Calling a colleague in a note, as the desk sees it.

use crate::support::{TestApp, Visitor};
use coco::actor::Role;
use coco::tickets::{Channel, NewTicket};
use serde_json::json;

async fn unseen(app: &TestApp, who: &Visitor) -> i64 {
    let counters = who.call("tickets/load_counters", &[("vendor", app.vendor.as_str())]).await.expect_status(200);
    counters.json::<serde_json::Value>()["mentions"].as_i64().unwrap()
}

async fn lists(who: &Visitor, number: &str) -> bool {
    let body = json!({ "filter": { "view": "mentions" }, "page": { "limit": null, "cursor": null } });
    who.post("/sfn/app/tickets/api/list_tickets", &body).await.expect_status(200).text().contains(number)
}

#[tokio::test]
async fn who_is_called_in_a_note_finds_the_ticket_until_they_have_read_it() {
    let app = TestApp::new().await;
    let customer = app.person(Role::Customer, "cleo@example.com").await;
    for email in ["rita@example.com", "omar@example.com", "ana@example.com"] {
        app.person(Role::RepL1, email).await;
    }
    let ticket = app.stage.services.tickets.create(&customer, NewTicket::about("S", "D", Channel::Web)).await.unwrap();
    let conversation = app.stage.services.conversations.of_ticket(&customer, &ticket).await.unwrap().id;
    let (rita, omar, ana) = (app.login("rita@example.com").await, app.login("omar@example.com").await, app.login("ana@example.com").await);
    let message =
        json!({ "conversation_id": conversation, "content": "What do you say, @Omar?", "visibility": "staff", "attachments": [] });
    rita.post("/sfn/app/conversations/api/send_message", &json!({ "message": message })).await.expect_status(200);

    assert_eq!((unseen(&app, &omar).await, unseen(&app, &ana).await), (1, 0));
    assert_eq!((lists(&omar, &ticket.number).await, lists(&ana, &ticket.number).await), (true, false));
    let page = omar.get("/rep/inbox?view=mentions").await.expect_status(200);
    assert!(page.text().contains(&ticket.number));
    let case = omar.get(&format!("/rep/inbox/{}", ticket.number)).await.expect_status(200);
    assert!(case.text().contains(r#"<span class="bubble-mention">@Omar<"#), "the name stands out");

    let read = [("conversation", conversation.as_str()), ("delivered", "2"), ("read", "2")];
    omar.call("conversations/mark_read", &read).await.expect_status(200);
    assert_eq!(unseen(&app, &omar).await, 0);
    assert!(!lists(&omar, &ticket.number).await);
    let found = app.token("omar@example.com").await.get_json("/api/tickets?view=mentions").await.expect_status(200);
    assert!(!found.text().contains(&ticket.number));
}

#[tokio::test]
async fn what_looks_like_markup_in_a_note_stays_text() {
    let app = TestApp::new().await;
    let customer = app.person(Role::Customer, "cleo@example.com").await;
    let rita = app.person(Role::RepL1, "rita@example.com").await;
    app.stage.services.people.create("x@example.com", "<b>X</b>", Role::RepL2, std::slice::from_ref(&app.vendor)).await.unwrap();
    let ticket = app.stage.services.tickets.create(&customer, NewTicket::about("S", "D", Channel::Web)).await.unwrap();
    let conversation = app.stage.services.conversations.of_ticket(&customer, &ticket).await.unwrap().id;
    let note = coco::conversations::NewMessage {
        conversation_id: conversation,
        content: "@<b>X</b> <i>look</i>".into(),
        visibility: coco::conversations::Visibility::Staff,
        attachments: Vec::new(),
        client_id: None,
    };
    app.stage.services.conversations.send(&rita, note).await.unwrap();
    let case = app.login("rita@example.com").await.get(&format!("/rep/inbox/{}", ticket.number)).await.expect_status(200);
    assert!(case.text().contains(r#"<span class="bubble-mention">@&lt;b&gt;X&lt;/b&gt;<"#));
    assert!(!case.text().contains("<i>look</i>"));
}
