//! Events in words.

use super::EventRecord;
use crate::event::Event;
use crate::tickets::{Channel, Status};

/// What happened, in one line; for customers without jargon. `None` when it is not told to them.
#[must_use]
pub fn describe(record: &EventRecord, for_staff: bool) -> Option<String> {
    let who = &record.actor.name;
    if !for_staff {
        return for_customer(record);
    }
    Some(match &record.event {
        Event::TicketCreated { number, channel, .. } => format!("{who} opened {number} by {}", way(*channel)),
        Event::Message(m) => format!("{who}: {}", crate::text::snippet(&m.content, 120)),
        Event::Note(m) => format!("{who} noted: {}", crate::text::snippet(&m.content, 120)),
        Event::AgentAssigned { agent_name: None, .. } => format!("{who} put the ticket back into the queue"),
        Event::AgentAssigned { agent_name: Some(name), reason, .. } if name == who => with_reason(format!("{who} took the ticket"), reason),
        Event::AgentAssigned { agent_name: Some(name), reason, .. } => with_reason(format!("{who} assigned {name}"), reason),
        Event::TeamAssigned { team_name: Some(name), reason, .. } => with_reason(format!("{who} gave it to the team {name}"), reason),
        Event::TeamAssigned { team_name: None, previous_team_name, reason, .. } => {
            with_reason(format!("{who} took it from the team {}", previous_team_name.as_deref().unwrap_or_default()), reason)
        }
        Event::StatusChange { status, reason, .. } => with_reason(format!("{who} set the status to {}", status.label()), reason),
        Event::Escalated { level, reason, .. } => with_reason(format!("{who} escalated to level {level}"), reason),
        Event::PriorityChange { priority, previous, .. } => {
            format!("{who} changed the priority from {} to {}", previous.label(), priority.label())
        }
        Event::SubjectChange { subject, .. } => format!("{who} changed the subject to “{subject}”"),
        Event::CategoryChange { category, subcategory, .. } if subcategory.is_empty() => {
            format!("{who} filed it under {}", category.label())
        }
        Event::CategoryChange { category, subcategory, .. } => format!("{who} filed it under {} / {subcategory}", category.label()),
        Event::TagsChange { added, removed } => match (added.is_empty(), removed.is_empty()) {
            (false, true) => format!("{who} tagged it {}", added.join(", ")),
            (true, false) => format!("{who} removed the tag {}", removed.join(", ")),
            _ => format!("{who} tagged it {} and removed {}", added.join(", "), removed.join(", ")),
        },
        Event::Rated { score, comment } if comment.is_empty() => format!("{who} rated {score} of 5"),
        Event::Rated { score, comment } => format!("{who} rated {score} of 5: {}", crate::text::snippet(comment, 120)),
        Event::SlaWarning { promise, .. } => format!("{}: most of the promised time is used up", promise.label()),
        Event::SlaBreached { promise, .. } => format!("{}: the promised time is over", promise.label()),
        Event::CustomerRegistered {} => format!("{who} made an account"),
        Event::AddressConfirmed {} => format!("{who} confirmed their address"),
        Event::VendorJoined { vendor_name } => format!("{who} came to {vendor_name}"),
        Event::RoutingChange { .. } => format!("{who} changed how tickets are routed"),
        Event::SlaChange { .. } => format!("{who} changed what is promised"),
    })
}

fn for_customer(record: &EventRecord) -> Option<String> {
    let who = record.actor.name.split_whitespace().next().unwrap_or("We");
    Some(match &record.event {
        Event::TicketCreated { number, .. } => format!("You asked for help ({number})"),
        Event::Message(m) => crate::text::snippet(&m.content, 120),
        Event::AgentAssigned { agent_name: Some(name), .. } => {
            format!("{} is looking into it", name.split_whitespace().next().unwrap_or(name))
        }
        Event::Escalated { .. } => "A specialist is taking over. You don't need to repeat anything.".into(),
        Event::StatusChange { status: Status::Resolved, .. } => format!("{who} marked this as resolved"),
        Event::StatusChange { status: Status::Closed, .. } => "This request is closed".into(),
        Event::StatusChange { status: Status::Reopened, .. } => "This request is open again".into(),
        Event::StatusChange { status: Status::WaitingCustomer, .. } => format!("{who} is waiting for your answer"),
        Event::Rated { score, .. } => format!("You rated us {score} of 5"),
        Event::CustomerRegistered {} => "You made your account".into(),
        Event::AddressConfirmed {} => "You confirmed your address".into(),
        Event::VendorJoined { vendor_name } => format!("You added {vendor_name}"),
        _ => return None,
    })
}

/// How it came, inside a sentence.
fn way(channel: Channel) -> String {
    match channel {
        Channel::Whatsapp | Channel::Sms => channel.label().to_owned(),
        _ => channel.label().to_lowercase(),
    }
}

fn with_reason(line: String, reason: &str) -> String {
    if reason.is_empty() { line } else { format!("{line}: {reason}") }
}
