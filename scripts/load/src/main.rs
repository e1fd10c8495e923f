//! `make bench`: how fast COCO is on this machine, as a table.
//!
//! Starts the release binary on fresh databases and loads it over HTTP and sockets, as browsers
//! and programs would; server and load share the machine. Latencies count from the moment a
//! request was due, not from when the load got round to sending it.

#![expect(clippy::disallowed_methods, reason = "clients end when they have counted")]

mod figures;
mod http;
mod pace;
mod server;
mod sockets;

use anyhow::Result;
use figures::Table;
use server::Server;

/// Tickets of the large data set.
const TICKETS: u64 = 100_000;
/// Messages for the search.
const MESSAGES: u64 = 1_000_000;

#[tokio::main]
async fn main() -> Result<()> {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let run = |name: &str| wanted.is_empty() || wanted.iter().any(|w| name.contains(w.as_str()));
    let mut table = Table::default();

    let small = Server::start("small", &[], None).await?;
    table.row("process idle", "40 MB", format!("{:.0} MB", small.memory_mb()));
    if run("visit") {
        table.row("customer's first visit, compressed", "300 KB", http::first_visit(&small).await?);
    }
    if run("latency") {
        table.row("message to the other socket, 100 × 2/s, p50 / p99", "1.5 / 5 ms", sockets::latency(&small).await?);
    }
    if run("throughput") {
        table.row("durable messages over 100 sockets, SQLite", "10,000/s", sockets::throughput(&small).await?);
    }
    if run("create") {
        table.row("durable tickets over REST, 8 clients", "3,000/s", http::create(&small).await?);
    }
    if run("fanout") {
        table.row("one message to 1,000 sockets, last one, p99", "15 ms", sockets::fan_out(&small).await?);
    }
    if run("idle") {
        table.row("5,000 idle sockets, memory each", "10 KB", sockets::idle(&small).await?);
    }
    small.stop().await;

    if let (true, Ok(url)) = (run("postgres"), std::env::var("TEST_DATABASE_URL")) {
        let server = Server::start("postgres", &[], Some(&url)).await?;
        table.row("durable messages over 100 sockets, PostgreSQL", "5,000/s", sockets::throughput(&server).await?);
        server.stop().await;
    }

    if run("inbox") || run("ticket") || run("search") || run("start") {
        let tickets = TICKETS.to_string();
        let messages = MESSAGES.to_string();
        let large = Server::start("large", &["--tickets", &tickets, "--messages", &messages], None).await?;
        table.row("seed --tickets 100000 (with 1,000,000 messages)", "120 s", format!("{:.0} s", large.seeded_s));
        table.row("start to ready with data", "150 ms", format!("{} ms", large.started_ms));
        if run("inbox") {
            table.row("inbox page, 100,000 tickets, p50 / p99 at 50/s", "– / 15 ms", http::inbox(&large).await?);
        }
        if run("ticket") {
            table.row("ticket page, 200 messages, p50 / p99 at 50/s", "– / 15 ms", http::ticket(&large).await?);
        }
        if run("search") {
            table.row("search over 1,000,000 messages, p50 / p99", "– / 30 ms", http::search(&large).await?);
        }
        large.stop().await;
    }
    table.print();
    Ok(())
}
