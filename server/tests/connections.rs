//! Connections that are let go, and those that have to wait.

use crate::support::TestApp;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, timeout};

const ASK: &[u8] = b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";

async fn serving(app: &TestApp) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (router, state) = (server::http::router(&app.state), app.state.clone());
    #[expect(clippy::disallowed_methods, reason = "it ends with the test")]
    tokio::spawn(async move { server::http::serve(listener, router, &state).await });
    address
}

async fn answered(stream: &mut TcpStream) -> bool {
    let mut bytes = [0; 1024];
    let n = stream.read(&mut bytes).await.unwrap();
    bytes[..n].starts_with(b"HTTP/1.1 200")
}

#[tokio::test]
async fn who_says_nothing_is_let_go() {
    let app = TestApp::new().await;
    let address = serving(&app).await;
    let begun = Instant::now();
    let mut asks = TcpStream::connect(address).await.unwrap();
    let mut rest = Vec::new();
    // Nothing, half of what HTTP/2 begins with, and half of a request.
    for words in ["", "PRI * HTTP/2", "GET / HTTP/1.1\r\nhost"] {
        let mut silent = TcpStream::connect(address).await.unwrap();
        silent.write_all(words.as_bytes()).await.unwrap();
        rest.push(silent);
    }
    asks.write_all(ASK).await.unwrap();
    assert!(answered(&mut asks).await);
    for mut silent in rest {
        let closed = timeout(Duration::from_secs(30), silent.read_to_end(&mut Vec::new())).await;
        closed.expect("it is let go").ok();
    }
    assert!(begun.elapsed() > Duration::from_secs(15));
    asks.write_all(ASK).await.unwrap();
    assert!(answered(&mut asks).await, "who has asked may be silent for longer");
}

#[tokio::test]
async fn more_than_there_is_room_for_wait() {
    let app = TestApp::with(&[("max_connections", "1")]).await;
    let address = serving(&app).await;
    let mut first = TcpStream::connect(address).await.unwrap();
    first.write_all(ASK).await.unwrap();
    assert!(answered(&mut first).await);
    let mut second = TcpStream::connect(address).await.unwrap();
    second.write_all(ASK).await.unwrap();
    assert!(timeout(Duration::from_millis(300), answered(&mut second)).await.is_err(), "it waits");
    drop(first);
    assert!(timeout(Duration::from_secs(5), answered(&mut second)).await.unwrap());
}
