//! Which tickets there are: when they begin, whose they are, and who answers.

use super::content::{Content, Kind, Scenario, VendorText};
use super::hours;
use super::rng::Rng;
use super::story::Plan;
use coco::actor::Role;
use coco::time::{DAY, HOUR, MINUTE, Timestamp};
use std::collections::HashMap;

/// Tickets in all.
pub const TICKETS: usize = 400;
/// Over so many days.
const DAYS: f64 = 90.0;
/// Tickets older than this are done.
const SETTLED: i64 = 7 * DAY;
/// Tickets that nobody has answered are younger than this.
const FRESH: i64 = 30 * HOUR;
/// How the tickets spread over the vendors.
const SHARES: [u32; 3] = [50, 25, 25];

/// Where someone who looks around begins: the demo customer's tickets and level 1's desk. Customer,
/// vendor, subject, how long ago in minutes, who answers first, and after how many turns it rests.
const PINNED: [(&str, &str, &str, i64, Role, usize); 14] = [
    (SAM, "voltway", "Home battery stays full all evening", 2_300, Role::RepL1, ALL),
    (SAM, "voltway", "Which charger for two cars and one parking space?", 1_700, Role::RepL1, ALL),
    (SAM, "voltway", "Night rate isn't applied, I pay the day price at 2am", 470, Role::RepL1, 5),
    (SAM, "voltway", "Charger shows offline since we got a new router", 57_900, Role::RepL1, ALL),
    (SAM, "larkspur", "Can I see the Rowan sideboard in a shop?", 1_150, Role::RepL1, ALL),
    (SAM, "larkspur", "Bag of screws missing from the box", 36_300, Role::RepL1, ALL),
    (SAM, "nimbus", "Is there a beginners' course, not a video?", 95, Role::RepL1, ALL),
    (SAM, "nimbus", "Charged for a whole year after the trial", 89_500, Role::RepL2, ALL),
    ("grace.abernathy@example.com", "voltway", "App shows 0 kWh although the car is full", 1_260, Role::RepL1, 7),
    ("kwame.ab@example.org", "voltway", "New phone, now I can't get into my account", 28, Role::RepL1, 3),
    ("ryo.takemura@example.com", "voltway", "Breaker trips when the oven and the car run together", 340, Role::RepL1, ALL),
    ("ollie.pemberton@example.com", "voltway", "Moving house, can I take the charger with me?", 3_800, Role::RepL1, ALL),
    ("marit.aasen@example.com", "voltway", "Monthly payment nearly doubled compared to sign-up", 125, Role::RepL1, ALL),
    ("bilal.chaudhry@example.com", "voltway", "Red light blinks three times, then a pause", 6, Role::RepL1, ALL),
];
const SAM: &str = "customer@coco.com";
const ALL: usize = usize::MAX;

/// All tickets, those at hand first. The demo customer is the first of the customers.
pub fn all(content: &Content, now: Timestamp, rng: &mut Rng) -> Vec<Plan> {
    let mut plans: Vec<Plan> = PINNED.iter().filter_map(|pin| pinned(content, pin, now)).collect();
    let mut starts: Vec<Timestamp> = (plans.len()..TICKETS).map(|_| start(now, rng)).collect();
    starts.sort_unstable();
    let mut drawn = Drawn::default();
    for plan in &plans {
        drawn.note(plan, now);
    }
    plans.extend(starts.into_iter().map(|start| drawn.plan(content, start, now, rng)));
    plans
}

fn pinned(content: &Content, pin: &(&str, &str, &str, i64, Role, usize), now: Timestamp) -> Option<Plan> {
    let (email, slug, subject, ago, role, turns) = *pin;
    let vendor = content.vendor(slug)?;
    let text = &content.vendors[vendor];
    Some(Plan {
        vendor,
        customer: content.customers.iter().position(|c| c.email == email)?,
        scenario: text.book.scenarios.iter().position(|s| s.subject == subject)?,
        start: now.plus(-ago * MINUTE),
        rep: text.staff_with(role)?,
        live: true,
        turns,
        settle: false,
    })
}

/// The nearer to now, the more; at night hardly any.
fn start(now: Timestamp, rng: &mut Rng) -> Timestamp {
    loop {
        let ago = (DAYS * rng.unit().powf(1.6) * DAY as f64) as i64;
        let at = now.plus(-ago.max(2 * MINUTE));
        if ago >= DAY {
            return hours::likely(at, rng).min(now.plus(-HOUR));
        }
        if hours::by_day(at) || rng.chance(0.25) {
            return at;
        }
    }
}

/// What was drawn so far, so that nothing is told too often.
#[derive(Default)]
struct Drawn {
    told: HashMap<(usize, usize, bool), u32>,
    heard: HashMap<(usize, usize), Vec<usize>>,
}

impl Drawn {
    fn note(&mut self, plan: &Plan, now: Timestamp) {
        *self.told.entry((plan.vendor, plan.scenario, now.since(plan.start) > SETTLED)).or_default() += 1;
        self.heard.entry((plan.vendor, plan.scenario)).or_default().push(plan.customer);
    }

    fn plan(&mut self, content: &Content, start: Timestamp, now: Timestamp, rng: &mut Rng) -> Plan {
        let vendor = rng.weighted(&SHARES);
        let text = &content.vendors[vendor];
        let old = now.since(start) > SETTLED;
        let fresh = now.since(start) < FRESH;
        let scenario = self.scenario(vendor, text, (old, fresh), rng);
        let chosen = &text.book.scenarios[scenario];
        // Some of the newer ones are still under way.
        let rest = if !old && now.since(start) < 4 * DAY && rng.chance(0.4) {
            chosen.turns.iter().position(|t| t.kind == Kind::Resolve)
        } else {
            None
        };
        let plan = Plan {
            vendor,
            customer: self.customer(content, vendor, scenario, rng),
            scenario,
            start,
            rep: first_rep(text, chosen, rng),
            live: false,
            turns: rest.unwrap_or(ALL),
            settle: old && !chosen.closes(),
        };
        self.note(&plan, now);
        plan
    }

    /// One that was not told often; lately more of those that are not done.
    fn scenario(&self, vendor: usize, text: &VendorText, (old, fresh): (bool, bool), rng: &mut Rng) -> usize {
        let told = |i: usize| self.told.get(&(vendor, i, old)).copied().unwrap_or_default();
        let undone = !old && rng.chance(0.55);
        let fits = |s: &Scenario| (fresh || s.has(Kind::Rep)) && !(undone && s.closes());
        let mut fitting: Vec<usize> = (0..text.book.scenarios.len()).filter(|i| fits(&text.book.scenarios[*i])).collect();
        let least = fitting.iter().map(|i| told(*i)).min().unwrap_or_default();
        fitting.retain(|i| told(*i) == least);
        *rng.pick(&fitting)
    }

    /// Someone of the vendor's who has not said the same before.
    fn customer(&self, content: &Content, vendor: usize, scenario: usize, rng: &mut Rng) -> usize {
        let heard = self.heard.get(&(vendor, scenario));
        let slug = &content.vendors[vendor].slug;
        let free = |i: &usize| content.customers[*i].vendors.contains(slug) && !heard.is_some_and(|h| h.contains(i));
        let free: Vec<usize> = (1..content.customers.len()).filter(free).collect();
        *rng.pick(&free)
    }
}

/// Who answers first: level 1 where it goes up later, else mostly.
fn first_rep(text: &VendorText, scenario: &Scenario, rng: &mut Rng) -> usize {
    let likely = |role: Role| match role {
        Role::RepL1 => 66,
        Role::RepL2 => 24,
        Role::RepL3 => 10,
        Role::AdminManager => 5,
        _ => 0,
    };
    if scenario.has(Kind::Escalate) {
        return text.staff_with(Role::RepL1).unwrap_or_default();
    }
    let weights: Vec<u32> = text.staff.iter().map(|s| likely(s.role)).collect();
    rng.weighted(&weights)
}
