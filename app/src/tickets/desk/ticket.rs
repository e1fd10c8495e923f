//! The ticket that is open: its header, the conversation, and what there is to know about it.

use super::actions::{Actions, Writing};
use super::conflict::ConflictDialog;
use super::header::Header;
use super::list::InboxList;
use super::panel::Panel;
use super::store::TicketStore;
use super::talk::Talk;
use crate::error::ApiResult;
use crate::layout::desk::{Arrival, Refused, use_desk};
use crate::load::Load;
use crate::tickets::api::load_ticket;
use crate::ui::{Shape, Skeleton, title_text};
use coco::tickets::TicketView;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// The ticket whose number is in the address.
#[component]
pub fn TicketPage() -> impl IntoView {
    let params = use_params_map();
    let number = Memo::new(move |_| params.with(|p| p.get("number").unwrap_or_default()));
    let again = RwSignal::new(0_u32);
    // Each ticket has signals and elements of its own, which go with it: what is typed for one must not
    // stay in the fields of the next.
    view! {
        <For each=move || [(number.get(), again.get())] key=Clone::clone let:ticket>
            <OneTicket number=ticket.0 again />
        </For>
    }
}

#[component]
fn OneTicket(number: String, again: RwSignal<u32>) -> impl IntoView {
    let data = Load::new(|| (), move |()| load_ticket(number.clone()));
    let arrival = Arrival::new();
    let writing = Writing::new();
    let waiting = move || {
        arrival.waits().then(|| {
            writing.keys();
            view! {
                <div class="case-waiting">
                    <Skeleton count=2 />
                    <Skeleton shape=Shape::Thread count=5 />
                </div>
            }
        })
    };
    view! {
        {waiting}
        {data.show(move |loaded| {
            arrival.done();
            show(loaded, again, writing)
        })}
    }
}

fn show(loaded: ApiResult<TicketView>, again: RwSignal<u32>, writing: Writing) -> AnyView {
    match loaded {
        Ok(view) => view! { <Open view writing /> }.into_any(),
        Err(error) => {
            let retry = Callback::new(move |()| again.update(|n| *n += 1));
            view! { <div class="desk-page"><Refused error what="This ticket" retry /></div> }.into_any()
        }
    }
}

#[component]
fn Open(view: TicketView, writing: Writing) -> impl IntoView {
    let store = TicketStore::new(use_desk(), view);
    store.follow(use_context::<InboxList>());
    let actions = Actions::new(store, writing);
    let title = move || store.ticket.with(|t| [t.number.as_str(), " ", &t.subject].concat());
    view! {
        <Title text=title_text(title) />
        <article class="case">
            <Header store actions />
            <div class="case-body">
                <Talk store actions />
                <Panel store />
            </div>
            <ConflictDialog store />
        </article>
    }
}
