//! Conversations as they stand, for demo data of any size.

use super::{Receipt, store};
use crate::db::Tx;
use crate::error::Result;
use crate::tickets::bulk::Past;

/// Stores the conversations, messages and receipts of tickets that are stored.
pub(crate) async fn store_past(tx: &mut Tx, pasts: &[Past]) -> Result<()> {
    store::insert(tx, pasts.iter().map(|p| &p.conversation)).await?;
    store::insert_messages(tx, pasts.iter().flat_map(|p| &p.messages)).await?;
    let receipts = pasts.iter().flat_map(|p| p.receipts.iter().map(|r: &Receipt| (&p.conversation.id, r)));
    store::insert_receipts(tx, receipts).await
}
