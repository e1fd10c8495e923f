//! `coco migrate`

use crate::config::Config;
use anyhow::{Context, Result};

/// Brings the database up to date, making it if need be.
pub async fn run(config: &Config) -> Result<()> {
    let (services, _) = crate::open(config).await?;
    services.core.db.migrate().await.map_err(crate::cause).context("the database could not be brought up to date")?;
    services.core.db.close().await;
    eprintln!("{} is up to date.", crate::shown(&config.database_url));
    Ok(())
}
