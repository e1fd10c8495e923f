//! What one does with one's own account.

use super::api::{ChangePassword, SignOut, SignOutEverywhere};
use crate::form::{Post, PostError, PostForm};
use crate::ui::{Button, Card, Field, Glyph, Variant, use_toaster};
use leptos::prelude::*;

/// Changes the password.
#[component]
pub fn PasswordForm() -> impl IntoView {
    let post = Post::to::<ChangePassword>();
    let toaster = use_toaster();
    let (current, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let done = Callback::new(move |_: String| {
        current.set(String::new());
        password.set(String::new());
        toaster.ok("Your password is changed. Other devices are signed out.");
    });
    view! {
        <Card title="Password">
            <PostForm post done>
                <PostError post />
                <Field label="Present password" name="current" kind="password" value=current autocomplete="current-password" error=post.field("current") />
                <Field
                    label="New password"
                    name="password"
                    kind="password"
                    value=password
                    autocomplete="new-password"
                    hint="At least 8 characters. Other devices are signed out."
                    error=post.field("password")
                />
                <div>
                    <Button submit=true busy=post.pending>"Change password"</Button>
                </div>
            </PostForm>
        </Card>
    }
}

/// Signs out, here or everywhere. The second asks first, also without JavaScript.
#[component]
pub fn Leaving() -> impl IntoView {
    let here = Post::to::<SignOut>();
    let everywhere = Post::to::<SignOutEverywhere>();
    view! {
        <Card title="Sign out">
            <PostForm post=here>
                <PostError post=here />
                <div>
                    <Button submit=true glyph=Glyph::LOG_OUT busy=here.pending>"Sign out"</Button>
                </div>
            </PostForm>
            <details class="more-details">
                <summary>"Sign out everywhere…"</summary>
                <PostForm post=everywhere>
                    <p>"Every phone and computer that is signed in to your account is signed out, this one included."</p>
                    <PostError post=everywhere />
                    <div>
                        <Button variant=Variant::Danger submit=true busy=everywhere.pending>"Sign out everywhere"</Button>
                    </div>
                </PostForm>
            </details>
        </Card>
    }
}
