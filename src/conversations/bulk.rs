//! Conversations as they stand, for demo data of any size.

use super::store;
use crate::db::Tx;
use crate::error::Result;
use crate::tickets::bulk::{Past, ROWS};

/// Stores the conversations, messages and receipts of tickets that are stored.
pub(crate) async fn store_past(tx: &mut Tx, pasts: &[Past]) -> Result<()> {
    let conversations: Vec<_> = pasts.iter().map(|p| p.conversation.clone()).collect();
    for part in conversations.chunks(ROWS) {
        store::insert(part).run(tx).await?;
    }
    let messages: Vec<_> = pasts.iter().flat_map(|p| &p.messages).collect();
    for part in messages.chunks(ROWS) {
        store::insert_messages(part).run(tx).await?;
    }
    let receipts: Vec<_> = pasts.iter().flat_map(|p| p.receipts.iter().map(|r| (&p.conversation.id, r))).collect();
    for part in receipts.chunks(ROWS) {
        store::insert_receipts(tx, part).await?;
    }
    Ok(())
}
