//! Who works on the ticket, who did, and handing it to someone else.

use super::change::Change;
use super::span::span;
use super::store::TicketStore;
use super::team::TeamPart;
use crate::people::api::list_colleagues;
use crate::routing::{InLine, Why};
use crate::ui::{Avatar, AvatarSize, Button, Glyph, Icon, TimeAgo, Variant, tally, use_now};
use coco::people::Colleague;
use coco::routing::Place;
use coco::tickets::Assignment;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

/// Who works on it, and the history.
#[component]
pub fn Assignments(
    /// The ticket.
    store: TicketStore,
) -> impl IntoView {
    let now = use_now();
    let current = move || match store.ticket.with(|t| t.assignee_name.clone()) {
        Some(name) => view! { <Avatar name=name.clone() size=AvatarSize::Small /> <span>{name}</span> }.into_any(),
        None => view! { <span class="info-mute">"Nobody has it yet."</span> }.into_any(),
    };
    let hand = NodeRef::<html::Details>::new();
    let close = Callback::new(move |()| {
        if let Some(el) = hand.get_untracked() {
            el.set_open(false);
        }
    });
    let is_open = Memo::new(move |_| store.ticket.with(|t| t.status.is_open()));
    let waits = Memo::new(move |_| store.ticket.with(|t| t.status.is_open() && t.assignee_id.is_none()));
    let line = move |one: Assignment| {
        let spent = move || span(one.until_at.unwrap_or_else(|| now.get()).since(one.from_at));
        let ended = one.until_at.map(|at| view! { ", ended " <TimeAgo at /> });
        view! {
            <li>
                <Avatar name=one.rep_name.clone() size=AvatarSize::Tiny />
                <div>
                    <p>{one.rep_name.clone()} <span class="info-mute">", " {spent}</span></p>
                    <p class="info-mute">"Began " <TimeAgo at=one.from_at /> {ended}</p>
                    {(!one.reason.is_empty()).then(|| view! { <p class="info-reason">{one.reason.clone()}</p> })}
                </div>
            </li>
        }
    };
    let history = move || {
        let all = store.assignments.get();
        (!all.is_empty())
            .then(|| view! { <ol class="info-history" aria-label="Who worked on it">{all.into_iter().map(line).collect::<Vec<_>>()}</ol> })
    };
    view! {
        <section class="info-part">
            <h2>"Assignment"</h2>
            <p class="info-owner">{current}</p>
            <p class="info-mute">
                <InLine number=store.number() place=store.place waits moved=store.desk.beat words=Place::staff_words />
            </p>
            <Show when=move || is_open.get()>
                <Why store />
                <details class="info-hand" node_ref=hand on:toggle=|ev| show_opened(&ev)>
                    <summary>"Hand to someone else"</summary>
                    <AssignForm store id="panel" done=close />
                </details>
            </Show>
            <TeamPart store />
            {history}
        </section>
    }
}

/// Brings what a fold holds into sight when it was opened.
pub(super) fn show_opened(ev: &web_sys::Event) {
    let Some(fold) = ev.target().and_then(|el| el.dyn_into::<web_sys::HtmlDetailsElement>().ok()).filter(|el| el.open()) else { return };
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    fold.scroll_into_view_with_scroll_into_view_options(&options);
}

/// How a colleague stands in the list.
fn words(c: &Colleague, me: bool) -> String {
    let me = if me { " (you)" } else { "" };
    [&c.name, me, ", ", &c.presence.label().to_lowercase(), ", ", &tally(c.open_tickets), " open"].concat()
}

/// Hands the ticket to a colleague, with a reason if one likes.
#[component]
pub fn AssignForm(
    /// The ticket.
    store: TicketStore,
    /// Distinguishes the fields of two forms on one page.
    id: &'static str,
    /// Runs when it was sent or is not to be.
    done: Callback<()>,
) -> impl IntoView {
    let desk = store.desk;
    let (person, reason) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    // A ticket of another vendor has other people.
    let people = RwSignal::new(desk.colleagues.get_untracked());
    Effect::new(move |_| {
        let vendor = store.ticket.with_untracked(|t| t.vendor_id.clone());
        if vendor == desk.vendor_id() {
            people.set(desk.colleagues.get());
        } else {
            spawn_local(async move {
                if let Ok(all) = list_colleagues(vendor).await {
                    let _ = people.try_set(all);
                }
            });
        }
    });
    let options = move || {
        let mut all = people.get();
        all.sort_by_key(|c| (c.presence as u8, c.open_tickets));
        all.into_iter().map(|c| view! { <option value=c.id.to_string()>{words(&c, desk.is_me(&c.id))}</option> }).collect::<Vec<_>>()
    };
    let send = move |ev: web_sys::SubmitEvent| {
        ev.prevent_default();
        let chosen = people
            .with_untracked(|all| all.iter().find(|c| c.id.as_str() == person.get_untracked()).map(|c| (c.id.clone(), c.name.clone())));
        if chosen.is_none() {
            return;
        }
        store.change(Change::Assign(chosen, reason.get_untracked().trim().to_owned()));
        person.set(String::new());
        reason.set(String::new());
        done.run(());
    };
    let (to, why) = (["assign-to-", id].concat(), ["assign-why-", id].concat());
    view! {
        <form class="info-assign" on:submit=send>
            <label class="field-label" for=to.clone()>"Colleague"</label>
            <div class="select-box">
                <select class="input select" id=to required prop:value=person on:change=move |ev| person.set(event_target_value(&ev))>
                    <option value="">"Choose someone"</option>
                    {options}
                </select>
                <Icon glyph=Glyph::CHEVRON_DOWN />
            </div>
            <label class="field-label" for=why.clone()>"Reason (they see it)"</label>
            <input class="input" type="text" id=why maxlength="500" prop:value=reason on:input=move |ev| reason.set(event_target_value(&ev)) />
            <div class="info-ends">
                <Button submit=true variant=Variant::Primary disabled=Signal::derive(move || person.with(String::is_empty))>"Assign"</Button>
                <Button on:click=move |_| done.run(())>"Cancel"</Button>
            </div>
        </form>
    }
}
