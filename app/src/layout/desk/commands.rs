//! What the palette and the keys can do on every page of the desk.

use super::state::Desk;
use crate::tickets::desk::ListQuery;
use crate::ui::{Command, Glyph, Shortcut, palette_keys, use_now, use_shortcuts};
use coco::tickets::{InboxView, read_number};
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
        places.push(Command::link("Routing", "/admin/routing").glyph(Glyph::ASSIGN));
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

/// What may be meant by what is typed into the palette: a ticket by its number, or words to look for.
pub(super) fn meant() -> Callback<String, Vec<Command>> {
    let now = use_now();
    Callback::new(move |text: String| {
        if text.is_empty() {
            return Vec::new();
        }
        let ticket = read_number(&text, now.year())
            .map(|number| Command::link(["Open ", &number].concat(), ["/rep/inbox/", &number].concat()).glyph(Glyph::INBOX));
        let search = Command::link(["Search all tickets for “", &text, "”"].concat(), ListQuery::words(&text).href()).glyph(Glyph::SEARCH);
        ticket.into_iter().chain([search]).collect()
    })
}

/// The keys that work besides the shortcuts.
pub(super) fn other_keys() -> Signal<Vec<(&'static str, &'static str)>> {
    let palette = palette_keys();
    Signal::derive(move || {
        vec![
            (palette.get(), "Go to a page or a ticket, or do something"),
            ("Enter", "Send what is written"),
            ("Shift Enter", "Begin a new line"),
            ("Esc", "Leave the box that is written in"),
        ]
    })
}
