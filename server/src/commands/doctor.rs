//! `coco doctor`: each thing that must be right, and what to do when it is not.

use super::table::line;
use crate::config::{Config, Layers};
use crate::http::assets::Site;
use crate::integrations::clamd::Clamd;
use anyhow::Result;
use coco::db::Kind;
use coco::ports::mailer::Outbox as _;
use coco::services::Services;
use coco::time::{Clock, DAY, SystemClock, Timestamp};
use std::process::ExitCode;

/// The newest migration of each kind of database, as this program knows them.
const SCHEMA: (&str, &str) = (env!("COCO_SCHEMA_SQLITE"), env!("COCO_SCHEMA_POSTGRES"));
/// 2026-01-01: no clock is right that shows less.
const BUILT_AFTER: Timestamp = Timestamp::from_micros(1_767_225_600_000_000);

/// What was found, line by line.
#[derive(Default)]
struct Report {
    faults: usize,
}

impl Report {
    /// Prints a finding: what is right, or what is wrong and what to do.
    fn tell(&mut self, what: &str, finding: Result<String, String>) -> Result<()> {
        match finding {
            Ok(good) => line(&format!("✓ {what}: {good}")),
            Err(bad) => {
                self.faults += 1;
                line(&format!("✗ {what}: {bad}"))
            }
        }
    }
}

/// Looks at everything; fails when something is wrong.
pub async fn run(layers: &Layers) -> Result<ExitCode> {
    let mut report = Report::default();
    match Config::from_layers(layers) {
        Ok(config) => {
            report.tell("Settings", settings(layers))?;
            look(&config, &mut report).await?;
        }
        Err(e) => report.tell("Settings", Err(e.to_string()))?,
    }
    line(&match report.faults {
        0 => "\nEverything is as it should be.".to_owned(),
        1 => "\nOne thing needs you.".to_owned(),
        n => format!("\n{n} things need you."),
    })?;
    Ok(if report.faults == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn look(config: &Config, report: &mut Report) -> Result<()> {
    report.tell("Data directory", writable(&config.data_dir))?;
    report.tell("Site", site(config))?;
    report.tell("Virus scan", scanner(config).await)?;
    if config.sqlite_file().is_some_and(|f| !f.exists()) {
        report.tell("Database", Ok("none yet; `coco serve` makes it".into()))?;
        return report.tell("Clock", clock(None));
    }
    let (services, outbox) = match crate::open(config).await {
        Ok(open) => open,
        Err(e) => return report.tell("Database", Err(format!("{e:#}; look at COCO_DATABASE_URL"))),
    };
    report.tell("Database", sound(config, &services).await)?;
    let schema = schema(&services).await;
    let readable = schema.is_ok();
    report.tell("Schema", schema)?;
    if readable {
        report.tell("Staff", staff(&services).await)?;
        report.tell("Clock", clock(newest_event(&services).await))?;
    }
    report.tell(
        "Outbox",
        match outbox.list(None, 1).await {
            Ok(_) => writable(outbox.dir()),
            Err(e) => Err(format!("{:#}", crate::cause(e))),
        },
    )?;
    services.core.db.close().await;
    Ok(())
}

fn settings(layers: &Layers) -> Result<String, String> {
    let file = layers.file().map_or_else(|| "no file, so defaults and environment".into(), |f| f.display().to_string());
    match layers.strangers() {
        [] => Ok(file),
        names => Err(format!("{} is no setting of ours; mistyped?", names.join(", "))),
    }
}

/// Whether a file can be written there.
fn writable(dir: &std::path::Path) -> Result<String, String> {
    let probe = dir.join(format!(".doctor-{}", std::process::id()));
    let made = crate::integrations::private::make_dir(dir).and_then(|()| std::fs::write(&probe, b"x"));
    std::fs::remove_file(&probe).ok();
    made.map(|()| format!("{} can be written to", dir.display()))
        .map_err(|e| format!("{}: {e}; give it to the user that COCO runs as", dir.display()))
}

fn site(config: &Config) -> Result<String, String> {
    match &Site::load(config).missing()[..] {
        [] => Ok("all files that pages need are there".into()),
        missing => Err(format!("{} missing; build with scripts/build, or pages stay without life", missing.join(", "))),
    }
}

async fn scanner(config: &Config) -> Result<String, String> {
    let Some(address) = &config.clamd else { return Ok("none, uploads are taken as they come; COCO_CLAMD says where a clamd is".into()) };
    match Clamd::at(address).ping().await {
        Ok(()) => Ok(format!("clamd at {address} answers")),
        Err(e) => Err(format!("{:#}; no upload is taken until it answers", crate::cause(e))),
    }
}

async fn sound(config: &Config, services: &Services) -> Result<String, String> {
    match services.core.db.check().await {
        Ok(faults) if faults.is_empty() => Ok(format!("{} answers and is sound", crate::shown(&config.database_url))),
        Ok(faults) => Err(format!("is damaged ({}); restore a backup with `coco restore`", faults.join("; "))),
        Err(e) => Err(format!("{:#}", crate::cause(e))),
    }
}

async fn schema(services: &Services) -> Result<String, String> {
    let known = match services.core.db.kind() {
        Kind::Sqlite => SCHEMA.0,
        Kind::Postgres => SCHEMA.1,
    };
    let known: i64 = known.parse().unwrap_or_default();
    match services.core.db.schema().await {
        Ok(at) if at == known => Ok(format!("up to date ({at})")),
        Ok(at) if at > known => Err(format!("at {at}, newer than this program ({known}); use the newer COCO")),
        Ok(at) => Err(format!("at {at}, this program needs {known}; run `coco migrate`")),
        Err(_) => Err("not made yet; run `coco migrate`".into()),
    }
}

async fn staff(services: &Services) -> Result<String, String> {
    match services.people.has_no_staff().await {
        Ok(false) => Ok("someone can sign in to work".into()),
        Ok(true) => Err("nobody works here yet; start `coco serve` and open the link it prints".into()),
        Err(e) => Err(format!("{:#}", crate::cause(e))),
    }
}

async fn newest_event(services: &Services) -> Option<Timestamp> {
    let last = services.journey.last_seq().await.ok()?;
    services.journey.tail(last - 1, 1).await.ok()?.events.first().map(|e| e.timestamp)
}

/// The clock may not stand before what has happened already.
fn clock(newest: Option<Timestamp>) -> Result<String, String> {
    let now = SystemClock.now();
    if now < BUILT_AFTER || newest.is_some_and(|at| at > now.plus(DAY)) {
        return Err(format!("shows {now}, which can't be; set it, and keep it with NTP"));
    }
    Ok(format!("shows {now}"))
}
