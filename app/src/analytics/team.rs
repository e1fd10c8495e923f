//! Who is there and how much each has.

use crate::layout::desk::Desk;
use crate::ui::{Avatar, AvatarSize, Column, PresenceDot, Table, TableRowLink, tally};
use coco::people::Colleague;
use leptos::prelude::*;

fn row(c: Colleague) -> AnyView {
    let href = ["/rep/inbox?assignee=", c.id.as_str()].concat();
    view! {
        <tr>
            <td>
                <span class="dash-person">
                    <Avatar name=c.name.clone() size=AvatarSize::Small />
                    <TableRowLink href>{c.name.clone()}</TableRowLink>
                </span>
            </td>
            <td><span class="dash-presence"><span aria-hidden="true"><PresenceDot presence=c.presence /></span> {c.presence.label()}</span></td>
            <td>{c.role.label()}</td>
            <td class="num">{tally(c.open_tickets)}</td>
        </tr>
    }
    .into_any()
}

/// The team: who is online first, then who has most.
#[component]
pub fn Team(
    /// What the desk knows.
    desk: Desk,
) -> impl IntoView {
    let rows = move || {
        let mut all = desk.colleagues.get();
        all.sort_by_key(|c| (c.presence as u8, -c.open_tickets));
        all.into_iter().map(row).collect::<Vec<_>>()
    };
    let columns = vec![Column::new("Name"), Column::new("Presence"), Column::new("Role"), Column::new("Open tickets").number()];
    view! {
        <section class="dash-team">
            <h2>"Team"</h2>
            <Table caption="Team" columns>
                {rows}
            </Table>
        </section>
    }
}
