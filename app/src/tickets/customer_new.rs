//! Asking for help.

use super::api::CreateTicket;
use crate::conversations::{AttachButton, Chosen, Uploads, counter, drop_draft, keep_draft, keep_files, new_client_id, too_long};
use crate::form::{Post, PostError, PostForm};
use crate::layout::customer::{Mine, failed, use_mine};
use crate::shell::use_viewer;
use crate::ui::{Button, ErrorNote, Field, PageTitle, Select, Size, Skeleton, TextArea, Variant};
use crate::vendors::customer_list::first_vendor;
use crate::vendors::customer_mark::presence_words;
use coco::tickets::{Category, MAX_SUBJECT, Priority};
use leptos::prelude::*;

/// `/customer/tickets/new`
#[component]
pub fn NewTicketPage() -> impl IntoView {
    let mine = use_mine();
    view! {
        <div class="page narrow">
            <PageTitle text="How can we help?" />
            <Transition fallback=|| view! { <Skeleton count=5 /> }>{form(mine)}</Transition>
        </div>
    }
}

/// The form, made anew only when the customer comes to another vendor: what was filled in stays.
fn form(mine: Mine) -> AnyView {
    let joined = Memo::new(move |_| {
        let all = mine.vendors.get()?.ok()?;
        Some(all.into_iter().filter(|c| c.joined).map(|c| (c.vendor.id.to_string(), c.vendor.name)).collect::<Vec<_>>())
    });
    // The form that comes with the first vendor begins where the page does, not where the button was.
    Effect::new(move |was_empty: Option<bool>| {
        let is_empty = joined.with(|j| j.as_ref().is_some_and(Vec::is_empty));
        if was_empty == Some(true) && !is_empty {
            request_animation_frame(|| window().scroll_to_with_x_and_y(0.0, 0.0));
        }
        is_empty
    });
    let error = move || {
        let error = mine.vendors.get()?.err()?;
        Some(failed(&error, "the form", Callback::new(move |()| mine.reload_vendors())))
    };
    let inner = move || {
        let (vendors, viewer) = (joined.get()?, use_viewer()?);
        if vendors.is_empty() {
            let choices = mine.vendors.get()?.ok()?;
            let first = view! {
                <p class="page-lead">"First choose who you need help from."</p>
                {first_vendor(mine, choices)}
            };
            return Some(first.into_any());
        }
        Some(view! { <NewTicket mine vendors me=viewer.id.to_string() /> }.into_any())
    };
    view! {
        {error}
        {inner}
    }
    .into_any()
}

#[component]
fn NewTicket(mine: Mine, vendors: Vec<(String, String)>, me: String) -> impl IntoView {
    let first = vendors.first().map(|(id, _)| id.clone()).unwrap_or_default();
    let post = Post::to::<CreateTicket>();
    let problem = RwSignal::new(None::<String>);
    let uploads = Uploads::new(problem);
    let (of_subject, of_description) = (["coco-new-subject-", &me].concat(), ["coco-new-description-", &me].concat());
    let of_uploads = ["coco-new-files-", &me].concat();
    let drafts = [of_subject.clone(), of_description.clone(), of_uploads.clone()];
    let done = Callback::new(move |_: String| drafts.iter().for_each(|key| drop_draft(key)));
    let subject = RwSignal::new(String::new());
    let description = RwSignal::new(String::new());
    let client_id = client_id(post, subject, description);
    let vendor = RwSignal::new(first);
    let words = move || {
        let all = mine.vendors.get()?.ok()?;
        let chosen = all.iter().find(|c| vendor.with(|v| v == c.vendor.id.as_str()))?;
        Some([&chosen.vendor.name, ": ", &presence_words(chosen)].concat())
    };
    let attached = move || {
        let one = |file: coco::conversations::Attachment| view! { <input type="hidden" name="attachments[]" value=file.id.to_string() /> };
        uploads.files.get().into_iter().map(one).collect::<Vec<_>>()
    };
    let refused = post.field("description");
    let long = Signal::derive(move || description.with(|d| too_long(d)));
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
                error=Signal::derive(move || long.get().or_else(|| refused.get()))
            />
            {move || description.with(|d| counter(d)).map(|words| view! { <p class="field-hint">{words}</p> })}
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
            <input type="hidden" name="client_id" value=move || client_id.get() />
            <div class="form-end">
                <Button
                    variant=Variant::Primary
                    size=Size::Large
                    submit=true
                    disabled=Signal::derive(move || long.with(Option::is_some) || uploads.holds().is_some())
                    busy=Signal::derive(move || post.pending.get() || uploads.busy.get() > 0)
                >
                    "Create ticket"
                </Button>
                <p class="field-hint">{words}</p>
            </div>
        </PostForm>
    };
    keep_draft(subject, of_subject);
    keep_draft(description, of_description);
    keep_files(uploads.files, of_uploads);
    form
}

/// Pressing twice, or again after a lost answer, opens one ticket, also without JavaScript. What was changed after
/// a failure is another question: the one before may have arrived after all.
fn client_id(post: Post, subject: RwSignal<String>, description: RwSignal<String>) -> RwSignal<String> {
    // The one the server rendered stays in the field when the page comes alive.
    let id = RwSignal::new(new_client_id());
    let asked = StoredValue::new(None::<(String, String)>);
    Effect::new(move |_| {
        if post.error.with(Option::is_some) {
            asked.set_value(Some((subject.get_untracked(), description.get_untracked())));
        }
    });
    Effect::new(move |_| {
        let now = (subject.get(), description.get());
        if asked.with_value(|asked| asked.as_ref().is_some_and(|asked| *asked != now)) {
            asked.set_value(None);
            id.set(new_client_id());
        }
    });
    id
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
