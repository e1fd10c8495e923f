//! A ticket in a list of the customer's, and its state in plain words.

use crate::ui::{StatusBadge, TimeAgo};
use coco::tickets::{Status, Ticket, TicketRow};
use leptos::prelude::*;

/// The first word of a name.
#[must_use]
pub fn first_name(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or(name)
}

/// Where a ticket is shown.
#[must_use]
pub fn address(ticket: &Ticket) -> String {
    ["/customer/tickets/", &ticket.number].concat()
}

/// What happens next with a ticket, and who has to do it.
#[must_use]
pub fn what_next(status: Status, assignee: Option<&str>) -> String {
    let who = assignee.map(first_name);
    match status {
        Status::Created | Status::IntakeInProgress | Status::WaitingForAgent => {
            "Someone will answer here. You can add to it any time.".to_owned()
        }
        Status::Assigned | Status::InProgress | Status::Reassigned | Status::Reopened => match who {
            Some(who) => [who, " has it and will answer here."].concat(),
            None => "We will answer here.".to_owned(),
        },
        Status::WaitingCustomer => match who {
            Some(who) => [who, " needs your answer to go on."].concat(),
            None => "We need your answer to go on.".to_owned(),
        },
        Status::Escalated => "You don't need to repeat anything.".to_owned(),
        Status::Resolved | Status::Closed => "Something still wrong? Reply and we reopen it.".to_owned(),
    }
}

/// Cards below each other.
#[component]
pub fn TicketCards(
    /// The tickets.
    rows: Vec<TicketRow>,
    /// They are with several vendors, so each names its own.
    #[prop(optional)]
    several: bool,
) -> impl IntoView {
    let cards: Vec<_> = rows.into_iter().map(|row| view! { <TicketCard row several /> }.into_any()).collect();
    view! { <ul class="ticket-cards">{cards}</ul> }
}

/// One ticket; the whole card is the link.
#[component]
pub fn TicketCard(
    /// The ticket.
    row: TicketRow,
    /// Name the vendor.
    #[prop(optional)]
    several: bool,
) -> impl IntoView {
    let TicketRow { ticket, unread, vendor_name, .. } = row;
    let href = address(&ticket);
    let unread = (unread > 0).then(|| {
        view! {
            <span class="unread">
                <span class="vh">"Unread. "</span>
            </span>
        }
    });
    view! {
        <li>
            <a class="card ticket-card" href=href>
                <span class="ticket-card-subject">{unread} <span class="ticket-card-words">{ticket.subject}</span></span>
                <span class="ticket-card-line">{ticket.last_line}</span>
                <span class="ticket-card-foot">
                    <StatusBadge status=ticket.status for_customer=true />
                    <span class="ticket-card-facts">
                        {several.then(|| view! { <span class="ticket-card-vendor">{vendor_name}</span> })}
                        <span class="ticket-number">{ticket.number}</span>
                        <TimeAgo at=ticket.activity_at />
                    </span>
                </span>
            </a>
        </li>
    }
}

/// Whether tickets of more than one vendor are among these.
#[must_use]
pub fn are_several(rows: &[TicketRow]) -> bool {
    rows.windows(2).any(|pair| pair[0].ticket.vendor_id != pair[1].ticket.vendor_id)
}
