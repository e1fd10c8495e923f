//! Nothing acknowledged is ever lost: the server killed at random, sockets cut, the disk full.
//!
//! Runs the program as it is installed, with real processes, files and sockets.

#![expect(clippy::disallowed_methods, reason = "what it starts ends with the test")]

use anyhow::{Context, Result, bail};
use coco::db::sql;
use coco::db::testing::new_postgres;
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

const SENDERS: usize = 50;
const ROOMS: usize = 10;
const KILLS: u64 = 10;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// An installation: its data, where it listens, and how to run it.
struct Installation {
    dir: tempfile::TempDir,
    database: Option<String>,
    port: u16,
    customer: String,
    rep: String,
}

/// A server, killed (SIGKILL) when it is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

struct Room {
    ticket: String,
    conversation: String,
}

fn program(dir: &Path, database: Option<&str>, port: u16) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_coco"));
    dress(&mut command, dir, database, port);
    command
}

fn dress(command: &mut Command, dir: &Path, database: Option<&str>, port: u16) {
    command.env("COCO_DATA_DIR", dir).env("COCO_LISTEN", format!("127.0.0.1:{port}")).env("COCO_LOG", "error");
    // All sockets are of two people.
    command.env("COCO_SOCKETS_PER_CUSTOMER", "1000").env("COCO_SOCKETS_PER_STAFF", "1000").env("COCO_SOCKET_RATE", "100000");
    command.env_remove("COCO_DATABASE_URL").stdin(Stdio::null());
    if let Some(url) = database {
        command.env("COCO_DATABASE_URL", url);
    }
}

fn output(command: &mut Command) -> Result<String> {
    let out = command.output()?;
    if !out.status.success() {
        bail!("{command:?}: {}", String::from_utf8_lossy(&out.stderr));
    }
    Ok(String::from_utf8(out.stdout)?.trim().to_owned())
}

impl Installation {
    fn new(database: Option<String>) -> Result<Self> {
        let dir = tempfile::tempdir()?;
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let run = |args: &[&str]| output(program(dir.path(), database.as_deref(), port).args(args));
        run(&["seed"])?;
        let token = |email| run(&["token", "create", "--name", "test", "--email", email]);
        let (customer, rep) = (token("customer@coco.com")?, token("rep.l1@coco.com")?);
        Ok(Self { dir, database, port, customer, rep })
    }

    fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    async fn serve(&self) -> Result<Running> {
        let child = Running(program(self.dir.path(), self.database.as_deref(), self.port).arg("serve").stdout(Stdio::null()).spawn()?);
        self.ready().await?;
        Ok(child)
    }

    async fn ready(&self) -> Result<()> {
        for _ in 0..600 {
            if reqwest::get(format!("{}/readyz", self.base())).await.is_ok_and(|r| r.status().is_success()) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("the server did not get ready")
    }

    async fn room(&self, n: usize) -> Result<Room> {
        let body = json!({ "subject": format!("Room {n}"), "description": "Hello" });
        let client = reqwest::Client::new();
        let made = client.post(format!("{}/api/tickets", self.base())).bearer_auth(&self.customer).json(&body).send().await?;
        let made: Value = made.json().await?;
        let text = |key: &str| made["ticket"][key].as_str().map(str::to_owned).with_context(|| format!("no {key} in {made}"));
        Ok(Room { ticket: text("id")?, conversation: text("conversationId")? })
    }

    async fn connect(&self, token: &str) -> Result<Socket> {
        Ok(connect_async(format!("ws://127.0.0.1:{}/ws?access_token={token}", self.port)).await?.0)
    }

    /// All messages of a room as they are stored: position, client id and text.
    async fn stored(&self, room: &Room) -> Result<Vec<(i64, Option<String>, String)>> {
        let (client, mut all, mut cursor) = (reqwest::Client::new(), Vec::new(), String::new());
        loop {
            let url = format!("{}/api/chat/{}/messages?limit=200&order=asc&cursor={cursor}", self.base(), room.conversation);
            let page: Value = client.get(url).bearer_auth(&self.rep).send().await?.json().await?;
            for m in page["messages"].as_array().context("messages")? {
                let text = m["content"].as_str().unwrap_or_default().to_owned();
                all.push((m["position"].as_i64().context("a position")?, m["clientId"].as_str().map(str::to_owned), text));
            }
            match page["nextCursor"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None => return Ok(all),
            }
        }
    }
}

fn say(room: &Room, client_id: &str) -> Message {
    let data = json!({ "content": client_id, "clientId": client_id });
    Message::text(json!({ "type": "message", "conversationId": room.conversation, "data": data }).to_string())
}

/// Sends one message after the other; each again under its client id until it is acknowledged.
async fn sender(at: Arc<Installation>, room: Arc<Room>, me: usize, stop: Arc<AtomicBool>, acks: Arc<AtomicU64>) -> Vec<String> {
    let (mut acknowledged, mut n) = (Vec::new(), 0u64);
    'connect: while !stop.load(Ordering::Relaxed) {
        let token = if me.is_multiple_of(2) { &at.customer } else { &at.rep };
        let Ok(mut socket) = at.connect(token).await else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        while !stop.load(Ordering::Relaxed) {
            let id = format!("{me}-{n}");
            if socket.send(say(&room, &id)).await.is_err() {
                continue 'connect;
            }
            // Now and then the line is cut right after sending, with the answer on its way.
            if (n + me as u64) % 37 == 36 && !acknowledged.ends_with(&[format!("cut {n}")]) {
                acknowledged.push(format!("cut {n}"));
                continue 'connect;
            }
            loop {
                let Ok(Some(Ok(frame))) = tokio::time::timeout(Duration::from_secs(10), socket.next()).await else { continue 'connect };
                let Ok(value) = serde_json::from_str::<Value>(frame.to_text().unwrap_or_default()) else { continue };
                if value["type"] == "ack" && value["clientId"] == *id {
                    acknowledged.push(id);
                    acks.fetch_add(1, Ordering::Relaxed);
                    n += 1;
                    break;
                }
                if value["type"] == "error" {
                    continue 'connect;
                }
            }
        }
    }
    acknowledged.retain(|a| !a.starts_with("cut"));
    acknowledged
}

fn follow(room: &Room, since: Option<i64>) -> Message {
    Message::text(json!({ "type": "subscribe", "topics": [format!("ticket:{}", room.ticket)], "since": since }).to_string())
}

/// Where the journey stands, as a page that was just loaded knows.
async fn now(at: &Installation, room: &Room) -> Result<i64> {
    let mut socket = at.connect(&at.customer).await?;
    socket.send(follow(room, None)).await?;
    while let Some(frame) = socket.next().await {
        let value: Value = serde_json::from_str(frame?.to_text()?)?;
        if value["type"] == "subscribed" {
            return value["seq"].as_i64().context("a seq");
        }
    }
    bail!("the socket closed")
}

/// Follows a room as a page does: resumes after the last event it saw, drops what it has.
async fn follower(at: Arc<Installation>, room: Arc<Room>, begin: i64, stop: Arc<AtomicBool>, seen: Arc<Mutex<BTreeMap<i64, String>>>) {
    let mut since = begin;
    while !stop.load(Ordering::Relaxed) {
        let Ok(mut socket) = at.connect(&at.customer).await else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        if socket.send(follow(&room, Some(since))).await.is_err() {
            continue;
        }
        while !stop.load(Ordering::Relaxed) {
            let frame = match tokio::time::timeout(Duration::from_millis(200), socket.next()).await {
                Err(_) => continue,
                Ok(Some(Ok(frame))) => frame,
                Ok(_) => break,
            };
            let Ok(value) = serde_json::from_str::<Value>(frame.to_text().unwrap_or_default()) else { continue };
            assert_ne!(value["type"], "resync", "a short cut needs no reload");
            if let Some(seq) = value["seq"].as_i64().filter(|_| value["type"] != "subscribed") {
                assert!(seq > since || seen.lock().await.contains_key(&seq), "{seq} came after {since}");
                since = since.max(seq);
                if value["type"] == "message" {
                    seen.lock().await.insert(seq, value["data"]["clientId"].as_str().unwrap_or_default().to_owned());
                }
            }
        }
    }
}

async fn killed_ten_times(database: Option<String>) -> Result<()> {
    let at = Arc::new(Installation::new(database)?);
    let mut server = at.serve().await?;
    let mut rooms = Vec::new();
    for n in 0..ROOMS {
        rooms.push(Arc::new(at.room(n).await?));
    }
    let (stop, halt, acks) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let seen: Vec<_> = (0..ROOMS).map(|_| Arc::new(Mutex::new(BTreeMap::new()))).collect();
    let mut followers = Vec::new();
    for (room, seen) in rooms.iter().zip(&seen) {
        let begin = now(&at, room).await?;
        followers.push(tokio::spawn(follower(at.clone(), room.clone(), begin, halt.clone(), seen.clone())));
    }
    let senders: Vec<_> =
        (0..SENDERS).map(|s| tokio::spawn(sender(at.clone(), rooms[s % ROOMS].clone(), s, stop.clone(), acks.clone()))).collect();

    for kill in 0..KILLS {
        // Random enough: after so many more messages, in the midst of whatever is under way.
        let until = acks.load(Ordering::Relaxed) + 60 + kill * 17 % 50;
        while acks.load(Ordering::Relaxed) < until {
            tokio::time::sleep(Duration::from_micros(300)).await;
        }
        drop(server);
        server = at.serve().await?;
    }
    let until = acks.load(Ordering::Relaxed) + 100;
    while acks.load(Ordering::Relaxed) < until {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stop.store(true, Ordering::Relaxed);
    let mut acknowledged = vec![Vec::new(); ROOMS];
    for (s, task) in senders.into_iter().enumerate() {
        acknowledged[s % ROOMS].extend(task.await?);
    }
    for (r, room) in rooms.iter().enumerate() {
        let stored = at.stored(room).await?;
        let positions: Vec<i64> = stored.iter().map(|m| m.0).collect();
        assert_eq!(positions, (1..=stored.len() as i64).collect::<Vec<_>>(), "positions without gap");
        let ids: Vec<&String> = stored.iter().filter_map(|m| m.1.as_ref()).collect();
        let distinct: HashSet<&&String> = ids.iter().collect();
        assert_eq!(ids.len(), distinct.len(), "nothing twice");
        for id in &acknowledged[r] {
            assert!(distinct.contains(&id), "{id} was acknowledged and is lost");
        }
        for s in (0..SENDERS).filter(|s| s % ROOMS == r) {
            let own: Vec<u64> = ids
                .iter()
                .filter_map(|id| id.split_once('-').filter(|(who, _)| *who == s.to_string()))
                .map(|(_, n)| n.parse().unwrap_or(0))
                .collect();
            assert!(own.windows(2).all(|w| w[0] < w[1]), "sender {s} in order: {own:?}");
        }
        // The follower has caught up without a reload.
        for _ in 0..200 {
            if seen[r].lock().await.len() == ids.len() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        let heard: Vec<String> = seen[r].lock().await.values().cloned().collect();
        assert_eq!(heard, ids.into_iter().cloned().collect::<Vec<_>>(), "the follower saw what is stored, once, in order");
    }
    halt.store(true, Ordering::Relaxed);
    for task in followers {
        task.await?;
    }
    drop(server);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_ten_times_on_sqlite() -> Result<()> {
    killed_ten_times(None).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_ten_times_on_postgres() -> Result<()> {
    match new_postgres().await {
        Some(url) => killed_ten_times(Some(url)).await,
        None => Ok(()),
    }
}

/// The disk fills up while people write: they are told, and what was acknowledged is there afterwards.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_disk_is_full() -> Result<()> {
    let at = Installation::new(None)?;
    let server = at.serve().await?;
    let room = at.room(0).await?;
    drop(server);
    // No file may grow beyond a little more than the database has now: writes fail as on a full disk.
    let size = std::fs::metadata(at.dir.path().join("coco.db"))?.len();
    let blocks = size / 1024 + 256;
    let mut shell = Command::new("bash");
    dress(&mut shell, at.dir.path(), None, at.port);
    let run = format!("trap '' XFSZ; ulimit -f {blocks}; exec {} serve", env!("CARGO_BIN_EXE_coco"));
    let server = Running(shell.args(["-c", &run]).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?);
    at.ready().await?;

    let (acknowledged, refused) = write_until_refused(&at, &room).await?;
    drop(server);

    let server = at.serve().await?;
    goes_on(&at, &room, &acknowledged, &refused).await?;
    drop(server);
    Ok(())
}

/// The same where the database is another program: it fails as PostgreSQL does when its disk is full.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_disk_of_postgres_is_full() -> Result<()> {
    const FULL: [&str; 2] = [
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN
            IF (SELECT COUNT(*) FROM messages WHERE client_id LIKE ''full-%'') > 200 THEN
                RAISE EXCEPTION USING ERRCODE = ''53100'', MESSAGE = ''could not extend file: No space left on device'';
            END IF;
            RETURN NULL;
        END'",
        "CREATE TRIGGER full_disk AFTER INSERT ON messages FOR EACH ROW EXECUTE FUNCTION full_disk()",
    ];
    let Some(url) = new_postgres().await else { return Ok(()) };
    let at = Installation::new(Some(url.clone()))?;
    let server = at.serve().await?;
    let room = at.room(0).await?;
    let disk = coco::db::Db::open(&url).await?;
    let mut tx = disk.begin().await?;
    for statement in FULL {
        sql(statement).run(&mut tx).await?;
    }
    tx.commit().await?;
    let (acknowledged, refused) = write_until_refused(&at, &room).await?;
    assert_eq!(acknowledged.len(), 200);

    let mut tx = disk.begin().await?;
    sql("DROP TRIGGER full_disk ON messages").run(&mut tx).await?;
    tx.commit().await?;
    disk.close().await;
    goes_on(&at, &room, &acknowledged, &refused).await?;
    drop(server);
    Ok(())
}

/// Writes until a message is refused for want of room: the ids of those acknowledged, and of that one.
async fn write_until_refused(at: &Installation, room: &Room) -> Result<(Vec<String>, String)> {
    let mut socket = at.connect(&at.customer).await?;
    let (mut acknowledged, mut refused) = (Vec::new(), None);
    for n in 0..20_000 {
        let id = format!("full-{n}");
        let data = json!({ "content": format!("{id} {}", "x".repeat(8_000)), "clientId": id });
        let frame = json!({ "type": "message", "conversationId": room.conversation, "data": data });
        socket.send(Message::text(frame.to_string())).await?;
        let answer: Value = loop {
            let frame = tokio::time::timeout(Duration::from_secs(10), socket.next()).await?.context("the socket closed")??;
            let Message::Text(text) = frame else { continue };
            let value: Value = serde_json::from_str(&text)?;
            if value["type"] == "ack" || value["type"] == "error" {
                break value;
            }
        };
        if answer["type"] == "error" {
            refused = Some((id, answer));
            break;
        }
        acknowledged.push(id);
    }
    let (refused, answer) = refused.context("the limit was never reached")?;
    assert_eq!(answer["code"], "unavailable", "{answer}");
    Ok((acknowledged, refused))
}

/// There is room again: what was acknowledged is there and nothing else, and the refused one can be sent.
async fn goes_on(at: &Installation, room: &Room, acknowledged: &[String], refused: &str) -> Result<()> {
    let ids: Vec<String> = at.stored(room).await?.into_iter().filter_map(|m| m.1).collect();
    assert_eq!(ids, acknowledged, "all that was acknowledged, and nothing else");
    let mut socket = at.connect(&at.customer).await?;
    socket.send(say(room, refused)).await?;
    while let Some(frame) = socket.next().await {
        if frame?.to_text()?.contains("\"ack\"") {
            break;
        }
    }
    assert_eq!(at.stored(room).await?.len(), acknowledged.len() + 2, "the refused one can be sent again");
    Ok(())
}
