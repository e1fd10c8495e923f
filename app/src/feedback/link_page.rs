//! The page behind a link in a mail: how did we do, without signing in?

use super::api::{RateByLink, load_invitation};
use super::customer_rating::RatingFields;
use crate::form::{Post, PostError, PostForm};
use crate::layout::public::{NotFoundPage, PublicPage};
use crate::load::Load;
use crate::ui::{ErrorNote, LinkButton, Skeleton};
use coco::feedback::{Invitation, LINK_TTL, Standing, score_label};
use coco::time::DAY;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// `/rate/:token?score=`: looking at it changes nothing, as programs that check mail look at every link.
#[component]
pub fn RatePage() -> impl IntoView {
    let token = StoredValue::new(use_params_map().with_untracked(|params| params.get("token")).unwrap_or_default());
    let invitation = Load::new(|| (), move |()| load_invitation(token.get_value()));
    let loading = || {
        view! {
            <PublicPage title="How did we do?">
                <Skeleton count=3 />
            </PublicPage>
        }
    };
    let shown = move || {
        invitation.get().map(|loaded| match loaded {
            Ok(invitation) => asked(invitation, token.get_value()),
            Err(e) if e.is_not_found() => view! { <NotFoundPage /> }.into_any(),
            Err(e) => view! {
                <PublicPage title="How did we do?">
                    <ErrorNote text=e.to_string() retry=Callback::new(move |()| invitation.refetch()) />
                </PublicPage>
            }
            .into_any(),
        })
    };
    view! { <Transition fallback=loading>{shown}</Transition> }
}

fn asked(invitation: Invitation, token: String) -> AnyView {
    let Invitation { number, subject, vendor_name, standing } = invitation;
    let request = ["“", &subject, "” (", &number, ")"].concat();
    let is_sent = use_query_map().with_untracked(|query| query.get_str("sent").is_some());
    let (title, lead) = match standing {
        Standing::Open => ("Your request is resolved", [&vendor_name, " has resolved ", &request, "."].concat()),
        Standing::Rated(score) => {
            let title = if is_sent { "Thank you" } else { "You have rated this already" };
            (title, ["You rated ", &request, " ", &score.to_string(), " of 5: ", score_label(score), "."].concat())
        }
        Standing::Reopened => {
            let then = " was opened again after we sent that mail. Once it is resolved, a newer mail asks you how we did.";
            ("Your request was opened again", [&request, then].concat())
        }
        Standing::Expired => {
            let days = (LINK_TTL / DAY).to_string();
            ("This link has expired", ["It worked for ", &days, " days. You can still rate ", &request, " after you sign in."].concat())
        }
    };
    let form = (standing == Standing::Open).then(|| view! { <LinkForm token /> });
    // The server knows whether to ask for a sign-in first.
    view! {
        <PublicPage title=title lead=lead>
            {form}
            <p class="public-foot">
                <LinkButton href=["/customer/tickets/", &number].concat() attr:rel="external">"See your request"</LinkButton>
            </p>
        </PublicPage>
    }
    .into_any()
}

#[component]
fn LinkForm(token: String) -> impl IntoView {
    let post = Post::to::<RateByLink>();
    let chosen = use_query_map().with_untracked(|query| query.get("score")).filter(|s| matches!(s.as_str(), "1" | "2" | "3" | "4" | "5"));
    let score = RwSignal::new(chosen.unwrap_or_default());
    let comment = RwSignal::new(String::new());
    view! {
        <PostForm post>
            <PostError post />
            <input type="hidden" name="token" value=token />
            <RatingFields post score comment />
        </PostForm>
    }
}
