//! `coco serve`

use super::lock;
use crate::config::{Config, Layers};
use crate::{AppState, http, worker};
use anyhow::{Context, Result};
use clap::Args;
use std::fmt::Write;
use tokio::net::TcpListener;

/// Those who can sign in where there is demo data, and what each is good for.
const DEMO: [(&str, &str); 7] = [
    ("customer@coco.com", "a customer"),
    ("rep.l1@coco.com", "representative, level 1"),
    ("rep.l2@coco.com", "representative, level 2"),
    ("rep.l3@coco.com", "representative, level 3"),
    ("admin.manager@coco.com", "manager"),
    ("admin.senior@coco.com", "senior admin"),
    ("super@coco.com", "super admin"),
];

/// How to start.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  coco serve\n  coco serve --listen 0.0.0.0:8080 --public-url https://help.example.com\n  COCO_DATABASE_URL=postgres://coco@db/coco coco serve"
)]
pub struct Options {
    /// Where to accept connections [default: 127.0.0.1:3000]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// The address people use [default: http:// and where it listens]
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
}

impl Options {
    /// Adds what was given to the settings.
    pub fn add_to(&self, layers: &mut Layers) {
        layers.add_flag("listen", self.listen.as_deref());
        layers.add_flag("public_url", self.public_url.as_deref());
    }
}

/// Runs until a signal.
pub async fn run(config: Config) -> Result<()> {
    let _lock = lock::take(&config)?;
    let listener = TcpListener::bind(config.listen).await.with_context(|| format!("COCO_LISTEN: {} can't be used", config.listen))?;
    let config = config.bound_to(listener.local_addr()?);
    let (router, state) = crate::build(config).await?;
    state.lifecycle.stop_on_signals();
    worker::start(&state);
    eprint!("{}", greeting(&state).await?);
    tracing::info!(listen = %state.config.listen, database = ?state.services.core.db.kind(), "server.ready");
    http::serve(listener, router, &state).await;
    state.lifecycle.drained().await;
    state.services.core.db.close().await;
    tracing::info!("server.stopped");
    Ok(())
}

/// What a person needs to go on.
async fn greeting(state: &AppState) -> Result<String> {
    let mut text = format!("\n  COCO is ready at {}\n", state.config.public_url);
    let demo = demo_logins(state).await?;
    if !demo.is_empty() {
        writeln!(text, "\n  Demo data is there. Sign in with the password “password” as")?;
        for (email, what) in demo {
            writeln!(text, "    {email:<24} {what}")?;
        }
    } else if let Some(link) = state.services.auth.setup_link(&state.config.public_url).await.map_err(crate::cause)? {
        writeln!(text, "\n  Nobody works here yet. Make the first administrator (the link works once, for a day):\n    {link}")?;
        writeln!(text, "  Or stop, run `coco seed`, and look around with demo data.")?;
    }
    text.push('\n');
    Ok(text)
}

/// The demo's people, when they are all there.
async fn demo_logins(state: &AppState) -> Result<Vec<(&'static str, &'static str)>> {
    for (email, _) in DEMO {
        match state.services.people.actor_by_email(email).await {
            Ok(_) => {}
            Err(coco::Error::NotFound) => return Ok(Vec::new()),
            Err(e) => return Err(crate::cause(e)),
        }
    }
    Ok(DEMO.to_vec())
}
