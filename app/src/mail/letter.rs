//! One mail, as plain text.

use super::api::read_mail;
use crate::error::ApiResult;
use crate::layout::desk::{Arrival, Refused};
use crate::load::Load;
use crate::ui::{Glyph, LinkButton, PageTitle, Skeleton, TimeAgo};
use coco::mail::{Letter, Part};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// `/admin/outbox/:id`.
#[component]
pub fn LetterPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|p| p.get("id").unwrap_or_default()));
    view! {
        <div class="desk-page">
            {move || view! { <OneLetter id=id.get() /> }.into_any()}
        </div>
    }
}

#[component]
fn OneLetter(id: String) -> impl IntoView {
    let data = Load::new(|| (), move |()| read_mail(id.clone()));
    let arrival = Arrival::new();
    view! {
        {move || arrival.waits().then(|| view! { <h1 class="vh">"Mail"</h1> <Skeleton count=6 /> })}
        {data.show(move |loaded| {
            arrival.done();
            show(loaded)
        })}
    }
}

fn show(loaded: ApiResult<Letter>) -> AnyView {
    let Letter { head, parts } = match loaded {
        Ok(letter) => letter,
        Err(error) => return view! { <Refused error what="This mail" /> }.into_any(),
    };
    let text: Vec<_> = parts.into_iter().map(part).collect();
    view! {
        <PageTitle text=head.subject>
            <LinkButton href="/admin/outbox" glyph=Glyph::CHEVRON_LEFT>"All mail"</LinkButton>
        </PageTitle>
        <p class="mail-lead">"To " {head.to} " · " <TimeAgo at=head.at /></p>
        <div class="card letter" dir="auto">{text}</div>
    }
    .into_any()
}

/// Text stays text. Only addresses of this installation lead somewhere, and tell nothing of where from.
fn part(part: Part) -> AnyView {
    match part {
        Part::Text(text) => text.into_any(),
        Part::Link(url) => view! { <a class="link" href=url.clone() rel="noreferrer external">{url.clone()}</a> }.into_any(),
    }
}
