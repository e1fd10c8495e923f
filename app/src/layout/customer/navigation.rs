//! The five places of the customer: a bar below on phones, a rail beside on wider screens.

use super::Mine;
use crate::ui::{CountBadge, Glyph, Icon};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

const PLACES: [(&str, &str, Glyph); 5] = [
    ("/customer/dashboard", "Home", Glyph::HOME),
    ("/customer/tickets", "Tickets", Glyph::TICKET),
    ("/customer/help", "Help", Glyph::HELP),
    ("/customer/vendors", "Vendors", Glyph::STORE),
    ("/customer/profile", "Profile", Glyph::USER),
];

/// The five places.
#[component]
pub fn Navigation(
    /// What the pages know.
    mine: Mine,
) -> impl IntoView {
    let path = use_location().pathname;
    // Outside the links, whose names stay one word.
    let unread = move || match mine.unread() {
        0 => String::new(),
        1 => "1 ticket has something new".to_owned(),
        n => [&n.to_string(), " tickets have something new"].concat(),
    };
    let places: Vec<_> = PLACES
        .into_iter()
        .map(|(href, words, glyph)| {
            let current = move || path.with(|path| path.starts_with(href)).then_some("page");
            let noted = (words == "Tickets").then_some("unread-note");
            let badge = (words == "Tickets").then(|| {
                view! {
                    <span class="place-badge" aria-hidden="true">
                        <Transition>
                            {move || {
                                let count = mine.unread();
                                view! { <CountBadge count=count loud=true /> }
                            }}
                        </Transition>
                    </span>
                }
            });
            view! {
                <li class="place" data-raised=(words == "Help").then_some("")>
                    <a href=href aria-current=current aria-describedby=noted>
                        <span class="place-icon">
                            <Icon glyph=glyph />
                            {badge}
                        </span>
                        <span class="place-name">{words}</span>
                    </a>
                </li>
            }
            .into_any()
        })
        .collect();
    view! {
        <nav class="places" aria-label="Main">
            <ul>{places}</ul>
            <p class="vh" id="unread-note">
                <Transition>{unread}</Transition>
            </p>
        </nav>
    }
}
