//! API tokens, for those who write programs. Loaded when the section is opened; the secret is shown
//! once, which needs a page that is alive.

use super::api::{CreateToken, list_tokens, revoke_token};
use crate::error::ApiResult;
use crate::form::{Post, PostError, PostForm};
use crate::json;
use crate::ui::{Button, Checkbox, ConfirmDialog, ErrorNote, Field, Size, TimeAgo, Variant, use_toaster};
use coco::actor::Scope;
use coco::auth::TokenInfo;
use leptos::prelude::*;
use leptos::task::spawn_local;

type List = RwSignal<Option<ApiResult<Vec<TokenInfo>>>>;

fn reload(list: List) {
    spawn_local(async move {
        let tokens = list_tokens().await;
        list.try_set(Some(tokens));
    });
}

const fn words(scope: Scope) -> &'static str {
    match scope {
        Scope::TicketsRead => "Read tickets",
        Scope::TicketsWrite => "Open and change tickets",
        Scope::ChatRead => "Read conversations",
        Scope::ChatWrite => "Write messages",
    }
}

/// The section, closed at first.
#[component]
pub fn Tokens() -> impl IntoView {
    let list: List = RwSignal::new(None);
    let secret = RwSignal::new(None::<String>);
    let open = move |_| {
        if list.with_untracked(Option::is_none) {
            reload(list);
        }
    };
    let tokens = move || match list.get() {
        None => view! { <p class="field-hint">"Loading…"</p> }.into_any(),
        Some(Err(e)) => view! { <ErrorNote text=e.to_string() retry=Callback::new(move |()| reload(list)) /> }.into_any(),
        Some(Ok(tokens)) => {
            let rows: Vec<_> =
                tokens.into_iter().filter(|t| t.revoked_at.is_none()).map(|token| view! { <Token token list /> }.into_any()).collect();
            if rows.is_empty() {
                view! { <p class="field-hint">"You have no tokens."</p> }.into_any()
            } else {
                view! { <ul class="tokens">{rows}</ul> }.into_any()
            }
        }
    };
    view! {
        <details class="card more-details" data-needs-script="" on:toggle=open>
            <summary>"For developers"</summary>
            <p class="field-hint">"Tokens let your own programs use the API in your name."</p>
            {tokens}
            <Show when=move || secret.with(Option::is_some)>
                <Secret secret />
            </Show>
            <NewToken list secret />
        </details>
    }
}

#[component]
fn Token(token: TokenInfo, list: List) -> impl IntoView {
    let toaster = use_toaster();
    let (asking, busy) = (RwSignal::new(false), RwSignal::new(false));
    let id = StoredValue::new(token.id);
    let revoke = Callback::new(move |()| {
        busy.set(true);
        spawn_local(async move {
            match revoke_token(id.get_value()).await {
                Ok(()) => {
                    toaster.ok("The token no longer works.");
                    reload(list);
                }
                Err(e) => toaster.error(e.to_string()),
            }
            let _ = busy.try_set(false);
            let _ = asking.try_set(false);
        });
    });
    let scopes: Vec<_> = token.scopes.iter().map(|s| words(*s)).collect();
    let title = ["Revoke ", &token.name].concat();
    let used = match token.last_used_at {
        Some(at) => view! { "used " <TimeAgo at /> }.into_any(),
        None => "never used".into_any(),
    };
    view! {
        <li>
            <div>
                <p>{token.name}</p>
                <p class="field-hint">{scopes.join(", ")} " · " {used}</p>
            </div>
            <Button size=Size::Small title=title.clone() on:click=move |_| asking.set(true)>"Revoke"</Button>
            <ConfirmDialog
                title=[&title, "?"].concat()
                text="Programs that use it are refused from now on. This cannot be undone."
                confirm="Revoke"
                open=asking
                on_confirm=revoke
                danger=true
                busy
            />
        </li>
    }
}

#[component]
fn NewToken(list: List, secret: RwSignal<Option<String>>) -> impl IntoView {
    let post = Post::to::<CreateToken>();
    let name = RwSignal::new(String::new());
    let done = Callback::new(move |body: String| {
        secret.set(json::read::<(TokenInfo, String)>(&body).ok().map(|(_, secret)| secret));
        name.set(String::new());
        reload(list);
    });
    let unscoped = post.field("scopes");
    let scopes: Vec<_> =
        Scope::ALL.into_iter().map(|scope| view! { <Checkbox label=words(scope) name="scopes[]" send=scope.as_str() /> }).collect();
    view! {
        <PostForm post done>
            <PostError post />
            <Field label="Name of the token" name="name" id="token-name" value=name maxlength=60 autocomplete="off" error=post.field("name") />
            <fieldset class="radios">
                <legend>"It may"</legend>
                <div class="radios-list">{scopes}</div>
                <p class="field-error" aria-live="polite">{move || unscoped.get()}</p>
            </fieldset>
            <div>
                <Button variant=Variant::Secondary submit=true busy=post.pending>"Create token"</Button>
            </div>
        </PostForm>
    }
}

#[component]
fn Secret(secret: RwSignal<Option<String>>) -> impl IntoView {
    let toaster = use_toaster();
    let copy = move |_| {
        if let Some(secret) = secret.get_untracked() {
            // The browser answers later and only fails where the person forbade it.
            let _ = window().navigator().clipboard().write_text(&secret);
            toaster.ok("Copied.");
        }
    };
    view! {
        <div class="secret" role="status">
            <p>"This is shown only now. Keep it like a password."</p>
            <code>{move || secret.get()}</code>
            <Button size=Size::Small on:click=copy>"Copy"</Button>
        </div>
    }
}
