//! Connections: accepting them, and letting those under way finish.

use crate::lifecycle::Lifecycle;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;

/// A client that takes longer to send its headers, or is idle for longer between requests, is let go.
const HEADERS_WITHIN: Duration = Duration::from_secs(60);
/// How long to wait when the system has no more sockets.
const EXHAUSTED: Duration = Duration::from_millis(500);

/// Answers connections until it is time to stop, then lets requests under way finish before the
/// deadline.
pub async fn serve(listener: TcpListener, router: Router, lifecycle: &Lifecycle) {
    let graceful = GracefulShutdown::new();
    let builder = builder();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = lifecycle.stopped() => break,
        };
        match accepted {
            Ok((stream, peer)) => connection(&builder, &graceful, stream, peer, router.clone(), lifecycle),
            Err(e) if is_of_one_connection(&e) => {}
            Err(e) => {
                tracing::error!(error = %e, "http.accept_failed");
                tokio::time::sleep(EXHAUSTED).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout_at(lifecycle.deadline(), graceful.shutdown()).await.is_err() {
        tracing::warn!("http.not_drained");
    }
}

fn builder() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS_WITHIN);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(HEADERS_WITHIN).enable_connect_protocol();
    builder
}

fn connection(
    builder: &Builder<TokioExecutor>,
    graceful: &GracefulShutdown,
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    lifecycle: &Lifecycle,
) {
    // Answers are short: waiting to fill a packet only delays them.
    stream.set_nodelay(true).ok();
    let service = tower::service_fn(move |mut request: Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request.map(Body::new))
    });
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), TowerToHyperService::new(service)).into_owned();
    let connection = graceful.watch(connection);
    lifecycle.spawn(async move {
        if let Err(e) = connection.await {
            tracing::debug!(error = %e, "http.connection_failed");
        }
    });
}

/// The client went away before it was accepted.
fn is_of_one_connection(e: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(e.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
