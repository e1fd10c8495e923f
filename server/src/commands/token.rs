//! `coco token`

use super::{people, table};
use crate::config::Config;
use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use coco::actor::{Actor, Scope};
use coco::services::Services;

/// What to do with API tokens.
#[derive(Debug, Subcommand)]
#[command(after_help = "Examples:
  TOKEN=$(coco token create --email super@coco.com --name CI)
  coco token create --email super@coco.com --name Reader --scope tickets:read --scope chat:read
  coco token list --email super@coco.com")]
pub enum Command {
    /// Make a token; it is printed alone on standard output, this once
    Create(Create),
    /// List someone's tokens
    List(List),
    /// Revoke a token
    Revoke(Revoke),
}

/// The token to make.
#[derive(Debug, Args)]
pub struct Create {
    /// Whose rights it has
    #[arg(long)]
    email: String,
    /// What it is for
    #[arg(long)]
    name: String,
    /// What it may be used for; all when left out
    #[arg(long, value_name = "SCOPE", value_parser = scope)]
    scope: Vec<Scope>,
}

/// Whose tokens.
#[derive(Debug, Args)]
pub struct List {
    /// Whose tokens
    #[arg(long)]
    email: String,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// The token to revoke.
#[derive(Debug, Args)]
pub struct Revoke {
    /// Whose token it is
    #[arg(long)]
    email: String,
    /// Its id, as `coco token list` shows it
    id: String,
}

fn scope(text: &str) -> Result<Scope, String> {
    let known = Scope::ALL.into_iter().find(|s| s.as_str() == text);
    known.ok_or_else(|| format!("use one of {}", Scope::ALL.map(Scope::as_str).join(", ")))
}

/// Does it.
pub async fn run(config: &Config, command: Command) -> Result<()> {
    let services = super::open(config).await?;
    match command {
        Command::Create(c) => create(&services, &c).await?,
        Command::List(l) => list(&services, &people::named(&services, &l.email).await?, l.json).await?,
        Command::Revoke(r) => revoke(&services, &r).await?,
    }
    services.core.db.close().await;
    Ok(())
}

async fn create(services: &Services, c: &Create) -> Result<()> {
    let owner = people::named(services, &c.email).await?;
    let scopes = if c.scope.is_empty() { Scope::ALL.to_vec() } else { c.scope.clone() };
    let (info, secret) = services.auth.create_token(&owner, &c.name, &scopes).await.map_err(crate::cause)?;
    eprintln!("“{}” acts as {} ({}); id {}. It is shown only this once:", info.name, owner.name, words(&info.scopes), info.id);
    table::line(&secret)
}

async fn list(services: &Services, owner: &Actor, json: bool) -> Result<()> {
    let tokens = services.auth.tokens(owner).await.map_err(crate::cause)?;
    if json {
        return table::json(&tokens);
    }
    let rows = tokens.iter().map(|t| {
        let state = t.revoked_at.map_or_else(|| "valid".to_owned(), |at| format!("revoked {at}"));
        let used = t.last_used_at.map_or_else(|| "never".to_owned(), |at| at.to_string());
        vec![t.id.to_string(), t.name.clone(), words(&t.scopes), t.created_at.to_string(), used, state]
    });
    table::print(&["ID", "NAME", "SCOPES", "CREATED", "LAST USED", "STATE"], rows)
}

async fn revoke(services: &Services, r: &Revoke) -> Result<()> {
    let owner = people::named(services, &r.email).await?;
    let Ok(id) = r.id.parse() else { bail!("{} is not the id of a token", r.id) };
    match services.auth.revoke_token(&owner, &id).await {
        Ok(()) => {
            eprintln!("Revoked. A server that runs may take it for up to five more seconds, and keep a socket opened with it for a minute.")
        }
        Err(coco::Error::NotFound) => bail!("{} has no token {id}", r.email),
        Err(e) => return Err(crate::cause(e)),
    }
    Ok(())
}

fn words(scopes: &[Scope]) -> String {
    scopes.iter().map(|s| s.as_str()).collect::<Vec<_>>().join(" ")
}
