//! How did we do?

use super::api::RateTicket;
use crate::form::{Post, PostError, PostForm};
use crate::ui::{Button, Glyph, Icon, RatingGroup, TextArea, Variant, use_now};
use coco::feedback::{MAX_COMMENT, Rating, score_label};
use leptos::prelude::*;

/// Asks for a rating, or thanks for it and lets it be changed.
#[component]
pub fn RatingCard(
    /// The number of the ticket.
    number: String,
    /// The rating, once there is one.
    rating: RwSignal<Option<Rating>>,
) -> impl IntoView {
    let number = StoredValue::new(number);
    // Each new rating shows the thanks anew, with the way to change it closed.
    let rated = Memo::new(move |_| rating.with(|r| r.as_ref().map(|r| r.created_at)));
    let inner = move || {
        if rated.get().is_none() {
            return view! { <RatingForm number=number.get_value() rating /> }.into_any();
        }
        let words = move || {
            let score = rating.with(|r| r.as_ref().map_or(0, |r| r.score));
            ["You rated this ", &score.to_string(), " of 5: ", score_label(score), "."].concat()
        };
        let comment = move || {
            rating
                .with(|r| r.as_ref().map(|r| r.comment.clone()))
                .filter(|c| !c.is_empty())
                .map(|c| view! { <p class="rating-comment">{c}</p> })
        };
        view! {
            <div role="status" class="rating-thanks">
                <Icon glyph=Glyph::CIRCLE_CHECK />
                <p>
                    <strong>"Thank you. "</strong>
                    {words}
                </p>
            </div>
            {comment}
            <details class="rating-change">
                <summary>"Change"</summary>
                <RatingForm number=number.get_value() rating />
            </details>
        }
        .into_any()
    };
    view! {
        <section class="rating-card" id="rating" aria-label="Rating">
            {inner}
        </section>
    }
}

#[component]
fn RatingForm(number: String, rating: RwSignal<Option<Rating>>) -> impl IntoView {
    let post = Post::to::<RateTicket>();
    let now = use_now();
    let known = rating.get_untracked();
    let score = RwSignal::new(known.as_ref().map(|r| r.score.to_string()).unwrap_or_default());
    let comment = RwSignal::new(known.map(|r| r.comment).unwrap_or_default());
    let done = Callback::new(move |_: String| {
        let score = score.get_untracked().parse().unwrap_or_default();
        let comment = comment.get_untracked().trim().to_owned();
        rating.set(Some(Rating { score, comment, created_at: now.get() }));
    });
    view! {
        <PostForm post done>
            <PostError post />
            <input type="hidden" name="number" value=number />
            <RatingFields post score comment />
        </PostForm>
    }
}

/// What is asked, and the button that sends it.
#[component]
pub fn RatingFields(
    /// The form's.
    post: Post,
    /// What is chosen, `""` or `"1"` to `"5"`.
    score: RwSignal<String>,
    /// What is added.
    comment: RwSignal<String>,
) -> impl IntoView {
    view! {
        <RatingGroup value=score error=post.field("score") />
        <TextArea
            label="Anything to add? (optional)"
            name="comment"
            value=comment
            rows=2
            maxlength=MAX_COMMENT as u32
            error=post.field("comment")
        />
        <div>
            <Button variant=Variant::Primary submit=true busy=post.pending>"Send rating"</Button>
        </div>
    }
}
