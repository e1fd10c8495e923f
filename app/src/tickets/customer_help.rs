//! The ways to get help, each with what to expect. Only those that work are here.

use crate::layout::customer::use_mine;
use crate::ui::{Glyph, Icon, PageTitle};
use crate::vendors::customer_mark::presence_words;
use leptos::prelude::*;

/// `/customer/help`
#[component]
pub fn HelpPage() -> impl IntoView {
    let mine = use_mine();
    let with = move || mine.vendor().map(|c| [" with ", &c.vendor.name].concat());
    let wait = move || mine.vendor().map_or_else(|| "First choose who you need help from.".to_owned(), |c| presence_words(&c));
    view! {
        <div class="page narrow">
            <PageTitle text="How can we help?" />
            <ul class="ways">
                <li>
                    <a class="card way" href="/customer/tickets/new">
                        <Icon glyph=Glyph::CHAT />
                        <span class="way-words">
                            <strong>"Write to us"</strong>
                            // In an element of its own: what waits must not run into the text behind it.
                            <span>
                                "Talk to a person" <span><Transition>{with}</Transition></span>
                                ". Leave any time; the answer waits here for you."
                            </span>
                            <span class="way-wait">
                                <Transition>
                                    {move || view! { <Icon glyph=if mine.vendor().is_some() { Glyph::CLOCK } else { Glyph::STORE } /> }}
                                    {wait}
                                </Transition>
                            </span>
                        </span>
                        <Icon glyph=Glyph::CHEVRON_RIGHT />
                    </a>
                </li>
                <li>
                    <a class="card way" href="/customer/tickets">
                        <Icon glyph=Glyph::TICKET />
                        <span class="way-words">
                            <strong>"Your requests"</strong>
                            <span>"See where things stand, add something, or reopen what still is not right."</span>
                        </span>
                        <Icon glyph=Glyph::CHEVRON_RIGHT />
                    </a>
                </li>
            </ul>
        </div>
    }
}
