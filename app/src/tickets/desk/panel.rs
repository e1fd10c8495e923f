//! The right column: who asks, what it is about, what was promised, who works on it, what has happened.

use super::activity::Activity;
use super::assignment::Assignments;
use super::customer::Customer;
use super::properties::Properties;
use super::store::TicketStore;
use crate::sla::Tracker;
use crate::ui::{Glyph, Icon, TimeAgo};
use coco::feedback::{Rating, score_label};
use leptos::prelude::*;

/// The right column.
#[component]
pub fn Panel(
    /// The ticket.
    store: TicketStore,
) -> impl IntoView {
    let rating = move || store.rating.get().map(|rating| view! { <Rated rating /> });
    view! {
        <aside class="case-info" aria-label="Details" tabindex="-1">
            <Customer store />
            {rating}
            <Properties store />
            <Tracker clocks=store.clocks.into() />
            <Assignments store />
            <Activity store />
        </aside>
    }
}

#[component]
fn Rated(rating: Rating) -> impl IntoView {
    let score = rating.score.clamp(1, 5);
    let stars: Vec<_> =
        (1..=5).map(|n| view! { <span class="info-star" data-on=(n <= score).then_some("")><Icon glyph=Glyph::STAR /></span> }).collect();
    view! {
        <section class="info-part">
            <h2>"Rating"</h2>
            <p class="info-rating">
                <span class="info-stars" aria-hidden="true">{stars}</span>
                <span>{score} " of 5, " {score_label(score)}</span>
                <TimeAgo at=rating.created_at />
            </p>
            {(!rating.comment.is_empty()).then(|| view! { <blockquote dir="auto">{rating.comment.clone()}</blockquote> })}
        </section>
    }
}
