//! Use cases around teams. Tickets are given to them in `tickets/change.rs`.

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

    /// Makes a team of people who work for the vendor; for the command line, demo data and tests. Rights are the caller's matter.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `name` and `members`, [`Error::Conflict`] when the name is taken.
    #[instrument(target = TARGET, name = "teams.create", skip_all)]
    pub async fn create(&self, vendor: &VendorId, name: &str, members: &[UserId]) -> Result<Team> {
        let mut form = Form::default();
        let name = form.line("name", name, MAX_NAME);
        form.done()?;
        let mut tx = self.core.db.begin().await?;
        let mut members = members.to_vec();
        members.sort();
        members.dedup();
        check_staff(&mut tx, vendor, &members).await?;
        let team = Team { id: self.core.id(), vendor_id: vendor.clone(), name, members };
        if !store::insert(&mut tx, &team, self.core.now()).await? {
            return Err(Error::conflict(ConflictKind::Duplicate, "There is a team with this name already."));
        }
        tx.commit().await?;
        Ok(team)
    }

    /// Takes someone who works for the vendor into a team; harmless when they are in it. For the command line:
    /// rights are the caller's matter.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a team of another vendor, [`Error::Invalid`] for `members`.
    pub async fn add(&self, vendor: &VendorId, team: &TeamId, person: &UserId) -> Result<()> {
        let mut tx = self.core.db.begin().await?;
        store::name(&mut tx, vendor, team).await?.ok_or(Error::NotFound)?;
        check_staff(&mut tx, vendor, std::slice::from_ref(person)).await?;
        store::add(&mut tx, team, person).await?;
        tx.commit().await.map(|_| ())
    }

    /// Takes someone out of a team; harmless when they are not in it. For the command line: rights are the
    /// caller's matter.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a team of another vendor.
    pub async fn remove(&self, vendor: &VendorId, team: &TeamId, person: &UserId) -> Result<()> {
        let mut tx = self.core.db.begin().await?;
        store::name(&mut tx, vendor, team).await?.ok_or(Error::NotFound)?;
        store::remove(&mut tx, team, person).await?;
        tx.commit().await.map(|_| ())
    }

    /// The teams of a vendor, by name, with those of their people who may sign in.
    ///
    /// # Errors
    /// [`Error::NotFound`] for another vendor's.
    #[instrument(target = TARGET, name = "teams.of_vendor", skip_all)]
    pub async fn of_vendor(&self, actor: &Actor, vendor: &VendorId) -> Result<Vec<Team>> {
        actor.may(Action::Inbox, Subject::Vendor(vendor))?;
        let mut conn = self.core.db.read().await?;
        let mut teams = store::of_vendor(&mut conn, vendor).await?;
        let staff = crate::people::service::staff_names(&mut conn, vendor).await?;
        for team in &mut teams {
            team.members.retain(|m| staff.iter().any(|(id, _)| id == m));
        }
        Ok(teams)
    }
}

/// Refuses members who do not work for the vendor.
async fn check_staff(conn: &mut Conn, vendor: &VendorId, members: &[UserId]) -> Result<()> {
    let staff = crate::people::service::staff_names(conn, vendor).await?;
    let works_here = |m: &UserId| staff.iter().any(|(id, _)| id == m);
    if members.iter().all(works_here) { Ok(()) } else { Err(Error::invalid("members", "Choose people who work here.")) }
}

/// The name of a vendor's team.
pub(crate) async fn name(conn: &mut Conn, vendor: &VendorId, team: &TeamId) -> Result<Option<String>> {
    store::name(conn, vendor, team).await
}

/// The teams of a vendor.
pub(crate) async fn all(conn: &mut Conn, vendor: &VendorId) -> Result<Vec<Team>> {
    store::of_vendor(conn, vendor).await
}

/// Adds the teams at these vendors that the person is in, as a list for `IN`.
pub(crate) fn joined_by(sql: Sql, user: &UserId, vendors: &[&VendorId]) -> Sql {
    store::joined_by(sql, user, vendors)
}
