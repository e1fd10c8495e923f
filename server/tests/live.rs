//! Live updates over real sockets.

use crate::support::TestApp;
use coco::actor::{Actor, Role, Scope};
use coco::conversations::{Message as Stored, NewMessage, Visibility};
use coco::db::sql;
use coco::db::testing::Stage;
use coco::event::Event;
use coco::id::{ConversationId, TicketId};
use coco::journey::{ActorRef, NewEvent};
use coco::tickets::{Channel, NewTicket, Status, TicketEdit};
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error as WsError, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Long enough for a frame that should not come.
const SILENCE: Duration = Duration::from_millis(300);

/// A running COCO that accepts sockets, with a customer, a rep and a ticket.
struct Live {
    app: TestApp,
    address: SocketAddr,
    maya: Actor,
    rep: Actor,
    ticket: TicketId,
    conversation: ConversationId,
}

impl Live {
    async fn on(stage: Stage) -> Self {
        let app = TestApp::on(stage, &[]).await;
        let (maya, rep) = (app.person(Role::Customer, "maya@example.com").await, app.person(Role::RepL1, "rep@example.com").await);
        let (ticket, conversation) = open(&app, &maya, "Broken charger").await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (router, lifecycle) = (server::http::router(&app.state), app.state.lifecycle.clone());
        #[expect(clippy::disallowed_methods, reason = "it ends with the test")]
        tokio::spawn(async move { server::http::serve(listener, router, &lifecycle).await });
        Self { app, address, maya, rep, ticket, conversation }
    }

    /// The secret of a new token of this person.
    async fn secret(&self, owner: &Actor) -> String {
        self.app.stage.services.auth.create_token(owner, "test", &Scope::ALL).await.unwrap().1
    }

    async fn connect(&self, who: &Actor) -> Client {
        let secret = self.secret(who).await;
        self.connect_with(&secret).await
    }

    async fn connect_with(&self, secret: &str) -> Client {
        let request = self.request("/ws", &[("authorization", &format!("Bearer {secret}"))]);
        Client::open(self.address, request).await.unwrap()
    }

    fn request(&self, path: &str, headers: &[(&'static str, &str)]) -> Request {
        let mut request = format!("ws://{}{path}", self.address).into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        request
    }

    /// A socket of this person that follows the ticket from now on.
    async fn member(&self, who: &Actor) -> Client {
        let mut client = self.connect(who).await;
        client.subscribe(&[&self.topic()], None).await;
        client
    }

    fn topic(&self) -> String {
        format!("ticket:{}", self.ticket)
    }

    fn inbox(&self) -> String {
        format!("inbox:{}", self.app.vendor)
    }

    async fn say(&self, who: &Actor, content: &str) -> Stored {
        self.write(who, content, Visibility::Customer).await
    }

    async fn write(&self, who: &Actor, content: &str, visibility: Visibility) -> Stored {
        let new = message(&self.conversation, content, visibility);
        self.app.stage.services.conversations.send(who, new).await.unwrap()
    }

    /// What polling tells.
    async fn poll(&self, who: &Actor, query: &str) -> Value {
        let visitor = self.app.visitor().bearing(&self.secret(who).await);
        visitor.get_json(&format!("/api/events?{query}")).await.expect_status(200).json()
    }
}

fn message(conversation: &ConversationId, content: &str, visibility: Visibility) -> NewMessage {
    NewMessage { conversation_id: conversation.clone(), content: content.into(), visibility, attachments: vec![], client_id: None }
}

async fn open(app: &TestApp, customer: &Actor, subject: &str) -> (TicketId, ConversationId) {
    let services = &app.stage.services;
    let new = NewTicket { vendor_id: Some(app.vendor.clone()), ..NewTicket::about(subject, "It does not charge", Channel::Chat) };
    let ticket = services.tickets.create(customer, new).await.unwrap();
    let conversation = services.conversations.of_ticket(customer, &ticket).await.unwrap();
    (ticket.id, conversation.id)
}

/// One end of a socket.
struct Client {
    ws: WebSocketStream<TcpStream>,
    /// Every text that came.
    heard: Vec<String>,
}

/// How a socket ended.
#[derive(Debug, PartialEq, Eq)]
enum End {
    Closed(u16),
    Cut,
}

impl Client {
    async fn open(address: SocketAddr, request: Request) -> Result<Self, WsError> {
        let (ws, _) = client_async(request, TcpStream::connect(address).await.unwrap()).await?;
        Ok(Self { ws, heard: Vec::new() })
    }

    async fn send(&mut self, frame: &Value) {
        self.ws.send(Message::text(frame.to_string())).await.unwrap();
    }

    /// The next frame, or how it ended.
    async fn next(&mut self) -> Result<Value, End> {
        loop {
            match timeout(PATIENCE, self.ws.next()).await.expect("nothing came") {
                Some(Ok(Message::Text(text))) => {
                    self.heard.push(text.to_string());
                    return Ok(serde_json::from_str(&text).unwrap());
                }
                Some(Ok(Message::Close(frame))) => return Err(End::Closed(frame.map_or(0, |f| u16::from(f.code)))),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(End::Cut),
            }
        }
    }

    /// Frames up to the first of this type.
    async fn until(&mut self, kind: &str) -> (Vec<Value>, Value) {
        let mut before = Vec::new();
        loop {
            let frame = self.next().await.unwrap_or_else(|end| panic!("{end:?} while waiting for {kind} after {before:?}"));
            if frame["type"] == kind {
                return (before, frame);
            }
            before.push(frame);
        }
    }

    /// The first frame of this type; others are passed over.
    async fn expect(&mut self, kind: &str) -> Value {
        self.until(kind).await.1
    }

    async fn end(&mut self) -> End {
        loop {
            if let Err(end) = self.next().await {
                return end;
            }
        }
    }

    /// Follows, and returns what was told before the answer, and the answer's `seq`.
    async fn subscribe(&mut self, topics: &[&str], since: Option<i64>) -> (Vec<Value>, i64) {
        self.send(&json!({ "type": "subscribe", "topics": topics, "since": since })).await;
        let (told, answer) = self.until("subscribed").await;
        (told, answer["seq"].as_i64().unwrap())
    }

    /// Whether nothing comes for a while.
    async fn is_silent(&mut self) -> bool {
        self.is_silent_for(SILENCE).await
    }

    async fn is_silent_for(&mut self, time: Duration) -> bool {
        timeout(time, self.next()).await.is_err()
    }

    fn heard_of(&self, text: &str) -> bool {
        self.heard.iter().any(|h| h.contains(text))
    }
}

fn seqs(frames: &[Value]) -> Vec<i64> {
    frames.iter().filter_map(|f| f["seq"].as_i64()).collect()
}

coco::both_dbs!(
    two_members_chat,
    what_was_missed_comes_first_and_once,
    the_same_message_is_stored_once,
    pipelined_messages_keep_their_order,
    foreign_topics_are_refused_one_by_one,
    customers_never_see_what_staff_write_for_each_other,
    receipts_are_seen_by_the_others,
    polling_tells_the_same,
    a_revoked_token_closes,
    what_is_not_understood_does_not_stop_the_rest,
    nothing_is_missed_while_many_write
);

async fn two_members_chat(stage: Stage) {
    let live = Live::on(stage).await;
    let (mut maya, mut rep) = (live.member(&live.maya).await, live.member(&live.rep).await);
    maya.send(&json!({ "type": "message", "conversationId": live.conversation, "data": { "content": "Hello?", "clientId": "c1" } })).await;
    let ack = maya.expect("ack").await;
    assert_eq!((&ack["clientId"], &ack["data"]["content"], &ack["data"]["position"]), (&json!("c1"), &json!("Hello?"), &json!(2)));

    let told = rep.expect("message").await;
    assert_eq!(told["data"], ack["data"]);
    assert_eq!(told["conversationId"], json!(live.conversation));
    assert_eq!(told["ticketId"], json!(live.ticket));
    assert_eq!(told["actor"]["name"], "maya");
    assert!(told["seq"].is_i64() && told["timestamp"].as_str().unwrap().ends_with('Z'));

    // The first answer takes the ticket, all in the words of brief 3. A frame without a place is
    // about the only ticket that is followed.
    rep.send(&json!({ "type": "message", "data": { "content": "Looking into it" } })).await;
    let assigned = maya.expect("agent_assigned").await;
    assert_eq!(assigned["data"]["agentName"], "rep");
    assert_eq!(assigned["conversationId"], json!(live.conversation));
    assert_eq!(maya.expect("status_change").await["data"]["status"], "assigned");
    assert_eq!(maya.expect("message").await["data"]["content"], "Looking into it");
    assert_eq!(maya.expect("status_change").await["data"]["status"], "in_progress");

    maya.send(&json!({ "type": "typing", "data": { "userName": "An impostor" } })).await;
    let typing = rep.expect("typing").await;
    assert_eq!(typing["data"], json!({ "userId": live.maya.id, "userName": "maya", "isTyping": true }));
    assert_eq!(typing["conversationId"], json!(live.conversation));
    assert!(typing.get("seq").is_none());
    maya.send(&json!({ "type": "stop_typing" })).await;
    assert_eq!(rep.expect("typing").await["data"]["isTyping"], false);
    assert!(!maya.heard_of("isTyping"), "one's own typing is not told");

    maya.send(&json!({ "type": "ping" })).await;
    assert_eq!(maya.expect("pong").await, json!({ "type": "pong" }));
    maya.send(&json!({ "type": "unsubscribe", "topics": [live.topic()] })).await;
    maya.expect("unsubscribed").await;
    live.say(&live.rep, "Are you there?").await;
    assert!(maya.is_silent().await);
}

async fn what_was_missed_comes_first_and_once(stage: Stage) {
    let live = Live::on(stage).await;
    let mut rep = live.connect(&live.rep).await;
    let (_, begin) = rep.subscribe(&[&live.topic(), &live.inbox()], None).await;
    live.say(&live.maya, "one").await;
    let seen = rep.expect("message").await["seq"].as_i64().unwrap();
    drop(rep);
    for n in 0..5 {
        live.say(&live.maya, &format!("missed {n}")).await;
    }
    let mut rep = live.connect(&live.rep).await;
    let (told, seq) = rep.subscribe(&[&live.inbox(), &live.topic()], Some(seen)).await;
    let texts: Vec<_> = told.iter().map(|f| f["data"]["content"].as_str().unwrap()).collect();
    assert_eq!(texts, ["missed 0", "missed 1", "missed 2", "missed 3", "missed 4"], "in order, and once though of two topics");
    assert_eq!(seqs(&told).last(), Some(&seq));
    live.say(&live.maya, "live again").await;
    assert_eq!(rep.expect("message").await["data"]["content"], "live again");
    assert!(rep.is_silent().await);

    // From the beginning again: everything once more.
    let (told, _) = rep.subscribe(&[&live.topic()], Some(begin)).await;
    assert_eq!(told.len(), 7);
    // From what has not happened, or too long ago: load anew.
    rep.send(&json!({ "type": "subscribe", "topics": [live.topic()], "since": seq + 1_000_000 })).await;
    let resync = rep.expect("resync").await;
    assert_eq!(resync["topics"], json!([live.topic()]));
    rep.expect("subscribed").await;
    let newest = fill(&live, 5_001).await;
    // Those followed already come by themselves.
    let mut late = live.connect(&live.rep).await;
    late.send(&json!({ "type": "subscribe", "topics": [live.topic()], "since": seq })).await;
    let (before, resync) = late.until("resync").await;
    assert!(before.is_empty());
    assert!(resync["seq"].as_i64().unwrap() <= newest);
    assert_eq!(late.expect("subscribed").await["seq"], resync["seq"]);
}

/// Tells the journey of so many things that do not matter; the last `seq`.
async fn fill(live: &Live, count: usize) -> i64 {
    let core = &live.app.stage.services.core;
    let mut tx = core.db.begin().await.unwrap();
    for _ in 0..count {
        tx.append(NewEvent {
            vendor_id: None,
            customer_id: None,
            ticket_id: None,
            conversation_id: None,
            visibility: Visibility::System,
            actor: ActorRef { kind: coco::actor::ActorKind::System, id: None, name: "test".into() },
            event: Event::CustomerRegistered {},
            at: core.now(),
        });
    }
    *tx.commit().await.unwrap().last().unwrap()
}

async fn the_same_message_is_stored_once(stage: Stage) {
    let live = Live::on(stage).await;
    let mut maya = live.member(&live.maya).await;
    let frame = json!({ "type": "message", "conversationId": live.conversation, "data": { "content": "once", "clientId": "same" } });
    for _ in 0..3 {
        maya.send(&frame).await;
    }
    let (mut acks, mut messages) = (Vec::new(), 0);
    while acks.len() < 3 || messages < 1 {
        let frame = maya.next().await.unwrap();
        match frame["type"].as_str().unwrap() {
            "ack" => acks.push(frame["data"]["id"].clone()),
            "message" => messages += 1,
            other => panic!("{other}"),
        }
    }
    assert!(acks.iter().all(|id| *id == acks[0]));
    assert!(maya.is_silent().await);

    let refused = json!({ "type": "message", "conversationId": live.conversation, "data": { "content": "  ", "clientId": "empty" } });
    maya.send(&refused).await;
    let error = maya.expect("error").await;
    assert_eq!((&error["code"], &error["clientId"], &error["errors"][0]["field"]), (&json!("invalid"), &json!("empty"), &json!("content")));
}

async fn pipelined_messages_keep_their_order(stage: Stage) {
    const COUNT: usize = 400;
    let live = Live::on(stage).await;
    let (mut maya, mut rep) = (live.member(&live.maya).await, live.member(&live.rep).await);
    let sending = async {
        for n in 0..COUNT {
            let data = json!({ "content": format!("m{n}"), "clientId": format!("c{n}") });
            maya.send(&json!({ "type": "message", "conversationId": live.conversation, "data": data })).await;
        }
        let mut acked = Vec::new();
        while acked.len() < COUNT {
            acked.push(maya.expect("ack").await["clientId"].as_str().unwrap().to_owned());
        }
        acked
    };
    let hearing = async {
        let mut heard = Vec::new();
        while heard.len() < COUNT {
            let frame = rep.expect("message").await;
            heard.push((frame["data"]["content"].as_str().unwrap().to_owned(), frame["data"]["position"].as_i64().unwrap()));
        }
        heard
    };
    let (acked, heard) = tokio::join!(sending, hearing);
    assert_eq!(acked, (0..COUNT).map(|n| format!("c{n}")).collect::<Vec<_>>());
    assert_eq!(heard, (0..COUNT).map(|n| (format!("m{n}"), n as i64 + 2)).collect::<Vec<_>>());
}

async fn foreign_topics_are_refused_one_by_one(stage: Stage) {
    let live = Live::on(stage).await;
    let other = live.app.stage.vendor("other").await;
    let stranger = live.app.stage.person(Role::RepL3, "Stranger", &other).await;
    let noor = live.app.person(Role::Customer, "noor@example.com").await;
    let (topic, inbox, of_maya) = (live.topic(), live.inbox(), format!("customer:{}", live.maya.id));
    for (who, wanted, refused) in [
        (&stranger, vec![&topic, &inbox, &of_maya], ["not_found"; 3].as_slice()),
        (&noor, vec![&topic, &inbox, &of_maya], &["not_found", "forbidden", "not_found"]),
        (&live.rep, vec![&of_maya], &["not_found"]),
    ] {
        let mut client = live.connect(who).await;
        let mine = format!("customer:{}", who.id);
        let mut topics = wanted.iter().map(|t| t.as_str()).collect::<Vec<_>>();
        topics.extend(["nonsense", &mine]);
        client.send(&json!({ "type": "subscribe", "topics": topics, "since": 0 })).await;
        let (told, answer) = client.until("subscribed").await;
        assert_eq!(answer["topics"], json!([mine]), "others proceed");
        let errors: Vec<_> = told.iter().filter(|f| f["type"] == "error").map(|f| (f["topic"].clone(), f["code"].clone())).collect();
        let mut want: Vec<_> = wanted.iter().zip(refused).map(|(t, code)| (json!(t), json!(code))).collect();
        want.push((json!("nonsense"), json!("invalid")));
        assert_eq!(errors, want);
        live.say(&live.maya, "a secret").await;
        client.send(&json!({ "type": "message", "conversationId": live.conversation, "data": { "content": "x" } })).await;
        let answer = client.expect(if who.id == live.rep.id { "ack" } else { "error" }).await;
        assert!(who.id == live.rep.id || answer["code"] == "not_found", "{answer}");
        for frame in ["typing", "read"] {
            client.send(&json!({ "type": frame, "conversationId": live.conversation, "data": { "position": 1 } })).await;
            if who.id != live.rep.id {
                assert_eq!(client.expect("error").await["code"], "not_found");
            }
        }
        assert!(!client.heard_of("a secret"));
    }
}

async fn customers_never_see_what_staff_write_for_each_other(stage: Stage) {
    let live = Live::on(stage).await;
    let since = live.poll(&live.maya, &format!("topics={}", live.topic())).await["seq"].as_i64().unwrap();
    let of_maya = format!("customer:{}", live.maya.id);
    let mut maya = live.connect(&live.maya).await;
    maya.subscribe(&[&live.topic(), &of_maya], None).await;
    let mut rep = live.member(&live.rep).await;
    let (tickets, id) = (&live.app.stage.services.tickets, live.ticket.as_str());
    rep.send(&json!({ "type": "typing", "data": { "internal": true } })).await;
    rep.send(&json!({ "type": "message", "data": { "content": "SECRET note", "internal": true } })).await;
    rep.expect("ack").await;
    tickets.assign(&live.rep, id, Some(&live.rep.id), "SECRET assignment", None).await.unwrap();
    tickets.transition(&live.rep, id, Status::InProgress, "SECRET move", None).await.unwrap();
    tickets.escalate(&live.rep, id, 2, None, "SECRET escalation").await.unwrap();
    tickets.edit(&live.rep, id, TicketEdit { tags: Some(vec!["secret".into()]), ..TicketEdit::default() }).await.unwrap();
    live.say(&live.rep, "The end").await;
    let (told, _) = maya.until("message").await;
    let kinds: Vec<_> = told.iter().map(|f| f["type"].as_str().unwrap()).collect();
    assert_eq!(kinds.iter().filter(|k| **k == "agent_assigned").count(), 3);
    assert!(!kinds.contains(&"typing") && !kinds.contains(&"note"), "{kinds:?}");
    for _ in 0..4 {
        rep.until("status_change").await;
    }
    assert!(rep.heard_of("SECRET note") && rep.heard_of("SECRET assignment") && rep.heard_of("SECRET move"));

    // Nor later, nor by polling.
    let mut again = live.connect(&live.maya).await;
    again.subscribe(&[&live.topic(), &of_maya], Some(since)).await;
    let polled = live.poll(&live.maya, &format!("topics={},{of_maya}&since={since}", live.topic())).await;
    assert!(again.heard_of("The end") && polled.to_string().contains("The end"));
    assert!(!maya.heard_of("SECRET") && !again.heard_of("SECRET") && !polled.to_string().contains("SECRET"));
    assert!(!maya.heard_of("secret") && !again.heard_of("secret"));
    // And they cannot write notes.
    maya.send(&json!({ "type": "message", "conversationId": live.conversation, "data": { "content": "x", "internal": true } })).await;
    assert_eq!(maya.expect("error").await["code"], "forbidden");
    maya.send(&json!({ "type": "presence", "data": { "status": "online" } })).await;
    assert_eq!(maya.expect("error").await["code"], "forbidden");
}

async fn receipts_are_seen_by_the_others(stage: Stage) {
    let live = Live::on(stage).await;
    let (mut maya, mut rep) = (live.member(&live.maya).await, live.member(&live.rep).await);
    let said = live.say(&live.maya, "Hello?").await;
    rep.send(&json!({ "type": "delivered", "data": { "position": said.position } })).await;
    let receipt = maya.expect("receipt").await;
    let want = json!({ "userId": live.rep.id, "isStaff": true, "deliveredPosition": 2, "readPosition": 0 });
    assert_eq!((&receipt["data"], &receipt["conversationId"]), (&want, &json!(live.conversation)));
    rep.send(&json!({ "type": "read", "conversationId": live.conversation, "data": { "messageId": said.id } })).await;
    assert_eq!(maya.expect("receipt").await["data"]["readPosition"], 2);
    rep.send(&json!({ "type": "read", "data": { "messageId": live.ticket } })).await;
    assert_eq!(rep.expect("error").await["code"], "not_found");
}

async fn polling_tells_the_same(stage: Stage) {
    let live = Live::on(stage).await;
    let topics = format!("topics={},{}", live.topic(), live.inbox());
    let since = live.poll(&live.rep, &topics).await["seq"].as_i64().unwrap();
    let mut rep = live.connect(&live.rep).await;
    rep.subscribe(&[&live.topic(), &live.inbox()], None).await;
    live.say(&live.maya, "Hello?").await;
    live.write(&live.rep, "A note", Visibility::Staff).await;
    live.say(&live.rep, "Looking into it").await;
    live.say(&live.maya, "Thanks").await;
    let mut heard = Vec::new();
    while heard.last().is_none_or(|f: &Value| f["data"]["content"] != "Thanks") {
        heard.push(rep.next().await.unwrap());
    }
    let polled = live.poll(&live.rep, &format!("{topics}&since={since}")).await;
    assert_eq!(polled["events"], json!(heard));
    assert_eq!((&polled["resync"], &polled["seq"]), (&json!(false), &heard.last().unwrap()["seq"]));

    // Nothing yet: waits for the next.
    let seq = polled["seq"].as_i64().unwrap();
    waits_for_the_next(&live, &topics, seq).await;
    let gone = live.poll(&live.rep, &format!("{topics}&since={}", seq + 1_000_000)).await;
    assert_eq!(gone["resync"], true);
    let rep = live.app.visitor().bearing(&live.secret(&live.rep).await);
    for (query, field) in [("", "topics"), ("topics=x", "topics"), ("topics=inbox:1", "topics"), (&format!("{topics}&since=x"), "since")] {
        let problem = rep.get_json(&format!("/api/events?{query}")).await.expect_status(422).problem();
        assert_eq!(problem.errors[0].field, field, "{query}");
    }
    let maya = live.app.visitor().bearing(&live.secret(&live.maya).await);
    maya.get_json(&format!("/api/events?topics={}", live.inbox())).await.expect_status(403);
}

async fn waits_for_the_next(live: &Live, topics: &str, seq: i64) {
    let begun = Instant::now();
    let late = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        live.say(&live.maya, "Late").await
    };
    let query = format!("{topics}&since={seq}&wait=20");
    let (answer, said) = tokio::join!(live.poll(&live.rep, &query), late);
    assert!(begun.elapsed() >= Duration::from_millis(300) && begun.elapsed() < PATIENCE);
    assert_eq!(answer["events"][0]["data"]["id"], json!(said.id));
    assert_eq!(answer["seq"], answer["events"][0]["seq"]);
}

async fn a_revoked_token_closes(stage: Stage) {
    let live = Live::on(stage).await;
    let auth = &live.app.stage.services.auth;
    let (token, secret) = auth.create_token(&live.rep, "test", &Scope::ALL).await.unwrap();
    let (mut ending, mut staying) = (live.connect_with(&secret).await, live.connect(&live.rep).await);
    for client in [&mut ending, &mut staying] {
        client.subscribe(&[&live.topic()], None).await;
    }
    let begun = Instant::now();
    auth.revoke_token(&live.rep, &token.id).await.unwrap();
    assert_eq!(ending.end().await, End::Closed(4401));
    assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
    live.say(&live.maya, "still there?").await;
    staying.expect("message").await;
    let request = live.request("/ws", &[("authorization", &format!("Bearer {secret}"))]);
    assert!(matches!(Client::open(live.address, request).await, Err(WsError::Http(r)) if r.status() == 401));
}

/// As when a newer version runs on another node.
async fn what_is_not_understood_does_not_stop_the_rest(stage: Stage) {
    const FUTURE: &str = "INSERT INTO journey_events (vendor_id, ticket_id, kind, visibility, actor_kind, actor_name, payload, at)
        VALUES ($1, $2, 'from_the_future', 'customer', 'system', 'COCO', '{}', 0)";
    let live = Live::on(stage).await;
    let mut rep = live.connect(&live.rep).await;
    let (_, since) = rep.subscribe(&[&live.inbox()], None).await;
    let mut tx = live.app.stage.services.core.db.begin().await.unwrap();
    sql(FUTURE).bind(&live.app.vendor).bind(&live.ticket).run(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    live.say(&live.maya, "Hello?").await;
    assert_eq!(rep.next().await.unwrap()["data"]["content"], "Hello?");
    let (told, _) = rep.subscribe(&[&live.topic()], Some(since)).await;
    assert_eq!(told.len(), 1);
}

/// Many write in many ways at once; one follower stays, another comes and goes. On PostgreSQL a lower
/// `seq` could become visible after a higher one.
async fn nothing_is_missed_while_many_write(stage: Stage) {
    const WRITERS: usize = 8;
    const ROUNDS: usize = 25;
    let live = Arc::new(Live::on(stage).await);
    let mut stays = live.connect(&live.rep).await;
    let (_, begin) = stays.subscribe(&[&live.inbox()], None).await;

    let mut writers = tokio::task::JoinSet::new();
    for w in 0..WRITERS {
        let live = live.clone();
        writers.spawn(async move {
            let services = &live.app.stage.services;
            for n in 0..ROUNDS {
                match (w + n) % 3 {
                    0 => drop(open(&live.app, &live.maya, &format!("ticket {w} {n}")).await),
                    1 => drop(live.say(&live.maya, &format!("message {w} {n}")).await),
                    _ => {
                        let edit = TicketEdit { subject: Some(format!("subject {w} {n}")), ..TicketEdit::default() };
                        services.tickets.edit(&live.rep, live.ticket.as_str(), edit).await.unwrap();
                    }
                }
            }
        });
    }
    #[expect(clippy::disallowed_methods, reason = "it ends within the test")]
    let flapping = tokio::spawn({
        let live = live.clone();
        async move {
            let secret = live.secret(&live.rep).await;
            let (mut seen, mut since) = (Vec::new(), begin);
            while !live.app.state.lifecycle.is_stopping() {
                let mut client = live.connect_with(&secret).await;
                client.send(&json!({ "type": "subscribe", "topics": [live.inbox()], "since": since })).await;
                // Drops in the middle of a replay, or of what is live.
                for _ in 0..(7 + since % 11) {
                    let Ok(Ok(frame)) = timeout(SILENCE, client.next()).await else { break };
                    if let (Some(seq), false) = (frame["seq"].as_i64(), frame["type"] == "subscribed") {
                        seen.push(seq);
                        since = seq;
                    }
                }
            }
            seen
        }
    });
    while let Some(done) = writers.join_next().await {
        done.unwrap();
    }
    let all = live.app.stage.services.journey.tail(begin, 10_000).await.unwrap().events;
    let want: Vec<i64> = all.iter().filter(|e| e.vendor_id.as_ref() == Some(&live.app.vendor)).map(|e| e.seq).collect();
    assert!(want.len() >= WRITERS * ROUNDS);
    let mut heard = Vec::new();
    while heard.last() != want.last() {
        heard.extend(stays.next().await.unwrap()["seq"].as_i64());
    }
    assert_eq!(heard, want, "in order, nothing missed, nothing twice");
    tokio::time::sleep(2 * SILENCE).await;
    live.app.state.lifecycle.stop();
    assert_eq!(flapping.await.unwrap(), want, "nor by coming and going");
}

async fn on_sqlite() -> Live {
    Live::on(Stage::sqlite().await).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_read_is_refused_and_then_closes() {
    let live = on_sqlite().await;
    let mut client = live.connect(&live.maya).await;
    let frames = ["", "{", "[]", "\u{0}", r#"{"type":"dance"}"#, r#"{"type":"subscribe"}"#, r#"{"type":"message","data":{"content":1}}"#];
    for frame in frames {
        client.ws.send(Message::text(frame)).await.unwrap();
        assert_eq!(client.expect("error").await["code"], "invalid", "{frame}");
    }
    client.send(&json!({ "type": "message", "conversationId": "no id", "data": { "content": "x", "clientId": "c" } })).await;
    let error = client.expect("error").await;
    assert_eq!((&error["code"], &error["clientId"]), (&json!("not_found"), &json!("c")));
    client.send(&json!({ "type": "typing" })).await;
    assert_eq!(client.expect("error").await["errors"][0]["field"], "conversationId");
    let end = async {
        for _ in 0..20 {
            if client.ws.send(Message::text("{")).await.is_err() {
                break;
            }
        }
        client.end().await
    };
    assert_eq!(end.await, End::Closed(1008));

    let mut client = live.connect(&live.maya).await;
    client.ws.send(Message::binary(vec![1, 2, 3])).await.unwrap();
    assert_eq!(client.end().await, End::Closed(u16::from(CloseCode::Unsupported)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_frames_close_cleanly() {
    let live = on_sqlite().await;
    for size in [64 * 1024 + 1, 1024 * 1024] {
        let mut client = live.member(&live.maya).await;
        client.ws.send(Message::text("x".repeat(size))).await.unwrap();
        assert_eq!(client.end().await, End::Closed(1009), "{size}");
    }
    // The largest that is taken holds the longest message.
    let mut client = live.member(&live.maya).await;
    let content = "ä".repeat(20_000);
    client.send(&json!({ "type": "message", "conversationId": live.conversation, "data": { "content": content } })).await;
    assert_eq!(client.expect("ack").await["data"]["content"], content);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asks_too_much_is_slowed_down() {
    let live = on_sqlite().await;
    let mut client = live.connect(&live.maya).await;
    for _ in 0..100 {
        client.send(&json!({ "type": "ping" })).await;
    }
    let mut answers = BTreeMap::new();
    for _ in 0..100 {
        let frame = client.next().await.unwrap();
        *answers.entry(frame["code"].as_str().unwrap_or("pong").to_owned()).or_insert(0) += 1;
    }
    assert!(answers["pong"] >= 60 && answers["rate_limited"] > 0, "{answers:?}");
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let mut topics: Vec<String> = (0..60).map(|n| format!("ticket:0190aaaa-0000-7000-8000-{n:012}")).collect();
    client.send(&json!({ "type": "subscribe", "topics": topics })).await;
    assert_eq!(client.expect("error").await["errors"][0]["field"], "topics");
    topics.truncate(0);
    for n in 0..51 {
        topics.push(format!("ticket:{}", open(&live.app, &live.maya, &format!("t{n}")).await.0));
    }
    client.send(&json!({ "type": "subscribe", "topics": topics[..40] })).await;
    assert_eq!(client.expect("subscribed").await["topics"].as_array().unwrap().len(), 40);
    client.send(&json!({ "type": "subscribe", "topics": topics[40..] })).await;
    let (told, answer) = client.until("subscribed").await;
    assert_eq!((told.len(), answer["topics"].as_array().unwrap().len()), (1, 10));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_reader_is_dropped_and_resumes() {
    const COUNT: i64 = 700;
    let live = on_sqlite().await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(8 * 1024).unwrap();
    let stream = socket.connect(live.address).await.unwrap();
    let secret = live.secret(&live.rep).await;
    let (ws, _) = client_async(live.request(&format!("/ws?access_token={secret}"), &[]), stream).await.unwrap();
    let mut slow = Client { ws, heard: Vec::new() };
    slow.subscribe(&[&live.topic()], None).await;
    let mut quick = live.member(&live.rep).await;

    let text = "x".repeat(19_000);
    let writing = async {
        for n in 0..COUNT {
            live.say(&live.maya, &format!("{n} {text}")).await;
        }
    };
    let reading = async {
        for n in 0..COUNT {
            let told = quick.expect("message").await;
            assert!(told["data"]["content"].as_str().unwrap().starts_with(&format!("{n} ")));
        }
    };
    tokio::join!(writing, reading);
    let mut seen = Vec::new();
    let end = loop {
        match slow.next().await {
            Ok(frame) => seen.extend(frame["seq"].as_i64()),
            Err(end) => break end,
        }
    };
    assert!(matches!(end, End::Closed(1013) | End::Cut), "{end:?}");
    assert!(!seen.is_empty() && (seen.len() as i64) < COUNT, "{}", seen.len());

    let mut again = live.connect_with(&secret).await;
    let (told, _) = again.subscribe(&[&live.topic()], seen.last().copied()).await;
    seen.extend(seqs(&told));
    let once: BTreeSet<i64> = seen.iter().copied().collect();
    assert_eq!((seen.len(), once.len()), (COUNT as usize, COUNT as usize), "nothing missed, nothing twice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_open_sockets_from_our_pages_only() {
    let live = on_sqlite().await;
    let rep = live.app.login("rep@example.com").await;
    let cookie = format!("coco_session={}", rep.session().unwrap());
    let ours = format!("http://{}", live.address);
    for headers in [vec![("cookie", cookie.as_str())], vec![("cookie", &cookie), ("origin", "https://evil.example")]] {
        let refused = Client::open(live.address, live.request("/ws", &headers)).await;
        assert!(matches!(refused, Err(WsError::Http(r)) if r.status() == 403));
    }
    let refused = Client::open(live.address, live.request("/ws", &[("origin", &ours)])).await;
    assert!(matches!(refused, Err(WsError::Http(r)) if r.status() == 401));
    rep.get_json("/ws").await.expect_status(403);
    live.app.token("rep@example.com").await.get_json("/ws").await.expect_status(426).problem();

    let mut client = Client::open(live.address, live.request("/ws", &[("cookie", &cookie), ("origin", &ours)])).await.unwrap();
    client.subscribe(&[&live.topic()], None).await;
    let other = live.app.login("rep@example.com").await;
    other.call("auth/sign_out", &[]).await;
    live.say(&live.maya, "still there?").await;
    client.expect("message").await;
    rep.call("auth/sign_out", &[]).await;
    assert_eq!(client.end().await, End::Closed(4401));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn presence_follows_the_sockets() {
    let live = on_sqlite().await;
    let lead = live.app.person(Role::AdminManager, "lead@example.com").await;
    let mut desk = live.connect(&lead).await;
    desk.subscribe(&[&live.inbox()], None).await;
    let rep = live.app.login("rep@example.com").await;
    let (cookie, ours) = (format!("coco_session={}", rep.session().unwrap()), format!("http://{}", live.address));
    let open = || Client::open(live.address, live.request("/ws", &[("cookie", &cookie), ("origin", &ours)]));
    let mut client = open().await.unwrap();
    assert_eq!(desk.expect("presence").await["data"]["status"], "online", "who comes to the desk is there");
    client.send(&json!({ "type": "presence", "data": { "status": "busy" } })).await;
    let told = desk.expect("presence").await;
    assert_eq!(told["data"], json!({ "userId": live.rep.id, "status": "busy" }));
    let people = &live.app.stage.services.people;
    assert_eq!(people.presence(&live.rep).await.unwrap().as_str(), "busy");

    // A reload is not noticed; to be gone is.
    drop(client);
    let second = open().await.unwrap();
    assert!(desk.is_silent_for(Duration::from_secs(2)).await);
    drop(second);
    assert!(desk.is_silent_for(Duration::from_secs(8)).await);
    assert_eq!(desk.expect("presence").await["data"]["status"], "offline");
    // What was chosen comes back.
    let _third = open().await.unwrap();
    assert_eq!(desk.expect("presence").await["data"]["status"], "busy");
    assert_eq!(people.presence(&live.rep).await.unwrap().as_str(), "busy");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_finishes_what_was_begun() {
    let live = on_sqlite().await;
    let mut maya = live.member(&live.maya).await;
    for n in 0..50 {
        let data = json!({ "content": "x", "clientId": format!("c{n}") });
        maya.send(&json!({ "type": "message", "conversationId": live.conversation, "data": data })).await;
    }
    maya.expect("ack").await;
    live.app.state.lifecycle.stop();
    let mut acks = 1;
    let end = loop {
        match maya.next().await {
            Ok(frame) => acks += i64::from(frame["type"] == "ack"),
            Err(end) => break end,
        }
    };
    assert_eq!(end, End::Closed(1012));
    let (conversation, _) = live.app.stage.services.conversations.get(&live.maya, &live.conversation).await.unwrap();
    assert_eq!(conversation.last_position, acks + 1, "all that is stored is acknowledged");
    timeout(PATIENCE, live.app.state.hub.shutdown()).await.unwrap();
    assert_eq!(live.app.state.hub.sockets(), 0);
}
