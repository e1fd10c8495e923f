//! The own page of those who work at the desk: who they are, how COCO looks, and their account.

use super::api::load_me;
use super::details::Details;
use crate::auth::account::{Leaving, PasswordForm};
use crate::auth::tokens::Tokens;
use crate::layout::desk::Arrival;
use crate::load::Load;
use crate::ui::{Card, ErrorNote, PageTitle, Shape, Skeleton, ThemePicker};
use leptos::prelude::*;

/// `/rep/profile`
#[component]
pub fn DeskProfilePage() -> impl IntoView {
    let me = Load::new(|| (), |()| load_me());
    let arrival = Arrival::new();
    view! {
        <div class="desk-page profile">
            <PageTitle text="Profile" />
            {move || arrival.waits().then(|| view! { <Skeleton shape=Shape::Cards /> })}
            {me.show(move |loaded| {
                arrival.done();
                match loaded {
                    Ok(user) => view! { <Details user /> }.into_any(),
                    Err(e) => {
                        let text = ["We couldn't load your profile. ", &e.to_string()].concat();
                        view! { <ErrorNote text retry=Callback::new(move |()| me.refetch()) /> }.into_any()
                    }
                }
            })}
            <Card title="Appearance">
                <ThemePicker />
            </Card>
            <PasswordForm />
            <Leaving />
            <Tokens />
        </div>
    }
}
