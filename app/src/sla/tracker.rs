//! How the promises of the open ticket stand.

use crate::tickets::desk::span;
use crate::ui::{Badge, Now, Tone, use_now};
use coco::sla::text::span_words;
use coco::sla::{Standing, Status};
use leptos::prelude::*;

/// Both clocks of a ticket.
#[component]
pub fn Tracker(
    /// The clocks, in the order of a ticket's life.
    clocks: Signal<Vec<Standing>>,
) -> impl IntoView {
    let now = use_now();
    let lines = move || clocks.get().into_iter().map(|clock| line(&clock, now)).collect::<Vec<_>>();
    let none = move || clocks.with(Vec::is_empty).then(|| view! { <p class="info-mute">"The clocks start in a moment."</p> });
    view! {
        <section class="info-part" aria-label="SLA">
            <h2>"SLA"</h2>
            {none}
            <ul class="sla-clocks">{lines}</ul>
        </section>
    }
    .into_any()
}

fn line(clock: &Standing, now: Now) -> AnyView {
    let (tone, word) = state(clock, now);
    let target = ["Target ", &span_words(clock.target)].concat();
    view! {
        <li>
            <p class="sla-head"><span>{clock.kind.label()}</span> <Badge tone>{word}</Badge></p>
            <p>{detail(clock, now)}</p>
            <p class="info-mute">{target}</p>
        </li>
    }
    .into_any()
}

fn state(clock: &Standing, now: Now) -> (Tone, &'static str) {
    let status = clock.status(now.get());
    match (clock.is_open(), status) {
        (false, _) if clock.met_at.is_none() && status != Status::Breached => (Tone::Neutral, "Not needed"),
        (false, Status::Breached) => (Tone::Danger, "Missed"),
        (false, _) => (Tone::Success, "Met"),
        (true, Status::OnTrack) => (Tone::Success, "On track"),
        (true, Status::AtRisk) => (Tone::Warning, "At risk"),
        (true, Status::Breached) => (Tone::Danger, "Breached"),
    }
}

/// How long there is left, until when, or why it stands still.
fn detail(clock: &Standing, now: Now) -> String {
    if let Some(met) = clock.met_at {
        return ["Done ", &now.moment(met)].concat();
    }
    if clock.is_cancelled {
        return "The ticket was done without it.".to_owned();
    }
    match clock.due_at {
        Some(due) if now.get() > due => ["Overdue by ", &span(now.get().since(due)), ", since ", &now.moment(due)].concat(),
        Some(due) => ["Due in ", &span(due.since(now.get())), ", ", &now.moment(due)].concat(),
        None if clock.is_running => "Not due for years: there are no working hours.".to_owned(),
        None if clock.used > clock.target => "Paused while we wait for the customer.".to_owned(),
        None => ["Paused while we wait for the customer, with ", &span(clock.target - clock.used), " left"].concat(),
    }
}
