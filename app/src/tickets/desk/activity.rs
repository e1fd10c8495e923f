//! What has happened to the ticket, newest first.

use super::store::TicketStore;
use crate::ui::{Glyph, Icon, TimeAgo};
use coco::event::Event;
use coco::journey::{EventRecord, describe};
use leptos::prelude::*;

const fn glyph(event: &Event) -> Glyph {
    match event {
        Event::TicketCreated { .. } => Glyph::PLUS,
        Event::Message(_) => Glyph::CHAT,
        Event::Note(_) => Glyph::NOTE,
        Event::AgentAssigned { .. } | Event::TeamAssigned { .. } => Glyph::ASSIGN,
        Event::StatusChange { .. } => Glyph::REFRESH,
        Event::Escalated { .. } => Glyph::ESCALATE,
        Event::PriorityChange { .. } => Glyph::PRIORITY_HIGH,
        Event::SubjectChange { .. } => Glyph::EDIT,
        Event::CategoryChange { .. } | Event::RoutingChange { .. } => Glyph::WORKFLOW,
        Event::TagsChange { .. } => Glyph::TAG,
        Event::Rated { .. } => Glyph::STAR,
        Event::SlaWarning { .. } | Event::SlaChange { .. } => Glyph::CLOCK,
        Event::SlaBreached { .. } => Glyph::ALERT,
        Event::CustomerRegistered {} | Event::AddressConfirmed {} | Event::VendorJoined { .. } => Glyph::USER,
    }
}

fn line(record: EventRecord) -> AnyView {
    view! {
        <li>
            <Icon glyph=glyph(&record.event) />
            <p><bdi>{describe(&record, true)}</bdi> " " <TimeAgo at=record.timestamp /></p>
        </li>
    }
    .into_any()
}

/// The timeline.
#[component]
pub fn Activity(
    /// The ticket.
    store: TicketStore,
) -> impl IntoView {
    view! {
        <section class="info-part">
            <h2>"Activity"</h2>
            <ol class="info-activity">
                <For each=move || store.activity.get() key=|e| e.seq let:record>
                    {line(record)}
                </For>
            </ol>
        </section>
    }
}
