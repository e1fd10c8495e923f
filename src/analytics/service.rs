//! Reading the figures.

use super::{Overview, Totals, store};
use crate::actor::{Action, Actor, Subject};
use crate::error::Result;
use crate::id::VendorId;
use crate::people::Presence;
use crate::services::Core;
use crate::time::{DAY, SECOND, Timestamp};
use crate::trace::TARGET;
use tracing::instrument;

/// Days in [`Overview::per_day`].
const DAYS: usize = 14;

/// Figures about the desk.
#[derive(Clone)]
pub struct Analytics {
    core: Core,
}

impl Analytics {
    pub(crate) const fn new(core: Core) -> Self {
        Self { core }
    }

    /// What there is of everything, for the command line. Rights are the caller's matter.
    ///
    /// # Errors
    /// The database's.
    #[instrument(target = TARGET, name = "analytics.totals", skip_all)]
    pub async fn totals(&self) -> Result<Totals> {
        store::totals(&mut self.core.db.read().await?).await
    }

    /// How a vendor's desk stands now.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] for another vendor, [`crate::Error::Forbidden`] below manager.
    #[instrument(target = TARGET, name = "analytics.overview", skip_all)]
    pub async fn overview(&self, actor: &Actor, vendor: &VendorId) -> Result<Overview> {
        actor.may(Action::Overview, Subject::Vendor(vendor))?;
        let now = self.core.now();
        let midnight = Timestamp::from_micros(now.micros() - now.micros().rem_euclid(DAY));
        let mut conn = self.core.db.read().await?;
        let (open, unassigned, urgent, oldest) = store::now(&mut conn, vendor).await?;
        let (created_today, resolved_today) = store::since(&mut conn, vendor, now.plus(-DAY)).await?;
        let staff = crate::people::service::staff(&mut conn, vendor).await?;
        Ok(Overview {
            open,
            unassigned,
            urgent,
            longest_wait_s: oldest.map(|at| now.since(Timestamp::from_micros(at)) / SECOND),
            online: staff.iter().filter(|c| c.presence == Presence::Online).count() as i64,
            staff: staff.len() as i64,
            created_today,
            resolved_today,
            first_response_s: store::first_response(&mut conn, vendor, now.plus(-7 * DAY)).await?.map(|us| us / SECOND),
            csat: crate::feedback::service::csat(&mut conn, vendor, now.plus(-30 * DAY)).await?,
            per_day: store::per_day(&mut conn, vendor, midnight.plus(-(DAYS as i64 - 1) * DAY), DAYS).await?,
        })
    }
}
