//! SQLite: a pool of readers, and one writer whose waiting users share a commit.
//!
//! A change runs in a savepoint of the open group and hands the connection on; the one behind whom
//! nobody waits commits for them all. So one sync to disk serves everyone who came meanwhile, nobody
//! is answered before it, and a member that fails rolls back only its savepoint.
//!
//! Every statement is a way to SQLite's thread and back, dearer than most of what it does there. So
//! what begins a member goes along with its first query, and what ends it with its last change.
//!
//! Whoever writes may be dropped at any moment, as when a client hangs up, but SQLite runs what it
//! was told. So the steps between members, on which all others depend, are always taken to their end.

use super::{Sql, sql};
use crate::error::{Error, Result};
use futures::future::BoxFuture;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Executor, SqliteConnection, SqlitePool};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard, watch};

/// Readers; each may hold a snapshot while others write.
const READERS: u32 = 4;
/// Changes that share a commit, at most: the first of them waits for it.
const GROUP: usize = 64;
/// How often the log is folded back into the file.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(2);

/// What became of a group: nothing yet, committed, or failed with a cause.
type Outcome = Option<Result<(), String>>;

/// The one way to write. Cheap to clone.
#[derive(Clone)]
pub struct Writer {
    lane: Arc<Mutex<Lane>>,
    waiting: Arc<AtomicUsize>,
    committed: Arc<watch::Sender<u64>>,
}

struct Lane {
    conn: Option<SqliteConnection>,
    /// Those who have finished and wait for the commit.
    group: Option<Group>,
    step: Step,
}

struct Group {
    members: usize,
    outcome: watch::Sender<Outcome>,
}

/// How far the present member is; what it was when it is dropped half-way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Idle,
    /// SQLite knows nothing of it yet.
    Joined,
    /// Its savepoint is open, or without others before it, the transaction.
    Begun,
}

/// A member of the open group: the connection, for one transaction.
pub struct Member {
    writer: Writer,
    lane: OwnedMutexGuard<Lane>,
}

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
        // Rows that may wait for us on their way from SQLite's thread: at 50, its default, a page of tickets stops there.
        .row_buffer_size(512)
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
    let lane = Lane { conn: Some(conn), group: None, step: Step::Idle };
    let writer = Writer { lane: Arc::new(Mutex::new(lane)), waiting: Arc::default(), committed };
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
        Whole::of(self.clone().join_group()).await
    }

    async fn join_group(self) -> Result<Member> {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let mut lane = self.lane.clone().lock_owned().await;
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        lane.settle().await;
        lane.conn()?;
        lane.step = Step::Joined;
        Ok(Member { writer: self, lane })
    }

    /// After a member was dropped half-way: undoes it, and commits for those before it.
    async fn clean_up(&self, lane: &mut Lane) {
        lane.settle().await;
        if lane.group.is_none() {
            return;
        }
        match lane.run("COMMIT").await {
            Ok(()) => self.committed(lane.group.take()),
            Err(e) => lane.fail_group(&e).await,
        }
    }

    fn committed(&self, group: Option<Group>) {
        self.committed.send_modify(|n| *n += 1);
        if let Some(group) = group {
            group.outcome.send_replace(Some(Ok(())));
        }
    }

    /// The connection outside any transaction, for migrations.
    pub async fn exclusive<T>(&self, work: impl AsyncFnOnce(&mut SqliteConnection) -> Result<T>) -> Result<T> {
        loop {
            let mut lane = self.lane.lock().await;
            lane.settle().await;
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
        let mut lane = self.lane.lock().await;
        self.clean_up(&mut lane).await;
        let conn = lane.conn.take();
        drop(lane);
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
        if std::mem::replace(&mut self.step, Step::Idle) != Step::Begun {
            return;
        }
        if self.group.is_none() {
            self.run("ROLLBACK").await.ok();
        } else if let Err(e) = self.run("ROLLBACK TO member; RELEASE member").await {
            self.fail_group(&e).await;
        }
    }

    async fn fail_group(&mut self, cause: &Error) {
        self.run("ROLLBACK").await.ok();
        if let Some(group) = self.group.take() {
            group.outcome.send_replace(Some(Err(format!("{cause:?}"))));
        }
    }
}

impl Member {
    /// The connection, and what has to go before the next statement.
    pub fn connection(&mut self) -> (&mut SqliteConnection, Option<&'static str>) {
        let lane = &mut *self.lane;
        let begin = (lane.step == Step::Joined).then(|| if lane.group.is_none() { "BEGIN IMMEDIATE" } else { "SAVEPOINT member" });
        lane.step = Step::Begun;
        #[expect(clippy::expect_used, reason = "`begin` has seen the connection, and only `close` takes it, under the lock")]
        (lane.conn.as_mut().expect("an open member has a connection"), begin)
    }

    /// Makes the last changes, whose rows are returned, joins the group's commit and waits for it.
    pub async fn commit(self, last: Sql) -> Result<Vec<(i64,)>> {
        let (rows, outcome) = Whole::of(self.finish(last)).await?;
        let Some(mut outcome) = outcome else { return Ok(rows) };
        let done = outcome.wait_for(Option::is_some).await.map_err(|_| Error::Unavailable("the writer stopped".into()))?;
        match &*done {
            Some(Err(cause)) => Err(Error::Unavailable(cause.clone())),
            _ => Ok(rows),
        }
    }

    /// Commits when nobody waits for the connection, else hands it on; then also what will become of
    /// the group.
    async fn finish(mut self, mut last: Sql) -> Result<(Vec<(i64,)>, Option<watch::Receiver<Outcome>>)> {
        let members = self.lane.group.as_ref().map_or(0, |g| g.members);
        let is_last = self.writer.waiting.load(Ordering::SeqCst) == 0 || members + 1 >= GROUP;
        if members > 0 {
            last = last.then(sql("RELEASE member"));
        }
        if is_last {
            last = last.then(sql("COMMIT"));
        }
        let (conn, begin) = self.connection();
        let rows = last.all_sqlite(conn, begin).await?;
        self.lane.step = Step::Idle;
        if is_last {
            let (writer, group) = (self.writer.clone(), self.lane.group.take());
            drop(self);
            writer.committed(group);
            return Ok((rows, None));
        }
        let group = self.lane.group.get_or_insert_with(|| Group { members: 0, outcome: watch::Sender::new(None) });
        group.members += 1;
        Ok((rows, Some(group.outcome.subscribe())))
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        let is_left_open = match self.lane.step {
            Step::Idle => false,
            Step::Joined => self.lane.group.is_some(),
            Step::Begun => true,
        };
        if is_left_open && let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let writer = self.writer.clone();
            runtime.spawn(async move { writer.clean_up(&mut *writer.lane.lock().await).await });
        }
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
