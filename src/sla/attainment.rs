//! Reading how well promises were kept.

use super::figures::{Attainment, DAYS, Group, Kept};
use super::service::Sla;
use super::store;
use crate::actor::{Action, Actor, Subject};
use crate::error::Result;
use crate::id::VendorId;
use crate::time::DAY;

impl Sla {
    /// How well a vendor kept its promises lately.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] for another vendor, [`crate::Error::Forbidden`] below manager.
    pub async fn attainment(&self, actor: &Actor, vendor: &VendorId) -> Result<Attainment> {
        actor.may(Action::Overview, Subject::Vendor(vendor))?;
        self.attainment_of(vendor).await
    }

    /// The same for the command line. Rights are the caller's matter.
    ///
    /// # Errors
    /// The database's.
    pub async fn attainment_of(&self, vendor: &VendorId) -> Result<Attainment> {
        let (now, policy) = (self.core.now(), self.policy_of(vendor).await?.policy);
        let rows = store::kept(&mut self.core.db.read().await?, vendor, now.plus(-DAYS * DAY), now).await?;
        let groups: Vec<Group> = rows
            .into_iter()
            .map(|(kind, priority, team, rep, weeks_ago, kept, broken)| Group {
                kind,
                priority,
                team,
                rep,
                weeks_ago,
                kept: Kept { kept, broken },
            })
            .collect();
        Ok(Attainment::sum(&groups, &policy))
    }
}
