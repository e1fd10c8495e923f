//! PostgreSQL: a pool, and a listener that wakes readers when another node commits.

use crate::error::Result;
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use sqlx::{ConnectOptions, Executor};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{broadcast, watch};

/// The channel that wakes readers of the journey.
const JOURNEY: &str = "journey";
/// The channel of [`super::Tx::hint`].
const HINTS: &str = "hints";

pub async fn open(url: &str, committed: Arc<watch::Sender<u64>>, hints: broadcast::Sender<String>) -> Result<PgPool> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|e| crate::Error::invalid("database_url", e.to_string()))?
        .log_statements(tracing::log::LevelFilter::Trace);
    let pool = PgPoolOptions::new()
        .max_connections(16)
        .acquire_timeout(Duration::from_secs(10))
        .test_before_acquire(false)
        .connect_with(options)
        .await?;
    #[expect(clippy::disallowed_methods, reason = "it ends with the database")]
    tokio::spawn(listen(pool.clone(), committed, hints));
    Ok(pool)
}

/// Wakes readers on every notification, and after each reconnection, when some may have been lost; and passes
/// hints on.
async fn listen(pool: PgPool, committed: Arc<watch::Sender<u64>>, hints: broadcast::Sender<String>) {
    while !pool.is_closed() {
        if let Ok(mut listener) = PgListener::connect_with(&pool).await
            && listener.listen_all([JOURNEY, HINTS]).await.is_ok()
        {
            committed.send_modify(|n| *n += 1);
            while !pool.is_closed()
                && let Ok(Some(told)) = listener.try_recv().await
            {
                if told.channel() == HINTS {
                    let _nobody_listens = hints.send(told.payload().to_owned());
                } else {
                    committed.send_modify(|n| *n += 1);
                }
            }
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// Takes the journey's lock, held to commit: so events become visible in the order of their `seq`,
/// and no reader can pass one that is still to come.
pub async fn lock_journey(conn: &mut sqlx::PgConnection) -> Result<()> {
    conn.execute("SELECT pg_advisory_xact_lock(7242001), pg_notify('journey', '')").await?;
    Ok(())
}

/// Makes a database beside the one at `url`.
#[cfg(any(test, feature = "testing"))]
pub async fn create_database(url: &str, name: &str) -> Result<()> {
    use sqlx::Connection;
    let text = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
    let mut conn = sqlx::PgConnection::connect(url).await?;
    #[expect(clippy::disallowed_methods, reason = "the name is ours, and a database's name cannot be a value")]
    conn.execute(sqlx::AssertSqlSafe(text)).await?;
    Ok(())
}
