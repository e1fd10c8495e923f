//! Use cases around vendors.

use super::{Vendor, VendorChoice, store};
use crate::actor::{Action, Actor, Subject};
use crate::conversations::Visibility;
use crate::db::{Conn, Tx};
use crate::error::{ConflictKind, Error, Result};
use crate::event::Event;
use crate::id::VendorId;
use crate::journey::{ActorRef, NewEvent};
use crate::services::Core;
use crate::text::Form;
use crate::tickets::Category;
use crate::time::Timestamp;
use crate::trace::TARGET;
use tracing::instrument;

/// Vendors.
#[derive(Clone)]
pub struct Vendors {
    core: Core,
}

impl Vendors {
    pub(crate) const fn new(core: Core) -> Self {
        Self { core }
    }

    /// Makes a vendor; for the command line, demo data and tests. Rights are the caller's matter.
    ///
    /// # Errors
    /// [`Error::Invalid`] for bad fields, [`Error::Conflict`] when the slug is taken.
    #[instrument(target = TARGET, name = "vendors.create", skip_all)]
    pub async fn create(&self, slug: &str, name: &str, about: &str, color: &str, hours: &str) -> Result<Vendor> {
        let mut tx = self.core.db.begin().await?;
        let vendor = create_in(&self.core, &mut tx, slug, name, about, color, hours).await?;
        tx.commit().await?;
        Ok(vendor)
    }

    /// Adds a sub-category; for demo data.
    ///
    /// # Errors
    /// The database's.
    #[instrument(target = TARGET, name = "vendors.add_category", skip_all)]
    pub async fn add_category(&self, vendor: &VendorId, category: Category, name: &str) -> Result<()> {
        let mut tx = self.core.db.begin().await?;
        store::add_category(&mut tx, vendor, category, name).await?;
        tx.commit().await.map(|_| ())
    }

    /// All vendors; for the command line and demo data. Rights are the caller's matter.
    ///
    /// # Errors
    /// The database's.
    #[instrument(target = TARGET, name = "vendors.all", skip_all)]
    pub async fn all(&self) -> Result<Vec<Vendor>> {
        store::active(&mut self.core.db.read().await?).await
    }

    /// The sub-categories of a vendor, each with its top category.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a vendor that is not the actor's.
    #[instrument(target = TARGET, name = "vendors.categories", skip_all)]
    pub async fn categories(&self, actor: &Actor, vendor: &VendorId) -> Result<Vec<(Category, String)>> {
        actor.may(Action::VendorRead, Subject::Vendor(vendor))?;
        store::categories(&mut self.core.db.read().await?, vendor).await
    }

    /// The vendors the actor is with.
    ///
    /// # Errors
    /// The database's.
    #[instrument(target = TARGET, name = "vendors.mine", skip_all)]
    pub async fn mine(&self, actor: &Actor) -> Result<Vec<Vendor>> {
        actor.may(Action::VendorRead, Subject::Any)?;
        let all = store::active(&mut self.core.db.read().await?).await?;
        Ok(all.into_iter().filter(|v| actor.vendors.contains(&v.id)).collect())
    }

    /// All vendors a customer may choose from, theirs first.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for staff, who have no choice to make.
    #[instrument(target = TARGET, name = "vendors.choices", skip_all)]
    pub async fn choices(&self, actor: &Actor) -> Result<Vec<VendorChoice>> {
        actor.may(Action::VendorBrowse, Subject::Person(&actor.id))?;
        let mut conn = self.core.db.read().await?;
        let me = crate::people::service::get(&mut conn, &actor.id).await?.ok_or(Error::NotFound)?;
        let mut choices = Vec::new();
        for vendor in store::active(&mut conn).await? {
            choices.push(VendorChoice {
                joined: actor.vendors.contains(&vendor.id),
                current: me.current_vendor_id.as_ref() == Some(&vendor.id),
                open_tickets: crate::tickets::service::open_at(&mut conn, &actor.id, &vendor.id).await?,
                online: crate::people::service::anyone_online(&mut conn, &vendor.id).await?,
                vendor,
            });
        }
        choices.sort_by_key(|c| (!c.current, !c.joined));
        Ok(choices)
    }

    /// Makes a vendor the chosen one; a customer who is new there joins it.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such vendor, or it is not theirs (staff).
    #[instrument(target = TARGET, name = "vendors.choose", skip_all)]
    pub async fn choose(&self, actor: &Actor, vendor: &VendorId) -> Result<()> {
        actor.may(Action::VendorRead, Subject::Person(&actor.id))?;
        let mut tx = self.core.db.begin().await?;
        let chosen = store::get(&mut tx, vendor).await?.ok_or(Error::NotFound)?;
        if actor.role.is_staff() {
            actor.may(Action::VendorRead, Subject::Vendor(vendor))?;
        } else if crate::people::service::join(&self.core, &mut tx, &actor.id, vendor).await? {
            tx.append(joined(chosen, actor.into(), self.core.now()));
        }
        crate::people::service::choose_vendor(&mut tx, &actor.id, vendor).await?;
        tx.commit().await.map(|_| ())
    }
}

/// Makes a vendor within `tx`.
pub(crate) async fn create_in(core: &Core, tx: &mut Tx, slug: &str, name: &str, about: &str, color: &str, hours: &str) -> Result<Vendor> {
    let mut form = Form::default();
    let slug = form.line("slug", slug, 60).to_lowercase();
    if !slug.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        form.fault("slug", "Use letters, digits and hyphens.");
    }
    if color.len() != 7 || !color.starts_with('#') || !color[1..].bytes().all(|b| b.is_ascii_hexdigit()) {
        form.fault("color", "Use a colour like #1d4ed8.");
    }
    let (name, about) = (form.line("name", name, 120), form.line("about", about, 300));
    form.done()?;
    let vendor = Vendor { id: core.id(), slug, name, about, color: color.into(), hours: hours.into() };
    if !store::insert(tx, &vendor, core.now()).await? {
        return Err(Error::conflict(ConflictKind::Duplicate, "There is a vendor with this short name already."));
    }
    Ok(vendor)
}

/// Tells that a customer has come to a vendor.
pub(crate) fn joined(vendor: Vendor, customer: ActorRef, at: Timestamp) -> NewEvent {
    NewEvent {
        vendor_id: Some(vendor.id),
        customer_id: customer.id.clone(),
        ticket_id: None,
        conversation_id: None,
        visibility: Visibility::Customer,
        actor: customer,
        event: Event::VendorJoined { vendor_name: vendor.name },
        at,
    }
}

/// The vendor, for other concepts.
pub(crate) async fn get(conn: &mut Conn, id: &VendorId) -> Result<Option<Vendor>> {
    store::get(conn, id).await
}
