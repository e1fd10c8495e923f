//! A ticket from its first word on: who does what, and when.

use super::content::{Kind, Scenario, To, Turn, VendorText};
use super::fill::Fill;
use super::hours;
use super::pictures::{self, Picture};
use super::rng::Rng;
use coco::actor::Role;
use coco::tickets::{Category, Channel, Priority, Status, TicketType};
use coco::time::{DAY, MINUTE, SECOND, Timestamp};

/// What is decided about a ticket before it is told.
#[derive(Clone)]
pub struct Plan {
    pub vendor: usize,
    /// Among all customers.
    pub customer: usize,
    pub scenario: usize,
    pub start: Timestamp,
    /// Who answers first, among the vendor's staff.
    pub rep: usize,
    /// Nobody waits for office hours.
    pub live: bool,
    /// At most so many turns.
    pub turns: usize,
    /// Brought to an end where the text leaves it open.
    pub settle: bool,
}

pub struct Story {
    pub vendor: usize,
    pub customer: usize,
    pub subject: String,
    pub category: Category,
    pub sub: String,
    pub tags: Vec<String>,
    pub channel: Channel,
    pub steps: Vec<(Timestamp, Deed)>,
}

/// One thing someone does; `by` and `to` are places among the vendor's staff.
pub enum Deed {
    Open {
        by: Option<usize>,
        text: String,
        picture: Option<&'static Picture>,
    },
    Assign {
        by: usize,
        to: usize,
        reason: String,
    },
    Sort {
        by: usize,
        ticket_type: TicketType,
    },
    /// Without `by` it is the customer who speaks.
    Say {
        by: Option<usize>,
        note: bool,
        text: String,
        picture: Option<&'static Picture>,
    },
    Rank {
        by: usize,
        priority: Priority,
    },
    Escalate {
        by: usize,
        to: usize,
        level: i64,
        reason: String,
    },
    Move {
        by: usize,
        to: Status,
        reason: String,
    },
    Rate {
        score: i64,
        comment: String,
    },
}

impl Story {
    /// Tells it up to `now`. `taken` says whether a subject is in use.
    pub fn tell(plan: &Plan, vendor: &VendorText, name: &str, now: Timestamp, rng: &mut Rng, taken: impl Fn(&str) -> bool) -> Self {
        let scenario = &vendor.book.scenarios[plan.scenario];
        let mut fill = Fill::pick(&vendor.book, rng);
        fill.set("first", name.split(' ').next().unwrap_or(name));
        let mut subject = fill.text(&scenario.subject);
        for more in fill.names(vendor, scenario, rng) {
            if taken(&subject) {
                subject = format!("{} ({more})", fill.text(&scenario.subject));
            }
        }
        let mut telling = Telling { plan, vendor, scenario, fill, rep: plan.rep, at: plan.start, steps: Vec::new() };
        telling.all(rng);
        let mut steps = telling.steps;
        steps.retain(|(at, _)| *at <= now.plus(-20 * SECOND));
        Self {
            vendor: plan.vendor,
            customer: plan.customer,
            subject,
            category: scenario.category,
            sub: scenario.sub.clone(),
            tags: scenario.tags.clone(),
            channel: scenario.channel,
            steps,
        }
    }
}

struct Telling<'a> {
    plan: &'a Plan,
    vendor: &'a VendorText,
    scenario: &'a Scenario,
    fill: Fill,
    rep: usize,
    at: Timestamp,
    steps: Vec<(Timestamp, Deed)>,
}

impl Telling<'_> {
    fn all(&mut self, rng: &mut Rng) {
        let mut turns = self.scenario.turns.clone();
        if self.plan.settle {
            turns.extend(ending(self.scenario, rng));
        }
        let mut taken = false;
        for (i, turn) in turns.iter().take(self.plan.turns).enumerate() {
            let before = self.at;
            self.at = self.when(turn, rng);
            if i > 0 && !taken && !matches!(turn.kind, Kind::Customer | Kind::Rate) {
                taken = true;
                let gap = self.at.since(before);
                let (by, ticket_type) = (self.rep, sort_of(self.scenario));
                self.steps.push((before.plus(gap * 2 / 5), Deed::Assign { by, to: by, reason: String::new() }));
                self.steps.push((before.plus(gap / 2), Deed::Sort { by, ticket_type }));
            }
            let deed = self.deed(i, turn, rng);
            self.steps.push((self.at, deed));
        }
    }

    fn when(&self, turn: &Turn, rng: &mut Rng) -> Timestamp {
        let at = self.at.plus(turn.after * MINUTE + rng.range(SECOND, 40 * SECOND));
        let at_once = turn.after < 30 || matches!(self.scenario.channel, Channel::Chat | Channel::Call) && turn.after < 180;
        match turn.kind {
            _ if self.plan.live || at_once => at,
            Kind::Customer | Kind::Rate => hours::awake(at, rng),
            _ => hours::at_work(at, rng),
        }
    }

    fn deed(&mut self, i: usize, turn: &Turn, rng: &mut Rng) -> Deed {
        let by = self.rep;
        self.fill.set("rep", self.vendor.staff[by].name.split(' ').next().unwrap_or_default());
        let (text, reason) = (self.fill.text(&turn.text), self.fill.text(&turn.reason));
        match turn.kind {
            Kind::Customer => {
                let picture = pictures::of(&text);
                // Someone has to write down what is said on the phone.
                let written_by = (self.scenario.channel == Channel::Call).then_some(by);
                if i == 0 { Deed::Open { by: written_by, text, picture } } else { Deed::Say { by: None, note: false, text, picture } }
            }
            Kind::Rep => Deed::Say { by: Some(by), note: false, text, picture: None },
            Kind::Note => Deed::Say { by: Some(by), note: true, text, picture: None },
            Kind::Priority => Deed::Rank { by, priority: if let Some(To::Priority(p)) = turn.to { p } else { Priority::High } },
            Kind::Escalate => {
                let role = if let Some(To::Role(role)) = turn.to { role } else { Role::RepL2 };
                self.rep = self.vendor.staff_with(role).unwrap_or(by);
                Deed::Escalate { by, to: self.rep, level: if role == Role::RepL3 { 3 } else { 2 }, reason }
            }
            Kind::Transfer => {
                let others: Vec<usize> =
                    (0..self.vendor.staff.len()).filter(|s| *s != by && !self.vendor.staff[*s].role.is_admin()).collect();
                self.rep = *rng.pick(&others);
                Deed::Assign { by, to: self.rep, reason }
            }
            Kind::Wait => Deed::Move { by, to: Status::WaitingCustomer, reason },
            Kind::Resolve => Deed::Move { by, to: Status::Resolved, reason: text },
            Kind::Close => Deed::Move { by, to: Status::Closed, reason: text },
            Kind::Rate => Deed::Rate { score: turn.score, comment: turn.comment.clone() },
        }
    }
}

/// How a ticket ends that the text leaves open.
fn ending(scenario: &Scenario, rng: &mut Rng) -> Vec<Turn> {
    let turn = |kind, after: i64, text: &str| Turn { kind, after: after / MINUTE, text: text.into(), ..Turn::default() };
    match scenario.turns.last().map(|t| t.kind) {
        None | Some(Kind::Close) => Vec::new(),
        Some(Kind::Wait) => vec![turn(Kind::Close, 7 * DAY, "No answer for seven days.")],
        Some(Kind::Resolve) => vec![turn(Kind::Close, 3 * DAY, "Resolved for three days.")],
        Some(_) => {
            let rate = Turn { score: *rng.pick(&[3, 4, 4, 5, 5]), ..turn(Kind::Rate, 90 * MINUTE, "") };
            vec![turn(Kind::Resolve, 200 * MINUTE, "Settled on the phone."), rate, turn(Kind::Close, DAY, "")]
        }
    }
}

/// What sort of request it is.
fn sort_of(scenario: &Scenario) -> TicketType {
    match (scenario.sub.as_str(), scenario.category) {
        ("feedback" | "compatibility" | "charger choice" | "accessories" | "sizes" | "store visit" | "training", _) => TicketType::Question,
        ("delivery" | "engineer visit" | "direct debit" | "payment" | "public charging", _) => TicketType::Complaint,
        ("damaged on arrival" | "missing parts" | "wrong item" | "sign-in", _) | (_, Category::Technical) => TicketType::Problem,
        _ => TicketType::Request,
    }
}
