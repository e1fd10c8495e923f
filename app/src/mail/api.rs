//! Calls around mail.
#![expect(missing_docs, reason = "the macro makes structs of the parameters, which the functions explain")]

use crate::codec::Answer;
use crate::error::ApiResult;
use coco::mail::{Letter, MailHead};
use coco::page::{Page, PageRequest};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use crate::context::{actor, base_url, outbox, services};

/// A page of the mails that were written, newest first.
#[server(input = Json, output = Answer)]
pub async fn list_mail(page: PageRequest) -> ApiResult<Page<MailHead>> {
    let (actor, outbox) = (actor()?, outbox()?);
    Ok(services()?.mail.list(&actor, &*outbox, &page).await?)
}

/// One mail.
#[server(output = Answer)]
pub async fn read_mail(id: String) -> ApiResult<Letter> {
    let (actor, outbox) = (actor()?, outbox()?);
    Ok(services()?.mail.read(&actor, &*outbox, &id, &base_url()).await?)
}
