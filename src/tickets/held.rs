//! Tickets held back from their customer: staff opened them for an address that nobody has proved to be
//! theirs yet. Whoever registered the address meanwhile sees nothing of them, nor does their journey hold
//! them, until mail to the address has reached them.

use super::{search, service, store};
use crate::db::Tx;
use crate::error::Result;
use crate::people::User;
use crate::services::Core;

/// Shows a customer, who has just proved their address, what was held back from them.
pub(crate) async fn release(core: &Core, tx: &mut Tx, customer: &User) -> Result<()> {
    for (ticket, vendor) in store::release(tx, &customer.id).await? {
        crate::journey::service::give(tx, &ticket, &customer.id).await?;
        search::index_anew(tx, &ticket).await?;
        service::bring(core, tx, customer, &vendor).await?;
    }
    Ok(())
}
