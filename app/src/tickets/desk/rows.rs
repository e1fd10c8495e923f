//! The rows of the inbox. Each is one link with two lines.

use super::list::{InboxList, Row};
use super::query::ListQuery;
use crate::sla::{DueMark, due_words};
use crate::ui::{
    Avatar, AvatarSize, Button, ChannelIcon, EmptyState, ErrorNote, Glyph, Icon, LinkButton, Now, PriorityBadge, StatusBadge, TimeAgo,
    Variant, use_now,
};
use coco::tickets::{InboxView, TicketRow};
use leptos::prelude::*;

/// What a row is called: its number and subject, and what else is seen in it.
fn name(row: &TicketRow, left: bool, now: Now) -> String {
    let t = &row.ticket;
    let mut name = format!("{} {}, from {}, ", t.number, t.subject, t.customer_name);
    name.extend([t.status.label(), ", ", &t.priority.label().to_lowercase(), ", "]);
    match &t.assignee_name {
        Some(assignee) => name.extend(["assigned to ", assignee]),
        None => name.push_str("unassigned"),
    }
    if let Some(team) = &t.team_name {
        name.extend([", team ", team]);
    }
    if let Some(clock) = &row.due {
        name.extend([", ", &clock.kind.label().to_lowercase(), " ", &due_words(clock, now.get())]);
    }
    name.extend([", ", &now.relative(t.activity_at)]);
    if row.unread > 0 {
        name.push_str(&format!(", {} unread", row.unread));
    }
    if left {
        name.push_str(", no longer in this list");
    }
    name
}

/// The two lines.
fn lines(row: &TicketRow) -> AnyView {
    let t = &row.ticket;
    let face = match &t.assignee_name {
        Some(name) => view! { <Avatar name=name.clone() size=AvatarSize::Tiny /> }.into_any(),
        None => view! { <span class="inbox-noface" title="Unassigned"></span> }.into_any(),
    };
    view! {
        <span class="inbox-line">
            <span class="inbox-dot" data-unread=(row.unread > 0).then_some("")></span>
            <ChannelIcon channel=t.channel />
            <span class="inbox-who">{t.customer_name.clone()}</span>
            <StatusBadge status=t.status />
            <span class="inbox-when"><TimeAgo at=t.activity_at /></span>
        </span>
        <span class="inbox-line">
            <span class="inbox-what">
                <span class="inbox-subject">{t.subject.clone()}</span>
                <span class="inbox-last">{t.last_line.clone()}</span>
            </span>
            {t.team_name.clone().map(|team| view! { <span class="inbox-team" title="Team">{team}</span> })}
            {row.due.clone().map(|clock| view! { <DueMark clock /> })}
            <PriorityBadge priority=t.priority icon_only=true />
            {face}
        </span>
    }
    .into_any()
}

#[component]
fn RowView(row: Row, list: InboxList) -> impl IntoView {
    let number = row.data.with_untracked(|d| d.ticket.number.clone());
    let (of_link, of_state) = (number.clone(), number.clone());
    let (named, unread) = (row.data.clone(), row.data.clone());
    let (left, dimmed) = (row.left.clone(), row.left);
    let data = row.data;
    let now = use_now();
    view! {
        <li data-fresh=row.fresh.then_some("")>
            <a
                class="inbox-row"
                href=move || list.query.with(|q| q.ticket_href(&of_link))
                data-number=number
                data-noscroll
                data-unread=move || unread.with(|d| d.unread > 0).then_some("")
                data-left=move || dimmed.get().then_some("")
                aria-label=move || named.with(|row| name(row, left.get(), now))
                aria-current=move || list.open.with(|o| o.as_deref() == Some(of_state.as_str())).then_some("page")
            >
                {move || data.with(lines)}
            </a>
        </li>
    }
}

/// The rows with what stands around them: errors above, the way to other pages below.
#[component]
pub fn Rows(
    /// The list.
    list: InboxList,
) -> impl IntoView {
    let failed = move || {
        let retry = Callback::new(move |()| list.load(false));
        list.failed.get().map(|text| view! { <div class="inbox-note"><ErrorNote text retry /></div> })
    };
    let empty = move || {
        let nothing = list.rows.with(Vec::is_empty) && list.failed.with(Option::is_none);
        nothing.then(|| list.query.with(|q| if q.q.is_some() || q.filters() > 0 { nothing_fits(list, q) } else { empty(q.view) }))
    };
    view! {
        {failed}
        <ol class="inbox-rows" aria-busy=move || list.loading.get().then_some("true")>
            <For each=move || list.rows.get() key=|row| row.id.clone() let:row>
                <RowView row list />
            </For>
        </ol>
        {empty}
        <Paging list />
    }
}

fn nothing_fits(list: InboxList, query: &ListQuery) -> AnyView {
    let (text, href, words) = if query.view == InboxView::All {
        ("No ticket fits.", "/rep/inbox?view=all".to_owned(), "Show all tickets")
    } else {
        ("No ticket fits in this list.", list.href(&query.everywhere()), "Search all tickets")
    };
    view! { <EmptyState glyph=Glyph::SEARCH text><LinkButton href>{words}</LinkButton></EmptyState> }.into_any()
}

fn empty(view: InboxView) -> AnyView {
    let text = match view {
        InboxView::Mine => "Nothing is assigned to you. Take a ticket from the unassigned ones.",
        InboxView::MyTeams => "Your teams have no open tickets.",
        InboxView::Mentions => "No new mentions. A note with @ and your name in it appears here.",
        InboxView::Unassigned => "Nothing waits for someone to take it.",
        InboxView::Open => "No open tickets. New ones appear here by themselves.",
        InboxView::Pressing => "Every promise is in time.",
        InboxView::Escalated => "Nothing is escalated.",
        InboxView::Waiting => "Nothing waits for a customer.",
        InboxView::Resolved => "No resolved tickets wait to be closed.",
        InboxView::Closed => "No closed tickets yet.",
        InboxView::All => "No tickets yet. New ones appear here by themselves.",
    };
    let action = match view {
        InboxView::Mine => view! { <LinkButton href="/rep/inbox?view=unassigned">"See unassigned"</LinkButton> }.into_any(),
        InboxView::All | InboxView::Open => ().into_any(),
        _ => view! { <LinkButton href="/rep/inbox">"See all open"</LinkButton> }.into_any(),
    };
    view! { <EmptyState glyph=Glyph::INBOX text>{action}</EmptyState> }.into_any()
}

/// Links to newer and older tickets; they work without JavaScript.
#[component]
fn Paging(list: InboxList) -> impl IntoView {
    let newer = move || list.query.with(|q| q.newer().map(|q| list.href(&q)));
    let older = move || list.next.get().map(|next| list.query.with(|q| list.href(&q.older(next))));
    move || {
        let (newer, older) = (newer(), older());
        (newer.is_some() || older.is_some()).then(|| {
            view! {
                <nav class="inbox-paging" aria-label="Pages">
                    {newer.map(|href| view! { <a class="btn" data-size="small" href=href rel="prev"><Icon glyph=Glyph::CHEVRON_LEFT /> "Newer"</a> })}
                    <span></span>
                    {older.map(|href| view! { <a class="btn" data-size="small" href=href rel="next">"Older" <Icon glyph=Glyph::CHEVRON_RIGHT /></a> })}
                </nav>
            }
        })
    }
}

/// "3 new, 1 gone": shows it when the reader is ready.
#[component]
pub fn HeldBack(
    /// The list.
    list: InboxList,
) -> impl IntoView {
    let words = move || match list.held.get() {
        (came, 0) => format!("{came} new"),
        (0, left) => format!("{left} no longer here"),
        (came, left) => format!("{came} new, {left} no longer here"),
    };
    view! {
        <div class="inbox-held" aria-live="polite">
            <Show when=move || list.held.get() != (0, 0)>
                <Button variant=Variant::Primary glyph=Glyph::ARROW_UP class="btn-round" on:click=move |_| list.release()>{words}</Button>
            </Show>
        </div>
    }
}
