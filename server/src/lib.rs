//! How COCO runs.
//!
//! | Module | Owns |
//! |---|---|
//! | [`config`] | what can be set, from file, environment and flags |
//! | [`state`] | what every handler can reach |
//! | [`http`] | sessions, rights, limits, headers, problems, files, pages, health; accepting connections |
//! | [`rest`] | the REST API |
//! | [`live`] | sockets |
//! | [`integrations`] | outside systems, one file each |
//! | [`worker`] | what runs beside the requests |
//! | [`commands`] | the `coco` command line |
//! | [`seed`] | demo data |
//! | [`telemetry`], [`lifecycle`] | logs, figures and traces; starting and stopping |
//!
//! No rule of the business is here: handlers ask `coco`'s services and map the answer.

// Views nest deeply; the default of 128 is too low for them.
#![recursion_limit = "512"]

pub mod commands;
pub mod config;
pub mod http;
pub mod integrations;
pub mod lifecycle;
pub mod live;
pub mod rest;
pub mod seed;
pub mod state;
pub mod telemetry;
pub mod worker;

pub use config::Config;
pub use state::AppState;

use anyhow::Context;
use axum::Router;
use coco::db::Db;
use coco::services::{Core, Services};
use http::{assets::Site, rate_limit::Limits, visitors::Visitors};
use integrations::{clamd::Clamd, outbox::Outbox};
use leptos::config::LeptosOptions;
use state::Parts;
use std::sync::Arc;

/// Opens everything and brings the schema up to date: the router, and what it stands on. Starts no
/// worker and accepts no connection; see [`worker::start`] and [`http::serve`].
///
/// # Errors
/// When the database does not open, or a migration fails.
pub async fn build(config: Config) -> anyhow::Result<(Router, AppState)> {
    let (services, outbox) = open(&config).await?;
    services.core.db.migrate().await.map_err(cause).context("the database could not be brought up to date")?;
    build_on(config, services, outbox)
}

/// The same on services that are there already, as in tests with a clock of their own.
///
/// # Errors
/// When figures cannot be collected.
pub fn build_on(config: Config, services: Services, outbox: Outbox) -> anyhow::Result<(Router, AppState)> {
    // Before anything that counts: what is made without a collector counts nothing.
    let metrics = telemetry::metrics()?;
    let leptos = LeptosOptions::builder().output_name("coco").site_addr(config.listen).build();
    let state = AppState::new(Parts {
        hub: live::Hub::start(services.clone(), live::limits::Limits::new(&config)),
        site: Site::load(&config),
        metrics,
        visitors: Visitors::new(services.clone()),
        limits: Arc::new(Limits::new(&config)),
        lifecycle: lifecycle::Lifecycle::default(),
        config: Arc::new(config),
        services,
        leptos,
        outbox,
    });
    Ok((http::router(&state), state))
}

/// The business on its database and files, as configured.
///
/// # Errors
/// When the data directory or the database does not open.
pub async fn open(config: &Config) -> anyhow::Result<(Services, Outbox)> {
    let dir = &config.data_dir;
    integrations::private::make_dir(dir).with_context(|| format!("{}: can't be made", dir.display()))?;
    let db =
        Db::open(&config.database_url).await.map_err(cause).with_context(|| format!("{} does not open", shown(&config.database_url)))?;
    let core = Core::system(db);
    let files = object_store::local::LocalFileSystem::new_with_prefix(dir).with_context(|| format!("{}: can't be used", dir.display()))?;
    let outbox = Outbox::new(dir, core.clone());
    // A file must be as safe on disk as the row that tells of it.
    let services = Services::new(core, Arc::new(files.with_fsync(true)), Arc::new(outbox.clone()));
    let services = match &config.clamd {
        Some(address) => services.scanned_by(Arc::new(Clamd::at(address))),
        None => services,
    };
    Ok((services, outbox))
}

/// An error of the business with what its words keep from customers: for whoever runs COCO.
#[must_use]
pub fn cause(e: coco::Error) -> anyhow::Error {
    match e {
        coco::Error::Internal(cause) | coco::Error::Unavailable(cause) | coco::Error::Unchecked(cause) => anyhow::anyhow!(cause),
        other => other.into(),
    }
}

/// A database's address without its password.
#[must_use]
pub fn shown(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    match rest.rsplit_once('@') {
        Some((login, host)) => format!("{scheme}://{}@{host}", login.split(':').next().unwrap_or_default()),
        None => url.to_owned(),
    }
}
