//! Someone who sends requests: a browser with cookies, or a program with a token.

use super::Answer;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, header};
use std::net::SocketAddr;
use std::sync::Mutex;
use tower::ServiceExt;

/// A client of one app.
pub struct Visitor {
    router: Router,
    peer: SocketAddr,
    cookie: Mutex<Option<String>>,
    bearer: Option<String>,
}

impl Visitor {
    pub fn new(router: Router) -> Self {
        Self { router, peer: ([127, 0, 0, 1], 9).into(), cookie: Mutex::new(None), bearer: None }
    }

    /// With this token on every request.
    pub fn bearing(mut self, token: &str) -> Self {
        self.bearer = Some(token.into());
        self
    }

    /// From this address.
    pub fn from(mut self, address: &str) -> Self {
        self.peer = format!("{address}:9").parse().unwrap();
        self
    }

    /// The value of the session cookie.
    pub fn session(&self) -> Option<String> {
        self.cookie.lock().unwrap().clone()
    }

    pub fn set_session(&self, value: Option<String>) {
        *self.cookie.lock().unwrap() = value;
    }

    /// A page.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).header(header::ACCEPT, "text/html").body(Body::empty()).unwrap()).await
    }

    /// Data.
    pub async fn get_json(&self, path: &str) -> Answer {
        self.send(Request::get(path).header(header::ACCEPT, "application/json").body(Body::empty()).unwrap()).await
    }

    /// A JSON body.
    pub async fn post(&self, path: &str, body: &serde_json::Value) -> Answer {
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/json").header("sec-fetch-site", "same-origin");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// A server function such as `people/me`, called as pages do.
    pub async fn call(&self, function: &str, fields: &[(&str, &str)]) -> Answer {
        let (concept, name) = function.split_once('/').unwrap();
        let request = Request::post(format!("/sfn/app/{concept}/api/{name}")).header("sec-fetch-site", "same-origin");
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form(fields))).unwrap()).await
    }

    pub async fn sign_in(&self, email: &str, password: &str) -> Answer {
        self.call("auth/sign_in", &[("email", email), ("password", password)]).await
    }

    /// Any request; cookies and the token are added, and cookies kept.
    pub async fn send(&self, mut request: Request<Body>) -> Answer {
        let session = self.session();
        let headers = request.headers_mut();
        headers.entry(header::HOST).or_insert("127.0.0.1:3000".parse().unwrap());
        if let Some(value) = session {
            headers.insert(header::COOKIE, format!("theme=dark; coco_session={value}").parse().unwrap());
        }
        if let Some(token) = &self.bearer {
            headers.insert(header::AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
        }
        request.extensions_mut().insert(ConnectInfo(self.peer));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for line in parts.headers.get_all(header::SET_COOKIE) {
            let pair = line.to_str().unwrap().split(';').next().unwrap();
            if let Some(value) = pair.strip_prefix("coco_session=") {
                self.set_session(Some(value.to_owned()).filter(|v| !v.is_empty()));
            }
        }
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

/// Fields as a form sends them.
pub fn form(fields: &[(&str, &str)]) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    let encode = |s: &str| s.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect::<String>();
    fields.iter().map(|(k, v)| format!("{}={}", encode(k), encode(v))).collect::<Vec<_>>().join("&")
}
