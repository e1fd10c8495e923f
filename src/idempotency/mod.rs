//! Answers that are kept to be given again: the same request sent twice does its work once.

mod store;

use crate::actor::Actor;
use crate::error::Result;
use crate::services::Core;
use crate::time::DAY;
use crate::trace::TARGET;
use tracing::instrument;

/// How long an answer is kept.
const KEEP: i64 = DAY;

/// What was answered to a request with a key.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Answer {
    /// A hash of the request.
    pub request_hash: String,
    /// The status of HTTP.
    pub status: i64,
    /// The body.
    pub body: String,
}

/// The answers, each of a person and a key they chose.
#[derive(Clone)]
pub struct Answers {
    core: Core,
}

impl Answers {
    /// On this database.
    #[must_use]
    pub const fn new(core: Core) -> Self {
        Self { core }
    }

    /// The answer kept for a key.
    ///
    /// # Errors
    /// The database's.
    #[instrument(target = TARGET, name = "idempotency.find", skip_all)]
    pub async fn find(&self, actor: &Actor, key: &str) -> Result<Option<Answer>> {
        store::get(&mut self.core.db.read().await?, &actor.id, key).await
    }

    /// Keeps an answer; false when another one is kept already.
    ///
    /// # Errors
    /// The database's.
    #[instrument(target = TARGET, name = "idempotency.keep", skip_all)]
    pub async fn keep(&self, actor: &Actor, key: &str, answer: &Answer) -> Result<bool> {
        let mut tx = self.core.db.begin().await?;
        let kept = store::insert(&mut tx, &actor.id, key, answer, self.core.now()).await?;
        tx.commit().await?;
        Ok(kept)
    }

    /// Removes those kept long enough; how many.
    ///
    /// # Errors
    /// The database's.
    #[instrument(target = TARGET, name = "idempotency.sweep", skip_all)]
    pub async fn sweep(&self) -> Result<u64> {
        let mut tx = self.core.db.begin().await?;
        let gone = store::delete_before(&mut tx, self.core.now().plus(-KEEP)).await?;
        tx.commit().await?;
        Ok(gone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::Role;
    use crate::db::testing::Stage;

    crate::both_dbs!(the_first_answer_is_kept_for_a_day);

    async fn the_first_answer_is_kept_for_a_day(stage: Stage) {
        let vendor = stage.vendor("acme").await;
        let (cleo, rita) = (stage.person(Role::Customer, "Cleo", &vendor).await, stage.person(Role::RepL1, "Rita", &vendor).await);
        let answers = Answers::new(stage.services.core.clone());
        let answer = |body: &str| Answer { request_hash: "h".into(), status: 201, body: body.into() };
        assert_eq!(answers.keep(&cleo, "k", &answer("first")).await, Ok(true));
        assert_eq!(answers.keep(&cleo, "k", &answer("second")).await, Ok(false));
        assert_eq!(answers.find(&cleo, "k").await, Ok(Some(answer("first"))));
        assert_eq!(answers.find(&rita, "k").await, Ok(None), "keys are each person's own");
        assert_eq!(answers.sweep().await, Ok(0));
        stage.clock.advance(DAY + 1);
        assert_eq!(answers.sweep().await, Ok(1));
        assert_eq!(answers.find(&cleo, "k").await, Ok(None));
    }
}
