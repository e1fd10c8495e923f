//! `coco status`

use super::table;
use crate::config::Config;
use crate::integrations::outbox::Outbox;
use anyhow::Result;
use clap::Args;
use coco::analytics::Totals;
use coco::services::Services;
use serde::Serialize;

/// How to say it.
#[derive(Debug, Args)]
pub struct Options {
    /// As JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Status {
    version: &'static str,
    database: String,
    kind: String,
    database_version: String,
    size_bytes: i64,
    vendors: i64,
    staff: i64,
    customers: i64,
    tickets: i64,
    open: i64,
    unassigned: i64,
    messages: i64,
    files: i64,
    events: i64,
    not_indexed: i64,
    outbox: usize,
}

/// Prints what is in the database.
pub async fn run(config: &Config, options: &Options) -> Result<()> {
    let services = super::open_as_it_is(config).await?;
    let status = read(config, &services).await.map_err(crate::cause)?;
    services.core.db.close().await;
    if options.json { table::json(&status) } else { print(&status) }
}

async fn read(config: &Config, services: &Services) -> coco::Result<Status> {
    let db = &services.core.db;
    let (size_bytes, database_version) = db.about().await?;
    let Totals { vendors, staff, customers, tickets, open, unassigned, messages, files, events } = services.analytics.totals().await?;
    let not_indexed = events - services.journey.cursor("search").await?;
    let outbox = Outbox::new(&config.data_dir, services.core.clone()).count()?;
    Ok(Status {
        version: env!("CARGO_PKG_VERSION"),
        database: crate::shown(&config.database_url),
        kind: format!("{:?}", db.kind()),
        database_version,
        size_bytes,
        vendors,
        staff,
        customers,
        tickets,
        open,
        unassigned,
        messages,
        files,
        events,
        not_indexed,
        outbox,
    })
}

fn print(s: &Status) -> Result<()> {
    let size = s.size_bytes as f64 / 1_048_576.0;
    let rows = [
        ("COCO", s.version.to_owned()),
        ("Database", format!("{} ({} {}, {size:.1} MB)", s.database, s.kind, s.database_version)),
        ("Vendors", s.vendors.to_string()),
        ("People", format!("{} staff, {} customers", s.staff, s.customers)),
        ("Tickets", format!("{}: {} open, {} of them unassigned", s.tickets, s.open, s.unassigned)),
        ("Messages", format!("{}, {} files", s.messages, s.files)),
        ("Journey", format!("{} events, {} not in the search index yet", s.events, s.not_indexed)),
        ("Outbox", format!("{} mails", s.outbox)),
    ];
    rows.iter().try_for_each(|(name, value)| table::line(&format!("{name:<10}{value}")))
}
