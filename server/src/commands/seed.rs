//! `coco seed`

use crate::config::Config;
use anyhow::Result;
use clap::Args;

/// What to fill the database with.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  coco seed                  three vendors with staff, customers and a few hundred tickets\n  coco seed --tickets 1000000   as many more, to see how COCO does with a large history"
)]
pub struct Options {
    /// Add this many more tickets, for load tests
    #[arg(long, value_name = "N")]
    tickets: Option<u64>,
}

/// Fills the database with demo data.
pub async fn run(config: &Config, options: &Options) -> Result<()> {
    let (services, _) = crate::open(config).await?;
    services.core.db.migrate().await.map_err(crate::cause)?;
    crate::seed::run(&services, options.tickets).await?;
    services.core.db.close().await;
    Ok(())
}
