//! The REST API in the words of the briefs, on both databases.

mod access;
mod changes;
mod chat;
mod files;
mod keys;
mod tickets;

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
