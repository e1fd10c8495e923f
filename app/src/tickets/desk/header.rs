//! The head of a ticket: what it is, how it stands, what can be done.

use super::actions::Actions;
use super::assignment::AssignForm;
use super::change::Change;
use super::list::InboxList;
use super::query::ListQuery;
use super::store::TicketStore;
use super::subject::Subject;
use crate::ui::{
    Avatar, AvatarSize, Button, Dialog, Glyph, Icon, IconButton, Menu, MenuItem, PriorityBadge, Size, StatusBadge, print, use_toaster,
};
use coco::tickets::{Priority, Status};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// The two lines at the top.
#[component]
pub fn Header(
    /// The ticket.
    store: TicketStore,
    /// What can be done.
    actions: Actions,
) -> impl IntoView {
    let list = use_context::<InboxList>();
    let back = move || list.map_or_else(|| "/rep/inbox".to_owned(), |l| l.query.with(ListQuery::href));
    let toaster = use_toaster();
    let number = store.number();
    let copied = number.clone();
    let copy = move |_| {
        let _ = window().navigator().clipboard().write_text(&copied);
        toaster.ok([&copied, " copied."].concat());
    };
    let face = move || {
        store.ticket.with(|t| t.assignee_name.clone()).map(|name| {
            let spoken = ["Assigned to ", &name].concat();
            view! {
                <span class="case-owner" title=spoken>
                    <Avatar name=name.clone() size=AvatarSize::Small />
                    <span class="case-owner-name"><span class="vh">"Assigned to "</span>{name}</span>
                </span>
            }
        })
    };
    view! {
        <header class="case-head">
            <div class="case-bar">
                <a class="btn btn-icon case-back" data-variant="ghost" href=back aria-label="Back to the list" title="Back to the list (Esc)">
                    <Icon glyph=Glyph::ARROW_LEFT />
                </a>
                <span class="ticket-number">{number}</span>
                <IconButton glyph=Glyph::COPY label="Copy the number" size=Size::Small on:click=copy />
                <StatusMenu store actions />
                <PriorityMenu store />
                {face}
                <span class="case-space"></span>
                <Buttons store actions />
            </div>
            <div class="case-title">
                <Subject store />
                <details class="case-fold">
                    <summary class="btn" data-size="small">"Details"</summary>
                </details>
            </div>
            <noscript>
                <p class="case-noscript">"Reading and answering work without JavaScript. Assigning, resolving and editing need it."</p>
            </noscript>
        </header>
        <Dialog title="Hand to someone else" open=actions.assigning>
            <AssignForm store id="dialog" done=Callback::new(move |()| actions.assigning.set(false)) />
        </Dialog>
    }
}

/// The states offered in menus: those a person decides on. Assigning and escalating have ways of their own.
fn moves(status: Status) -> Vec<Status> {
    let by_hand = [Status::InProgress, Status::WaitingCustomer, Status::Resolved, Status::Closed, Status::Reopened];
    by_hand.into_iter().filter(|to| status.can_become(*to)).collect()
}

// The elements of menus and buttons stay while what they say changes: who has the focus on one keeps it.
#[component]
fn StatusMenu(store: TicketStore, actions: Actions) -> impl IntoView {
    let status = Memo::new(move |_| store.ticket.with(|t| t.status));
    let items = move || {
        let item = |to| view! { <MenuItem on:click=move |_| actions.go(to)><StatusBadge status=to /></MenuItem> };
        moves(status.get()).into_iter().map(item).collect::<Vec<_>>()
    };
    let label = Signal::derive(move || ["Status: ", status.get().label()].concat());
    let trigger = move || view! { {move || view! { <StatusBadge status=status.get() /> }} <Icon glyph=Glyph::CHEVRON_DOWN /> };
    view! { <Menu id="ticket-status" label size=Size::Small trigger>{items}</Menu> }
}

#[component]
fn PriorityMenu(store: TicketStore) -> impl IntoView {
    let now = Memo::new(move |_| store.ticket.with(|t| t.priority));
    let set_by = Memo::new(move |_| store.ticket.with(|t| ["set by ", t.priority_source.label()].concat()));
    let items: Vec<_> = Priority::ALL
        .into_iter()
        .rev()
        .map(|to| {
            let choose = move |_| {
                if to != now.get_untracked() {
                    store.change(Change::Priority(to));
                }
            };
            let checked = Signal::derive(move || to == now.get());
            view! { <MenuItem checked on:click=choose><PriorityBadge priority=to /></MenuItem> }
        })
        .collect();
    let label = Signal::derive(move || ["Priority: ", now.get().label(), ", ", &set_by.get()].concat());
    let trigger = move || view! { {move || view! { <PriorityBadge priority=now.get() /> }} <Icon glyph=Glyph::CHEVRON_DOWN /> };
    view! {
        <Menu id="ticket-priority" label size=Size::Small trigger>
            <div class="menu-label">"Now " {set_by}</div>
            {items}
        </Menu>
    }
}

#[component]
fn Buttons(store: TicketStore, actions: Actions) -> impl IntoView {
    let status = Memo::new(move |_| store.ticket.with(|t| t.status));
    let owner = Memo::new(move |_| store.ticket.with(|t| t.assignee_id.clone()));
    let mine = move || owner.with(|o| o.as_ref().is_some_and(|id| store.desk.is_me(id)));
    let node = NodeRef::<html::Div>::new();
    // A button that has done its work goes; the focus stays with its neighbours.
    let act = move |what: Callback<()>| {
        move |_| {
            what.run(());
            request_animation_frame(move || keep_focus(node));
        }
    };
    let go = move |to: Status| act(Callback::new(move |()| actions.go(to)));
    let take = act(Callback::new(move |()| actions.assign_to_me()));
    let drop = move |_| store.change(Change::Assign(None, String::new()));
    let can = move |to: Status| move || status.get().can_become(to);
    let item = move |to: Status, glyph: Glyph, words: &'static str| {
        view! {
            <Show when=can(to)>
                <MenuItem glyph on:click=move |_| actions.go(to)>{words}</MenuItem>
            </Show>
        }
    };
    view! {
        <div class="case-acts" node_ref=node>
            <Show when=move || status.get().is_open() && !mine()>
                <Button size=Size::Small kbd="a" title="Assign to me (a)" on:click=take>"Assign to me"</Button>
            </Show>
            <Show when=can(Status::Resolved)>
                <Button size=Size::Small kbd="e" title="Resolve (e)" on:click=go(Status::Resolved)>"Resolve"</Button>
            </Show>
            <Show when=can(Status::Reopened)>
                <Button size=Size::Small on:click=go(Status::Reopened)>"Reopen"</Button>
            </Show>
            <Menu id="ticket-more" label="More" icon_only=true size=Size::Small align_end=true>
                <Show when=move || status.get().is_open()>
                    <MenuItem glyph=Glyph::ASSIGN on:click=move |_| actions.assigning.set(true)>"Hand to someone else…"</MenuItem>
                </Show>
                <Show when=move || status.get().is_open() && owner.with(Option::is_some)>
                    <MenuItem glyph=Glyph::UNDO on:click=drop>"Back to the queue"</MenuItem>
                </Show>
                {item(Status::WaitingCustomer, Glyph::CLOCK, "Wait for customer")}
                {item(Status::Closed, Glyph::CIRCLE_CHECK, "Close")}
                {item(Status::Reopened, Glyph::REFRESH, "Reopen")}
                <MenuItem glyph=Glyph::SEND kbd="r" on:click=move |_| actions.reply.update(|n| *n += 1)>"Reply"</MenuItem>
                <MenuItem glyph=Glyph::NOTE kbd="n" on:click=move |_| actions.note.update(|n| *n += 1)>"Write a note"</MenuItem>
                <MenuItem glyph=Glyph::PRINTER on:click=move |_| print()>"Print"</MenuItem>
            </Menu>
        </div>
    }
}

/// Puts the focus on the first button, when it is nowhere any more.
fn keep_focus(buttons: NodeRef<html::Div>) {
    let nowhere = document().active_element().is_none_or(|el| el.tag_name() == "BODY");
    let first = buttons.try_get_untracked().flatten().and_then(|el| el.query_selector("button").ok().flatten());
    if let Some(button) = first.filter(|_| nowhere).and_then(|el| el.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = button.focus();
    }
}
