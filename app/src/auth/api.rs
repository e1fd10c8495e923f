//! Calls around signing in and out.
#![expect(missing_docs, reason = "the macro makes structs of the parameters, which the functions explain")]

use crate::codec::Answer;
use crate::error::ApiResult;
use coco::actor::{Role, Scope};
use coco::auth::TokenInfo;
use coco::id::TokenId;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::context::{actor, base_url, services, session, visitor};
#[cfg(feature = "ssr")]
use coco::auth::Registration;

/// Who is signed in, as every page knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// The person.
    pub id: coco::id::UserId,
    /// Name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// The vendors they are with or work for.
    pub vendors: Vec<coco::id::VendorId>,
    /// A customer who has yet to prove their address.
    pub is_unconfirmed: bool,
}

#[cfg(feature = "ssr")]
impl Viewer {
    fn of(a: coco::actor::Actor) -> Self {
        let is_unconfirmed = !a.role.is_staff() && !a.is_proved;
        Self { id: a.id, name: a.name, role: a.role, vendors: a.vendors, is_unconfirmed }
    }
}

/// The person who is signed in, if any.
#[server(output = Answer)]
pub async fn load_viewer() -> ApiResult<Option<Viewer>> {
    Ok(visitor().map(Viewer::of))
}

/// Signs in; goes to the role's home, or to `next` when that is a page here.
#[server(output = Answer)]
pub async fn sign_in(email: String, password: String, next: Option<String>) -> ApiResult<()> {
    let who = services()?.auth.sign_in(&email, &password).await?;
    session()?.0.begin(&who).await?;
    leptos_axum::redirect(&super::destination(next.as_deref(), who.role));
    Ok(())
}

/// Makes an account, mails a link to confirm its address, and signs in.
#[server(output = Answer)]
pub async fn register(name: String, email: String, password: String, #[server(default)] timezone: String) -> ApiResult<()> {
    let services = services()?;
    let who = services.auth.register(Registration { name, email, password }, &base_url()).await?;
    services.people.note_timezone(&who, &timezone).await?;
    session()?.0.begin(&who).await?;
    leptos_axum::redirect(who.role.home());
    Ok(())
}

/// Sends a one-time link when there is an account; the answer is the same when there is none.
#[server(output = Answer)]
pub async fn forgot_password(email: String) -> ApiResult<()> {
    services()?.auth.forgot(&email, &base_url()).await?;
    leptos_axum::redirect("/forgot-password?sent");
    Ok(())
}

/// Sets a new password by a one-time link, and signs in.
#[server(output = Answer)]
pub async fn reset_password(token: String, password: String) -> ApiResult<()> {
    let who = services()?.auth.reset(&token, &password).await?;
    session()?.0.begin(&who).await?;
    leptos_axum::redirect(who.role.home());
    Ok(())
}

/// Makes the first vendor and its administrator by the link printed at start.
#[server(output = Answer)]
pub async fn set_up(token: String, vendor_name: String, name: String, email: String, password: String) -> ApiResult<()> {
    let who = services()?.auth.setup(&token, &vendor_name, Registration { name, email, password }).await?;
    session()?.0.begin(&who).await?;
    leptos_axum::redirect(who.role.home());
    Ok(())
}

/// Signs out here.
#[server(output = Answer)]
pub async fn sign_out() -> ApiResult<()> {
    session()?.0.end().await?;
    leptos_axum::redirect("/login");
    Ok(())
}

/// Signs out on every device, this one included.
#[server(output = Answer)]
pub async fn sign_out_everywhere() -> ApiResult<()> {
    services()?.auth.sign_out_everywhere(&actor()?).await?;
    session()?.0.end().await?;
    leptos_axum::redirect("/login");
    Ok(())
}

/// Changes the password; other devices are signed out.
#[server(output = Answer)]
pub async fn change_password(current: String, password: String) -> ApiResult<()> {
    let who = actor()?;
    services()?.auth.change_password(&who, &current, &password).await?;
    Ok(session()?.0.begin(&who).await?)
}

/// Mails the link to confirm one's address again.
#[server(output = Answer)]
pub async fn ask_to_confirm() -> ApiResult<()> {
    services()?.auth.ask_to_confirm(&actor()?, &base_url()).await?;
    leptos_axum::redirect("/customer/confirm?sent");
    Ok(())
}

/// Confirms one's address with the link from the mail.
#[server(output = Answer)]
pub async fn confirm_address(token: String) -> ApiResult<()> {
    services()?.auth.confirm_address(&actor()?, &token).await?;
    leptos_axum::redirect("/customer/dashboard");
    Ok(())
}

/// One's API tokens.
#[server(output = Answer)]
pub async fn list_tokens() -> ApiResult<Vec<TokenInfo>> {
    Ok(services()?.auth.tokens(&actor()?).await?)
}

/// Makes an API token; the secret is shown this once.
#[server(output = Answer)]
pub async fn create_token(name: String, #[server(default)] scopes: Vec<Scope>) -> ApiResult<(TokenInfo, String)> {
    Ok(services()?.auth.create_token(&actor()?, &name, &scopes).await?)
}

/// Revokes an API token.
#[server(output = Answer)]
pub async fn revoke_token(id: TokenId) -> ApiResult<()> {
    Ok(services()?.auth.revoke_token(&actor()?, &id).await?)
}
