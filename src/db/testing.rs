//! Databases, clocks and services for tests.
//!
//! A test of a store or service is written once, as `async fn(Stage)`, and run on both databases
//! by `both_dbs!`. PostgreSQL is taken from `TEST_DATABASE_URL`; without it the test passes on
//! SQLite alone, unless `COCO_REQUIRE_POSTGRES` is set (as in CI), when that is a failure.

use super::Db;
use crate::actor::{Actor, ActorKind, Role};
use crate::id::{IdSource, VendorId};
use crate::ports::mailer::FakeMailer;
use crate::services::{Core, Services};
use crate::time::{FixedClock, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// 2026-03-02 09:00 UTC, a Monday: when tests begin.
pub const START: Timestamp = Timestamp::from_micros(1_772_442_000_000_000);

/// The address of a new, empty PostgreSQL database; `None` when there is no server to make it on.
#[expect(clippy::disallowed_methods, reason = "tests are told of their server by the environment")]
pub async fn new_postgres() -> Option<String> {
    let Ok(base) = std::env::var("TEST_DATABASE_URL") else {
        assert!(std::env::var_os("COCO_REQUIRE_POSTGRES").is_none(), "TEST_DATABASE_URL is not set");
        return None;
    };
    let name = format!("coco_{}", crate::id::SystemIds.next().simple());
    let (server, _) = base.rsplit_once('/').expect("TEST_DATABASE_URL ends in /name");
    super::postgres::create_database(&base, &name).await.expect("a new database");
    Some(format!("{server}/{name}"))
}

/// Identifiers in rising order, the same in every run.
#[derive(Debug, Default)]
pub struct CountingIds(AtomicU64);

impl IdSource for CountingIds {
    fn next(&self) -> uuid::Uuid {
        uuid::Uuid::from_u64_pair(0x0190_0000_0000_7000, 0x8000_0000_0000_0000 | self.0.fetch_add(1, Ordering::SeqCst))
    }
}

/// A fresh database with services, a clock that stands still, and a mailer that keeps.
pub struct Stage {
    /// The services.
    pub services: Services,
    /// The clock they read.
    pub clock: Arc<FixedClock>,
    /// Where their mail goes.
    pub mail: Arc<FakeMailer>,
    url: String,
    /// What dropping the stage removes.
    _dir: tempfile::TempDir,
}

impl Stage {
    /// On a new SQLite file.
    pub async fn sqlite() -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let url = format!("sqlite://{}", dir.path().join("coco.db").display());
        Self::on(&url, dir).await
    }

    /// On a new PostgreSQL database; `None` when there is no server to make it on.
    pub async fn postgres() -> Option<Self> {
        let url = new_postgres().await?;
        Some(Self::on(&url, tempfile::tempdir().expect("a temporary directory")).await)
    }

    async fn on(url: &str, dir: tempfile::TempDir) -> Self {
        let db = Db::open(url).await.expect("the database opens");
        db.migrate().await.expect("the schema is made");
        let clock = Arc::new(FixedClock::at(START));
        let mail = Arc::new(FakeMailer::default());
        let files = object_store::local::LocalFileSystem::new_with_prefix(dir.path()).expect("a directory for files");
        let core = Core::new(db, clock.clone(), Arc::new(CountingIds::default()));
        let services = Services::new(core, Arc::new(files), mail.clone());
        Self { services, clock, mail, url: url.into(), _dir: dir }
    }

    /// Another node on the same database; PostgreSQL only.
    pub async fn beside(&self) -> Self {
        Self::on(&self.url, tempfile::tempdir().expect("a temporary directory")).await
    }

    /// A new vendor.
    pub async fn vendor(&self, slug: &str) -> VendorId {
        self.services.vendors.create(slug, slug, "About", "#1d4ed8", "Mon–Fri 9–17").await.expect("a vendor").id
    }

    /// A new person of a vendor, as they would act in a session.
    pub async fn person(&self, role: Role, name: &str, vendor: &VendorId) -> Actor {
        let email = format!("{}@example.com", name.to_lowercase().replace(' ', "."));
        let user = self.services.people.create(&email, name, role, std::slice::from_ref(vendor)).await.expect("a person");
        let kind = if role.is_staff() { ActorKind::Rep } else { ActorKind::Customer };
        Actor { id: user.id, kind, role, name: user.name, vendors: vec![vendor.clone()], scopes: None, is_proved: true }
    }
}

/// What hangs has failed: two minutes are far more than any test takes.
pub async fn in_time(test: impl Future<Output = ()>) {
    tokio::time::timeout(std::time::Duration::from_secs(120), test).await.expect("the test ends");
}

/// Runs `async fn(Stage)` tests on both databases.
#[macro_export]
macro_rules! both_dbs {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let stage = $crate::db::testing::Stage::sqlite().await;
                $crate::db::testing::in_time(super::$name(stage)).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(stage) = $crate::db::testing::Stage::postgres().await {
                    $crate::db::testing::in_time(super::$name(stage)).await;
                }
            }
        }
    )+};
}
