//! `coco ticket`

mod print;

use super::people;
use crate::config::Config;
use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use coco::actor::Actor;
use coco::services::Services;
use coco::tickets::{Channel, CustomerRef, InboxView, NewTicket, Priority, Status, Ticket};
use print::{done, list, show};
use std::io::Read;

/// What to do with tickets.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  coco ticket list --view unassigned --limit 20
  coco ticket show TKT-2026-000123 --json
  coco ticket create --vendor voltway --customer ada@example.com --subject 'Charger offline' --body 'Since this morning.'
  coco ticket assign TKT-2026-000123 --to rep.l1@coco.com
  coco ticket resolve TKT-2026-000123 --reason 'Replaced the cable'")]
pub struct Options {
    /// As whom to act [default: the first super admin]
    #[arg(long = "as", global = true, value_name = "EMAIL")]
    email: Option<String>,
    /// As JSON
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List tickets, newest activity first
    List(List),
    /// Show a ticket with its messages
    Show {
        /// Number or id
        ticket: String,
    },
    /// Open a ticket for a customer
    Create(Create),
    /// Give a ticket to someone, or back into the queue
    Assign {
        /// Number or id
        ticket: String,
        /// Who works on it from now on; nobody when left out
        #[arg(long, value_name = "EMAIL")]
        to: Option<String>,
        /// Why
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Mark a ticket as resolved
    Resolve {
        /// Number or id
        ticket: String,
        /// Why
        #[arg(long, default_value = "")]
        reason: String,
    },
}

#[derive(Debug, Args)]
struct List {
    /// open, mine, my_teams, mentions, unassigned, pressing, escalated, waiting, resolved, closed or all
    #[arg(long, default_value = "open", value_parser = view)]
    view: InboxView,
    /// Only with these words
    #[arg(long)]
    search: Option<String>,
    /// Only at this vendor, by its short name
    #[arg(long)]
    vendor: Option<String>,
    /// How many, at most 200
    #[arg(long, default_value_t = 50)]
    limit: u32,
}

#[derive(Debug, Args)]
struct Create {
    /// Address of the customer; made when unknown
    #[arg(long, value_name = "EMAIL")]
    customer: String,
    /// One line
    #[arg(long)]
    subject: String,
    /// What it is about; read from standard input when left out
    #[arg(long)]
    body: Option<String>,
    /// The vendor's short name [default: the one you work for, when it is only one]
    #[arg(long)]
    vendor: Option<String>,
    /// low, medium, high or urgent [default: the rules decide]
    #[arg(long, value_parser = priority)]
    priority: Option<Priority>,
}

fn view(text: &str) -> Result<InboxView, String> {
    let words = || InboxView::ALL.map(InboxView::as_str).join(", ");
    InboxView::ALL.into_iter().find(|v| v.as_str() == text).ok_or_else(|| format!("use one of {}", words()))
}

fn priority(text: &str) -> Result<Priority, String> {
    let words = || Priority::ALL.map(Priority::as_str).join(", ");
    Priority::ALL.into_iter().find(|p| p.as_str() == text).ok_or_else(|| format!("use one of {}", words()))
}

/// Does it.
pub async fn run(config: &Config, options: Options) -> Result<()> {
    let services = super::open(config).await?;
    let actor = people::named_or_admin(&services, options.email.as_deref()).await?;
    let tickets = &services.tickets;
    match options.command {
        Command::List(l) => list(&services, &actor, l, options.json).await?,
        Command::Show { ticket } => show(&tickets.view(&actor, &ticket).await.map_err(told)?, options.json)?,
        Command::Create(c) => done("Opened", &create(&services, &actor, c).await?, options.json)?,
        Command::Assign { ticket, to, reason } => {
            let rep = match &to {
                Some(email) => Some(people::named(&services, email).await?.id),
                None => None,
            };
            done("Assigned", &tickets.assign(&actor, &ticket, rep.as_ref(), &reason, None).await.map_err(told)?, options.json)?;
        }
        Command::Resolve { ticket, reason } => {
            let resolved = tickets.transition(&actor, &ticket, Status::Resolved, &reason, None).await.map_err(told)?;
            done("Resolved", &resolved, options.json)?;
        }
    }
    services.core.db.close().await;
    Ok(())
}

async fn create(services: &Services, actor: &Actor, c: Create) -> Result<Ticket> {
    let body = match c.body {
        Some(body) => body,
        None => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).context("the text can't be read from standard input")?;
            text
        }
    };
    let new = NewTicket {
        vendor_id: Some(people::vendor(services, actor, c.vendor.as_deref()).await?.id),
        customer: Some(CustomerRef { id: None, email: Some(c.customer), name: String::new() }),
        priority: c.priority,
        ..NewTicket::about(&c.subject, &body, Channel::Web)
    };
    services.tickets.create(actor, new).await.map_err(told)
}

fn told(e: coco::Error) -> anyhow::Error {
    people::told(e, "there is no such ticket, or you may not see it")
}
