//! The whole of COCO in one process, on a temporary database and with a clock that stands still.
//!
//! ```ignore
//! let app = TestApp::new().await;
//! app.person(Role::RepL1, "rep@example.com").await;
//! let rep = app.login("rep@example.com").await;
//! assert_eq!(rep.get("/rep/inbox").await.status, 200);
//! ```

mod answer;
pub mod clamd;
pub mod collector;
mod page_form;
mod visitor;

pub use answer::Answer;
pub use page_form::PageForm;
pub use visitor::{Visitor, form};

use axum::Router;
use coco::actor::{Actor, Role, Scope};
use coco::db::testing::Stage;
use coco::id::VendorId;
use server::config::Layers;
use server::integrations::outbox::Outbox;
use server::{AppState, Config};

/// Takes COCO's own settings from what a program would inherit.
#[expect(clippy::disallowed_methods, reason = "it is about the environment")]
pub fn without_settings(command: &mut std::process::Command) {
    for (name, _) in
        std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("COCO_") || name.to_string_lossy().starts_with("OTEL_"))
    {
        command.env_remove(name);
    }
}

/// Everyone's password.
pub const PASSWORD: &str = "correct horse";

/// A running COCO, without sockets and workers.
pub struct TestApp {
    /// Its database, clock and mail.
    pub stage: Stage,
    /// What its handlers reach.
    pub state: AppState,
    /// The vendor that people are with.
    pub vendor: VendorId,
    /// What dropping it removes: the data directory.
    _dir: tempfile::TempDir,
    router: Router,
}

impl TestApp {
    /// On SQLite, with nothing set.
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// On SQLite, with these settings.
    pub async fn with(settings: &[(&'static str, &str)]) -> Self {
        Self::on(Stage::sqlite().await, settings).await
    }

    /// On this database, with these settings.
    pub async fn on(stage: Stage, settings: &[(&'static str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut layers = Layers::default();
        layers.add_flag("data_dir", dir.path().to_str());
        layers.add_flag("sign_in_rate", Some("1000"));
        for (key, value) in settings {
            layers.add_flag(key, Some(value));
        }
        let config = Config::from_layers(&layers).unwrap();
        let outbox = Outbox::new(dir.path(), stage.services.core.clone());
        let (router, state) = server::build_on(config, stage.services.clone(), outbox).unwrap();
        let vendor = stage.vendor("voltway").await;
        Self { stage, state, vendor, _dir: dir, router }
    }

    /// A new person with [`PASSWORD`], at the vendor.
    pub async fn person(&self, role: Role, email: &str) -> Actor {
        let services = &self.stage.services;
        let name = email.split('@').next().unwrap();
        let user = services.people.create(email, name, role, std::slice::from_ref(&self.vendor)).await.unwrap();
        services.auth.set_password(&user.id, PASSWORD).await.unwrap();
        services.people.actor(&user.id).await.unwrap().unwrap()
    }

    /// A visitor nobody knows.
    pub fn visitor(&self) -> Visitor {
        Visitor::new(self.router.clone())
    }

    /// Someone who signed in with [`PASSWORD`], through the form.
    pub async fn login(&self, email: &str) -> Visitor {
        let visitor = self.visitor();
        visitor.sign_in(email, PASSWORD).await.expect_status(200);
        visitor
    }

    /// A program with a token of all scopes.
    pub async fn token(&self, email: &str) -> Visitor {
        self.token_for(email, &Scope::ALL).await
    }

    /// A program with a token of these scopes.
    pub async fn token_for(&self, email: &str, scopes: &[Scope]) -> Visitor {
        let owner = self.stage.services.people.actor_by_email(email).await.unwrap();
        let (_, secret) = self.stage.services.auth.create_token(&owner, "test", scopes).await.unwrap();
        self.visitor().bearing(&secret)
    }
}
