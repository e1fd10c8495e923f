//! Asking for help.

use super::api::CreateTicket;
use crate::conversations::{AttachButton, Chosen, Uploads, drop_draft, keep_draft, new_client_id};
use crate::form::{Post, PostError, PostForm};
use crate::layout::customer::{loaded, use_mine};
use crate::ui::{Button, EmptyState, ErrorNote, Field, Glyph, LinkButton, PageTitle, Select, Shape, Size, TextArea, Variant};
use crate::vendors::customer_mark::presence_words;
use coco::tickets::{Category, MAX_SUBJECT, Priority};
use coco::vendors::VendorChoice;
use leptos::prelude::*;

const SUBJECT: &str = "coco-new-subject";
const DESCRIPTION: &str = "coco-new-description";

/// `/customer/tickets/new`
#[component]
pub fn NewTicketPage() -> impl IntoView {
    let mine = use_mine();
    // Here, so that what was typed outlives a change of the vendors.
    let subject = RwSignal::new(String::new());
    let description = RwSignal::new(String::new());
    view! {
        <div class="page narrow">
            <PageTitle text="How can we help?" />
            {loaded(mine.vendors, "the form", Shape::Lines, move |choices| view! { <NewTicket choices subject description /> }.into_any())}
        </div>
    }
}

#[component]
fn NewTicket(choices: Vec<VendorChoice>, subject: RwSignal<String>, description: RwSignal<String>) -> impl IntoView {
    let joined: Vec<_> = choices.into_iter().filter(|c| c.joined).collect();
    let Some(first) = joined.first().cloned() else {
        return view! {
            <EmptyState glyph=Glyph::STORE text="First choose who you need help from.">
                <LinkButton href="/customer/vendors" variant=Variant::Primary>"Choose"</LinkButton>
            </EmptyState>
        }
        .into_any();
    };
    let post = Post::to::<CreateTicket>();
    let problem = RwSignal::new(None::<String>);
    let uploads = Uploads::new(problem);
    // Made once the page is alive: pressing twice, or again after a lost answer, opens one ticket.
    let client_id = RwSignal::new(String::new());
    Effect::new(move |_| client_id.set(new_client_id()));
    let done = Callback::new(|_: String| {
        drop_draft(SUBJECT);
        drop_draft(DESCRIPTION);
    });
    let vendor = RwSignal::new(first.vendor.id.to_string());
    let vendors = joined.iter().map(|c| (c.vendor.id.to_string(), c.vendor.name.clone())).collect();
    let words = move || joined.iter().find(|c| c.vendor.id.as_str() == vendor.get()).map(presence_words);
    let attached = move || {
        let one = |file: coco::conversations::Attachment| view! { <input type="hidden" name="attachments[]" value=file.id.to_string() /> };
        uploads.files.get().into_iter().map(one).collect::<Vec<_>>()
    };
    let of_files = post.field("attachments");
    let form = view! {
        <PostForm post done>
            <PostError post />
            <Field label="Subject" name="subject" value=subject maxlength=MAX_SUBJECT as u32 autocomplete="off" error=post.field("subject") />
            <TextArea
                label="Describe the problem"
                name="description"
                value=description
                rows=5
                hint="What happened, and what did you expect? Leave out passwords and card numbers."
                error=post.field("description")
            />
            <div class="attach-row" data-needs-script="">
                <AttachButton uploads />
                <span class="field-hint">"Add pictures or documents, up to 25 MB each."</span>
            </div>
            <Chosen uploads />
            {attached}
            {move || problem.get().or_else(|| of_files.get()).map(|text| view! { <ErrorNote text=text /> })}
            <Select label="Vendor" name="vendor" options=vendors value=vendor error=post.field("vendor_id") />
            <div class="form-pair">
                <Select label="Priority" name="priority" options=priorities() error=post.field("priority") />
                <Select label="About" name="category" options=categories() error=post.field("category") />
            </div>
            <input type="hidden" name="client_id" prop:value=move || client_id.get() />
            <div class="form-end">
                <Button
                    variant=Variant::Primary
                    size=Size::Large
                    submit=true
                    busy=Signal::derive(move || post.pending.get() || uploads.busy.get() > 0)
                >
                    "Create ticket"
                </Button>
                <p class="field-hint">{words}</p>
            </div>
        </PostForm>
    };
    keep_draft(subject, SUBJECT.to_owned());
    keep_draft(description, DESCRIPTION.to_owned());
    form.into_any()
}

fn priorities() -> Vec<(String, String)> {
    let undecided = (String::new(), "Let us decide".to_owned());
    let all = Priority::ALL.into_iter().map(|p| (p.as_str().to_owned(), p.label().to_owned()));
    std::iter::once(undecided).chain(all).collect()
}

fn categories() -> Vec<(String, String)> {
    let unknown = (String::new(), "Not sure".to_owned());
    let all = Category::ALL.into_iter().map(|c| (c.as_str().to_owned(), c.label().to_owned()));
    std::iter::once(unknown).chain(all).collect()
}
