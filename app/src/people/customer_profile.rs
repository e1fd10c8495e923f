//! The customer's own page: who they are, how COCO looks, and their account.

use super::api::load_me;
use super::details::Details;
use crate::auth::account::{Leaving, PasswordForm};
use crate::auth::tokens::Tokens;
use crate::layout::customer::loaded;
use crate::load::Load;
use crate::ui::{Card, Glyph, Icon, PageTitle, Shape, ThemePicker};
use leptos::prelude::*;

/// `/customer/profile`
#[component]
pub fn ProfilePage() -> impl IntoView {
    let me = Load::new(|| (), |()| load_me());
    view! {
        <div class="page narrow profile">
            <PageTitle text="Profile" />
            {loaded(me, "your profile", Shape::Cards, move |user| view! { <Details user /> }.into_any())}
            <Card title="Appearance">
                <ThemePicker />
            </Card>
            <a class="card profile-link" href="/customer/history">
                <Icon glyph=Glyph::HISTORY />
                <span>"Your history"</span>
                <Icon glyph=Glyph::CHEVRON_RIGHT />
            </a>
            <PasswordForm />
            <Leaving />
            <Tokens />
        </div>
    }
}
