//! The life of a ticket.

use serde::{Deserialize, Serialize};

/// State of a ticket. The aliases are the words of other products, accepted at the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Just opened.
    #[serde(alias = "new")]
    Created,
    /// The assistant asks what is missing.
    IntakeInProgress,
    /// In the queue.
    #[serde(alias = "open", alias = "queued")]
    WaitingForAgent,
    /// Someone has it.
    Assigned,
    /// Someone works on it.
    #[serde(alias = "active")]
    InProgress,
    /// The next word is the customer's.
    #[serde(alias = "waiting", alias = "pending")]
    WaitingCustomer,
    /// Handed to another rep.
    Reassigned,
    /// Handed to a higher level or another department.
    Escalated,
    /// Answered; the customer may rate or come back.
    Resolved,
    /// Done.
    Closed,
    /// Came back after it was resolved.
    Reopened,
}

/// States in the groups that lists and other products use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Nobody has it yet.
    Queued,
    /// Someone works on it.
    Active,
    /// Waiting for the customer.
    Waiting,
    /// Resolved.
    Resolved,
    /// Closed.
    Closed,
}

use Status::{
    Assigned, Closed, Created, Escalated, InProgress, IntakeInProgress, Reassigned, Reopened, Resolved, WaitingCustomer, WaitingForAgent,
};

impl Status {
    /// All states.
    pub const ALL: [Self; 11] = [
        Created,
        IntakeInProgress,
        WaitingForAgent,
        Assigned,
        InProgress,
        WaitingCustomer,
        Reassigned,
        Escalated,
        Resolved,
        Closed,
        Reopened,
    ];

    /// The states this one may move to.
    #[must_use]
    pub const fn next(self) -> &'static [Self] {
        match self {
            Created => &[IntakeInProgress, WaitingForAgent, Assigned, Resolved, Closed],
            IntakeInProgress => &[WaitingForAgent, Assigned, Resolved, Closed],
            WaitingForAgent => &[Assigned, Escalated, Resolved, Closed],
            Assigned | InProgress | Reassigned | Reopened => {
                &[WaitingForAgent, Assigned, InProgress, WaitingCustomer, Reassigned, Escalated, Resolved]
            }
            WaitingCustomer => &[WaitingForAgent, InProgress, Reassigned, Escalated, Resolved, Closed],
            Escalated => &[WaitingForAgent, Assigned, InProgress, WaitingCustomer, Reassigned, Escalated, Resolved],
            Resolved => &[Closed, Reopened],
            Closed => &[Reopened],
        }
    }

    /// Whether the move is legal. Staying in the same state is a move only where it says something
    /// (a second hand-over, a further escalation).
    #[must_use]
    pub fn can_become(self, to: Self) -> bool {
        (self != to || matches!(to, Reassigned | Escalated)) && self.next().contains(&to)
    }

    /// The moves that lead to `to`, for those who think in fewer states than there are; none when it
    /// is there already. Not all of them need be legal.
    #[must_use]
    pub fn way_to(self, to: Self) -> Vec<Self> {
        match to {
            _ if self == to => vec![],
            WaitingForAgent | InProgress | WaitingCustomer if !self.is_open() => vec![Reopened, to],
            // Someone has to have it first.
            InProgress | WaitingCustomer if self.stage() == Stage::Queued => vec![Assigned, to],
            Closed if self.is_open() && !self.can_become(to) => vec![Resolved, to],
            _ => vec![to],
        }
    }

    /// States that come of giving the ticket to someone, and no other way.
    #[must_use]
    pub const fn is_assignment(self) -> bool {
        matches!(self, Assigned | Reassigned)
    }

    /// The group for lists.
    #[must_use]
    pub const fn stage(self) -> Stage {
        match self {
            Created | IntakeInProgress | WaitingForAgent => Stage::Queued,
            Assigned | InProgress | Reassigned | Escalated | Reopened => Stage::Active,
            WaitingCustomer => Stage::Waiting,
            Resolved => Stage::Resolved,
            Closed => Stage::Closed,
        }
    }

    /// Not resolved and not closed.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self, Resolved | Closed)
    }

    /// The word in the database and at the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Created => "created",
            IntakeInProgress => "intake_in_progress",
            WaitingForAgent => "waiting_for_agent",
            Assigned => "assigned",
            InProgress => "in_progress",
            WaitingCustomer => "waiting_customer",
            Reassigned => "reassigned",
            Escalated => "escalated",
            Resolved => "resolved",
            Closed => "closed",
            Reopened => "reopened",
        }
    }

    /// What staff read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Created => "New",
            IntakeInProgress => "In intake",
            WaitingForAgent => "Unassigned",
            Assigned => "Assigned",
            InProgress => "In progress",
            WaitingCustomer => "Waiting for customer",
            Reassigned => "Reassigned",
            Escalated => "Escalated",
            Resolved => "Resolved",
            Closed => "Closed",
            Reopened => "Reopened",
        }
    }

    /// What the customer reads: plain words, no jargon.
    #[must_use]
    pub const fn customer_label(self) -> &'static str {
        match self {
            Created | IntakeInProgress | WaitingForAgent => "We've got your message",
            Assigned | InProgress | Reassigned | Reopened => "We're looking into it",
            WaitingCustomer => "Waiting for your answer",
            Escalated => "A specialist is on it",
            Resolved => "Resolved",
            Closed => "Closed",
        }
    }
}

impl std::str::FromStr for Status {
    type Err = crate::Error;
    /// Reads the canonical words and their aliases.
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        use serde::de::IntoDeserializer;
        Self::deserialize(s.into_deserializer()).map_err(|_: serde::de::value::Error| {
            crate::Error::invalid("status", format!("\"{}\" is not a status.", crate::text::snippet(s, 40)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::ActorKind;
    use crate::conversations::{Attachment, Message, Visibility};
    use crate::id::IdSource;
    use crate::tickets::{Category, Channel, LAST_LINE, Priority, PrioritySource, Ticket, TicketType};
    use crate::time::Timestamp;
    use proptest::prelude::*;

    fn ticket() -> Ticket {
        let ids = crate::id::SystemIds;
        let t0 = Timestamp::from_micros(0);
        Ticket {
            id: ids.next().into(),
            number: "TKT-2026-000001".into(),
            vendor_id: ids.next().into(),
            customer_id: ids.next().into(),
            customer_name: "C".into(),
            subject: "S".into(),
            status: Created,
            priority: Priority::Medium,
            priority_source: PrioritySource::Rules,
            channel: Channel::Web,
            ticket_type: TicketType::Question,
            category: Category::Other,
            subcategory: String::new(),
            assignee_id: None,
            assignee_name: None,
            team_id: None,
            team_name: None,
            level: 1,
            version: 1,
            created_at: t0,
            updated_at: t0,
            activity_at: t0,
            last_line: String::new(),
            first_response_at: None,
            resolved_at: None,
            closed_at: None,
            is_held: false,
        }
    }

    #[test]
    fn a_message_of_files_alone_is_shown_by_the_first() {
        let ids = crate::id::SystemIds;
        let file = |name: &str| Attachment {
            id: ids.next().into(),
            name: name.into(),
            content_type: "text/plain".into(),
            size: 1,
            has_thumbnail: false,
        };
        let mut t = ticket();
        let mut message = Message {
            id: ids.next().into(),
            conversation_id: ids.next().into(),
            position: 2,
            sender_id: t.customer_id.clone(),
            sender_name: "C".into(),
            sender_type: ActorKind::Customer,
            content: String::new(),
            visibility: Visibility::Customer,
            attachments: vec![file("bill.pdf"), file("photo.png")],
            client_id: None,
            created_at: Timestamp::from_micros(9),
        };
        t.heard(&message, false);
        assert_eq!((t.last_line.as_str(), t.activity_at, t.first_response_at), ("bill.pdf", message.created_at, None));
        message.content = "x".repeat(200);
        t.heard(&message, true);
        assert_eq!((t.last_line.chars().count(), t.first_response_at), (LAST_LINE + 1, Some(message.created_at)), "cut, with an ellipsis");
    }

    #[test]
    fn words_read_back_and_aliases_are_understood() {
        for s in Status::ALL {
            assert_eq!(s.as_str().parse::<Status>().unwrap(), s);
        }
        for (alias, s) in [("new", Created), ("open", WaitingForAgent), ("pending", WaitingCustomer), ("waiting", WaitingCustomer)] {
            assert_eq!(alias.parse::<Status>().unwrap(), s);
        }
        assert!("done".parse::<Status>().is_err());
    }

    #[test]
    fn every_state_can_be_reached_and_left() {
        for s in Status::ALL {
            assert!(!s.next().is_empty(), "{s:?} is a dead end");
            assert!(s == Created || Status::ALL.iter().any(|f| f.can_become(s)), "{s:?} cannot be reached");
        }
    }

    #[test]
    fn the_words_of_other_products_lead_somewhere() {
        assert_eq!(Resolved.way_to(InProgress), [Reopened, InProgress]);
        assert_eq!(InProgress.way_to(Closed), [Resolved, Closed]);
        assert_eq!(WaitingForAgent.way_to(Closed), [Closed]);
        assert_eq!(WaitingForAgent.way_to(WaitingForAgent), []);
        for from in Status::ALL {
            for to in [WaitingForAgent, InProgress, WaitingCustomer, Resolved, Closed] {
                let legal = from.way_to(to).into_iter().try_fold(from, |at, next| at.can_become(next).then_some(next));
                assert!(legal == Some(to) || (from, to) == (Closed, Resolved), "{from:?} to {to:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_walk_keeps_the_times_true(moves in prop::collection::vec(0usize..11, 0..60)) {
            let mut t = ticket();
            for (i, m) in moves.into_iter().enumerate() {
                let (to, before) = (Status::ALL[m], t.clone());
                let now = Timestamp::from_micros(i as i64 + 1);
                match t.move_to(to, now) {
                    Ok(()) => {
                        prop_assert!(before.status.can_become(to));
                        prop_assert_eq!(t.version, before.version + 1);
                    }
                    Err(_) => prop_assert_eq!(&t, &before),
                }
                prop_assert_eq!(t.resolved_at.is_some() || t.closed_at.is_some(), !t.status.is_open());
            }
        }
    }
}
