//! Load over sockets.

use crate::figures::{p50_p99, percentile};
use crate::pace::pace;
use crate::server::Server;
use anyhow::{Context, Result};
use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A ticket to talk in.
struct Room {
    ticket: String,
    conversation: String,
}

async fn rooms(server: &Server, n: usize) -> Result<Vec<Room>> {
    let client = reqwest::Client::new();
    let mut rooms = Vec::new();
    for i in 0..n {
        let body = json!({ "subject": format!("Room {i}"), "description": "Hello" });
        let answer = client.post(format!("{}/api/tickets", server.base)).bearer_auth(&server.customer).json(&body).send().await?;
        let made: Value = answer.json().await?;
        let text = |key: &str| made["ticket"][key].as_str().map(str::to_owned).context("a ticket");
        let room = Room { ticket: text("id")?, conversation: text("conversationId")? };
        // The rep takes it now, so that what is measured is messages only.
        let take = json!({ "assignedAgentId": "me" });
        client
            .put(format!("{}/api/tickets/{}", server.base, room.ticket))
            .bearer_auth(&server.rep)
            .json(&take)
            .send()
            .await?
            .error_for_status()?;
        rooms.push(room);
    }
    Ok(rooms)
}

async fn join(server: &Server, token: &str, ticket: &str) -> Result<Socket> {
    // Every read empties the whole buffer first: at 128 KB, its default, that was two thirds of the load's own work.
    let config = WebSocketConfig::default().read_buffer_size(4096);
    let (mut socket, _) = connect_async_with_config(server.socket(token), Some(config), false).await?;
    socket.send(Message::text(json!({ "type": "subscribe", "topics": [format!("ticket:{ticket}")] }).to_string())).await?;
    while let Some(frame) = socket.next().await {
        if frame?.to_text().is_ok_and(|t| t.contains("\"subscribed\"")) {
            break;
        }
    }
    Ok(socket)
}

fn say(conversation: &str, text: &str) -> Message {
    Message::text(format!(r#"{{"type":"message","conversationId":"{conversation}","data":{{"content":"{text}"}}}}"#))
}

/// The sender's number and the due time in a text, and back.
fn marked(sender: usize, due_us: u128) -> String {
    format!("~~{sender:06}{due_us:016}~~ and some words to make it look like a message that a person wrote in a chat")
}
fn unmark(frame: &str) -> Option<(usize, u128)> {
    let at = frame.find("~~")? + 2;
    Some((frame.get(at..at + 6)?.parse().ok()?, frame.get(at + 6..at + 22)?.parse().ok()?))
}

/// 100 conversations, 2 messages a second each, from the sender's schedule to the other socket.
pub async fn latency(server: &Server) -> Result<String> {
    const MESSAGES: u32 = 20 * 200;
    let begun = Instant::now();
    let (sink, mut samples) = mpsc::unbounded_channel();
    let mut writers: Vec<(SplitSink<Socket, Message>, String)> = Vec::new();
    for (i, room) in rooms(server, 100).await?.into_iter().enumerate() {
        for (side, token) in [&server.customer, &server.rep].into_iter().enumerate() {
            let (write, read) = join(server, token, &room.ticket).await?.split();
            tokio::spawn(hear(read, i * 2 + side, begun, sink.clone()));
            writers.push((write, room.conversation.clone()));
        }
    }
    drop(sink);
    let mut due_times = pace(Duration::from_millis(5), MESSAGES);
    let mut senders = (0..writers.len()).cycle();
    while let (Some(due), Some(sender)) = (due_times.recv().await, senders.next()) {
        let (write, conversation) = &mut writers[sender];
        write.send(say(conversation, &marked(sender, due.duration_since(begun).as_micros()))).await?;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    drop(writers);
    let mut all = Vec::new();
    while let Ok(sample) = samples.try_recv() {
        all.push(sample);
    }
    anyhow::ensure!(all.len() == MESSAGES as usize, "{} of {MESSAGES} arrived", all.len());
    Ok(p50_p99(&mut all))
}

async fn hear(mut read: SplitStream<Socket>, me: usize, begun: Instant, sink: mpsc::UnboundedSender<Duration>) {
    while let Some(Ok(frame)) = read.next().await {
        let now = begun.elapsed();
        if let Some((sender, due)) = frame.to_text().ok().filter(|t| t.contains("\"seq\"")).and_then(unmark)
            && sender != me
        {
            let _ = sink.send(now.saturating_sub(Duration::from_micros(due as u64)));
        }
    }
}

/// 100 sockets in 50 conversations, each with some messages on their way: acknowledged per second.
pub async fn throughput(server: &Server) -> Result<String> {
    const SECONDS: u64 = 10;
    const WINDOW: usize = 8;
    let acks = Arc::new(AtomicU64::new(0));
    let until = Instant::now() + Duration::from_secs(SECONDS + 2);
    let mut tasks = Vec::new();
    for room in rooms(server, 50).await? {
        for token in [&server.customer, &server.rep] {
            let mut socket = join(server, token, &room.ticket).await?;
            let (acks, conversation) = (acks.clone(), room.conversation.clone());
            tasks.push(tokio::spawn(async move {
                let text = "a message of a hundred and twenty characters or so, as people write them in a chat when something is broken";
                for _ in 0..WINDOW {
                    socket.send(say(&conversation, text)).await?;
                }
                while Instant::now() < until {
                    let Some(frame) = socket.next().await else { break };
                    if frame?.to_text().is_ok_and(|t| t.starts_with(r#"{"type":"ack""#)) {
                        acks.fetch_add(1, Ordering::Relaxed);
                        socket.send(say(&conversation, text)).await?;
                    }
                }
                anyhow::Ok(())
            }));
        }
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let (from, begun) = (acks.load(Ordering::Relaxed), Instant::now());
    tokio::time::sleep(Duration::from_secs(SECONDS)).await;
    let rate = (acks.load(Ordering::Relaxed) - from) as f64 / begun.elapsed().as_secs_f64();
    for task in tasks {
        task.abort();
    }
    Ok(format!("{rate:.0}/s"))
}

/// One room of 1,000 sockets, five messages a second: until the last one has it.
pub async fn fan_out(server: &Server) -> Result<String> {
    const MEMBERS: usize = 1_000;
    const MESSAGES: usize = 50;
    let room = rooms(server, 1).await?.pop().context("a room")?;
    let begun = Instant::now();
    let (sink, mut heard) = mpsc::unbounded_channel();
    let mut speaker = None;
    for i in 0..MEMBERS {
        let (write, read) = join(server, if i % 2 == 0 { &server.customer } else { &server.rep }, &room.ticket).await?.split();
        let sink = sink.clone();
        tokio::spawn(async move {
            let mut read = read;
            while let Some(Ok(frame)) = read.next().await {
                let now = begun.elapsed();
                if let Some((n, due)) = frame.to_text().ok().filter(|t| t.contains("\"seq\"")).and_then(unmark) {
                    let _ = sink.send((n, now.saturating_sub(Duration::from_micros(due as u64))));
                }
            }
        });
        if i == 0 {
            speaker = Some(write);
        } else {
            std::mem::forget(write);
        }
    }
    let mut speaker = speaker.context("a speaker")?;
    for n in 0..MESSAGES {
        tokio::time::sleep(Duration::from_millis(200)).await;
        speaker.send(say(&room.conversation, &marked(n, begun.elapsed().as_micros()))).await?;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut last = vec![(0usize, Duration::ZERO); MESSAGES];
    while let Ok((n, took)) = heard.try_recv() {
        last[n] = (last[n].0 + 1, last[n].1.max(took));
    }
    anyhow::ensure!(last.iter().all(|l| l.0 == MEMBERS), "some members missed a message");
    let mut samples: Vec<Duration> = last.into_iter().map(|l| l.1).collect();
    Ok(format!("{:.1} ms (p50 {:.1})", percentile(&mut samples, 0.99), percentile(&mut samples, 0.5)))
}

/// 5,000 sockets that follow a ticket each and say nothing.
pub async fn idle(server: &Server) -> Result<String> {
    const SOCKETS: usize = 5_000;
    let rooms = rooms(server, 50).await?;
    let before = server.memory_mb();
    let mut open = Vec::with_capacity(SOCKETS);
    for i in 0..SOCKETS {
        open.push(join(server, &server.customer, &rooms[i % 50].ticket).await?);
    }
    tokio::time::sleep(Duration::from_secs(3)).await;
    let grown = server.memory_mb() - before;
    Ok(format!("{:.1} KB", grown * 1024.0 / open.len() as f64))
}
