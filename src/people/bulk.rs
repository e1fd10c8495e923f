//! Many people at once, for demo data. Rights are the caller's matter.

use super::service::{People, create_in};
use super::{ProfileEdit, User, store};
use crate::actor::{Actor, ActorKind, Role};
use crate::db::Tx;
use crate::error::Result;
use crate::id::VendorId;
use crate::trace::TARGET;
use tracing::instrument;

impl People {
    /// Makes a person with their profile within `tx`.
    ///
    /// # Errors
    /// As [`People::create`] and [`People::edit_profile`].
    #[instrument(target = TARGET, name = "people.create_within", skip_all)]
    pub async fn create_within(&self, tx: &mut Tx, email: &str, role: Role, vendors: &[VendorId], profile: ProfileEdit) -> Result<User> {
        let profile = super::service::check_profile(profile)?;
        let user = create_in(self.core(), tx, email, &profile.name, role, vendors, true).await?;
        store::edit(tx, &user.id, &profile).await?;
        let ProfileEdit { name, language, timezone, city, phone } = profile;
        Ok(User { name, language, timezone, city, phone, ..user })
    }

    /// Everyone with this role at a vendor, as they would act in a session, in the order they came.
    ///
    /// # Errors
    /// The database's.
    #[instrument(target = TARGET, name = "people.everyone", skip_all)]
    pub async fn everyone(&self, vendor: &VendorId, role: Role) -> Result<Vec<Actor>> {
        let users = store::everyone(&mut self.core().db.read().await?, vendor, role).await?;
        let kind = if role.is_staff() { ActorKind::Rep } else { ActorKind::Customer };
        let actor = |(id, name)| Actor { id, kind, role, name, vendors: vec![vendor.clone()], scopes: None, is_proved: true };
        Ok(users.into_iter().map(actor).collect())
    }
}
