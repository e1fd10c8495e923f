//! Files to go with what is being written.

use super::files::human_size;
use crate::ui::{Glyph, IconButton};
use coco::conversations::{Attachment, MAX_FILES};
use leptos::html;
use leptos::prelude::*;

/// Why nothing can be sent while files are on their way.
pub(super) const STILL_UPLOADING: &str = "Your files are still on their way. Send when they are here.";

/// Files that were uploaded, and those on their way.
#[derive(Clone, Copy)]
pub struct Uploads {
    /// Uploaded.
    pub files: RwSignal<Vec<Attachment>>,
    /// How many are on their way.
    pub busy: RwSignal<usize>,
    /// Why the last one is not here.
    pub problem: RwSignal<Option<String>>,
}

impl Uploads {
    /// Nothing yet; problems are told through `problem`.
    #[must_use]
    pub fn new(problem: RwSignal<Option<String>>) -> Self {
        Self { files: RwSignal::new(Vec::new()), busy: RwSignal::new(0), problem }
    }

    /// Takes in what was chosen, pasted or dropped.
    pub fn take(self, list: Option<web_sys::FileList>) {
        let Some(list) = list else { return };
        for i in 0..list.length() {
            let Some(file) = list.get(i) else { continue };
            if self.files.with_untracked(Vec::len) + self.busy.get_untracked() >= MAX_FILES {
                self.problem.set(Some(["At most ", &MAX_FILES.to_string(), " files at once."].concat()));
                return;
            }
            self.upload(file);
        }
    }

    #[cfg(feature = "hydrate")]
    fn upload(self, file: web_sys::File) {
        self.busy.update(|b| *b += 1);
        self.problem.set(None);
        leptos::task::spawn_local(async move {
            match super::files::upload(file).await {
                Ok(stored) => self.files.try_update(|f| f.push(stored)),
                Err(reason) => self.problem.try_update(|p| *p = Some(reason)),
            };
            self.busy.try_update(|b| *b -= 1);
            if self.busy.try_get_untracked() == Some(0) && self.problem.with_untracked(|p| p.as_deref() == Some(STILL_UPLOADING)) {
                self.problem.set(None);
            }
        });
    }

    #[cfg(not(feature = "hydrate"))]
    fn upload(self, _: web_sys::File) {}
}

/// The button to choose files. Without JavaScript it is not shown.
#[component]
pub fn AttachButton(
    /// Where they go.
    uploads: Uploads,
) -> impl IntoView {
    let picker = NodeRef::<html::Input>::new();
    view! {
        <span class="attach">
            <input
                class="vh"
                type="file"
                multiple
                tabindex="-1"
                aria-label="Files"
                node_ref=picker
                on:change=move |_| {
                    if let Some(input) = picker.get_untracked() {
                        uploads.take(input.files());
                        input.set_value("");
                    }
                }
            />
            <IconButton
                label="Attach a file"
                glyph=Glyph::PAPERCLIP
                disabled=Signal::derive(move || uploads.busy.get() > 0)
                on:click=move |_| {
                    if let Some(input) = picker.get_untracked() {
                        input.click();
                    }
                }
            />
        </span>
    }
}

/// The files chosen so far, each with a way to take it out again.
#[component]
pub fn Chosen(
    /// The files.
    uploads: Uploads,
) -> impl IntoView {
    let rows = move || {
        let row = |file: Attachment| {
            let id = file.id;
            let remove = ["Remove ", &file.name].concat();
            view! {
                <li>
                    <span class="bubble-file-name">{file.name}</span>
                    <span class="bubble-file-size">{human_size(file.size)}</span>
                    <IconButton label=remove glyph=Glyph::X on:click=move |_| uploads.files.update(|f| f.retain(|a| a.id != id)) />
                </li>
            }
        };
        uploads.files.get().into_iter().map(row).collect::<Vec<_>>()
    };
    let busy =
        move || (uploads.busy.get() > 0).then(|| view! { <li class="composer-uploading">"Uploading… You can send when it is here."</li> });
    view! { <ul class="composer-files" aria-live="polite">{rows} {busy}</ul> }
}
