//! Use cases around people.

use super::{Colleague, CustomerCard, LANGUAGE, Presence, ProfileEdit, TIMEZONE, User, store};
use crate::actor::{Action, Actor, ActorKind, Role, Subject};
use crate::conversations::Visibility;
use crate::db::{Conn, Tx};
use crate::error::{ConflictKind, Error, Result};
use crate::event::Event;
use crate::id::{UserId, VendorId};
use crate::journey::{ActorRef, NewEvent};
use crate::services::Core;
use crate::text::Form;
use crate::trace::TARGET;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::broadcast;
use tracing::instrument;

/// Changes of presence that a slow listener may be behind; beyond it the oldest are lost to it.
const BEHIND: usize = 64;

/// People and their presence.
#[derive(Clone)]
pub struct People {
    core: Core,
    pub(super) presence: broadcast::Sender<(UserId, Presence)>,
    /// What tells this process from the others on the database.
    pub(super) node: Arc<str>,
}

impl People {
    pub(crate) fn new(core: Core) -> Self {
        Self { core, presence: broadcast::Sender::new(BEHIND), node: crate::services::node() }
    }

    pub(super) const fn core(&self) -> &Core {
        &self.core
    }

    /// Makes a person, whose address is taken for proved; for the command line, demo data and tests. Rights
    /// are the caller's matter.
    ///
    /// # Errors
    /// [`Error::Invalid`] for bad fields, [`Error::Conflict`] when the address is taken.
    #[instrument(target = TARGET, name = "people.create", skip_all)]
    pub async fn create(&self, email: &str, name: &str, role: Role, vendors: &[VendorId]) -> Result<User> {
        let mut tx = self.core.db.begin().await?;
        let user = create_in(&self.core, &mut tx, email, name, role, vendors, true).await?;
        tx.commit().await?;
        Ok(user)
    }

    /// The actor a person is in a session; `None` when they are gone or may not sign in.
    ///
    /// # Errors
    /// The database's.
    #[instrument(target = TARGET, name = "people.actor", skip_all)]
    pub async fn actor(&self, id: &UserId) -> Result<Option<Actor>> {
        let mut conn = self.core.db.read().await?;
        let Some(user) = store::get(&mut conn, id).await?.filter(|u| u.is_active) else { return Ok(None) };
        let vendors = store::vendors_of(&mut conn, id).await?;
        let kind = if user.role.is_staff() { ActorKind::Rep } else { ActorKind::Customer };
        let is_proved = user.email_proved_at.is_some();
        Ok(Some(Actor { id: user.id, kind, role: user.role, name: user.name, vendors, scopes: None, is_proved }))
    }

    /// The actor with this address, for the command line.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    #[instrument(target = TARGET, name = "people.actor_by_email", skip_all)]
    pub async fn actor_by_email(&self, email: &str) -> Result<Actor> {
        let mut conn = self.core.db.read().await?;
        let user = store::by_email(&mut conn, &email.trim().to_lowercase()).await?.ok_or(Error::NotFound)?;
        drop(conn);
        self.actor(&user.id).await?.ok_or(Error::NotFound)
    }

    /// The first super admin who may sign in, for the command line.
    ///
    /// # Errors
    /// The database's.
    #[instrument(target = TARGET, name = "people.first_admin", skip_all)]
    pub async fn first_admin(&self) -> Result<Option<Actor>> {
        let first = store::first(&mut self.core.db.read().await?, Role::AdminSuper).await?;
        match first {
            Some(id) => self.actor(&id).await,
            None => Ok(None),
        }
    }

    /// Oneself.
    ///
    /// # Errors
    /// [`Error::NotFound`] when deleted meanwhile.
    #[instrument(target = TARGET, name = "people.me", skip_all)]
    pub async fn me(&self, actor: &Actor) -> Result<User> {
        actor.may(Action::Profile, Subject::Person(&actor.id))?;
        store::get(&mut self.core.db.read().await?, &actor.id).await?.ok_or(Error::NotFound)
    }

    /// Changes oneself.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the fields.
    #[instrument(target = TARGET, name = "people.edit_profile", skip_all)]
    pub async fn edit_profile(&self, actor: &Actor, edit: ProfileEdit) -> Result<User> {
        actor.may(Action::Profile, Subject::Person(&actor.id))?;
        let edit = check_profile(edit)?;
        let mut tx = self.core.db.begin().await?;
        store::edit(&mut tx, &actor.id, &edit).await?;
        let user = store::get(&mut tx, &actor.id).await?.ok_or(Error::NotFound)?;
        tx.commit().await?;
        Ok(user)
    }

    /// Everyone who works for a vendor.
    ///
    /// # Errors
    /// [`Error::NotFound`] for another vendor's people.
    #[instrument(target = TARGET, name = "people.colleagues", skip_all)]
    pub async fn colleagues(&self, actor: &Actor, vendor: &VendorId) -> Result<Vec<Colleague>> {
        actor.may(Action::Team, Subject::Vendor(vendor))?;
        let mut conn = self.core.db.read().await?;
        let mut all = store::colleagues(&mut conn, vendor).await?;
        let ids: Vec<UserId> = all.iter().map(|c| c.id.clone()).collect();
        let mut open = crate::tickets::service::open_by_rep(&mut conn, vendor, &ids).await?;
        for colleague in &mut all {
            colleague.open_tickets = open.remove(&colleague.id).unwrap_or_default();
        }
        Ok(all)
    }

    /// Whether nobody but customers exists, so that a first administrator is to be made.
    ///
    /// # Errors
    /// The database's.
    #[instrument(target = TARGET, name = "people.has_no_staff", skip_all)]
    pub async fn has_no_staff(&self) -> Result<bool> {
        Ok(store::count_staff(&mut self.core.db.read().await?).await? == 0)
    }
}

pub(super) fn check_profile(edit: ProfileEdit) -> Result<ProfileEdit> {
    let mut form = Form::default();
    let name = form.line("name", &edit.name, 120);
    let optional = |form: &mut Form, field: &str, value: &str, max| {
        if value.trim().is_empty() { String::new() } else { form.line(field, value, max) }
    };
    let city = optional(&mut form, "city", &edit.city, 120);
    let phone = optional(&mut form, "phone", &edit.phone, 40);
    let language = form.line("language", &edit.language, 35);
    let timezone = form.line("timezone", &edit.timezone, 64);
    if !timezone.bytes().all(|b| b.is_ascii_alphanumeric() || b"/_+-".contains(&b)) {
        form.fault("timezone", "Choose a time zone like Europe/Berlin.");
    }
    form.done()?;
    Ok(ProfileEdit { name, language, timezone, city, phone })
}

/// Makes a person within `tx`, tells their journey, and joins them to `vendors`. `proved` tells that the
/// address is known to be theirs.
pub(crate) async fn create_in(
    core: &Core,
    tx: &mut Tx,
    email: &str,
    name: &str,
    role: Role,
    vendors: &[VendorId],
    proved: bool,
) -> Result<User> {
    let mut form = Form::default();
    let email = form.email("email", email);
    let name = form.line("name", name, 120);
    form.done()?;
    let user = User {
        id: core.id(),
        email,
        name,
        role,
        language: LANGUAGE.into(),
        timezone: TIMEZONE.into(),
        city: String::new(),
        phone: String::new(),
        current_vendor_id: vendors.first().cloned(),
        is_active: true,
        created_at: core.now(),
        email_proved_at: proved.then(|| core.now()),
    };
    if !store::insert(tx, &user).await? {
        return Err(Error::conflict(ConflictKind::Duplicate, "There is an account with this address already."));
    }
    for vendor in vendors {
        store::join(tx, &user.id, vendor, user.created_at).await?;
    }
    if role == Role::Customer {
        tx.append(own_event(&user, Event::CustomerRegistered {}, core));
    }
    Ok(user)
}

/// An event of the customer alone, of no vendor.
fn own_event(user: &User, event: Event, core: &Core) -> NewEvent {
    NewEvent {
        vendor_id: None,
        customer_id: Some(user.id.clone()),
        ticket_id: None,
        conversation_id: None,
        visibility: Visibility::Customer,
        actor: ActorRef { kind: ActorKind::Customer, id: Some(user.id.clone()), name: user.name.clone() },
        event,
        at: core.now(),
    }
}

/// The person, for other concepts.
pub(crate) async fn get(conn: &mut Conn, id: &UserId) -> Result<Option<User>> {
    store::get(conn, id).await
}

/// Notes that mail to their address reaches the person, and tells their journey; true when that was not
/// known before.
pub(crate) async fn prove(core: &Core, tx: &mut Tx, user: &User) -> Result<bool> {
    let is_new = store::prove(tx, &user.id, core.now()).await?;
    if is_new && user.role == Role::Customer {
        tx.append(own_event(user, Event::AddressConfirmed {}, core));
    }
    Ok(is_new)
}

/// Whether the person has proved their address, which stays so until the transaction ends.
pub(crate) async fn is_proved(tx: &mut Tx, user: &UserId) -> Result<bool> {
    store::is_proved(tx, user).await
}

/// The addresses of several people.
pub(crate) async fn emails(conn: &mut Conn, ids: impl IntoIterator<Item = &UserId>) -> Result<HashMap<UserId, String>> {
    store::emails(conn, ids).await
}

/// The person with this address, for other concepts.
pub(crate) async fn by_email(conn: &mut Conn, email: &str) -> Result<Option<User>> {
    store::by_email(conn, email).await
}

/// What staff see of a customer.
pub(crate) async fn card(conn: &mut Conn, id: &UserId) -> Result<Option<CustomerCard>> {
    store::card(conn, id).await
}

/// Whether someone answers for this vendor now.
pub(crate) async fn anyone_online(conn: &mut Conn, vendor: &VendorId) -> Result<bool> {
    Ok(store::staff_online(conn, vendor).await? > 0)
}

/// Everyone who works for a vendor, without how many tickets they have.
pub(crate) async fn staff(conn: &mut Conn, vendor: &VendorId) -> Result<Vec<Colleague>> {
    store::colleagues(conn, vendor).await
}

/// The names of everyone who works for a vendor.
pub(crate) async fn staff_names(conn: &mut Conn, vendor: &VendorId) -> Result<Vec<(UserId, String)>> {
    store::staff_names(conn, vendor).await
}

/// The vendors a person is with.
pub(crate) async fn vendors_of(conn: &mut Conn, id: &UserId) -> Result<Vec<VendorId>> {
    store::vendors_of(conn, id).await
}

/// Brings a customer to a vendor; true when they are new there.
pub(crate) async fn join(core: &Core, tx: &mut Tx, user: &UserId, vendor: &VendorId) -> Result<bool> {
    store::join(tx, user, vendor, core.now()).await
}

/// Makes `vendor` the one the person has chosen.
pub(crate) async fn choose_vendor(tx: &mut Tx, user: &UserId, vendor: &VendorId) -> Result<()> {
    store::set_current_vendor(tx, user, vendor).await
}
