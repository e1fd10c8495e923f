//! Choosing among vendors: the page, and the list that also comes from the header.

use super::api::ChooseVendor;
use super::customer_mark::{VendorMark, presence_words};
use crate::form::{Post, PostError, PostForm};
use crate::layout::customer::{Mine, loaded, use_mine};
use crate::ui::{Badge, Button, EmptyState, Glyph, PageTitle, Shape, Tone, Variant, use_toaster};
use coco::vendors::VendorChoice;
use leptos::prelude::*;

/// `/customer/vendors`
#[component]
pub fn VendorsPage() -> impl IntoView {
    let mine = use_mine();
    view! {
        <div class="page">
            <PageTitle text="Vendors" />
            <p class="page-lead">"Everyone you can get help from here. New tickets go to the one you chose; those with the others stay as they are."</p>
            <VendorList mine />
        </div>
    }
}

/// All vendors, each with a button to choose it.
#[component]
pub fn VendorList(
    /// What the pages know.
    mine: Mine,
    /// Only those the customer is with, without what they say of themselves.
    #[prop(optional)]
    compact: bool,
    /// Runs when one was chosen.
    #[prop(optional, into)]
    chosen: Option<Callback<()>>,
) -> impl IntoView {
    let chosen = chosen.unwrap_or_else(|| Callback::new(|()| {}));
    loaded(mine.vendors, "the vendors", Shape::Cards, move |choices| rows(mine, choices, compact, chosen))
}

/// The vendors to choose a first one from. They are given, as a page that itself waits for them must not hold
/// another that does: the inner one may run once more after the outer one took it away.
pub fn first_vendor(mine: Mine, choices: Vec<VendorChoice>) -> AnyView {
    rows(mine, choices, false, Callback::new(|()| {}))
}

fn rows(mine: Mine, choices: Vec<VendorChoice>, compact: bool, chosen: Callback<()>) -> AnyView {
    let any = choices.iter().any(|c| c.joined);
    let choices = choices.into_iter().filter(|c| c.joined || !compact || !any);
    let rows: Vec<_> = choices.map(|choice| view! { <Choice mine choice compact chosen /> }.into_any()).collect();
    if rows.is_empty() {
        return view! { <EmptyState glyph=Glyph::STORE text="There is nobody to get help from yet." /> }.into_any();
    }
    view! { <ul class="vendors">{rows}</ul> }.into_any()
}

#[component]
fn Choice(mine: Mine, choice: VendorChoice, compact: bool, chosen: Callback<()>) -> impl IntoView {
    let words = presence_words(&choice);
    let open = match choice.open_tickets {
        0 => String::new(),
        1 => "1 open ticket".to_owned(),
        n => [&n.to_string(), " open tickets"].concat(),
    };
    let VendorChoice { vendor, joined, current, online, .. } = choice;
    let id = vendor.id.to_string();
    let name = vendor.name.clone();
    let act = if current && joined {
        view! { <Badge tone=Tone::Info glyph=Glyph::CHECK>"Chosen"</Badge> }.into_any()
    } else {
        let words = [if joined { "Switch to " } else { "Add " }, &name].concat();
        view! { <Choose mine id words name=name.clone() chosen /> }.into_any()
    };
    view! {
        <li class="vendor" data-current=current.then_some("")>
            <VendorMark name=vendor.name color=vendor.color />
            <div class="vendor-text">
                <p class="vendor-name">{name}</p>
                {(!compact && !vendor.about.is_empty()).then(|| view! { <p>{vendor.about}</p> })}
                <p class="vendor-facts">
                    <span class="presence" data-presence=if online { "online" } else { "offline" }></span>
                    {words}
                    {(!open.is_empty()).then(|| [" · ", &open].concat())}
                </p>
            </div>
            <div class="vendor-act">{act}</div>
        </li>
    }
}

#[component]
fn Choose(mine: Mine, id: String, words: String, name: String, chosen: Callback<()>) -> impl IntoView {
    let post = Post::to::<ChooseVendor>();
    let toaster = use_toaster();
    let is_first = untrack(|| mine.vendor().is_none());
    let done = move |_: String| {
        // The first one brings the form that it was chosen for, which a toast would cover.
        if !is_first {
            toaster.ok(["You get help from ", &name, " now."].concat());
        }
        chosen.run(());
        mine.reload_vendors();
    };
    view! {
        <PostForm post done=Callback::new(done) class="">
            <input type="hidden" name="vendor" value=id />
            <Button submit=true variant=Variant::Secondary busy=post.pending>
                {words}
            </Button>
            <PostError post />
        </PostForm>
    }
}
