//! The pages for those who have lost their password.

use super::api::{ForgotPassword, ResetPassword};
use super::entry::{asked, hidden, submit};
use crate::form::{Post, PostError, PostForm};
use crate::layout::public::PublicPage;
use crate::ui::{ErrorNote, Field, LinkButton};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// `/forgot-password`: the same answer whether there is an account or not.
#[component]
pub fn ForgotPage() -> impl IntoView {
    if use_query_map().with_untracked(|query| query.get_str("sent").is_some()) {
        return view! {
            <PublicPage
                title="Look at your mail"
                lead="If there is an account with this address, we have sent a link to set a new password. It works for 30 minutes."
            >
                <p class="public-foot">
                    <a class="link" href="/login">"Back to sign in"</a>
                    <a class="link" href="/forgot-password" rel="external">"Send it again"</a>
                </p>
            </PublicPage>
        }
        .into_any();
    }
    let post = Post::to::<ForgotPassword>();
    view! {
        <PublicPage title="Forgot your password?" lead="Tell us your address and we send you a link to set a new one.">
            <PostForm post>
                <PostError post />
                <Field label="Email" name="email" kind="email" autocomplete="username" error=post.field("email") />
                {submit(post, "Send link")}
            </PostForm>
            <p class="public-foot">
                <a class="link" href="/login">"Back to sign in"</a>
            </p>
        </PublicPage>
    }
    .into_any()
}

/// `/reset-password?token=`
#[component]
pub fn ResetPage() -> impl IntoView {
    let post = Post::to::<ResetPassword>();
    let token = asked("token");
    let bad_link = post.field("token");
    let problem = move || {
        bad_link.get().map(|text| {
            view! {
                <ErrorNote text=text />
                <LinkButton href="/forgot-password">"Ask for a new link"</LinkButton>
            }
        })
    };
    if token.is_none() {
        return view! {
            <PublicPage title="Set a new password" lead="This address is not complete. Open the link from our mail again, or ask for a new one.">
                <LinkButton href="/forgot-password">"Ask for a new link"</LinkButton>
            </PublicPage>
        }
        .into_any();
    }
    view! {
        <PublicPage title="Set a new password" lead="You are signed in right after. Other devices are signed out.">
            <PostForm post>
                <PostError post />
                {problem}
                {hidden("token", token)}
                <Field
                    label="New password"
                    name="password"
                    kind="password"
                    autocomplete="new-password"
                    hint="At least 8 characters. A few words you remember are best."
                    error=post.field("password")
                />
                {submit(post, "Set password")}
            </PostForm>
        </PublicPage>
    }
    .into_any()
}
