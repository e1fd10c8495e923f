//! The head of a ticket: what it is, how it stands, what can be done.

use super::actions::Actions;
use super::assignment::AssignForm;
use super::change::Change;
use super::list::InboxList;
use super::query::ListQuery;
use super::store::TicketStore;
use super::subject::Subject;
use crate::ui::{
    Avatar, AvatarSize, Button, Dialog, Glyph, Icon, IconButton, Menu, MenuItem, PriorityBadge, Size, StatusBadge, use_toaster,
};
use coco::tickets::{Priority, Status};
use leptos::prelude::*;

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
        <Dialog title="Assign to" open=actions.assigning>
            <AssignForm store id="dialog" done=Callback::new(move |()| actions.assigning.set(false)) />
        </Dialog>
    }
}

/// The states offered in menus: those a person decides on. Assigning and escalating have ways of their own.
fn moves(status: Status) -> Vec<Status> {
    let by_hand = [Status::InProgress, Status::WaitingCustomer, Status::Resolved, Status::Closed, Status::Reopened];
    by_hand.into_iter().filter(|to| status.can_become(*to)).collect()
}

#[component]
fn StatusMenu(store: TicketStore, actions: Actions) -> impl IntoView {
    let status = Memo::new(move |_| store.ticket.with(|t| t.status));
    move || {
        let now = status.get();
        let items: Vec<_> = moves(now)
            .into_iter()
            .map(|to| view! { <MenuItem on:click=move |_| actions.go(to)><StatusBadge status=to /></MenuItem> })
            .collect();
        let trigger = move || view! { <StatusBadge status=now /> <Icon glyph=Glyph::CHEVRON_DOWN /> };
        view! { <Menu id="ticket-status" label=["Status: ", now.label()].concat() size=Size::Small trigger>{items}</Menu> }.into_any()
    }
}

#[component]
fn PriorityMenu(store: TicketStore) -> impl IntoView {
    let priority = Memo::new(move |_| store.ticket.with(|t| (t.priority, t.priority_source)));
    move || {
        let (now, source) = priority.get();
        let items: Vec<_> = Priority::ALL
            .into_iter()
            .rev()
            .map(|to| {
                let choose = move |_| {
                    if to != now {
                        store.change(Change::Priority(to));
                    }
                };
                view! { <MenuItem checked=to == now on:click=choose><PriorityBadge priority=to /></MenuItem> }
            })
            .collect();
        let set_by = ["set by ", source.label()].concat();
        let label = ["Priority: ", now.label(), ", ", &set_by].concat();
        let trigger = move || view! { <PriorityBadge priority=now /> <Icon glyph=Glyph::CHEVRON_DOWN /> };
        view! {
            <Menu id="ticket-priority" label size=Size::Small trigger>
                <div class="menu-label">"Now " {set_by}</div>
                {items}
            </Menu>
        }
        .into_any()
    }
}

#[component]
fn Buttons(store: TicketStore, actions: Actions) -> impl IntoView {
    let state = Memo::new(move |_| {
        store.ticket.with(|t| (t.status, t.assignee_id.as_ref().is_some_and(|id| store.desk.is_me(id)), t.assignee_id.is_some()))
    });
    move || {
        let (status, mine, someone) = state.get();
        let can = move |to| status.can_become(to);
        let take = (status.is_open() && !mine).then(|| {
            view! { <Button size=Size::Small kbd="a" title="Assign to me (a)" on:click=move |_| actions.assign_to_me()>"Assign to me"</Button> }
        });
        let resolve = can(Status::Resolved).then(|| {
            view! { <Button size=Size::Small kbd="e" title="Resolve (e)" on:click=move |_| actions.go(Status::Resolved)>"Resolve"</Button> }
        });
        let reopen = can(Status::Reopened)
            .then(|| view! { <Button size=Size::Small on:click=move |_| actions.go(Status::Reopened)>"Reopen"</Button> });
        let item = move |to: Status, glyph: Glyph, words: &'static str| {
            can(to).then(|| view! { <MenuItem glyph on:click=move |_| actions.go(to)>{words}</MenuItem> })
        };
        view! {
            {take}
            {resolve}
            {reopen}
            <Menu id="ticket-more" label="More" icon_only=true size=Size::Small align_end=true>
                {status
                    .is_open()
                    .then(|| view! { <MenuItem glyph=Glyph::ASSIGN on:click=move |_| actions.assigning.set(true)>"Assign to…"</MenuItem> })}
                {(status.is_open() && someone)
                    .then(|| {
                        let drop = move |_| store.change(Change::Assign(None, String::new()));
                        view! { <MenuItem glyph=Glyph::UNDO on:click=drop>"Back to the queue"</MenuItem> }
                    })}
                {item(Status::WaitingCustomer, Glyph::CLOCK, "Wait for customer")}
                {item(Status::Closed, Glyph::CIRCLE_CHECK, "Close")}
                {item(Status::Reopened, Glyph::REFRESH, "Reopen")}
                <MenuItem glyph=Glyph::SEND kbd="r" on:click=move |_| actions.reply.update(|n| *n += 1)>"Reply"</MenuItem>
                <MenuItem glyph=Glyph::NOTE kbd="n" on:click=move |_| actions.note.update(|n| *n += 1)>"Write a note"</MenuItem>
            </Menu>
        }
        .into_any()
    }
}
