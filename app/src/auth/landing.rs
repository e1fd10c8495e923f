//! The page at `/`.

use crate::layout::public::PublicTop;
use crate::ui::{Glyph, Icon, LinkButton, Size, Variant};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};

const PROMISES: [(Glyph, &str, &str); 3] = [
    (Glyph::CHAT, "Say it once", "What you write stays with your request. Whoever answers has read it."),
    (Glyph::STORE, "One place", "Everyone you need help from, with one account. Each of them sees only their own part."),
    (Glyph::CLOCK, "Honest about time", "You see who has your request, what happens next and when people are there."),
];

/// A conversation as it could be.
const EXAMPLE: &str = "<p class=\"ours\">The charger stops at 80 % again.</p>\
    <small>Maya has read your notes from March</small>\
    <p>Hi Sam, no need to explain it again: it is the limit we set together then. Shall I lift it?</p>\
    <p class=\"ours\">Yes, please!</p>\
    <p>Done. It charges to 100 % from tonight on.</p>\
    <small>Resolved in 4 min</small>";

/// What COCO is, and the way in.
#[component]
pub fn LandingPage() -> impl IntoView {
    let promises: Vec<_> = PROMISES
        .map(|(glyph, title, text)| {
            view! {
                <li>
                    <Icon glyph=glyph />
                    <h2>{title}</h2>
                    <p>{text}</p>
                </li>
            }
        })
        .into_iter()
        .collect();
    view! {
        <Title text="Help that remembers you" />
        <Meta name="description" content="COCO keeps everything you ask a company, and everything they answer, in one continuous conversation." />
        <div class="public landing">
            <PublicTop>
                <LinkButton href="/login" variant=Variant::Ghost>"Sign in"</LinkButton>
            </PublicTop>
            <main class="landing-main">
                <div class="landing-words">
                    <h1 tabindex="-1">"Help that remembers you."</h1>
                    <p class="landing-lead">
                        "COCO keeps everything you ask a company, and everything they answer, in one conversation. Nothing is lost, and nothing is asked twice."
                    </p>
                    <div class="landing-ways">
                        <LinkButton href="/register" variant=Variant::Primary size=Size::Large>"Create account"</LinkButton>
                        <LinkButton href="/login" size=Size::Large>"Sign in"</LinkButton>
                    </div>
                    <div class="landing-example" aria-hidden="true" inner_html=EXAMPLE></div>
                </div>
                <ul class="landing-promises">{promises}</ul>
            </main>
            <footer class="landing-foot">"COCO is open source. Whoever runs it for you keeps your data on their own server."</footer>
        </div>
    }
}
