//! The schema: `migrations/common` merged with the folder of the dialect, by number.

use super::sqlite::Writer;
use crate::error::{Error, Result};
use sqlx::PgPool;
use sqlx::migrate::Migrator;

static COMMON: Migrator = sqlx::migrate!("./migrations/common");
static SQLITE: Migrator = sqlx::migrate!("./migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("./migrations/postgres");

fn with_common(dialect: &'static Migrator) -> Migrator {
    let mut all: Vec<_> = COMMON.iter().chain(dialect.iter()).cloned().collect();
    all.sort_by_key(|m| m.version);
    Migrator::with_migrations(all)
}

pub async fn sqlite(writer: &Writer) -> Result<()> {
    writer.exclusive(async |conn| with_common(&SQLITE).run(conn).await.map_err(Error::internal)).await
}

pub async fn postgres(pool: &PgPool) -> Result<()> {
    with_common(&POSTGRES).run(pool).await.map_err(Error::internal)
}
