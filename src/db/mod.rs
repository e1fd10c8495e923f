//! The only place that names a database driver.
//!
//! [`Db`] is one database, SQLite or PostgreSQL. Reads take a [`Conn`] from a pool; every change
//! goes through a [`Tx`], which also carries the events it tells the journey. SQL is `const` text
//! valid on both, run with [`sql`].

mod about;
mod migrate;
mod postgres;
mod sql;
mod sqlite;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;
mod tx;
mod types;

pub use sql::{Arg, Sql, sql};
pub use tx::Tx;

use crate::error::{Error, Result};
use crate::trace_span;
use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool};
use std::path::Path;
use std::sync::Arc;
use tokio::sync::{broadcast, watch};
use tracing::Instrument;

/// Hints that a slow listener may be behind; beyond it the oldest are lost to it.
const HINTS: usize = 256;

/// One database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    inner: Inner,
    committed: Arc<watch::Sender<u64>>,
    hints: broadcast::Sender<String>,
}

#[derive(Clone)]
enum Inner {
    Sqlite { readers: SqlitePool, writer: sqlite::Writer },
    Postgres(PgPool),
}

/// Which kind of database it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the kinds are what they are called")]
pub enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    /// As OpenTelemetry calls it.
    const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgresql",
        }
    }
}

/// A connection that statements run on.
pub enum Conn {
    /// From the pool of readers.
    Sqlite(PoolConnection<Sqlite>),
    /// The one that writes, held by a transaction.
    SqliteWriter(sqlite::Member),
    /// From the pool.
    Postgres(PoolConnection<Postgres>),
    /// Within a transaction.
    PostgresTx(sqlx::Transaction<'static, Postgres>),
}

enum Raw<'c> {
    /// With what is to run before the next statement.
    Sqlite(&'c mut SqliteConnection, Option<&'static str>),
    Postgres(&'c mut PgConnection),
}

impl Conn {
    fn raw(&mut self) -> Raw<'_> {
        match self {
            Self::Sqlite(c) => Raw::Sqlite(c, None),
            Self::SqliteWriter(c) => {
                let (connection, begin) = c.connection();
                Raw::Sqlite(connection, begin)
            }
            Self::Postgres(c) => Raw::Postgres(c),
            Self::PostgresTx(c) => Raw::Postgres(c),
        }
    }

    /// Which kind of database this is; for the few statements that differ.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Sqlite(_) | Self::SqliteWriter(_) => Kind::Sqlite,
            Self::Postgres(_) | Self::PostgresTx(_) => Kind::Postgres,
        }
    }
}

impl Db {
    /// Opens the database at `url` (`sqlite://path` or `postgres://…`), making the file if need be.
    ///
    /// # Errors
    /// [`Error::Invalid`] for the key `database_url`, [`Error::Unavailable`] when it does not answer.
    pub async fn open(url: &str) -> Result<Self> {
        let (committed, hints) = (Arc::new(watch::Sender::new(0)), broadcast::Sender::new(HINTS));
        let inner = if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.trim_start_matches("//").split('?').next().unwrap_or_default();
            let (readers, writer) = sqlite::open(Path::new(path), committed.clone()).await?;
            Inner::Sqlite { readers, writer }
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Inner::Postgres(postgres::open(url, committed.clone(), hints.clone()).await?)
        } else {
            return Err(Error::invalid("database_url", "Use sqlite://path/to/file.db or postgres://user@host/name."));
        };
        Ok(Self { inner, committed, hints })
    }

    /// Brings the schema up to date; harmless when it is.
    ///
    /// # Errors
    /// When a migration fails or the database is newer than this program.
    pub async fn migrate(&self) -> Result<()> {
        match &self.inner {
            Inner::Sqlite { writer, .. } => migrate::sqlite(writer).await,
            Inner::Postgres(pool) => migrate::postgres(pool).await,
        }
    }

    /// While much is written that can be made again, as demo data is: a power cut may then undo the
    /// last commits on SQLite, though it harms nothing. PostgreSQL has its own settings for this.
    ///
    /// # Errors
    /// The database's.
    pub async fn fill(&self, on: bool) -> Result<()> {
        match &self.inner {
            Inner::Sqlite { writer, .. } => writer.fill(on).await,
            Inner::Postgres(_) => Ok(()),
        }
    }

    /// Which kind of database this is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match &self.inner {
            Inner::Sqlite { .. } => Kind::Sqlite,
            Inner::Postgres(_) => Kind::Postgres,
        }
    }

    /// A connection for reading.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when none comes free in time.
    pub async fn read(&self) -> Result<Conn> {
        Ok(match &self.inner {
            Inner::Sqlite { readers, .. } => Conn::Sqlite(readers.acquire().await?),
            Inner::Postgres(pool) => Conn::Postgres(pool.acquire().await?),
        })
    }

    /// A transaction for changing.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database does not take writes.
    pub async fn begin(&self) -> Result<Tx> {
        let span = trace_span!("begin", otel.name = "BEGIN", otel.kind = "client", db.system.name = self.kind().name());
        let conn = match &self.inner {
            Inner::Sqlite { writer, .. } => Conn::SqliteWriter(writer.begin().instrument(span).await?),
            Inner::Postgres(pool) => Conn::PostgresTx(pool.begin().instrument(span).await?),
        };
        Ok(Tx::new(conn, self.committed.clone()))
    }

    /// Changes each time something was committed, here or (PostgreSQL) on another node. A hint to
    /// read the journey, never the data.
    #[must_use]
    pub fn commits(&self) -> watch::Receiver<u64> {
        self.committed.subscribe()
    }

    /// As [`Tx::hint`], at once.
    ///
    /// # Errors
    /// The database's.
    pub async fn hint(&self, words: &str) -> Result<()> {
        match self.kind() {
            Kind::Sqlite => Ok(()),
            Kind::Postgres => tx::hint(&mut self.read().await?, words).await,
        }
    }

    /// What was told by [`Tx::hint`] and [`Db::hint`] on any node, this one too. One that comes while the
    /// connection is lost is lost with it.
    #[must_use]
    pub fn hints(&self) -> broadcast::Receiver<String> {
        self.hints.subscribe()
    }

    /// Copies the whole database into a new file. SQLite only; PostgreSQL has `pg_dump`.
    ///
    /// # Errors
    /// [`Error::Invalid`] on PostgreSQL or when the file exists.
    pub async fn backup_to(&self, file: &Path) -> Result<()> {
        match &self.inner {
            Inner::Sqlite { readers, .. } => sqlite::backup(readers, file).await,
            Inner::Postgres(_) => Err(Error::invalid("database_url", "Back up PostgreSQL with pg_dump; see docs/backup.md.")),
        }
    }

    /// Checks that the database answers and is sound; a line for each finding.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn check(&self) -> Result<Vec<String>> {
        let mut conn = self.read().await?;
        match self.kind() {
            Kind::Sqlite => {
                let rows: Vec<(String,)> = sql("PRAGMA quick_check").all(&mut conn).await?;
                Ok(rows.into_iter().map(|r| r.0).filter(|r| r != "ok").collect())
            }
            Kind::Postgres => sql("SELECT 1").run(&mut conn).await.map(|_| Vec::new()),
        }
    }

    /// Finishes what is under way and closes the connections.
    pub async fn close(&self) {
        match &self.inner {
            Inner::Sqlite { readers, writer } => {
                readers.close().await;
                writer.close().await;
            }
            Inner::Postgres(pool) => pool.close().await,
        }
    }
}
