//! `coco team`

use super::{people, table};
use crate::config::Config;
use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use coco::actor::Actor;
use coco::id::UserId;
use coco::services::Services;
use coco::teams::Team;
use coco::vendors::Vendor;

/// What to do with teams.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  coco team list
  coco team create Billing --vendor voltway --member rep.l1@coco.com --member rep.l2@coco.com
  coco team add Billing rep.l3@coco.com --vendor voltway
  coco team remove Billing rep.l1@coco.com --vendor voltway")]
pub struct Options {
    /// As whom to act [default: the first super admin]
    #[arg(long = "as", global = true, value_name = "EMAIL")]
    email: Option<String>,
    /// The vendor's short name [default: the one you work for, when it is only one]
    #[arg(long, global = true)]
    vendor: Option<String>,
    /// As JSON
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List teams with who is in them; those of all vendors you work for unless one is named
    List,
    /// Make a team that tickets can be given to
    Create {
        /// What it is called
        name: String,
        /// Who is in it
        #[arg(long, value_name = "EMAIL")]
        member: Vec<String>,
    },
    /// Take someone into a team
    Add {
        /// The team's name
        team: String,
        /// Who, by address
        #[arg(value_name = "EMAIL")]
        who: String,
    },
    /// Take someone out of a team
    Remove {
        /// The team's name
        team: String,
        /// Who, by address
        #[arg(value_name = "EMAIL")]
        who: String,
    },
}

/// Does it.
pub async fn run(config: &Config, options: Options) -> Result<()> {
    let services = super::open(config).await?;
    let actor = people::named_or_admin(&services, options.email.as_deref()).await?;
    let vendor = options.vendor.as_deref();
    match options.command {
        Command::List => list(&services, &actor, vendor, options.json).await?,
        Command::Create { name, member } => {
            let at = people::vendor(&services, &actor, vendor).await?;
            let made = services.teams.create(&at.id, &name, &ids(&services, &member).await?).await.map_err(told)?;
            shown(&services, &actor, (&at, &made.name), options.json).await?;
        }
        Command::Add { team, who } => {
            let (at, team) = named(&services, &actor, vendor, &team).await?;
            let who = people::named(&services, &who).await?;
            services.teams.add(&at.id, &team.id, &who.id).await.map_err(told)?;
            shown(&services, &actor, (&at, &team.name), options.json).await?;
        }
        Command::Remove { team, who } => {
            let (at, team) = named(&services, &actor, vendor, &team).await?;
            let who = people::named(&services, &who).await?;
            services.teams.remove(&at.id, &team.id, &who.id).await.map_err(told)?;
            shown(&services, &actor, (&at, &team.name), options.json).await?;
        }
    }
    services.core.db.close().await;
    Ok(())
}

async fn ids(services: &Services, emails: &[String]) -> Result<Vec<UserId>> {
    let mut ids = Vec::with_capacity(emails.len());
    for email in emails {
        ids.push(people::named(services, email).await?.id);
    }
    Ok(ids)
}

/// The team with this name, and its vendor.
async fn named(services: &Services, actor: &Actor, vendor: Option<&str>, name: &str) -> Result<(Vendor, Team)> {
    let at = people::vendor(services, actor, vendor).await?;
    let teams = services.teams.of_vendor(actor, &at.id).await.map_err(told)?;
    let names = teams.iter().map(|t| t.name.as_str()).collect::<Vec<_>>().join(", ");
    let found = teams.into_iter().find(|t| t.name == name);
    let team = found.with_context(|| format!("{} has no team “{name}”; its teams are: {names}", at.name))?;
    Ok((at, team))
}

async fn list(services: &Services, actor: &Actor, vendor: Option<&str>, json: bool) -> Result<()> {
    let vendors = match vendor {
        Some(slug) => vec![people::vendor(services, actor, Some(slug)).await?],
        None => services.vendors.mine(actor).await.map_err(crate::cause)?,
    };
    let (mut teams, mut rows) = (Vec::new(), Vec::new());
    for at in vendors {
        for team in services.teams.of_vendor(actor, &at.id).await.map_err(told)? {
            rows.push(vec![at.slug.clone(), team.name.clone(), members(services, actor, &team).await?]);
            teams.push(team);
        }
    }
    if json { table::json(&teams) } else { table::print(&["VENDOR", "TEAM", "MEMBERS"], rows) }
}

/// Says who is in a team now, and prints its id for other programs.
async fn shown(services: &Services, actor: &Actor, (at, name): (&Vendor, &str), json: bool) -> Result<()> {
    let (_, team) = named(services, actor, Some(&at.slug), name).await?;
    if json {
        return table::json(&team);
    }
    eprintln!("“{}” at {}: {}.", team.name, at.name, members(services, actor, &team).await?);
    table::line(team.id.as_str())
}

/// The names of those in a team.
async fn members(services: &Services, actor: &Actor, team: &Team) -> Result<String> {
    let mut all = services.people.colleagues(actor, &team.vendor_id).await.map_err(crate::cause)?;
    all.retain(|c| team.members.contains(&c.id));
    let names: Vec<String> = all.into_iter().map(|c| c.name).collect();
    Ok(if names.is_empty() { "nobody".into() } else { names.join(", ") })
}

fn told(e: coco::Error) -> anyhow::Error {
    people::told(e, "there is no such team, or you may not see it")
}
