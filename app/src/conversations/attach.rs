//! Files to go with what is being written.

use super::files::human_size;
use crate::live::use_live;
use crate::ui::{Button, Glyph, IconButton, Size, Variant};
use coco::conversations::{Attachment, MAX_FILES};
use leptos::html;
use leptos::prelude::*;
use web_sys::File;

/// Why nothing can be sent while files are on their way.
const STILL_UPLOADING: &str = "Your files are still on their way. Send when they are here.";

/// Why nothing can be sent while files wait.
const STILL_WAITING: &str = "A file could not be uploaded yet. Send when it is here, or remove it.";

/// Files that were uploaded, and those on their way.
#[derive(Clone, Copy)]
pub struct Uploads {
    /// Uploaded.
    pub files: RwSignal<Vec<Attachment>>,
    /// How many are on their way.
    pub busy: RwSignal<usize>,
    /// Those that wait for the connection.
    waiting: RwSignal<Vec<File>>,
    /// Why the last one is not here.
    pub problem: RwSignal<Option<String>>,
}

impl Uploads {
    /// Nothing yet; problems are told through `problem`.
    #[must_use]
    pub fn new(problem: RwSignal<Option<String>>) -> Self {
        let this = Self { files: RwSignal::new(Vec::new()), busy: RwSignal::new(0), waiting: RwSignal::new(Vec::new()), problem };
        let connection = use_live().connection;
        Effect::new(move |before: Option<bool>| {
            let connected = connection.get().is_connected();
            if connected && before == Some(false) {
                this.retry();
            }
            connected
        });
        this
    }

    /// Takes in what was chosen, pasted or dropped.
    pub fn take(self, list: Option<web_sys::FileList>) {
        let Some(list) = list else { return };
        for i in 0..list.length() {
            let Some(file) = list.get(i) else { continue };
            if self.files.with_untracked(Vec::len) + self.waiting.with_untracked(Vec::len) + self.busy.get_untracked() >= MAX_FILES {
                self.problem.set(Some(["At most ", &MAX_FILES.to_string(), " files at once."].concat()));
                return;
            }
            self.problem.set(None);
            self.upload(file);
        }
    }

    /// Why nothing can be sent now; the files would be left behind.
    #[must_use]
    pub fn holds(self) -> Option<&'static str> {
        let waits = !self.waiting.with(Vec::is_empty);
        if self.busy.get() > 0 { Some(STILL_UPLOADING) } else { waits.then_some(STILL_WAITING) }
    }

    fn retry(self) {
        let waiting = self.waiting.try_update(std::mem::take).unwrap_or_default();
        waiting.into_iter().for_each(|file| self.upload(file));
    }

    fn remove(self, file: &File) {
        self.waiting.update(|w| w.retain(|one| one != file));
        self.settle();
    }

    /// Nobody is told to wait any longer than they must.
    fn settle(self) {
        let told = self.problem.with_untracked(|p| matches!(p.as_deref(), Some(STILL_UPLOADING | STILL_WAITING)));
        if told {
            self.problem.set(untrack(|| self.holds()).map(str::to_owned));
        }
    }

    #[cfg(feature = "hydrate")]
    fn upload(self, file: File) {
        use super::files::{NotHere, upload};
        self.busy.update(|b| *b += 1);
        leptos::task::spawn_local(async move {
            let answer = upload(&file).await;
            if self.files.is_disposed() {
                return;
            }
            match answer {
                Ok(stored) => self.files.update(|f| f.push(stored)),
                Err(NotHere::Lost) => self.waiting.update(|w| w.push(file)),
                Err(NotHere::Refused(reason)) => self.problem.set(Some(reason)),
            }
            self.busy.update(|b| *b -= 1);
            self.settle();
        });
    }

    #[cfg(not(feature = "hydrate"))]
    fn upload(self, _: File) {}
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
    let connection = use_live().connection;
    let waiting = move || {
        let words = if connection.get().is_connected() { "not uploaded yet" } else { "waits for the connection" };
        uploads.waiting.get().into_iter().map(|file| waits(uploads, file, words)).collect::<Vec<_>>()
    };
    let busy =
        move || (uploads.busy.get() > 0).then(|| view! { <li class="composer-uploading">"Uploading… You can send when it is here."</li> });
    view! { <ul class="composer-files" aria-live="polite">{rows} {waiting} {busy}</ul> }
}

/// A file that could not be uploaded for want of a connection.
fn waits(uploads: Uploads, file: File, words: &'static str) -> impl IntoView {
    let name = file.name();
    let remove = ["Remove ", &name].concat();
    view! {
        <li>
            <span class="bubble-file-name">{name}</span>
            <span class="bubble-file-size">{words}</span>
            <Button variant=Variant::Ghost size=Size::Small on:click=move |_| uploads.retry()>"Try again"</Button>
            <IconButton label=remove glyph=Glyph::X on:click=move |_| uploads.remove(&file) />
        </li>
    }
}
