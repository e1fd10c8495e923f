//! SQLite: a pool of readers, and one writer whose waiting users share a commit.
//!
//! A change runs in a savepoint of the open group and hands the connection on. The first member
//! of a group sends for a committer, which queues for the connection behind those who wait
//! already; when its turn comes, it commits for them all. So one sync to disk serves everyone
//! who came meanwhile, nobody is answered before it, and a member that fails rolls back only its
//! savepoint.
//!
//! Whoever writes may be dropped at any moment, as when a client hangs up, but SQLite runs what it
//! was told. So the steps between members, on which all others depend, are always taken to their end.

use crate::error::{Error, Result};
use futures::future::BoxFuture;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Executor, SqliteConnection, SqlitePool};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard, watch};

/// Readers; each may hold a snapshot while others write.
const READERS: u32 = 4;
/// How often the log is folded back into the file.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(2);

/// What became of a group: nothing yet, committed, or failed with a cause.
type Outcome = Option<Result<(), String>>;

/// The one way to write. Cheap to clone.
#[derive(Clone)]
pub struct Writer {
    lane: Arc<Mutex<Lane>>,
    committed: Arc<watch::Sender<u64>>,
}

struct Lane {
    conn: Option<SqliteConnection>,
    group: Option<watch::Sender<Outcome>>,
    /// A member's savepoint is open; true after a member was dropped half-way.
    in_member: bool,
}

/// A member of the open group: the connection, for one transaction.
pub struct Member(OwnedMutexGuard<Lane>);

pub async fn open(path: &Path, committed: Arc<watch::Sender<u64>>) -> Result<(SqlitePool, Writer)> {
    if let Some(dir) = path.parent().filter(|d| !d.as_os_str().is_empty()) {
        std::fs::create_dir_all(dir).map_err(|e| Error::Unavailable(format!("{}: {e}", dir.display())))?;
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .statement_cache_capacity(256)
        .pragma("wal_autocheckpoint", "0")
        .pragma("temp_store", "memory")
        .log_statements(tracing::log::LevelFilter::Trace);
    let conn = options.clone().pragma("cache_size", "-16000").connect().await?;
    let readers = SqlitePoolOptions::new()
        .min_connections(1)
        .max_connections(READERS)
        .acquire_timeout(Duration::from_secs(10))
        .test_before_acquire(false)
        .connect_with(options.clone().read_only(true).pragma("cache_size", "-8000"))
        .await?;
    let lane = Lane { conn: Some(conn), group: None, in_member: false };
    let writer = Writer { lane: Arc::new(Mutex::new(lane)), committed };
    #[expect(clippy::disallowed_methods, reason = "it ends with the database")]
    tokio::spawn(checkpoint(options, Arc::downgrade(&writer.lane)));
    Ok((readers, writer))
}

/// Folds the log into the file from a connection of its own, so that no writer waits for it.
async fn checkpoint(options: SqliteConnectOptions, lane: std::sync::Weak<Mutex<Lane>>) {
    let Ok(mut conn) = options.connect().await else { return };
    while lane.strong_count() > 0 {
        tokio::time::sleep(CHECKPOINT_EVERY).await;
        if let Err(e) = conn.execute("PRAGMA wal_checkpoint(PASSIVE)").await {
            tracing::warn!(error = %e, "db.checkpoint_failed");
        }
    }
}

impl Writer {
    pub async fn begin(&self) -> Result<Member> {
        let lane = self.lane.clone().lock_owned().await;
        Whole::of(self.clone().join_group(lane)).await
    }

    async fn join_group(self, mut lane: OwnedMutexGuard<Lane>) -> Result<Member> {
        lane.settle().await;
        if lane.group.is_none() {
            lane.run("BEGIN IMMEDIATE").await?;
            lane.group = Some(watch::Sender::new(None));
            #[expect(clippy::disallowed_methods, reason = "a commit outlives the request that began it")]
            tokio::spawn(async move { self.commit_group().await });
        }
        lane.in_member = true;
        lane.run("SAVEPOINT member").await?;
        Ok(Member(lane))
    }

    async fn commit_group(&self) {
        let mut lane = self.lane.lock().await;
        lane.settle().await;
        let Some(group) = lane.group.take() else { return };
        let outcome = lane.run("COMMIT").await.map_err(|e| format!("{e:?}"));
        if outcome.is_err() {
            lane.run("ROLLBACK").await.ok();
        }
        drop(lane);
        if outcome.is_ok() {
            self.committed.send_modify(|n| *n += 1);
        }
        group.send_replace(Some(outcome));
    }

    /// The connection outside any transaction, for migrations.
    pub async fn exclusive<T>(&self, work: impl AsyncFnOnce(&mut SqliteConnection) -> Result<T>) -> Result<T> {
        loop {
            let mut lane = self.lane.lock().await;
            if lane.group.is_none() {
                return work(lane.conn()?).await;
            }
            drop(lane);
            tokio::task::yield_now().await;
        }
    }

    /// For filling the database with what can be made again: no sync at each commit, a large cache.
    pub async fn fill(&self, on: bool) -> Result<()> {
        let pragmas = if on {
            "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -262144"
        } else {
            "PRAGMA synchronous = FULL; PRAGMA cache_size = -16000"
        };
        self.exclusive(async |conn| Ok(conn.execute(pragmas).await.map(|_| ())?)).await
    }

    pub async fn close(&self) {
        let conn = self.lane.lock().await.conn.take();
        if let Some(mut conn) = conn {
            conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").await.ok();
            conn.close().await.ok();
        }
    }
}

impl Lane {
    fn conn(&mut self) -> Result<&mut SqliteConnection> {
        self.conn.as_mut().ok_or_else(|| Error::Unavailable("the database is closed".into()))
    }

    async fn run(&mut self, text: &'static str) -> Result<()> {
        self.conn()?.execute(text).await?;
        Ok(())
    }

    /// Undoes a member that was dropped half-way. When even that fails, SQLite has rolled back the
    /// whole transaction by itself (disk full, I/O error): then nobody of the group was stored.
    async fn settle(&mut self) {
        if !std::mem::take(&mut self.in_member) {
            return;
        }
        let undone = async {
            self.run("ROLLBACK TO member").await?;
            self.run("RELEASE member").await
        };
        if let Err(e) = undone.await {
            self.fail_group(&e).await;
        }
    }

    async fn fail_group(&mut self, cause: &Error) {
        self.run("ROLLBACK").await.ok();
        if let Some(group) = self.group.take() {
            group.send_replace(Some(Err(format!("{cause:?}"))));
        }
    }
}

impl Member {
    pub fn connection(&mut self) -> &mut SqliteConnection {
        #[expect(clippy::expect_used, reason = "`begin` has used the connection, and only `close` takes it, under the lock")]
        self.0.conn.as_mut().expect("an open member has a connection")
    }

    /// Joins the group's commit and waits for it.
    pub async fn commit(self) -> Result<()> {
        let mut outcome = Whole::of(self.release()).await?;
        let done = outcome.wait_for(Option::is_some).await.map_err(|_| Error::Unavailable("the writer stopped".into()))?;
        match &*done {
            Some(Err(cause)) => Err(Error::Unavailable(cause.clone())),
            _ => Ok(()),
        }
    }

    /// Hands the connection on; what will become of the group.
    async fn release(mut self) -> Result<watch::Receiver<Outcome>> {
        let released = self.0.run("RELEASE member").await;
        self.0.in_member = false;
        if let Err(e) = released {
            self.0.fail_group(&e).await;
            return Err(Error::Unavailable(e.to_string()));
        }
        let group = self.0.group.as_ref().map(watch::Sender::subscribe);
        group.ok_or_else(|| Error::Unavailable("the transaction was rolled back".into()))
    }
}

/// Work that is done to its end: when whoever waits for it is dropped, the rest goes on by itself.
struct Whole<T: Send + 'static>(Option<BoxFuture<'static, T>>);

impl<T: Send + 'static> Whole<T> {
    fn of(work: impl Future<Output = T> + Send + 'static) -> Self {
        Self(Some(Box::pin(work)))
    }
}

impl<T: Send + 'static> Future for Whole<T> {
    type Output = T;
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let Some(work) = &mut self.0 else { return Poll::Pending };
        let polled = work.as_mut().poll(cx);
        if polled.is_ready() {
            self.0 = None;
        }
        polled
    }
}

impl<T: Send + 'static> Drop for Whole<T> {
    fn drop(&mut self) {
        if let (Some(rest), Ok(runtime)) = (self.0.take(), tokio::runtime::Handle::try_current()) {
            runtime.spawn(rest);
        }
    }
}

pub async fn backup(readers: &SqlitePool, file: &Path) -> Result<()> {
    if file.exists() {
        return Err(Error::invalid("file", format!("{} exists already.", file.display())));
    }
    sqlx::query("VACUUM INTO $1").bind(file.to_string_lossy().into_owned()).execute(readers).await?;
    Ok(())
}
