//! Carries batches of spans to the collector, on the runtime of the server.

use axum::body::Bytes;
use axum::http::{Request, Response};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use opentelemetry_http::{HttpClient, HttpError};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::time::{Instant, timeout};

/// How long the collector may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);
/// How much of its answer is read.
const ANSWER: usize = 64 * 1024;
/// A collector that is away is told of no more often.
const QUIET: Duration = Duration::from_mins(5);

/// One collector.
#[derive(Debug)]
pub struct Carrier {
    endpoint: String,
    client: Client<HttpConnector, Full<Bytes>>,
    runtime: Handle,
    told: Mutex<Option<Instant>>,
}

impl Carrier {
    /// The collector there. Needs a Tokio runtime.
    pub fn new(endpoint: &str) -> Self {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { endpoint: endpoint.to_owned(), client, runtime: Handle::current(), told: Mutex::default() }
    }

    /// Tells that spans did not arrive, unless it was told lately.
    fn tell(&self, error: &str) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.is_none_or(|at| at.elapsed() > QUIET) {
            *told = Some(Instant::now());
            tracing::warn!(endpoint = self.endpoint, error, "traces.not_sent");
        }
    }
}

#[async_trait::async_trait]
impl HttpClient for Carrier {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let sending = send(self.client.clone(), request.map(Full::new));
        // It is called on a thread without a runtime.
        let answer = self.runtime.spawn(async { timeout(PATIENCE, sending).await }).await?;
        let answer = answer.unwrap_or_else(|_| Err("timed out".into()));
        match &answer {
            Ok(answer) if answer.status().is_success() => {}
            Ok(answer) => self.tell(answer.status().as_str()),
            Err(e) => self.tell(&with_causes(&**e)),
        }
        answer
    }
}

async fn send(client: Client<HttpConnector, Full<Bytes>>, request: Request<Full<Bytes>>) -> Result<Response<Bytes>, HttpError> {
    let (parts, body) = client.request(request).await?.into_parts();
    let body = Limited::new(body, ANSWER).collect().await?.to_bytes();
    Ok(Response::from_parts(parts, body))
}

fn with_causes(error: &dyn std::error::Error) -> String {
    std::iter::successors(Some(error), |e| e.source()).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
