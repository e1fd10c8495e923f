//! Confirming one's address: the line above every page of a customer, and the page that the mail leads to.

use super::api::{AskToConfirm, ConfirmAddress};
use super::entry::{asked, hidden, submit};
use crate::form::{Post, PostError, PostForm};
use crate::shell::use_viewer;
use crate::ui::{Banner, Button, Card, ErrorNote, Glyph, LinkButton, PageTitle, Size, Variant};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// Asks a customer to confirm their address, as long as they have not.
#[component]
pub fn ConfirmBanner() -> impl IntoView {
    let post = Post::to::<AskToConfirm>();
    view! {
        <Transition>
            {move || {
                use_viewer()
                    .filter(|viewer| viewer.is_unconfirmed)
                    .map(|_| {
                        view! {
                            <Banner glyph=Glyph::MAIL>
                                <PostForm post class="banner-form">
                                    <span>
                                        "Confirm your address with the link in our mail. Then you also see what was opened for you by phone or mail."
                                    </span>
                                    <Button submit=true size=Size::Small busy=post.pending>"Send again"</Button>
                                    <PostError post />
                                </PostForm>
                            </Banner>
                        }
                    })
            }}
        </Transition>
    }
}

/// Where the mail leads to.
pub(super) const PAGE: &str = "/customer/confirm";

/// `/customer/confirm?token=`. Opening it changes nothing, as programs that check mail open every link in it.
#[component]
pub fn ConfirmPage() -> impl IntoView {
    let post = Post::to::<ConfirmAddress>();
    let again = Post::to::<AskToConfirm>();
    let bad_link = post.field("token");
    let ended = move || {
        bad_link.get().map(|text| {
            view! {
                <ErrorNote text=text />
                <PostForm post=again>
                    <PostError post=again />
                    {submit(again, "Send me a new link")}
                </PostForm>
            }
        })
    };
    let sent = use_query_map().with_untracked(|query| query.get_str("sent").is_some());
    let body = match asked("token") {
        Some(token) => view! {
            <p>
                "Press Confirm if you made this account and get the mail for its address. Then you also see the requests that someone opened for you by phone or mail."
            </p>
            <p>"You didn't make this account? Close this page, and nothing happens."</p>
            {ended}
            <PostForm post>
                <PostError post />
                {hidden("token", Some(token))}
                {submit(post, "Confirm")}
            </PostForm>
        }
        .into_any(),
        None if sent => view! {
            <p>"We have sent you a link. It works for 24 hours, and so does the one before until you use one of them. Nothing there? Look among the unwanted mail."</p>
        }
        .into_any(),
        None => view! { <p>"Open the link in our mail. You can have it sent again above."</p> }.into_any(),
    };
    view! {
        <div class="page narrow">
            <PageTitle text="Confirm your address" />
            <Card>
                {body}
                <LinkButton href="/customer/dashboard" variant=Variant::Ghost>"Back to home"</LinkButton>
            </Card>
        </div>
    }
}
