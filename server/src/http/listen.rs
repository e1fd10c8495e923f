//! Connections: accepting them, letting go those that are silent or slow, and letting requests under
//! way finish.

use super::patience::Patient;
use crate::lifecycle::Lifecycle;
use crate::state::AppState;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::ServiceExt;

/// A client that takes longer to send its headers, or is idle for longer between requests, is let go.
const HEADERS_WITHIN: Duration = Duration::from_secs(60);
/// The first ones of a connection have to be there sooner.
const FIRST_WITHIN: Duration = Duration::from_secs(20);
/// A client that takes nothing of its answer for this long is let go.
const TAKES_WITHIN: Duration = Duration::from_secs(60);
/// How long to wait when the system has no more sockets.
const EXHAUSTED: Duration = Duration::from_millis(500);

/// Answers connections until it is time to stop, then lets requests under way finish before the
/// deadline.
pub async fn serve(listener: TcpListener, router: Router, state: &AppState) {
    let lifecycle = &state.lifecycle;
    let graceful = GracefulShutdown::new();
    let builder = builder();
    let room = Arc::new(Semaphore::new(state.config.max_connections.get() as usize));
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &room) => accepted,
            () = lifecycle.stopped() => break,
        };
        match accepted {
            Ok(accepted) => connection(&builder, &graceful, accepted, router.clone(), lifecycle),
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

/// A connection with leave to have it; while there are too many, new ones wait in the system.
async fn accept(listener: &TcpListener, room: &Arc<Semaphore>) -> std::io::Result<(Patient, SocketAddr)> {
    let permit = match room.clone().try_acquire_owned() {
        Ok(permit) => permit,
        Err(_) => {
            tracing::warn!("http.full");
            room.clone().acquire_owned().await.map_err(std::io::Error::other)?
        }
    };
    let (stream, peer) = listener.accept().await?;
    Ok((patient(stream, permit), peer))
}

fn patient(stream: TcpStream, permit: OwnedSemaphorePermit) -> Patient {
    // Answers are short: waiting to fill a packet only delays them.
    stream.set_nodelay(true).ok();
    Patient::new(stream, TAKES_WITHIN, permit)
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
    (stream, peer): (Patient, SocketAddr),
    router: Router,
    lifecycle: &Lifecycle,
) {
    let asked = Arc::new(AtomicBool::new(false));
    let service = tower::service_fn({
        let asked = asked.clone();
        move |mut request: Request<hyper::body::Incoming>| {
            asked.store(true, Ordering::Relaxed);
            request.extensions_mut().insert(ConnectInfo(peer));
            router.clone().oneshot(request.map(Body::new))
        }
    });
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), TowerToHyperService::new(service)).into_owned();
    let mut connection = Box::pin(graceful.watch(connection));
    lifecycle.spawn(async move {
        // Until it is known which HTTP it speaks, nothing else looks at the time.
        let first = tokio::time::timeout(FIRST_WITHIN, &mut connection).await;
        let ended = match first {
            Ok(ended) => ended,
            Err(_) if asked.load(Ordering::Relaxed) => connection.await,
            Err(_) => return,
        };
        if let Err(e) = ended {
            tracing::debug!(error = %e, "http.connection_failed");
        }
    });
}

/// The client went away before it was accepted.
fn is_of_one_connection(e: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(e.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
