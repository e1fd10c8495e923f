//! What the palette and the keys can do on every page of the desk.

use super::state::Desk;
use crate::ui::{Command, Glyph, Shortcut, use_shortcuts};
use coco::tickets::InboxView;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

/// The address of a ready-made list.
pub(super) fn inbox_href(view: InboxView) -> String {
    if view == InboxView::default() { "/rep/inbox".to_owned() } else { ["/rep/inbox?view=", view.as_str()].concat() }
}

/// Sets the keys that work everywhere; the commands of the palette, those of the page first.
pub(super) fn provide(desk: Desk, palette: RwSignal<bool>, help: RwSignal<bool>) -> Signal<Vec<Command>> {
    let is_admin = desk.viewer.with_value(|v| v.role.is_admin());
    let go = |to: &'static str| {
        let navigate = use_navigate();
        Callback::new(move |()| navigate(to, leptos_router::NavigateOptions::default()))
    };
    let mut keys = vec![Shortcut::new("g i", "Go to the inbox", go("/rep/inbox"))];
    keys.push(Shortcut::new("g m", "Go to my tickets", go("/rep/inbox?view=mine")));
    if is_admin {
        keys.push(Shortcut::new("g d", "Go to the dashboard", go("/admin/dashboard")));
    }
    use_shortcuts(keys);

    let mut places: Vec<Command> = InboxView::ALL
        .into_iter()
        .map(|view| {
            let command = Command::link(["Inbox: ", view.label()].concat(), inbox_href(view)).glyph(Glyph::INBOX);
            match view {
                InboxView::Open => command.hint("g i"),
                InboxView::Mine => command.hint("g m"),
                _ => command,
            }
        })
        .collect();
    if is_admin {
        places.push(Command::link("Dashboard", "/admin/dashboard").glyph(Glyph::CHART).hint("g d"));
        places.push(Command::link("SLA: targets and hours", "/admin/sla").glyph(Glyph::CLOCK));
    }
    if desk.reads_mail() {
        places.push(Command::link("Mail outbox", "/admin/outbox").glyph(Glyph::MAIL));
    }
    places.push(Command::link("Your profile", "/rep/profile").glyph(Glyph::USER));
    let show_help = Callback::new(move |()| {
        palette.set(false);
        help.set(true);
    });
    places.push(Command::run("Keyboard shortcuts", show_help).glyph(Glyph::KEYBOARD).hint("?"));
    Signal::derive(move || {
        let mut all = desk.commands.get();
        all.extend(places.iter().cloned());
        all
    })
}
