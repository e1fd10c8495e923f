//! One's presence, as the desk shows and sets it.

use super::api::set_presence;
use crate::layout::desk::Desk;
use crate::ui::{Menu, MenuItem, PresenceDot, use_toaster};
use coco::people::Presence;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What each presence means for new work.
const fn meaning(presence: Presence) -> &'static str {
    match presence {
        Presence::Online => "Online: takes new tickets",
        Presence::Away => "Away: back soon",
        Presence::Busy => "Busy: no new tickets",
        Presence::Offline => "Offline: not at work",
    }
}

/// Shows one's presence and sets it: colleagues hear of it over their sockets.
#[component]
pub fn PresenceMenu(
    /// What the desk knows.
    desk: Desk,
) -> impl IntoView {
    let toaster = use_toaster();
    let choose = move |presence: Presence| {
        let before = desk.presence.get_untracked();
        desk.presence.set(presence);
        spawn_local(async move {
            if let Err(e) = set_presence(presence).await {
                desk.presence.set(before);
                toaster.error(e.to_string());
            }
        });
    };
    let items: Vec<_> = Presence::ALL
        .into_iter()
        .map(|presence| {
            let checked = Signal::derive(move || desk.presence.get() == presence);
            view! {
                <MenuItem checked on:click=move |_| choose(presence)>
                    <span aria-hidden="true"><PresenceDot presence /></span> " " {meaning(presence)}
                </MenuItem>
            }
        })
        .collect();
    let trigger = move || {
        view! {
            {move || view! { <PresenceDot presence=desk.presence.get() /> }}
            <span class="btn-text side-text" aria-hidden="true">{move || desk.presence.get().label()}</span>
        }
    };
    view! { <Menu id="presence" label="Your presence" trigger>{items}</Menu> }
}
