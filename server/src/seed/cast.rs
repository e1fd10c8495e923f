//! The people of the demo, made through the services.

use super::content::Content;
use super::promises;
use super::rng::Rng;
use anyhow::Context;
use coco::actor::{Actor, Role};
use coco::id::{TeamId, UserId, VendorId};
use coco::people::{Presence, ProfileEdit};
use coco::routing::{Rules, SetupEdit};
use coco::services::Services;
use coco::tickets::Category;
use coco::time::{DAY, FixedClock, HOUR, MINUTE, Timestamp};

/// What everyone signs in with.
pub const PASSWORD: &str = "password";
/// The vendors began so long ago.
const FOUNDED: i64 = 430 * DAY;
/// Customers came from then on, until the tickets begin.
const CAME: (i64, i64) = (400 * DAY, 92 * DAY);

/// Who was made, in the order of the content.
pub struct Cast {
    pub vendors: Vec<Desk>,
    pub customers: Vec<Actor>,
}

pub struct Desk {
    pub id: VendorId,
    pub staff: Vec<Actor>,
    /// Teams, each for a category.
    pub teams: Vec<(Category, TeamId)>,
}

/// Each vendor has these teams, of people with these roles.
const TEAMS: [(&str, Category, &[Role]); 2] =
    [("Billing", Category::Billing, &[Role::RepL1]), ("Technical", Category::Technical, &[Role::RepL2, Role::RepL3])];

/// Makes vendors, staff and customers, in the order of time.
pub async fn make(services: &Services, clock: &FixedClock, content: &Content, now: Timestamp, rng: &mut Rng) -> anyhow::Result<Cast> {
    clock.set(now.plus(-FOUNDED));
    let mut cast = Cast { vendors: Vec::new(), customers: Vec::new() };
    for (place, text) in content.vendors.iter().enumerate() {
        let vendor = services.vendors.create(&text.slug, &text.name, &text.about, &text.color, &text.hours).await?;
        for category in &text.categories {
            for sub in &category.sub {
                services.vendors.add_category(&vendor.id, category.name, sub).await?;
            }
        }
        let mut staff = Vec::new();
        for person in &text.staff {
            clock.advance(MINUTE);
            staff.push(register(services, &person.email, &person.name, person.role, &vendor.id).await?);
        }
        let teams = teams(services, &vendor.id, &staff).await?;
        promises::make(services, &vendor.id, &staff, place).await?;
        cast.vendors.push(Desk { id: vendor.id, staff, teams });
    }
    customers(services, clock, content, &mut cast, now, rng).await?;
    passwords(services, &cast).await?;
    Ok(cast)
}

async fn teams(services: &Services, vendor: &VendorId, staff: &[Actor]) -> anyhow::Result<Vec<(Category, TeamId)>> {
    let mut teams = Vec::with_capacity(TEAMS.len());
    for (name, category, roles) in TEAMS {
        let members: Vec<UserId> = staff.iter().filter(|a| roles.contains(&a.role)).map(|a| a.id.clone()).collect();
        teams.push((category, services.teams.create(vendor, name, &members).await?.id));
    }
    Ok(teams)
}

async fn register(services: &Services, email: &str, name: &str, role: Role, vendor: &VendorId) -> anyhow::Result<Actor> {
    let user = services.people.create(email, name, role, std::slice::from_ref(vendor)).await?;
    services.people.actor(&user.id).await?.context("someone just made is gone")
}

/// Each comes to one vendor, and to the others later.
async fn customers(
    services: &Services,
    clock: &FixedClock,
    content: &Content,
    cast: &mut Cast,
    now: Timestamp,
    rng: &mut Rng,
) -> anyhow::Result<()> {
    let step = (CAME.0 - CAME.1) / content.customers.len() as i64;
    for (i, text) in content.customers.iter().enumerate() {
        clock.set(now.plus(-CAME.0 + i as i64 * step + rng.range(0, step - 3 * HOUR)));
        let vendors: Vec<&VendorId> = text.vendors.iter().filter_map(|s| Some(&cast.vendors[content.vendor(s)?].id)).collect();
        let first = vendors.first().with_context(|| format!("{} is with no vendor", text.email))?;
        let customer = register(services, &text.email, &text.name, Role::Customer, first).await?;
        let (name, language, timezone, city) = (text.name.clone(), text.language.clone(), text.timezone.clone(), text.city.clone());
        services.people.edit_profile(&customer, ProfileEdit { name, language, timezone, city, phone: phone(rng) }).await?;
        for vendor in vendors.iter().skip(1) {
            clock.advance(rng.range(10 * MINUTE, HOUR));
            services.vendors.choose(&customer, vendor).await?;
        }
        if vendors.len() > 1 {
            clock.advance(MINUTE);
            services.vendors.choose(&customer, first).await?;
        }
        cast.customers.push(services.people.actor(&customer.id).await?.context("someone just made is gone")?);
    }
    Ok(())
}

/// Some give a number; 01632 960xxx is kept for drama by Ofcom.
fn phone(rng: &mut Rng) -> String {
    if rng.chance(0.4) { format!("+44 1632 960{:03}", rng.below(1_000)) } else { String::new() }
}

/// One hash for all: hashing is slow on purpose.
async fn passwords(services: &Services, cast: &Cast) -> anyhow::Result<()> {
    let hash = services.auth.hash(PASSWORD).await?;
    let mut tx = services.core.db.begin().await?;
    for person in cast.vendors.iter().flat_map(|v| &v.staff).chain(&cast.customers) {
        services.auth.set_hash(&mut tx, &person.id, &hash).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Two of the vendors have their tickets handed out; at the one that the demo's logins are with, reps take them.
pub async fn routing(services: &Services, cast: &Cast) -> anyhow::Result<()> {
    for desk in cast.vendors.iter().skip(1) {
        let manager = desk.staff.iter().find(|a| a.role.is_admin()).context("a vendor without a manager")?;
        let rules = Rules { automatic: true, higher_levels_help: true, ..Rules::default() };
        services.routing.save(manager, &desk.id, SetupEdit { rules, reps: Vec::new(), version: 0 }).await?;
    }
    Ok(())
}

/// What they are when they come to the desk; nobody is there before. The others have chosen nothing.
pub async fn presence(services: &Services, cast: &Cast) -> anyhow::Result<()> {
    use Presence::{Away, Busy, Online};
    let states: [&[Presence]; 3] = [&[Online, Online, Busy, Online, Away], &[Online, Away, Online], &[Online, Busy]];
    for (desk, states) in cast.vendors.iter().zip(states) {
        for (person, state) in desk.staff.iter().zip(states) {
            services.people.set_presence(person, *state).await?;
            services.people.release(&person.id).await?;
        }
    }
    Ok(())
}
