//! Load over HTTP.

use crate::figures::p50_p99;
use crate::pace::pace;
use crate::server::Server;
use anyhow::{Context, Result, ensure};
use reqwest::Client;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// How long each load lasts.
const LASTS: Duration = Duration::from_secs(20);
/// Requests per second of the page loads.
const RATE: u32 = 50;

fn client(token: &str) -> Result<Client> {
    let mut headers = reqwest::header::HeaderMap::new();
    headers.insert("authorization", format!("Bearer {token}").parse()?);
    Ok(Client::builder().default_headers(headers).build()?)
}

/// A client that is signed in as a browser would be.
async fn browser(server: &Server, email: &str) -> Result<Client> {
    let client = Client::builder().cookie_store(true).redirect(reqwest::redirect::Policy::none()).build()?;
    let answer = client
        .post(format!("{}/sfn/app/auth/api/sign_in", server.base))
        .header("origin", &server.base)
        .form(&[("email", email), ("password", "password")])
        .send()
        .await?;
    ensure!(answer.status().is_success() || answer.status().is_redirection(), "sign-in answered {}", answer.status());
    Ok(client)
}

/// Requests at a fixed rate, whatever the answers take.
async fn at_rate(client: &Client, urls: Vec<String>) -> Result<Vec<Duration>> {
    let mut due_times = pace(Duration::from_secs(1) / RATE, LASTS.as_secs() as u32 * RATE);
    let mut urls = urls.into_iter().cycle();
    let mut tasks = Vec::new();
    while let (Some(due), Some(url)) = (due_times.recv().await, urls.next()) {
        let client = client.clone();
        tasks.push(tokio::spawn(async move {
            let answer = client.get(&url).send().await?;
            ensure!(answer.status().is_success(), "{url} answered {}", answer.status());
            answer.bytes().await?;
            Ok(due.elapsed())
        }));
    }
    let mut samples = Vec::new();
    for task in tasks {
        samples.push(task.await??);
    }
    Ok(samples)
}

/// The inbox with every kind of filter, and pages into the depth.
pub async fn inbox(server: &Server) -> Result<String> {
    let client = browser(server, "rep.l1@coco.com").await?;
    let api = self::client(&server.rep)?;
    let mut urls: Vec<String> = ["open", "mine", "unassigned", "escalated", "waiting", "resolved", "closed", "all"]
        .iter()
        .flat_map(|view| {
            ["", "&priority=urgent", "&category=billing", "&channel=email", "&priority=low&category=account", "&tag=refund", "&q=charger"]
                .map(|filter| format!("{}/rep/inbox?view={view}{filter}", server.base))
        })
        .collect();
    let mut cursor = String::new();
    for _ in 0..40 {
        let page: Value = api.get(format!("{}/api/tickets?view=all&limit=200&cursor={cursor}", server.base)).send().await?.json().await?;
        cursor = page["nextCursor"].as_str().context("a next page")?.to_owned();
        urls.push(format!("{}/rep/inbox?view=all&cursor={cursor}", server.base));
    }
    Ok(p50_p99(&mut at_rate(&client, urls).await?))
}

/// The page of a ticket with 200 messages.
pub async fn ticket(server: &Server) -> Result<String> {
    let (customer, rep) = (client(&server.customer)?, client(&server.rep)?);
    let made: Value = customer
        .post(format!("{}/api/tickets", server.base))
        .json(&json!({ "subject": "A long story", "description": "It begins here" }))
        .send()
        .await?
        .json()
        .await?;
    let (number, conversation) =
        (made["ticket"]["number"].as_str().context("a number")?, made["ticket"]["conversationId"].as_str().context("an id")?);
    for n in 0..199 {
        let who = if n % 2 == 0 { &rep } else { &customer };
        let text = format!("Message {n}: the charger shows a red light again, and I have tried everything in the manual.");
        let answer = who.post(format!("{}/api/chat/{conversation}/message", server.base)).json(&json!({ "content": text })).send().await?;
        ensure!(answer.status().is_success(), "a message answered {}", answer.status());
    }
    let client = browser(server, "rep.l1@coco.com").await?;
    Ok(p50_p99(&mut at_rate(&client, vec![format!("{}/rep/inbox/{number}", server.base)]).await?))
}

/// Full text at the API, as a rep and as a customer.
pub async fn search(server: &Server) -> Result<String> {
    let words =
        ["charger", "refund", "invoice late", "red light", "delivery broken", "password reset", "thank you", "warranty cl", "tkt-2026"];
    let urls =
        words.iter().map(|w| format!("{}/api/tickets?view=all&limit=25&q={}", server.base, w.replace(' ', "%20"))).collect::<Vec<_>>();
    let mut samples = at_rate(&client(&server.rep)?, urls.clone()).await?;
    samples.extend(at_rate(&client(&server.customer)?, urls).await?);
    Ok(p50_p99(&mut samples))
}

/// Tickets made by eight clients, each waiting for its answer.
pub async fn create(server: &Server) -> Result<String> {
    let begun = Instant::now();
    let mut clients = Vec::new();
    for c in 0..8 {
        let (client, url) = (client(&server.customer)?, format!("{}/api/tickets", server.base));
        clients.push(tokio::spawn(async move {
            let mut made = 0u32;
            while begun.elapsed() < LASTS {
                let body =
                    json!({ "subject": format!("Order {c}/{made}"), "description": "My order has not arrived", "category": "product" });
                let answer = client.post(&url).json(&body).send().await?;
                ensure!(answer.status() == 201, "answered {}", answer.status());
                answer.bytes().await?;
                made += 1;
            }
            Ok(made)
        }));
    }
    let mut made = 0;
    for client in clients {
        made += client.await??;
    }
    Ok(format!("{:.0}/s", f64::from(made) / begun.elapsed().as_secs_f64()))
}

/// All bytes over the wire of a customer's first visit: sign-in page, then home.
pub async fn first_visit(server: &Server) -> Result<String> {
    let (stranger, customer) = (Client::new(), browser(server, "customer@coco.com").await?);
    let mut bytes = 0;
    let mut fetched: Vec<String> = Vec::new();
    for (client, page) in [(stranger, "/login"), (customer, "/customer/dashboard")] {
        let answer = client.get(format!("{}{page}", server.base)).header("accept-encoding", "br").send().await?;
        let html = answer.bytes().await?;
        bytes += html.len();
        let plain = client.get(format!("{}{page}", server.base)).send().await?.text().await?;
        for part in plain.split(['"', '\'']).filter(|p| p.starts_with("/pkg/") || *p == "/favicon.svg") {
            if !fetched.iter().any(|f| f == part) {
                fetched.push(part.to_owned());
                bytes += client.get(format!("{}{part}", server.base)).header("accept-encoding", "br").send().await?.bytes().await?.len();
            }
        }
    }
    Ok(format!("{} KB", bytes / 1024))
}
