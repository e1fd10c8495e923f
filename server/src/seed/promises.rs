//! What the vendors of the demo promise.

use anyhow::Context;
use coco::actor::{Actor, Role};
use coco::id::VendorId;
use coco::services::Services;
use coco::sla::hours::{BusinessHours, Holiday, Interval};
use coco::sla::{BreachAction, Policy};

/// The policy of the vendor at this place of the content, in the hours that it tells its customers.
fn policy(place: usize) -> Policy {
    let between = |from, to| Interval { from, to };
    let standard = Policy::standard();
    match place {
        0 => Policy { hours: hours("Europe/London", 5, vec![between(8 * 60, 18 * 60)]), ..standard },
        // With a break at noon.
        1 => Policy { hours: hours("Europe/Paris", 6, vec![between(9 * 60, 13 * 60), between(14 * 60, 19 * 60)]), ..standard },
        _ => Policy { hours: hours("Europe/Dublin", 5, vec![between(7 * 60 + 30, 19 * 60 + 30)]), ..Policy::live_chat() },
    }
}

/// The same hours on so many days from Monday on.
fn hours(timezone: &str, days: usize, open: Vec<Interval>) -> BusinessHours {
    let holiday = |date: &str, name: &str| Holiday { date: date.into(), name: name.into() };
    let holidays = vec![holiday("2026-12-25", "Christmas Day"), holiday("2027-01-01", "New Year's Day")];
    let week = std::array::from_fn(|day| if day < days { open.clone() } else { Vec::new() });
    BusinessHours { timezone: timezone.into(), week, holidays }
}

/// Makes the policy of a vendor. Breaches are told and nothing else, so that the stories go on as they are written.
pub async fn make(services: &Services, vendor: &VendorId, staff: &[Actor], place: usize) -> anyhow::Result<()> {
    let manager = staff.iter().find(|a| a.role == Role::AdminManager).context("a vendor without a manager")?;
    services.sla.save_policy(manager, vendor, Policy { on_breach: vec![BreachAction::Notify], ..policy(place) }, 0).await?;
    Ok(())
}
