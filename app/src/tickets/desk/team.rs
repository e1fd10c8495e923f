//! The team that has the ticket, and giving it to another.

use super::assignment::show_opened;
use super::change::Change;
use super::store::TicketStore;
use crate::teams::api::list_teams;
use crate::ui::{Button, Glyph, Icon, Size};
use coco::teams::Team;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Which team has it, and the form to give it to another. Where there are no teams, nothing.
#[component]
pub fn TeamPart(
    /// The ticket.
    store: TicketStore,
) -> impl IntoView {
    let teams = teams(store);
    let now = move || store.ticket.with(|t| t.team_name.clone());
    let shown = Memo::new(move |_| now().is_some() || !teams.with(Vec::is_empty));
    let is_open = Memo::new(move |_| store.ticket.with(|t| t.status.is_open()));
    let current = move || match now() {
        Some(name) => view! { <span>"Team " {name}</span> }.into_any(),
        None => view! { <span class="info-mute">"No team has it."</span> }.into_any(),
    };
    view! {
        <Show when=move || shown.get()>
            <p class="info-owner">{current}</p>
            <Show when=move || is_open.get()>
                <details class="info-hand" on:toggle=|ev| show_opened(&ev)>
                    <summary>"Give to a team"</summary>
                    <TeamForm store teams />
                </details>
            </Show>
        </Show>
    }
}

/// Gives the ticket to a team or to none, with a reason if one likes.
#[component]
fn TeamForm(store: TicketStore, teams: RwSignal<Vec<Team>>) -> impl IntoView {
    let now = move || store.ticket.with(|t| t.team_id.as_ref().map(ToString::to_string).unwrap_or_default());
    let (chosen, reason) = (RwSignal::new(now()), RwSignal::new(String::new()));
    Effect::new(move |_| chosen.set(now()));
    let send = move |ev: web_sys::SubmitEvent| {
        ev.prevent_default();
        let team = teams.with_untracked(|all| {
            all.iter().find(|t| chosen.with_untracked(|c| t.id.as_str() == c)).map(|t| (t.id.clone(), t.name.clone()))
        });
        store.change(Change::Team(team, reason.get_untracked().trim().to_owned()));
        reason.set(String::new());
    };
    let choices = move || {
        choices(store, teams)
            .into_iter()
            .map(|(key, words)| view! { <option value=key.clone() selected=move || chosen.with(|c| *c == key)>{words}</option> })
            .collect::<Vec<_>>()
    };
    view! {
        <form class="info-assign" on:submit=send>
            <label class="field-label" for="info-team">"Team"</label>
            <div class="select-box">
                <select class="input select" id="info-team" prop:value=chosen on:change=move |ev| chosen.set(event_target_value(&ev))>
                    {choices}
                </select>
                <Icon glyph=Glyph::CHEVRON_DOWN />
            </div>
            <label class="field-label" for="info-team-why">"Reason (colleagues see it)"</label>
            <input class="input" type="text" id="info-team-why" maxlength="500" prop:value=reason on:input=move |ev| reason.set(event_target_value(&ev)) />
            <Button submit=true size=Size::Small disabled=Signal::derive(move || chosen.get() == now())>"Give"</Button>
        </form>
    }
}

/// The teams of the ticket's vendor.
fn teams(store: TicketStore) -> RwSignal<Vec<Team>> {
    let desk = store.desk;
    let vendor = store.ticket.with_untracked(|t| t.vendor_id.clone());
    if vendor == desk.vendor_id() {
        return RwSignal::new(desk.teams.get_value());
    }
    let teams = RwSignal::new(Vec::new());
    Effect::new(move |_| {
        let vendor = vendor.clone();
        spawn_local(async move {
            if let Ok(all) = list_teams(vendor).await {
                let _ = teams.try_set(all);
            }
        });
    });
    teams
}

/// No team, and all there are; the present one is always among them.
fn choices(store: TicketStore, teams: RwSignal<Vec<Team>>) -> Vec<(String, String)> {
    let mut all = vec![(String::new(), "None".to_owned())];
    teams.with(|teams| all.extend(teams.iter().map(|t| (t.id.to_string(), t.name.clone()))));
    let now = store.ticket.with(|t| t.team_id.as_ref().map(ToString::to_string).zip(t.team_name.clone()));
    all.extend(now.filter(|now| !teams.with(|teams| teams.iter().any(|t| t.id.as_str() == now.0))));
    all
}
