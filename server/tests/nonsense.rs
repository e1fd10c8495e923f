//! Anything at all is sent to every way in: it may be refused, but it is never a fault of ours.

use crate::support::{TestApp, Visitor};
use axum::body::Body;
use axum::http::{Request, header};
use coco::actor::{ENTRY_POINTS, Entry, Role};
use coco::tickets::{Channel, NewTicket};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};

/// Requests to each way in.
const EACH: usize = 60;

/// Names of fields, so that what is sent gets further than the first one missing.
const FIELDS: &str = "subject description content status priority category tags assignedAgentId agentId version customerEmail \
    customerId customerName vendorId channel clientId attachments internal reason message edit number filter page limit cursor rep \
    conversation state name email id scopes score token vendor visibility";

fn field() -> impl Strategy<Value = &'static str> {
    prop::sample::select(FIELDS.split_whitespace().collect::<Vec<_>>())
}

/// Values that mean something somewhere, and some that must not.
const WORDS: [&str; 12] =
    ["open", "closed", "urgent", "me", "all", "online", "customer", "tickets:read", "TKT-2026-000001", "-1", "\0", "\u{202E}x"];

fn word() -> impl Strategy<Value = String> {
    prop_oneof![prop::sample::select(&WORDS[..]).prop_map(str::to_owned), "\\PC{0,40}", any::<String>(), "a{300}"]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|n| json!(n)),
        word().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from), object(inner).prop_map(Value::from)]
    })
}

fn object(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Map<String, Value>> {
    let field = field().prop_map(str::to_owned);
    prop::collection::vec((field, value), 0..12).prop_map(|pairs| pairs.into_iter().collect())
}

/// A media type and a body.
fn body() -> impl Strategy<Value = (&'static str, Vec<u8>)> {
    let form = prop::collection::vec((field(), word()), 0..12);
    prop_oneof![
        3 => object(value()).prop_map(|o| ("application/json", Value::from(o).to_string().into_bytes())),
        1 => value().prop_map(|v| ("application/json", v.to_string().into_bytes())),
        2 => form.prop_map(|pairs| ("application/x-www-form-urlencoded", encoded(&pairs))),
        1 => prop::collection::vec(any::<u8>(), 0..200).prop_map(|bytes| ("application/json", bytes)),
        1 => prop::collection::vec(any::<u8>(), 0..200).prop_map(|bytes| ("application/x-www-form-urlencoded", bytes)),
        1 => prop::collection::vec(any::<u8>(), 0..200).prop_map(|bytes| ("multipart/form-data; boundary=b", bytes)),
    ]
}

fn encoded(pairs: &[(&str, String)]) -> Vec<u8> {
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    crate::support::form(&pairs).into_bytes()
}

struct Target {
    app: TestApp,
    ticket: String,
    conversation: String,
}

coco::both_dbs!(nothing_that_is_sent_is_a_fault_of_ours);

async fn nothing_that_is_sent_is_a_fault_of_ours(stage: coco::db::testing::Stage) {
    let app = TestApp::on(stage, &[("sign_in_rate", "1000000")]).await;
    let maya = app.person(Role::Customer, "maya@example.com").await;
    app.person(Role::AdminSuper, "boss@example.com").await;
    let s = &app.stage.services;
    let ticket = s.tickets.create(&maya, NewTicket::about("Charger", "Broken", Channel::Web)).await.unwrap();
    let conversation = s.conversations.of_ticket(&maya, &ticket).await.unwrap().id.to_string();
    let target = Target { ticket: ticket.number, conversation, app };
    let mut runner = TestRunner::deterministic();
    for email in ["maya@example.com", "boss@example.com"] {
        let person = target.app.login(email).await;
        for entry in ENTRY_POINTS.iter().filter(|e| e.method != "GET" && !e.path.contains("/auth/api/sign_")) {
            bombard(&target, &person, entry, &mut runner).await;
        }
    }
}

async fn bombard(at: &Target, person: &Visitor, entry: &Entry, runner: &mut TestRunner) {
    let path = entry.path.replace("{ticketId}", &at.ticket).replace("{conversationId}", &at.conversation);
    for _ in 0..EACH {
        let (kind, bytes) = body().new_tree(runner).unwrap().current();
        let request = Request::builder().method(entry.method).uri(&path).header(header::CONTENT_TYPE, kind);
        let answer = person.send(request.header("sec-fetch-site", "same-origin").body(Body::from(bytes.clone())).unwrap()).await;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(!answer.status.is_server_error(), "{} {path} {kind} {text:?}: {answer:?}", entry.method);
        if answer.status.is_client_error() && path.starts_with("/api/") {
            answer.problem();
        }
    }
}
