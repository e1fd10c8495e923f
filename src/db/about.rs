//! What a database tells of itself.

use super::{Db, Kind, sql};
use crate::error::Result;

const SQLITE: &str = "SELECT page_count * page_size, sqlite_version() FROM pragma_page_count(), pragma_page_size()";
const POSTGRES: &str = "SELECT pg_database_size(current_database()), current_setting('server_version')";
const SCHEMA: &str = "SELECT CAST(COALESCE(MAX(version), 0) AS BIGINT) FROM _sqlx_migrations WHERE success";

impl Db {
    /// That it answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        sql("SELECT 1").run(&mut self.read().await?).await.map(|_| ())
    }

    /// Its size in bytes, and the version of the program it is of.
    ///
    /// # Errors
    /// The database's.
    pub async fn about(&self) -> Result<(i64, String)> {
        let about = if self.kind() == Kind::Sqlite { SQLITE } else { POSTGRES };
        sql(about).one(&mut self.read().await?).await
    }

    /// The number of the newest migration it has seen.
    ///
    /// # Errors
    /// Also when it has seen none.
    pub async fn schema(&self) -> Result<i64> {
        Ok(sql(SCHEMA).one::<(i64,)>(&mut self.read().await?).await?.0)
    }
}

#[cfg(test)]
mod tests {
    use crate::db::testing::Stage;

    crate::both_dbs!(it_tells_of_itself);

    async fn it_tells_of_itself(stage: Stage) {
        let db = &stage.services.core.db;
        db.ping().await.unwrap();
        let (size, version) = db.about().await.unwrap();
        assert!(size > 0 && version.starts_with(|c: char| c.is_ascii_digit()), "{size} {version}");
        assert!(db.schema().await.unwrap() >= 13);
    }
}
