//! What came back.

use axum::http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use server::http::problem::Body;

/// A whole response.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: bytes::Bytes,
}

impl Answer {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }

    /// The refusal, which must be one.
    #[track_caller]
    pub fn problem(&self) -> Body {
        assert_eq!(self.header("content-type"), server::http::problem::MEDIA_TYPE, "{self:?}");
        let body: Body = self.json();
        assert_eq!(body.status, self.status.as_u16());
        body
    }

    #[track_caller]
    pub fn expect_status(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", String::from_utf8_lossy(&self.body));
        self
    }
}
