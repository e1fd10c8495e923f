//! The frame of the customer's pages: who helps them above, five places below.

mod header;
mod loaded;
mod mine;
mod more;
mod navigation;

pub use loaded::{failed, loaded};
pub use mine::{Mine, use_mine};
pub use more::More;

use crate::auth::confirm::ConfirmBanner;
use crate::layout::signed_out::SignedOutBanner;
use crate::live::{Connection, use_live};
use crate::ui::{Banner, Glyph, Sheet, Tone};
use crate::vendors::customer_list::VendorList;
use header::Header;
use leptos::html;
use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_location;
use navigation::Navigation;

/// The frame; pages come into its middle.
#[component]
pub fn CustomerLayout() -> impl IntoView {
    let mine = Mine::provide();
    let sheet = RwSignal::new(false);
    let main = NodeRef::<html::Main>::new();
    focus_after_navigation(main);
    view! {
        <div class="customer">
            <a class="vh skip" href="#main" rel="external">"Skip to the content"</a>
            <Header mine sheet />
            <div class="customer-state" aria-live="polite">
                <ConnectionBanner />
                <div class="customer-confirm">
                    <ConfirmBanner />
                </div>
            </div>
            <Navigation mine />
            <main class="customer-main" id="main" tabindex="-1" node_ref=main>
                <Outlet />
            </main>
            <Sheet title="Who do you need help from?" open=sheet>
                <VendorList mine chosen=Callback::new(move |()| sheet.set(false)) />
            </Sheet>
        </div>
    }
}

/// After a navigation within the page the focus goes to the content, as it would on a new page.
fn focus_after_navigation(main: NodeRef<html::Main>) {
    let path = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let now = path.get();
        if before.is_some_and(|before| before != now)
            && let Some(main) = main.get_untracked()
        {
            let _ = main.focus();
        }
        now
    });
}

/// How the page is connected, when that is not as it should be.
#[component]
fn ConnectionBanner() -> impl IntoView {
    let connection = use_live().connection;
    let was_live = RwSignal::new(false);
    Effect::new(move |_| {
        if connection.get() == Connection::Live {
            was_live.set(true);
        }
    });
    move || {
        let (glyph, words) = match connection.get() {
            Connection::Connecting if was_live.get() => (Glyph::REFRESH, "Reconnecting… What you write is kept."),
            Connection::Polling => (Glyph::CLOCK, "Slow connection: updates every few seconds."),
            Connection::Offline => (Glyph::WIFI_OFF, "You're offline. What you write is kept and sent when you're back."),
            Connection::SignedOut => return Some(view! { <SignedOutBanner /> }.into_any()),
            Connection::Connecting | Connection::Live => return None,
        };
        Some(view! { <Banner tone=Tone::Warning glyph=glyph>{words}</Banner> }.into_any())
    }
}
