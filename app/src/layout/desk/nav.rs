//! The sidebar: only what works is in it.

use super::commands::inbox_href;
use super::state::Desk;
use crate::auth::api::{SignOut, SignOutEverywhere};
use crate::people::desk::PresenceMenu;
use crate::ui::{Avatar, AvatarSize, Glyph, Icon, IconButton, Menu, MenuItem, palette_keys, tally, use_theme};
use crate::vendors::api::ChooseVendor;
use coco::tickets::{Counters, InboxView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_location;

/// The lists with a counter, each with its icon.
const LISTS: [(InboxView, Glyph); 8] = [
    (InboxView::Open, Glyph::INBOX),
    (InboxView::Mine, Glyph::USER),
    (InboxView::MyTeams, Glyph::USERS),
    (InboxView::Mentions, Glyph::AT),
    (InboxView::Unassigned, Glyph::ASSIGN),
    (InboxView::Pressing, Glyph::ALERT),
    (InboxView::Escalated, Glyph::ESCALATE),
    (InboxView::Waiting, Glyph::CLOCK),
];

const fn count(counters: &Counters, view: InboxView) -> i64 {
    match view {
        InboxView::Mine => counters.mine,
        InboxView::MyTeams => counters.my_teams,
        InboxView::Mentions => counters.mentions,
        InboxView::Unassigned => counters.unassigned,
        InboxView::Pressing => counters.pressing,
        InboxView::Escalated => counters.escalated,
        InboxView::Waiting => counters.waiting,
        _ => counters.open,
    }
}

/// Navigation, and at the foot oneself.
#[component]
pub(super) fn Sidebar(
    /// What the desk knows.
    desk: Desk,
    /// Whether it is wide; `None` leaves it to the window.
    wide: RwSignal<Option<bool>>,
    /// Whether the palette is open.
    palette: RwSignal<bool>,
    /// Whether the list of shortcuts is open.
    help: RwSignal<bool>,
) -> impl IntoView {
    let location = use_location();
    let current = Memo::new(move |_| {
        location.pathname.with(|path| match path.as_str() {
            p if p.starts_with("/rep/inbox") => location.query.with(|q| InboxView::from_word(&q.get("view").unwrap_or_default()).as_str()),
            p if p.starts_with("/admin/dashboard") => "dashboard",
            p if p.starts_with("/admin/routing") => "routing",
            p if p.starts_with("/admin/sla") => "sla",
            p if p.starts_with("/admin/outbox") => "outbox",
            _ => "",
        })
    });
    let lists: Vec<_> = LISTS
        .into_iter()
        .map(|(view, glyph)| {
            let n = move || desk.counters.with(|c| count(c, view));
            view! {
                <li>
                    <a class="side-link" href=inbox_href(view) title=view.label() aria-current=move || (current.get() == view.as_str()).then_some("page")>
                        <Icon glyph=glyph />
                        <span class="side-text">{view.label()}</span>
                        <span class="side-count">{move || tally(n())}</span>
                    </a>
                </li>
            }
        })
        .collect();
    let place = move |href: &'static str, words: &'static str, name: &'static str, glyph: Glyph| {
        view! {
            <li>
                <a class="side-link" href=href title=words aria-current=move || (current.get() == name).then_some("page")>
                    <Icon glyph=glyph />
                    <span class="side-text">{words}</span>
                </a>
            </li>
        }
    };
    let admin = desk.viewer.with_value(|v| v.role.is_admin()).then(|| {
        let mail = desk.reads_mail().then(|| place("/admin/outbox", "Mail outbox", "outbox", Glyph::MAIL));
        view! {
            <p class="side-head">"Admin"</p>
            <ul>
                {place("/admin/dashboard", "Dashboard", "dashboard", Glyph::CHART)}
                {place("/admin/routing", "Routing", "routing", Glyph::ASSIGN)}
                {place("/admin/sla", "SLA", "sla", Glyph::CLOCK)}
                {mail}
            </ul>
        }
    });
    // What the button does follows from what is seen, also when the window decides.
    let turn = move |_| {
        let shown = document().get_element_by_id("desk-side").is_some_and(|el| el.client_width() > 100);
        wide.set(Some(!shown));
    };
    view! {
        <aside class="desk-side" id="desk-side">
            <div class="side-top">
                <VendorSwitch desk />
                <IconButton glyph=Glyph::SIDEBAR label="Collapse or widen the sidebar" class="side-turn" on:click=turn />
            </div>
            <button type="button" class="side-link side-search" title="Go to a page or a ticket, or do something" on:click=move |_| palette.set(true)>
                <Icon glyph=Glyph::SEARCH />
                <span class="side-text">"Go to or do…"</span>
                <kbd class="kbd" aria-hidden="true">{palette_keys()}</kbd>
            </button>
            <nav class="side-nav" aria-label="Main">
                <p class="side-head">"Inbox"</p>
                <ul>{lists}</ul>
                {admin}
            </nav>
            <div class="side-foot">
                <PresenceMenu desk />
                <ProfileMenu desk help />
            </div>
        </aside>
    }
}

/// The vendor one works in; with several, a menu. Each choice is a form, so it works without JavaScript.
#[component]
fn VendorSwitch(desk: Desk) -> impl IntoView {
    let name = desk.vendor.with_value(|v| v.name.clone());
    let all = desk.vendors.get_value();
    if all.len() < 2 {
        return view! { <p class="side-vendor side-text">{name}</p> }.into_any();
    }
    let now = desk.vendor_id();
    let items: Vec<_> = all
        .into_iter()
        .map(|vendor| {
            let checked = vendor.id == now;
            view! {
                <form method="post" action=ChooseVendor::url()>
                    <input type="hidden" name="vendor" value=vendor.id.to_string() />
                    <MenuItem submit=true checked>{vendor.name}</MenuItem>
                </form>
            }
        })
        .collect();
    let trigger = move || view! { <span class="btn-text side-text">{name}</span> <Icon glyph=Glyph::CHEVRON_DOWN /> };
    view! { <Menu id="vendors" label="Vendor" trigger>{items}</Menu> }.into_any()
}

/// Oneself: theme, shortcuts, signing out.
#[component]
fn ProfileMenu(desk: Desk, help: RwSignal<bool>) -> impl IntoView {
    let (name, role) = desk.viewer.with_value(|v| (v.name.clone(), v.role.label()));
    let theme = use_theme();
    let themes: Vec<_> = [("system", "Theme of your system"), ("light", "Light theme"), ("dark", "Dark theme")]
        .into_iter()
        .map(|(which, words)| {
            let checked = Signal::derive(move || theme.get() == which);
            view! { <MenuItem checked on:click=move |_| theme.set(which.to_owned())>{words}</MenuItem> }
        })
        .collect();
    let face = name.clone();
    view! {
        <Menu id="profile" label=["Your account: ", &name].concat() align_end=true trigger=move || view! { <Avatar name=face size=AvatarSize::Small /> }>
            <div class="menu-label"><strong>{name}</strong> <br /> {role}</div>
            <hr class="menu-line" />
            {themes}
            <hr class="menu-line" />
            <MenuItem href="/rep/profile" glyph=Glyph::USER>"Your profile"</MenuItem>
            <MenuItem glyph=Glyph::KEYBOARD kbd="?" on:click=move |_| help.set(true)>"Keyboard shortcuts"</MenuItem>
            <hr class="menu-line" />
            <form method="post" action=SignOut::url()>
                <MenuItem submit=true glyph=Glyph::LOG_OUT>"Sign out"</MenuItem>
            </form>
            <form method="post" action=SignOutEverywhere::url()>
                <MenuItem submit=true glyph=Glyph::LOG_OUT>"Sign out everywhere"</MenuItem>
            </form>
        </Menu>
    }
}
