//! The mails that were written, newest first.

use super::api::list_mail;
use crate::error::ApiResult;
use crate::layout::desk::{Arrival, Refused};
use crate::load::Load;
use crate::ui::{Column, EmptyState, Glyph, LinkButton, PageTitle, Shape, Size, Skeleton, Table, TableRowLink, TimeAgo};
use coco::mail::MailHead;
use coco::page::{Page, PageRequest};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// `/admin/outbox`.
#[component]
pub fn OutboxPage() -> impl IntoView {
    let query = use_query_map();
    let cursor = Memo::new(move |_| query.with(|q| q.get("cursor")).filter(|c| !c.is_empty()));
    view! {
        <div class="desk-page">
            {move || view! { <Mails cursor=cursor.get() /> }.into_any()}
        </div>
    }
}

#[component]
fn Mails(cursor: Option<String>) -> impl IntoView {
    let later = cursor.is_some();
    let data = Load::new(|| (), move |()| list_mail(PageRequest { limit: None, cursor: cursor.clone() }));
    let arrival = Arrival::new();
    view! {
        {move || arrival.waits().then(|| view! { <h1 class="vh">"Mail outbox"</h1> <Skeleton shape=Shape::Table count=8 /> })}
        {data.show(move |loaded| {
            arrival.done();
            show(loaded, later)
        })}
    }
}

fn show(loaded: ApiResult<Page<MailHead>>, later: bool) -> AnyView {
    let page = match loaded {
        Ok(page) => page,
        Err(error) => return view! { <Refused error /> }.into_any(),
    };
    let list = if page.items.is_empty() {
        view! {
            <EmptyState glyph=Glyph::MAIL text="No mail has been written yet. Links for new passwords will appear here.">
                <LinkButton href="/admin/dashboard">"Go to the dashboard"</LinkButton>
            </EmptyState>
        }
        .into_any()
    } else {
        let columns = vec![Column::new("Subject"), Column::new("To"), Column::new("Written")];
        let rows: Vec<_> = page.items.into_iter().map(row).collect();
        view! { <Table caption="Mails" columns>{rows}</Table> }.into_any()
    };
    view! {
        <PageTitle text="Mail outbox" />
        <p class="mail-lead">"Mail is kept here until there is a channel to send it through. Pass on by hand what someone waits for."</p>
        {list}
        {pages(later, page.next_cursor)}
    }
    .into_any()
}

fn row(mail: MailHead) -> AnyView {
    let href = ["/admin/outbox/", &mail.id].concat();
    view! {
        <tr>
            <td><TableRowLink href>{mail.subject}</TableRowLink></td>
            <td>{mail.to}</td>
            <td><TimeAgo at=mail.at /></td>
        </tr>
    }
    .into_any()
}

/// The way to other pages, where there are any.
fn pages(later: bool, next: Option<String>) -> Option<AnyView> {
    let newest = later.then(|| view! { <LinkButton href="/admin/outbox" size=Size::Small glyph=Glyph::CHEVRON_LEFT>"Newest"</LinkButton> });
    let older = next.map(|cursor| {
        let href = ["/admin/outbox?cursor=", &cursor].concat();
        view! { <LinkButton href size=Size::Small>"Older"</LinkButton> }
    });
    let any = newest.is_some() || older.is_some();
    any.then(|| view! { <nav class="toolbar mail-pages" aria-label="Pages">{newest} {older}</nav> }.into_any())
}
