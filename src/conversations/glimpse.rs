//! What is shown live and is no event: how far someone is, and who types. Those on other nodes see it by hints
//! of the database; one that is lost is made good by the next.

use super::service::Conversations;
use super::{Glimpse, Typing};
use crate::db::Tx;
use crate::error::Result;

/// What a hint to other nodes begins with; the node and the glimpse as JSON follow.
const HINT: &str = "talk";

impl Conversations {
    /// Tells the other nodes that someone types; whoever calls this shows it on this one.
    ///
    /// # Errors
    /// The database's.
    pub async fn type_elsewhere(&self, typing: Typing) -> Result<()> {
        self.core.db.hint(&self.hint(&Glimpse::Typing(typing))?).await
    }

    /// What is to be shown of another node, when a hint of the database says so.
    #[must_use]
    pub fn glimpse_elsewhere(&self, hint: &str) -> Option<Glimpse> {
        let (node, glimpse) = hint.strip_prefix(HINT)?.strip_prefix(' ')?.split_once(' ')?;
        if node == &*self.node { None } else { serde_json::from_str(glimpse).ok() }
    }

    /// Tells the other nodes, when `tx` commits.
    pub(super) async fn glimpse(&self, tx: &mut Tx, glimpse: &Glimpse) -> Result<()> {
        tx.hint(&self.hint(glimpse)?).await
    }

    fn hint(&self, glimpse: &Glimpse) -> Result<String> {
        let glimpse = serde_json::to_string(glimpse).map_err(crate::Error::internal)?;
        Ok(format!("{HINT} {} {glimpse}", self.node))
    }
}
