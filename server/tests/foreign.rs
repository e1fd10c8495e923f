//! Each object asked for, through every way in, with the wrong vendor's session and by the wrong
//! customer: nothing of it may show, and nothing may change.

use crate::support::{Answer, TestApp, Visitor};
use coco::actor::{ENTRY_POINTS, Entry, Role, Scope};
use coco::auth::Registration;
use coco::conversations::{NewMessage, Visibility};
use coco::ports::mailer::{Mail, Mailer, Outbox};
use coco::sla::{Policy, PolicyText};
use coco::tickets::{Channel, CustomerRef, NewTicket, Ticket};
use serde_json::json;

/// Words that only those who may see the ticket may ever read.
const SECRET: &str = "xylophone";

/// The address of someone for whom staff opened a ticket.
const HELD: &str = "held@example.com";

/// What names nothing that could be another's: what is public, one's own account, sessions, tokens and
/// uploads. What the socket tells whom is tested with it.
const EXEMPT: [&str; 17] = [
    "/api/attachments",
    "/api/docs",
    "/api/openapi.json",
    "/ws",
    "/sfn/app/auth/api/sign_in",
    "/sfn/app/auth/api/register",
    "/sfn/app/auth/api/forgot_password",
    "/sfn/app/auth/api/reset_password",
    "/sfn/app/auth/api/set_up",
    "/sfn/app/auth/api/sign_out",
    "/sfn/app/auth/api/sign_out_everywhere",
    "/sfn/app/auth/api/change_password",
    "/sfn/app/auth/api/ask_to_confirm",
    "/sfn/app/auth/api/confirm_address",
    "/sfn/app/auth/api/create_token",
    "/sfn/app/people/api/edit_profile",
    "/sfn/app/people/api/set_presence",
];

/// Calls that name the object, and so must refuse.
const NAMED: [&str; 12] = [
    "load_ticket",
    "load_place",
    "explain_routing",
    "edit_ticket",
    "move_ticket",
    "assign_ticket",
    "assign_team",
    "rate_ticket",
    "rate_by_link",
    "load_invitation",
    "revoke_token",
    "read_mail",
];

/// A ticket with a file and a note, and the names of all that belongs to it.
struct Treasure {
    ticket: Ticket,
    conversation: String,
    file: String,
    customer: String,
    vendor: String,
    rep: String,
    /// The id of a token of the customer's, and its secret.
    token: (String, String),
    /// The id of a mail to the customer.
    mail: String,
}

/// A mail in the outbox.
async fn mail_to(app: &TestApp, address: &str) -> String {
    let mail = Mail { to: address.into(), subject: format!("The {SECRET}"), text: format!("Press here for the {SECRET}") };
    app.state.outbox.send(mail).await.unwrap();
    app.state.outbox.list(None, 1).await.unwrap().remove(0).id
}

async fn treasure(app: &TestApp) -> Treasure {
    let s = &app.stage.services;
    let customer = app.person(Role::Customer, "owner@example.com").await;
    let rep = app.person(Role::RepL1, "own.rep@example.com").await;
    let new = NewTicket::about(&format!("The {SECRET}"), &format!("My {SECRET} is broken"), Channel::Web);
    let ticket = s.tickets.create(&customer, new).await.unwrap();
    let conversation = s.conversations.of_ticket(&customer, &ticket).await.unwrap().id;
    let file = s.conversations.upload(&customer, "secret.txt", format!("the {SECRET}").into()).await.unwrap();
    let message = |content: &str, visibility, attachments| NewMessage {
        conversation_id: conversation.clone(),
        content: content.into(),
        visibility,
        attachments,
        client_id: None,
    };
    s.conversations.send(&customer, message(SECRET, Visibility::Customer, vec![file.id.clone()])).await.unwrap();
    s.conversations.send(&rep, message("a note", Visibility::Staff, Vec::new())).await.unwrap();
    s.tickets.transition(&rep, &ticket.number, coco::tickets::Status::Resolved, "", None).await.unwrap();
    let token = s.auth.create_token(&customer, &format!("For the {SECRET}"), &Scope::ALL).await.unwrap();
    while coco::tickets::search::catch_up(&s.core, &s.journey).await.unwrap() > 0 {}
    Treasure {
        conversation: conversation.to_string(),
        file: file.id.to_string(),
        customer: customer.id.to_string(),
        vendor: ticket.vendor_id.to_string(),
        rep: rep.id.to_string(),
        token: (token.0.id.to_string(), token.1),
        mail: mail_to(app, "owner@example.com").await,
        ticket,
    }
}

/// The same of a ticket that is held back from an account with its address.
async fn held_treasure(app: &TestApp) -> Treasure {
    let s = &app.stage.services;
    let rep = app.person(Role::RepL1, "own.rep@example.com").await;
    let file = s.conversations.upload(&rep, "secret.txt", format!("the {SECRET}").into()).await.unwrap();
    let customer = CustomerRef { id: None, email: Some(HELD.into()), name: format!("{SECRET} player") };
    let new = NewTicket {
        customer: Some(customer),
        attachments: vec![file.id.clone()],
        ..NewTicket::about(&format!("The {SECRET}"), &format!("My {SECRET} is broken"), Channel::Call)
    };
    let ticket = s.tickets.create(&rep, new).await.unwrap();
    assert!(ticket.is_held);
    let conversation = s.conversations.of_ticket(&rep, &ticket).await.unwrap().id;
    s.tickets.transition(&rep, &ticket.number, coco::tickets::Status::Resolved, "", None).await.unwrap();
    let token = s.auth.create_token(&rep, &format!("For the {SECRET}"), &Scope::ALL).await.unwrap();
    while coco::tickets::search::catch_up(&s.core, &s.journey).await.unwrap() > 0 {}
    Treasure {
        conversation: conversation.to_string(),
        file: file.id.to_string(),
        customer: ticket.customer_id.to_string(),
        vendor: ticket.vendor_id.to_string(),
        rep: rep.id.to_string(),
        token: (token.0.id.to_string(), token.1),
        mail: mail_to(app, HELD).await,
        ticket,
    }
}

/// The entry asked for the treasure, by its id and by its number, with a body that would do harm.
async fn ask(entry: &Entry, t: &Treasure, who: &Visitor) -> Answer {
    let number = t.ticket.number.as_str();
    let path = entry.path.replace("{ticketId}", number).replace("{conversationId}", &t.conversation).replace("{attachmentId}", &t.file);
    let edit = json!({ "number": number, "edit": { "subject": "taken over" } });
    let message =
        json!({ "message": { "conversation_id": t.conversation, "content": "intruder", "visibility": "customer", "attachments": [] } });
    let page = json!({ "limit": null, "cursor": null });
    let name = entry.path.rsplit('/').next().unwrap();
    match (entry.method, name) {
        ("GET", "events") => {
            who.get_json(&format!("{path}?topics=ticket:{},inbox:{},customer:{}&since=0", t.ticket.id, t.vendor, t.customer)).await
        }
        ("GET", "tickets") => who.get_json(&format!("{path}?view=all&q={SECRET}&customerId={}", t.customer)).await,
        ("GET", "queue" | "analytics" | "teams") => who.get_json(&format!("{path}?vendorId={}", t.vendor)).await,
        ("GET", _) if entry.path.contains('{') => who.get_json(&path).await,
        ("POST", "tickets" | "start") => {
            let body = json!({ "vendorId": t.vendor, "customerId": t.customer, "subject": "for them", "description": "x", "attachments": [t.file] });
            who.post(&path, &body).await
        }
        ("POST", "message") => who.post(&path, &json!({ "content": "intruder", "attachments": [t.file] })).await,
        ("PUT", _) => {
            let request =
                axum::http::Request::put(&path).header("content-type", "application/json").header("sec-fetch-site", "same-origin");
            let body = json!({ "subject": "taken over", "status": "closed", "assignedAgentId": "me", "agentId": t.rep });
            who.send(request.body(body.to_string().into()).unwrap()).await
        }
        ("POST", "list_tickets") => {
            let filter = json!({ "view": "all", "vendor_id": t.vendor, "customer_id": t.customer, "q": SECRET });
            who.post(&path, &json!({ "filter": filter, "page": page })).await
        }
        ("POST", "edit_ticket") => who.post(&path, &edit).await,
        ("POST", "assign_ticket") => who.post(&path, &json!({ "number": number, "rep": t.rep, "reason": "", "version": null })).await,
        ("POST", "assign_team") => who.post(&path, &json!({ "number": number, "team": null, "reason": "", "version": null })).await,
        ("POST", "move_ticket") => who.post(&path, &json!({ "number": number, "status": "closed", "reason": "", "version": null })).await,
        ("POST", "send_message") => who.post(&path, &message).await,
        ("POST", "earlier_messages") => who.post(&path, &json!({ "conversation": t.conversation, "page": page })).await,
        ("POST", "list_mail" | "my_journey") => who.post(&path, &json!({ "page": page })).await,
        ("POST", "load_ticket" | "load_place" | "explain_routing") => form(who, entry, &[("number", number)]).await,
        ("POST", "save_policy") => who.post(&path, &json!({ "vendor": t.vendor, "text": PolicyText::of(&Policy::standard(), 0) })).await,
        ("POST", "save_routing" | "preview_routing") => {
            let rules = json!({ "automatic": true, "sticky": true, "higher_levels_help": true, "needs": [] });
            who.post(&path, &json!({ "vendor": t.vendor, "edit": { "rules": rules, "reps": [], "version": 0 } })).await
        }
        ("POST", "load_invitation") => form(who, entry, &[("token", number)]).await,
        ("POST", "rate_by_link") => form(who, entry, &[("token", number), ("number", number), ("score", "1")]).await,
        ("POST", "rate_ticket") => form(who, entry, &[("number", number), ("score", "1"), ("comment", "bad")]).await,
        ("POST", "post_message") => form(who, entry, &[("conversation", &t.conversation), ("content", "intruder")]).await,
        ("POST", "mark_read") => form(who, entry, &[("conversation", &t.conversation), ("delivered", "1"), ("read", "1")]).await,
        (
            "POST",
            "load_counters" | "load_overview" | "load_routing" | "load_policy" | "load_attainment" | "list_colleagues" | "list_teams"
            | "list_categories" | "choose_vendor",
        ) => form(who, entry, &[("vendor", &t.vendor)]).await,
        (
            "POST",
            "list_tokens" | "load_viewer" | "load_me" | "load_presence" | "my_vendors" | "vendor_choices" | "newest_event"
            | "newest_unrated",
        ) => form(who, entry, &[]).await,
        ("POST", "read_mail") => form(who, entry, &[("id", &t.mail)]).await,
        ("POST", "revoke_token") => form(who, entry, &[("id", &t.token.0)]).await,
        ("POST", "create_ticket") => {
            form(who, entry, &[("vendor", &t.vendor), ("subject", "s"), ("description", "d"), ("attachments[0]", &t.file)]).await
        }
        _ => panic!("{} {}: say how it could be asked for what is another's, or name it in EXEMPT", entry.method, entry.path),
    }
}

async fn form(who: &Visitor, entry: &Entry, fields: &[(&str, &str)]) -> Answer {
    who.call(&entry.path.trim_start_matches("/sfn/app/").replace("/api/", "/"), fields).await
}

async fn nothing_shows(app: &TestApp, t: &Treasure, who: &Visitor, label: &str) {
    let s = &app.stage.services;
    let rep = s.people.actor_by_email("own.rep@example.com").await.unwrap();
    let before = s.tickets.view(&rep, &t.ticket.number).await.unwrap();
    for entry in ENTRY_POINTS.iter().filter(|e| !EXEMPT.contains(&e.path)) {
        let answer = ask(entry, t, who).await;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        let what = format!("{label}: {} {}: {} {text}", entry.method, entry.path, answer.status);
        assert!(!text.contains(SECRET) && !text.contains("a note"), "{what}");
        assert!(!answer.status.is_server_error(), "{what}");
        let named = entry.path.contains("{") || NAMED.iter().any(|n| entry.path.ends_with(n));
        assert!(!named || [403, 404].contains(&answer.status.as_u16()), "{what}");
    }
    let after = s.tickets.view(&rep, &t.ticket.number).await.unwrap();
    assert_eq!(
        (after.ticket, after.thread.messages, after.rating),
        (before.ticket, before.thread.messages, before.rating),
        "{label} changed something"
    );
    assert!(s.routing.automatic().await.unwrap().is_empty(), "{label} changed the routing");
    assert!(s.auth.by_token(&t.token.1).await.unwrap().is_some(), "{label} revoked a token of another");
}

async fn nothing_shows_elsewhere(app: &TestApp, t: &Treasure) {
    let elsewhere = app.stage.vendor("elsewhere").await;
    for role in Role::ALL.into_iter().filter(|r| r.is_staff()) {
        let email = format!("{}@elsewhere.example", role.as_str());
        let user = app.stage.services.people.create(&email, role.as_str(), role, std::slice::from_ref(&elsewhere)).await.unwrap();
        app.stage.services.auth.set_password(&user.id, crate::support::PASSWORD).await.unwrap();
        nothing_shows(app, t, &app.login(&email).await, role.as_str()).await;
        nothing_shows(app, t, &app.token(&email).await, &format!("{} by token", role.as_str())).await;
    }
}

#[tokio::test]
async fn another_vendors_staff_find_nothing() {
    let app = TestApp::new().await;
    nothing_shows_elsewhere(&app, &treasure(&app).await).await;
}

#[tokio::test]
async fn another_vendors_staff_find_nothing_of_what_is_held_back() {
    let app = TestApp::new().await;
    nothing_shows_elsewhere(&app, &held_treasure(&app).await).await;
}

#[tokio::test]
async fn another_customer_of_the_same_vendor_finds_nothing() {
    let app = TestApp::new().await;
    let t = treasure(&app).await;
    app.person(Role::Customer, "nosy@example.com").await;
    nothing_shows(&app, &t, &app.login("nosy@example.com").await, "another customer").await;
}

#[tokio::test]
async fn who_has_not_proved_the_address_finds_nothing() {
    let app = TestApp::new().await;
    let auth = &app.stage.services.auth;
    let form = Registration { name: "Stranger".into(), email: HELD.into(), password: crate::support::PASSWORD.into() };
    auth.register(form, "https://help.example.com").await.unwrap();
    let t = held_treasure(&app).await;
    let stranger = app.login(HELD).await;
    for chosen in [false, true] {
        nothing_shows(&app, &t, &stranger, &format!("by session, at the vendor: {chosen}")).await;
        nothing_shows(&app, &t, &app.token(HELD).await, &format!("by token, at the vendor: {chosen}")).await;
        stranger.call("vendors/choose_vendor", &[("vendor", &t.vendor)]).await.expect_status(200);
    }
}

#[tokio::test]
async fn those_who_may_do_find_it() {
    let app = TestApp::new().await;
    let t = treasure(&app).await;
    app.person(Role::AdminSuper, "own.boss@example.com").await;
    let of_ticket = ["load_ticket", "list_tickets", "earlier_messages"].as_slice();
    let finds =
        [("owner@example.com", of_ticket), ("own.rep@example.com", of_ticket), ("own.boss@example.com", &["list_mail", "read_mail"])];
    for (who, names) in finds {
        let visitor = app.login(who).await;
        for name in names {
            let entry = ENTRY_POINTS.iter().find(|e| e.path.ends_with(name)).unwrap();
            let answer = ask(entry, &t, &visitor).await;
            assert!(answer.status.is_success(), "{who} {name}: {}", answer.status);
            assert!(String::from_utf8_lossy(&answer.body).contains(SECRET), "{who} {name}");
        }
    }
}
