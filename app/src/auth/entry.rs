//! The pages to sign in and to make an account.

use super::api::{Register, SetUp, SignIn};
use crate::form::{Post, PostError, PostForm};
use crate::layout::public::PublicPage;
use crate::ui::{Button, ErrorNote, Field, Size, Variant};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// A parameter of the address.
pub(super) fn asked(name: &str) -> Option<String> {
    use_query_map().with_untracked(|query| query.get(name)).filter(|value| !value.is_empty())
}

/// Carries a value through a form.
pub(super) fn hidden(name: &'static str, value: Option<String>) -> AnyView {
    value.map(|value| view! { <input type="hidden" name=name value=value /> }).into_any()
}

/// The one button of these forms.
pub(super) fn submit(post: Post, words: &'static str) -> AnyView {
    view! {
        <Button variant=Variant::Primary size=Size::Large submit=true class="btn-wide" busy=post.pending>
            {words}
        </Button>
    }
    .into_any()
}

/// `/login`
#[component]
pub fn LoginPage() -> impl IntoView {
    let post = Post::to::<SignIn>();
    let email = RwSignal::new(String::new());
    let next = asked("next");
    let confirms = next.as_ref().is_some_and(|next| next.starts_with(super::confirm::PAGE));
    let lead = confirms.then(|| view! { <p class="public-lead">"Sign in, and you can confirm your address on the next page."</p> });
    view! {
        <PublicPage title="Sign in">
            {lead}
            <PostForm post>
                <PostError post />
                {hidden("next", next)}
                <Field label="Email" name="email" kind="email" autocomplete="username" value=email error=post.field("email") />
                <Field label="Password" name="password" kind="password" autocomplete="current-password" error=post.field("password") />
                {submit(post, "Sign in")}
            </PostForm>
            <p class="public-foot">
                <a class="link" href="/forgot-password">"Forgot your password?"</a>
                <span>"New here? " <a class="link" href="/register">"Create an account"</a></span>
            </p>
        </PublicPage>
    }
}

/// `/register`
#[component]
pub fn RegisterPage() -> impl IntoView {
    let post = Post::to::<Register>();
    view! {
        <PublicPage title="Create your account" lead="One account for everyone you need help from.">
            <PostForm post>
                <PostError post />
                <Person post />
                {submit(post, "Create account")}
            </PostForm>
            <p class="public-foot">
                <span>"Have an account? " <a class="link" href="/login">"Sign in"</a></span>
            </p>
        </PublicPage>
    }
}

/// Name, address and password of someone new.
#[component]
fn Person(post: Post) -> impl IntoView {
    view! {
        <Field label="Name" name="name" autocomplete="name" maxlength=120 error=post.field("name") />
        <Field label="Email" name="email" kind="email" autocomplete="username" error=post.field("email") />
        <Field
            label="Password"
            name="password"
            kind="password"
            autocomplete="new-password"
            hint="At least 8 characters. A few words you remember are best."
            error=post.field("password")
        />
    }
}

/// `/setup`: the first vendor and its administrator, by the link printed at start.
#[component]
pub fn SetupPage() -> impl IntoView {
    let post = Post::to::<SetUp>();
    let bad_link = post.field("token");
    let Some(token) = asked("token") else {
        return view! {
            <PublicPage title="Set up COCO" lead="This address is not complete. Open the whole link that COCO printed when it started.">
                <p class="public-foot">
                    <span>"Set up already? " <a class="link" href="/login">"Sign in"</a></span>
                </p>
            </PublicPage>
        }
        .into_any();
    };
    view! {
        <PublicPage title="Set up COCO" lead="This makes the first business and your account, which may do everything there.">
            <PostForm post>
                <PostError post />
                {move || bad_link.get().map(|text| view! { <ErrorNote text=text /> })}
                {hidden("token", Some(token))}
                <Field
                    label="Business"
                    name="vendor_name"
                    autocomplete="organization"
                    maxlength=120
                    hint="As your customers know it."
                    error=post.field("vendor_name")
                />
                <Person post />
                {submit(post, "Set up")}
            </PostForm>
        </PublicPage>
    }
    .into_any()
}
