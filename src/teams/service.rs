//! Use cases around teams. Tickets are given to them in `tickets/work.rs`.

use super::{MAX_NAME, Team, store};
use crate::actor::{Action, Actor, Subject};
use crate::db::{Conn, Sql};
use crate::error::{ConflictKind, Error, Result};
use crate::id::{TeamId, UserId, VendorId};
use crate::services::Core;
use crate::text::Form;
use crate::trace::TARGET;
use tracing::instrument;

/// Teams.
#[derive(Clone)]
pub struct Teams {
    core: Core,
}

impl Teams {
    pub(crate) const fn new(core: Core) -> Self {
        Self { core }
    }

    /// Makes a team of people who work for the vendor; for demo data and tests. Rights are the caller's matter.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `name` and `members`, [`Error::Conflict`] when the name is taken.
    #[instrument(target = TARGET, name = "teams.create", skip_all)]
    pub async fn create(&self, vendor: &VendorId, name: &str, members: &[UserId]) -> Result<Team> {
        let mut form = Form::default();
        let name = form.line("name", name, MAX_NAME);
        form.done()?;
        let mut tx = self.core.db.begin().await?;
        let staff = crate::people::service::staff_names(&mut tx, vendor).await?;
        let mut members = members.to_vec();
        members.sort();
        members.dedup();
        if members.iter().any(|m| !staff.iter().any(|(id, _)| id == m)) {
            return Err(Error::invalid("members", "Choose people who work here."));
        }
        let team = Team { id: self.core.id(), vendor_id: vendor.clone(), name, members };
        if !store::insert(&mut tx, &team, self.core.now()).await? {
            return Err(Error::conflict(ConflictKind::Duplicate, "There is a team with this name already."));
        }
        tx.commit().await?;
        Ok(team)
    }

    /// The teams of a vendor, by name.
    ///
    /// # Errors
    /// [`Error::NotFound`] for another vendor's.
    #[instrument(target = TARGET, name = "teams.of_vendor", skip_all)]
    pub async fn of_vendor(&self, actor: &Actor, vendor: &VendorId) -> Result<Vec<Team>> {
        actor.may(Action::Team, Subject::Vendor(vendor))?;
        store::of_vendor(&mut self.core.db.read().await?, vendor).await
    }
}

/// The name of a vendor's team.
pub(crate) async fn name(conn: &mut Conn, vendor: &VendorId, team: &TeamId) -> Result<Option<String>> {
    store::name(conn, vendor, team).await
}

/// Adds the teams at these vendors that the person is in, as a list for `IN`.
pub(crate) fn joined_by(sql: Sql, user: &UserId, vendors: &[&VendorId]) -> Sql {
    store::joined_by(sql, user, vendors)
}
