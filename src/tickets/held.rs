//! Tickets held back from their customer: staff opened them for an address that nobody has proved to be
//! theirs yet. Whoever registered the address meanwhile sees nothing of them, nor does their journey hold
//! them, until mail to the address has reached them. Nor do staff see anything of an account that they did
//! not give themselves: whether there was one already is not their matter.

use super::{CustomerRef, search, service, store};
use crate::db::Tx;
use crate::error::Result;
use crate::people::User;
use crate::services::Core;
use crate::text::Form;

/// Shows a customer, who has just proved their address, what was held back from them, and staff who they
/// are.
pub(crate) async fn release(core: &Core, tx: &mut Tx, customer: &User) -> Result<()> {
    let released = store::release(tx, &customer.id, &customer.name).await?;
    if let (None, Some((_, vendor))) = (&customer.current_vendor_id, released.first()) {
        crate::people::service::choose_vendor(tx, &customer.id, vendor).await?;
    }
    for (ticket, vendor) in released {
        crate::journey::service::give(tx, &ticket, &customer.id).await?;
        search::index_anew(tx, &ticket).await?;
        service::bring(core, tx, customer, &vendor).await?;
    }
    Ok(())
}

/// The name that staff gave, tidy; none when they gave none.
pub(super) fn given_name(who: &CustomerRef) -> Result<Option<String>> {
    if who.name.trim().is_empty() {
        return Ok(None);
    }
    let mut form = Form::default();
    let name = form.line("customer_name", &who.name, 120);
    form.done()?;
    Ok(Some(name))
}

/// What someone is called of whom the address alone is known.
pub(super) fn name_of(email: &str) -> String {
    email.split('@').next().unwrap_or("Customer").to_owned()
}
