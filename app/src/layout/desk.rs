//! The frame around the pages of the desk: navigation at the side, the state of the connection above.

mod arrival;
mod commands;
mod missing;
mod nav;
mod state;

pub use arrival::Arrival;
pub use missing::{Missing, Refused};
pub use state::{Desk, once_in, use_desk};

use crate::layout::signed_out::SignedOutBanner;
use crate::live::{Connection, storage, use_live};
use crate::load::Load;
use crate::ui::{Banner, CommandPalette, Glyph, Icon, ShortcutHelp, Tone};
use leptos::html;
use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_location;
use nav::Sidebar;
use state::Start;

/// Where the browser keeps whether the sidebar is wide.
const SIDEBAR: &str = "coco-sidebar";

/// What is around every page of the desk.
#[component]
pub fn DeskLayout() -> impl IntoView {
    let start = Load::new(|| (), |()| Start::load());
    start.show(|start| match start {
        Ok(start) => view! { <Frame start /> }.into_any(),
        Err(error) => view! { <main class="desk-page"><Refused error /></main> }.into_any(),
    })
}

/// Whether the sidebar is wide; `None` leaves it to the width of the window.
fn sidebar_width() -> RwSignal<Option<bool>> {
    let wide = RwSignal::new(None::<bool>);
    Effect::new(move |before: Option<()>| {
        let now = wide.get();
        let Some(storage) = storage() else { return };
        if before.is_none() {
            match storage.get_item(SIDEBAR).ok().flatten().as_deref() {
                Some("wide") => wide.set(Some(true)),
                Some("narrow") => wide.set(Some(false)),
                _ => {}
            }
        } else if let Some(now) = now {
            let _ = storage.set_item(SIDEBAR, if now { "wide" } else { "narrow" });
        }
    });
    wide
}

#[component]
fn Frame(start: Start) -> impl IntoView {
    let desk = Desk::new(start);
    provide_context(desk);
    desk.watch();
    let (palette, help) = (RwSignal::new(false), RwSignal::new(false));
    let commands = commands::provide(desk, palette, help);
    let wide = sidebar_width();
    let burger = NodeRef::<html::Details>::new();
    let path = use_location().pathname;
    // On a phone the menu closes when it has done its work.
    Effect::new(move |_| {
        path.track();
        if let Some(el) = burger.get_untracked() {
            el.set_open(false);
        }
    });
    let sidebar = move || match wide.get() {
        Some(true) => Some("wide"),
        Some(false) => Some("narrow"),
        None => None,
    };
    view! {
        <div class="desk" data-sidebar=sidebar>
            <a class="vh desk-skip" href="#main" rel="external">"Skip to the page"</a>
            <header class="desk-top">
                <details class="desk-burger" node_ref=burger>
                    <summary class="btn btn-icon" data-variant="ghost" aria-label="Menu">
                        <Icon glyph=Glyph::MENU />
                    </summary>
                </details>
                <span class="desk-brand">{desk.vendor.with_value(|v| v.name.clone())}</span>
            </header>
            <Sidebar desk wide palette help />
            <div class="desk-main">
                <ConnectionBanner />
                <main id="main" tabindex="-1">
                    <Outlet />
                </main>
            </div>
            <CommandPalette commands open=palette asked=commands::meant() />
            <ShortcutHelp open=help also=commands::other_keys() />
        </div>
    }
}

/// Says when live updates do not come, and what still works.
#[component]
fn ConnectionBanner() -> impl IntoView {
    let connection = use_live().connection;
    let banner = move || match connection.get() {
        Connection::Offline => view! {
            <Banner tone=Tone::Warning glyph=Glyph::WIFI_OFF>
                "You're offline. You can go on reading and writing; what you send is kept here and goes out when you're back."
            </Banner>
        }
        .into_any(),
        Connection::Polling => view! {
            <Banner tone=Tone::Info>"This network blocks live updates, so news arrive every few seconds."</Banner>
        }
        .into_any(),
        Connection::SignedOut => view! { <SignedOutBanner /> }.into_any(),
        Connection::Live | Connection::Connecting => ().into_any(),
    };
    view! { <div aria-live="polite">{banner}</div> }
}
