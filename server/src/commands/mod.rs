//! The `coco` command line.
//!
//! What a command is asked for goes to standard output, everything else to standard error, so that
//! its output can be used by other programs.

mod backup;
mod doctor;
mod lock;
mod migrate;
mod people;
mod restore;
mod seed;
mod serve;
mod sla;
mod status;
mod table;
mod team;
mod ticket;
mod token;

use crate::config::{Config, Layers};
use anyhow::{Result, bail};
use clap::{Args, Parser, Subcommand};
use coco::services::Services;
use std::path::PathBuf;
use std::process::ExitCode;

const EXAMPLES: &str = "\
Examples:
  coco serve                                start; the first time it prints a link to set up
  coco seed                                 fill an empty database with demo data
  coco status                               what is in the database
  coco sla                                  what is promised, and how well it was kept
  coco ticket list --view unassigned        work that nobody has taken
  coco token create --email me@example.com --name CI > token.txt
  coco backup                               a copy of everything, while COCO runs
  coco doctor                               what is wrong, and what to do about it

Settings come from coco.toml, then COCO_… variables, then flags; see docs/configuration.md.";

/// Support for the customers of many vendors, in one journey.
#[derive(Debug, Parser)]
#[command(name = "coco", version, about, after_help = EXAMPLES)]
struct Cli {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Command,
}

/// Settings that are often given by hand.
#[derive(Debug, Args)]
struct Settings {
    /// Settings file [default: coco.toml, if there]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where database, uploads and mail are [default: data]
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<String>,
    /// sqlite://path or postgres://user@host/name [default: coco.db in the data directory]
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// What is logged, such as info or server=debug,warn
    #[arg(long, global = true, value_name = "FILTER")]
    log: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start COCO
    Serve(serve::Options),
    /// Bring the database up to date
    Migrate,
    /// Fill the database with demo data
    Seed(seed::Options),
    /// Say what is in the database
    Status(status::Options),
    /// Say what is promised and how well it was kept
    Sla(sla::Options),
    /// Look at tickets and work on them
    Ticket(ticket::Options),
    /// Make teams that tickets can be given to
    Team(team::Options),
    /// Make, list and revoke API tokens
    #[command(subcommand)]
    Token(token::Command),
    /// Copy database and uploads into a new directory
    Backup(backup::Options),
    /// Put a backup in the place of what is there
    Restore(restore::Options),
    /// Check that everything is as it should be
    Doctor,
}

/// Runs what the command line asks for.
pub async fn main() -> ExitCode {
    // No TLS without a provider; ring is the only one built in. Only fails when there is one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let cli = Cli::parse();
    let outcome = match layers(&cli) {
        Ok(layers) => run(cli, layers).await,
        Err(e) => Err(e),
    };
    match outcome {
        Ok(code) => code,
        Err(e) => {
            eprintln!("coco: {e:#}");
            ExitCode::FAILURE
        }
    }
}

fn layers(cli: &Cli) -> Result<Layers> {
    let mut layers = Layers::load(cli.settings.config.as_deref())?;
    layers.add_flag("data_dir", cli.settings.data_dir.as_deref());
    layers.add_flag("database_url", cli.settings.database_url.as_deref());
    layers.add_flag("log", cli.settings.log.as_deref());
    if let Command::Serve(options) = &cli.command {
        options.add_to(&mut layers);
    }
    Ok(layers)
}

async fn run(cli: Cli, layers: Layers) -> Result<ExitCode> {
    if matches!(cli.command, Command::Doctor) {
        return doctor::run(&layers).await;
    }
    let mut config = Config::from_layers(&layers)?;
    // Only requests are traced.
    if !matches!(cli.command, Command::Serve(_)) {
        config.otlp_endpoint = None;
    }
    // Commands that end at once say what they do themselves.
    if !matches!(cli.command, Command::Serve(_)) && cli.settings.log.is_none() {
        config.log = "warn".into();
    }
    let traces = crate::telemetry::start(&config)?;
    let outcome = execute(cli.command, config).await;
    if let Some(traces) = traces {
        traces.finish().await;
    }
    outcome.map(|()| ExitCode::SUCCESS)
}

async fn execute(command: Command, config: Config) -> Result<()> {
    match command {
        Command::Serve(_) => serve::run(config).await?,
        Command::Migrate => migrate::run(&config).await?,
        Command::Seed(options) => seed::run(&config, &options).await?,
        Command::Status(options) => status::run(&config, &options).await?,
        Command::Sla(options) => sla::run(&config, &options).await?,
        Command::Ticket(options) => ticket::run(&config, options).await?,
        Command::Team(options) => team::run(&config, options).await?,
        Command::Token(command) => token::run(&config, command).await?,
        Command::Backup(options) => backup::run(&config, &options).await?,
        Command::Restore(options) => restore::run(&config, &options).await?,
        Command::Doctor => {}
    }
    Ok(())
}

/// Opens what is there and brings it up to date.
async fn open(config: &Config) -> Result<Services> {
    let services = open_as_it_is(config).await?;
    services.core.db.migrate().await.map_err(crate::cause)?;
    Ok(services)
}

/// Opens what is there, be it of an older COCO; never makes a new database by mistake.
async fn open_as_it_is(config: &Config) -> Result<Services> {
    if let Some(file) = config.sqlite_file()
        && !file.exists()
    {
        bail!("there is no database at {}; start with `coco serve`, or say where it is with --data-dir", file.display());
    }
    Ok(crate::open(config).await?.0)
}
