//! Draws one ticket of the load set: what it is about, how long it goes on and how it ends.

use super::crowd::Desk;
use super::life::Life;
use super::words::{Voice, Words};
use crate::seed::rng::Rng;
use coco::actor::Actor;
use coco::id::ClockIds;
use coco::tickets::{Priority, PrioritySource, Status, Ticket, TicketType, classify};
use coco::time::{DAY, HOUR, MINUTE, SECOND, Timestamp};

/// Tickets younger than this are mostly open, older ones hardly: together about 8 % of a year.
const LATELY: i64 = 20 * DAY;
/// How open tickets stand.
const OPEN: [(Status, u32); 7] = [
    (Status::WaitingForAgent, 22),
    (Status::Assigned, 10),
    (Status::InProgress, 36),
    (Status::WaitingCustomer, 18),
    (Status::Escalated, 8),
    (Status::Reassigned, 3),
    (Status::Reopened, 3),
];
/// How satisfied customers are, from 1 to 5.
const SCORES: [u32; 5] = [6, 6, 12, 26, 50];

/// What all tickets of a vendor are drawn from.
pub struct Scene<'a> {
    pub ids: &'a ClockIds,
    pub words: &'a Words,
    pub voice: &'a Voice,
    pub desk: &'a Desk,
    pub now: Timestamp,
}

impl Scene<'_> {
    /// A ticket opened at `at`, with about `count` messages.
    pub fn ticket(&self, number: String, at: Timestamp, count: usize, rng: &mut Rng) -> Life<'_> {
        let customer = rng.pick(&self.desk.customers);
        let topic = rng.pick(&self.voice.topics);
        let text = self.voice.say(self.words, false, false, rng);
        let (priority, priority_source, reason) = match rng.weighted(&[75, 8, 5, 9, 3]) {
            0 => {
                let (priority, reason) = classify(&topic.subject, &text);
                (priority, PrioritySource::Rules, reason)
            }
            given => (Priority::ALL[given - 1], PrioritySource::Customer, None),
        };
        let ticket = Ticket {
            id: self.ids.at(at).into(),
            number,
            vendor_id: self.desk.vendor.clone(),
            customer_id: customer.id.clone(),
            customer_name: customer.name.clone(),
            subject: topic.subject.clone(),
            status: Status::WaitingForAgent,
            priority,
            priority_source,
            channel: topic.channel,
            ticket_type: *rng.pick(&TicketType::ALL),
            category: topic.category,
            subcategory: topic.sub.clone(),
            assignee_id: None,
            assignee_name: None,
            team_id: None,
            team_name: None,
            level: 1,
            version: 1,
            created_at: at,
            updated_at: at,
            activity_at: at,
            last_line: String::new(),
            first_response_at: None,
            resolved_at: None,
            closed_at: None,
            is_held: false,
        };
        let mut life = Life::open(self.ids, ticket, customer, reason, text);
        let end = self.end(at, count, rng);
        if end == Status::WaitingForAgent {
            if count > 1 {
                life.say(customer, false, self.voice.say(self.words, false, false, rng), at.plus(self.now.since(at) / 2));
            }
        } else {
            self.go_on(&mut life, customer, &topic.tags, (count, end), rng);
        }
        self.read(&mut life, customer, rng);
        life
    }

    fn end(&self, at: Timestamp, count: usize, rng: &mut Rng) -> Status {
        let age = self.now.since(at);
        if !rng.chance(if age < LATELY { 0.7 } else { 0.045 }) {
            return if rng.chance(if age < 3 * DAY { 0.9 } else { 0.2 }) { Status::Resolved } else { Status::Closed };
        }
        let (end, _) = OPEN[rng.weighted(&OPEN.map(|o| o.1))];
        // So long a talk is not one of the customer with nobody.
        let quiet = matches!(end, Status::WaitingForAgent | Status::Assigned);
        if quiet && count > 12 { Status::InProgress } else { end }
    }

    /// Someone takes it, both sides write, and it comes to its end.
    fn go_on(&self, life: &mut Life<'_>, customer: &Actor, tags: &[String], (count, end): (usize, Status), rng: &mut Rng) {
        let reps = &self.desk.reps;
        let mut rep = &reps[rng.weighted(&[60, 25, 15][..reps.len().min(3)])];
        let mut time = self.time(life.past.ticket.created_at, count, rng);
        life.assign(rep, rep, "", time.next(rng));
        life.tag(rep, tags.to_vec(), time.next(rng));
        let quiet = end == Status::Assigned;
        let count = if quiet { count.min(2) } else { count };
        for i in 1..count {
            let last = i + 1 == count;
            let by_staff = !quiet && (last || i % 2 == 1);
            let note = by_staff && !last && rng.chance(0.12);
            let text = self.voice.say(self.words, by_staff, note, rng);
            life.say(if by_staff { rep } else { customer }, note, text, time.next(rng));
        }
        match end {
            Status::Escalated | Status::Reassigned => {
                let to = reps.iter().find(|r| r.id != rep.id).unwrap_or(rep);
                let (by, at) = (std::mem::replace(&mut rep, to), time.next(rng));
                if end == Status::Escalated {
                    life.escalate(by, to, 2, "Needs a second pair of eyes.", at)
                } else {
                    life.assign(by, to, "Knows this customer.", at)
                }
            }
            Status::WaitingCustomer => life.become_(rep, end, "", time.next(rng)),
            Status::Resolved | Status::Closed | Status::Reopened => {
                life.become_(rep, Status::Resolved, "Answered.", time.next(rng));
                if end == Status::Reopened {
                    life.say(customer, false, self.voice.say(self.words, false, false, rng), time.next(rng));
                } else if rng.chance(0.4) {
                    life.rate(customer, rng.weighted(&SCORES) as i64 + 1, time.next(rng));
                }
                if end == Status::Closed {
                    life.become_(rep, Status::Closed, "", time.next(rng));
                }
            }
            _ => {}
        }
    }

    /// Moments from the opening on, for `count` messages and what goes with them, all in the past.
    fn time(&self, from: Timestamp, count: usize, rng: &mut Rng) -> Time {
        let steps = count as i64 + 6;
        let usual = steps * rng.range(4 * MINUTE, 6 * HOUR);
        Time { at: from, step: (usual.min(self.now.since(from)) / (steps + 1)).max(1) }
    }

    /// The customer, who works on it, and level 1: all of what is done, else up to their own last word.
    fn read(&self, life: &mut Life<'_>, customer: &Actor, rng: &mut Rng) {
        let done = !life.past.ticket.status.is_open();
        let all = life.past.conversation.last_position;
        let last_of = |staff: bool| life.past.messages.iter().filter(|m| (m.sender_id != customer.id) == staff).map(|m| m.position).max();
        let theirs = if done || rng.chance(0.7) { all } else { last_of(false).unwrap_or_default() };
        let ours = if done || rng.chance(0.5) { all } else { last_of(true).unwrap_or_default() };
        life.read(customer, theirs);
        let assignee = life.past.ticket.assignee_id.clone();
        if let Some(rep) = self.desk.reps.iter().find(|r| Some(&r.id) == assignee.as_ref()) {
            life.read(rep, ours);
            life.read(&self.desk.reps[0], ours);
        }
    }
}

/// Time as it goes by in one ticket.
struct Time {
    at: Timestamp,
    step: i64,
}

impl Time {
    fn next(&mut self, rng: &mut Rng) -> Timestamp {
        let whole = if self.step > 4 * SECOND { rng.range(self.step / 2, self.step) } else { self.step };
        self.at = self.at.plus(whole);
        self.at
    }
}
