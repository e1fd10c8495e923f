//! Live updates over real sockets.

mod chat;
mod following;
mod limits;
mod presence;
mod queue;
mod rights;

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
        Self::with(stage, &[]).await
    }

    async fn with(stage: Stage, settings: &[(&'static str, &str)]) -> Self {
        let app = TestApp::on(stage, settings).await;
        let (maya, rep) = (app.person(Role::Customer, "maya@example.com").await, app.person(Role::RepL1, "rep@example.com").await);
        let (ticket, conversation) = open(&app, &maya, "Broken charger").await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (router, state) = (server::http::router(&app.state), app.state.clone());
        #[expect(clippy::disallowed_methods, reason = "it ends with the test")]
        tokio::spawn(async move { server::http::serve(listener, router, &state).await });
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

async fn on_sqlite() -> Live {
    Live::on(Stage::sqlite().await).await
}
