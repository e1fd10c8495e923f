//! Who takes part in the load set: the vendors' staff, their customers, and two thousand more.

use crate::seed::cast::PASSWORD;
use crate::seed::content::Content;
use crate::seed::rng::Rng;
use coco::actor::{Actor, Role};
use coco::id::VendorId;
use coco::people::ProfileEdit;
use coco::services::Services;
use coco::time::{DAY, FixedClock, Timestamp};

/// Customers added for the load.
const MORE: usize = 2_000;

/// One vendor's side.
pub struct Desk {
    pub vendor: VendorId,
    /// Its place in the content; of an unknown vendor the first.
    pub text: usize,
    /// Levels 1 to 3, as far as there are any, level 1 first.
    pub reps: Vec<Actor>,
    pub customers: Vec<Actor>,
}

/// All vendors, the one that gets most tickets first.
pub async fn gather(
    services: &Services,
    clock: &FixedClock,
    content: &Content,
    now: Timestamp,
    rng: &mut Rng,
) -> anyhow::Result<Vec<Desk>> {
    let mut vendors = services.vendors.all().await?;
    vendors.sort_by_key(|v| content.vendor(&v.slug).unwrap_or(usize::MAX));
    let ids: Vec<VendorId> = vendors.iter().map(|v| v.id.clone()).collect();
    if services.people.actor_by_email(&address(0)).await.is_err() {
        more(services, clock, content, &ids, now, rng).await?;
    }
    let mut desks = Vec::new();
    for vendor in vendors {
        let mut reps = Vec::new();
        for role in [Role::RepL1, Role::RepL2, Role::RepL3] {
            reps.extend(services.people.everyone(&vendor.id, role).await?);
        }
        let customers = services.people.everyone(&vendor.id, Role::Customer).await?;
        if !reps.is_empty() && !customers.is_empty() {
            desks.push(Desk { text: content.vendor(&vendor.slug).unwrap_or_default(), vendor: vendor.id, reps, customers });
        }
    }
    anyhow::ensure!(!desks.is_empty(), "no vendor has both representatives and customers");
    Ok(desks)
}

fn address(n: usize) -> String {
    format!("load{n:04}@example.com")
}

/// Adds customers, most of them at the first vendor, in one transaction.
async fn more(
    services: &Services,
    clock: &FixedClock,
    content: &Content,
    vendors: &[VendorId],
    now: Timestamp,
    rng: &mut Rng,
) -> anyhow::Result<()> {
    let hash = services.auth.hash(PASSWORD).await?;
    let mut tx = services.core.db.begin().await?;
    for n in 0..MORE {
        clock.set(now.plus(-400 * DAY + n as i64 * 34 * DAY / MORE as i64));
        let (one, other) = (rng.pick(&content.customers), rng.pick(&content.customers));
        let first = one.name.split(' ').next().unwrap_or_default();
        let last = other.name.rsplit(' ').next().unwrap_or_default();
        let profile = ProfileEdit {
            name: format!("{first} {last}"),
            language: one.language.clone(),
            timezone: one.timezone.clone(),
            city: one.city.clone(),
            phone: String::new(),
        };
        let vendor = if rng.chance(super::FIRST) { &vendors[0] } else { rng.pick(vendors) };
        let user = services.people.create_within(&mut tx, &address(n), Role::Customer, std::slice::from_ref(vendor), profile).await?;
        services.auth.set_hash(&mut tx, &user.id, &hash).await?;
    }
    tx.commit().await?;
    Ok(())
}
