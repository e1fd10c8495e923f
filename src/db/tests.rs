//! What a database promises, whatever happens to those who use it.

use super::{Db, sql};
use crate::both_dbs;
use crate::db::testing::Stage;
use crate::error::{Error, Result};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Executor};
use std::collections::HashMap;
use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;
use tokio::task::JoinSet;

both_dbs!(changes_that_are_dropped_midway_harm_no_other, who_fails_with_the_commit_takes_no_other_along, a_change_goes_out_with_the_commit);

/// Drops `work` when it has paused so many times: what it waits for then is still under way.
async fn until_pause<T>(pauses: usize, work: impl Future<Output = T>) -> Option<T> {
    let mut work = Box::pin(work);
    let mut left = pauses;
    poll_fn(|cx| {
        let polled = work.as_mut().poll(cx).map(Some);
        left = left.saturating_sub(1);
        if polled.is_pending() && left == 0 { Poll::Ready(None) } else { polled }
    })
    .await
}

async fn write_pair(db: &Db, pair: &str) -> Result<()> {
    let mut tx = db.begin().await?;
    for half in ["a", "b"] {
        sql("INSERT INTO journey_readers (reader, seq) VALUES ($1, 1)").bind(format!("{pair}/{half}")).run(&mut tx).await?;
    }
    tx.commit().await.map(|_| ())
}

/// As when clients hang up: requests end at any step of their change, amid those of others.
async fn changes_that_are_dropped_midway_harm_no_other(stage: Stage) {
    let db = stage.services.core.db.clone();
    let mut writers = JoinSet::new();
    for writer in 0..8 {
        let db = db.clone();
        writers.spawn(async move {
            let mut acknowledged = Vec::new();
            for n in 0..80_usize {
                let pauses = if n % 4 == 0 { usize::MAX } else { 1 + (n * 7 + writer) % 13 };
                let pair = format!("{writer}-{n}");
                if let Some(answer) = until_pause(pauses, write_pair(&db, &pair)).await {
                    answer.expect("stored");
                    acknowledged.push(pair);
                }
            }
            acknowledged
        });
    }
    let mut acknowledged = writers.join_all().await.concat();
    write_pair(&db, "last").await.expect("stored");
    acknowledged.push("last".into());

    let rows: Vec<(String,)> = sql("SELECT reader FROM journey_readers").all(&mut db.read().await.expect("a reader")).await.expect("rows");
    let mut stored: HashMap<&str, usize> = HashMap::new();
    for pair in rows.iter().filter_map(|r| r.0.split_once('/')) {
        *stored.entry(pair.0).or_default() += 1;
    }
    assert!(stored.values().all(|halves| *halves == 2), "half a change was stored");
    let lost: Vec<_> = acknowledged.iter().filter(|pair| !stored.contains_key(pair.as_str())).collect();
    assert!(lost.is_empty(), "acknowledged, but lost: {lost:?}");
}

const READER: &str = "INSERT INTO journey_readers (reader, seq) VALUES ($1, $2)";

async fn who_fails_with_the_commit_takes_no_other_along(stage: Stage) {
    let db = stage.services.core.db.clone();
    let mut writers = JoinSet::new();
    for n in 0..60_i64 {
        let db = db.clone();
        writers.spawn(async move {
            let mut tx = db.begin().await?;
            tx.write(sql(READER).bind(format!("own {n}")).bind(n));
            // Of these only one can be stored.
            if n % 3 == 0 {
                tx.write(sql(READER).bind("shared").bind(n));
            }
            tx.commit().await.map(|_| n)
        });
    }
    let mut stored: Vec<i64> = writers.join_all().await.into_iter().flatten().collect();
    stored.sort_unstable();
    assert_eq!((stored.iter().filter(|n| *n % 3 != 0).count(), stored.iter().filter(|n| *n % 3 == 0).count()), (40, 1));
    let rows: Vec<(i64,)> = sql("SELECT seq FROM journey_readers WHERE reader LIKE 'own %' ORDER BY seq")
        .all(&mut db.read().await.expect("a reader"))
        .await
        .expect("rows");
    assert_eq!(rows.into_iter().map(|r| r.0).collect::<Vec<_>>(), stored);
}

async fn a_change_goes_out_with_the_commit(stage: Stage) {
    let db = stage.services.core.db.clone();
    let count = async || {
        let mut conn = db.read().await.expect("a reader");
        sql("SELECT COUNT(*) FROM journey_readers").one::<(i64,)>(&mut conn).await.expect("a row").0
    };
    for many in [1, 500] {
        let before = count().await;
        let mut tx = db.begin().await.expect("a transaction");
        (0..many).for_each(|n| tx.write(sql(READER).bind(format!("{many}/{n}")).bind(n)));
        drop(tx);
        assert_eq!(count().await, before, "what is dropped is not stored");
        let mut tx = db.begin().await.expect("a transaction");
        (0..many).for_each(|n| tx.write(sql(READER).bind(format!("{many}/{n}")).bind(n)));
        // In order: it finds what was written before it.
        tx.write(sql("UPDATE journey_readers SET seq = $2 WHERE reader = $1").bind(format!("{many}/0")).bind(7_i64));
        tx.commit().await.expect("stored");
        assert_eq!(count().await, before + many);
    }
    let mut conn = db.read().await.expect("a reader");
    let sevens: Vec<(String,)> =
        sql("SELECT reader FROM journey_readers WHERE seq = 7 AND reader LIKE '%/0'").all(&mut conn).await.expect("rows");
    assert_eq!(sevens.len(), 2);
}

#[tokio::test]
async fn a_busy_database_is_unavailable() {
    let dir = tempfile::tempdir().unwrap();
    let options = SqliteConnectOptions::new().filename(dir.path().join("db")).create_if_missing(true).busy_timeout(Duration::ZERO);
    let (mut one, mut other) = (options.connect().await.unwrap(), options.connect().await.unwrap());
    one.execute("BEGIN IMMEDIATE").await.unwrap();
    let refused = other.execute("BEGIN IMMEDIATE").await.unwrap_err();
    assert!(matches!(Error::from(refused), Error::Unavailable(_)));
}
