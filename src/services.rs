//! Builds every service once.

use crate::db::Db;
use crate::id::{IdSource, SystemIds};
use crate::ports::mailer::Mailer;
use crate::ports::scanner::Scanner;
use crate::time::{Clock, SystemClock, Timestamp};
use object_store::ObjectStore;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;

/// What every service stands on: the database, the time, and identifiers.
#[derive(Clone)]
pub struct Core {
    /// The database.
    pub db: Db,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
}

impl Core {
    /// On this database, with these sources of time and identifiers.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, ids: Arc<dyn IdSource>) -> Self {
        Self { db, clock, ids }
    }
    /// With the machine's clock.
    #[must_use]
    pub fn system(db: Db) -> Self {
        Self::new(db, Arc::new(SystemClock), Arc::new(SystemIds))
    }
    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
    /// A new identifier.
    #[must_use]
    pub fn id<T: From<uuid::Uuid>>(&self) -> T {
        self.ids.next().into()
    }
}

/// A new name that tells this process from the others on the database.
pub(crate) fn node() -> Arc<str> {
    format!("{:016x}", RandomState::new().build_hasher().finish()).into()
}

/// Everything COCO can do. Cheap to clone.
#[derive(Clone)]
#[expect(missing_docs, reason = "one per concept")]
pub struct Services {
    pub core: Core,
    pub auth: crate::auth::service::Auth,
    pub people: crate::people::service::People,
    pub vendors: crate::vendors::service::Vendors,
    pub teams: crate::teams::service::Teams,
    pub routing: crate::routing::service::Routing,
    pub tickets: crate::tickets::service::Tickets,
    pub conversations: crate::conversations::service::Conversations,
    pub journey: crate::journey::service::Journey,
    pub analytics: crate::analytics::service::Analytics,
    pub feedback: crate::feedback::service::Feedback,
    pub sla: crate::sla::service::Sla,
    pub mail: crate::mail::service::Mails,
    files: Arc<dyn ObjectStore>,
    mailer: Arc<dyn Mailer>,
}

impl Services {
    /// All services on one core, with files in `files` and mail through `mailer`.
    #[must_use]
    pub fn new(core: Core, files: Arc<dyn ObjectStore>, mailer: Arc<dyn Mailer>) -> Self {
        let tickets = crate::tickets::service::Tickets::new(core.clone());
        let journey = crate::journey::service::Journey::new(core.clone());
        Self {
            auth: crate::auth::service::Auth::new(core.clone(), mailer.clone()),
            people: crate::people::service::People::new(core.clone()),
            vendors: crate::vendors::service::Vendors::new(core.clone()),
            teams: crate::teams::service::Teams::new(core.clone()),
            routing: crate::routing::service::Routing::new(core.clone()),
            sla: crate::sla::service::Sla::new(core.clone(), journey.clone(), tickets.clone()),
            tickets,
            conversations: crate::conversations::service::Conversations::new(core.clone(), files.clone()),
            journey,
            analytics: crate::analytics::service::Analytics::new(core.clone()),
            feedback: crate::feedback::service::Feedback::new(core.clone(), mailer.clone()),
            mail: crate::mail::service::Mails::new(crate::people::service::People::new(core.clone())),
            core,
            files,
            mailer,
        }
    }

    /// The same services, which have every file that comes looked through by `scanner` first.
    #[must_use]
    pub fn scanned_by(mut self, scanner: Arc<dyn Scanner>) -> Self {
        self.conversations.scanner = Some(scanner);
        self
    }

    /// The same services with the same files and mailer on another core: demo data is made in a
    /// time of its own. What it brings along needs no looking through.
    #[must_use]
    pub fn on(&self, core: Core) -> Self {
        Self::new(core, self.files.clone(), self.mailer.clone())
    }
}
