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
                                    <span>"Confirm your address with the link in our mail."</span>
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

/// `/customer/confirm?token=`. Opening it changes nothing, as programs that check mail open every link in it.
#[component]
pub fn ConfirmPage() -> impl IntoView {
    let post = Post::to::<ConfirmAddress>();
    let bad_link = post.field("token");
    let sent = use_query_map().with_untracked(|query| query.get_str("sent").is_some());
    let body = match asked("token") {
        Some(token) => view! {
            <p>"You made this account, and this address is yours? Then you also see what was opened for you by phone or mail."</p>
            <PostForm post>
                <PostError post />
                {move || bad_link.get().map(|text| view! { <ErrorNote text=text /> })}
                {hidden("token", Some(token))}
                {submit(post, "Confirm")}
            </PostForm>
        }
        .into_any(),
        None if sent => view! {
            <p>"We have sent you a link. It works for 24 hours. Nothing there? Look among the unwanted mail."</p>
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
