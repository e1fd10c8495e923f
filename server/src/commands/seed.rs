//! `coco seed`

use crate::config::Config;
use crate::seed::Wanted;
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
    tickets: Option<usize>,

    /// Give those tickets this many messages in all [default: four or five each]
    #[arg(long, value_name = "M", requires = "tickets")]
    messages: Option<usize>,
}

impl Options {
    fn load(&self) -> Option<Wanted> {
        self.tickets.map(|tickets| Wanted { tickets, messages: self.messages })
    }
}

/// Fills the database with demo data.
pub async fn run(config: &Config, options: &Options) -> Result<()> {
    let (services, _) = crate::open(config).await?;
    services.core.db.migrate().await.map_err(crate::cause)?;
    let summary = crate::seed::run(&services, options.load()).await?;
    eprintln!("{summary}");
    services.core.db.close().await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Options;
    use clap::{Args, Command, FromArgMatches};

    fn wanted(arguments: &[&str]) -> Option<(usize, Option<usize>)> {
        let matches = Options::augment_args(Command::new("seed")).try_get_matches_from([&["seed"], arguments].concat()).ok()?;
        Options::from_arg_matches(&matches).ok()?.load().map(|l| (l.tickets, l.messages))
    }

    #[test]
    fn the_load_set_is_as_large_as_asked_for() {
        assert_eq!(wanted(&["--tickets", "100000", "--messages", "1000000"]), Some((100_000, Some(1_000_000))));
        assert_eq!(wanted(&["--tickets", "7"]), Some((7, None)));
        assert_eq!(wanted(&[]), None);
        assert_eq!(wanted(&["--messages", "7"]), None, "messages of which tickets?");
    }
}
