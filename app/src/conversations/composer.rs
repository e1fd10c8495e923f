//! The box to write in. What is typed is kept over reloads until it is sent.

use super::api::PostMessage;
use super::attach::{AttachButton, Chosen, Uploads};
use super::draft::{keep_drafts, keep_files};
use super::emoji::Emoji;
use super::length::{counter, too_long};
use super::outbox::Then;
use super::store::{Side, ThreadStore};
use crate::live::use_live;
use crate::ui::{Button, Glyph, TextArea, Variant};
use coco::id::ConversationId;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use serde::Serialize;

/// Typing is told at most this often, in milliseconds; it ends by itself a little later.
const TYPING_EVERY: f64 = 2_000.0;

/// What a button asks of the next sending besides sending.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Asked {
    /// Write an internal note, whatever the box is for.
    pub note: bool,
    /// What to do when it is stored.
    pub then: Then,
}

/// Text, files, and the button to send. Without JavaScript it is a plain form.
#[component]
pub fn Composer(
    /// The thread it writes to.
    store: ThreadStore,
    /// Write an internal note instead of an answer.
    #[prop(optional, into)]
    note: Signal<bool>,
    /// What else a rep can do on sending.
    #[prop(optional)]
    children: Option<Children>,
    /// What the button that was pressed asks for; taken on sending.
    #[prop(optional)]
    asked: Option<StoredValue<Asked>>,
    /// What is written.
    #[prop(default = RwSignal::new(String::new()))]
    text: RwSignal<String>,
) -> impl IntoView {
    let problem = RwSignal::new(None::<String>);
    let uploads = Uploads::new(problem);
    let live = use_live();
    let told = StoredValue::new(0.0);

    let stop_typing = move || {
        if told.get_value() > 0.0 {
            told.set_value(0.0);
            live.tell(&frame("stop_typing", store));
        }
    };
    let type_now = move || {
        let now = js_sys::Date::now();
        if text.with_untracked(String::is_empty) {
            stop_typing();
        } else if !note.get_untracked() && now - told.get_value() > TYPING_EVERY {
            told.set_value(now);
            live.tell(&frame("typing", store));
        }
    };
    let submit = move || {
        let asked = asked.and_then(|a| a.try_update_value(std::mem::take)).unwrap_or_default();
        let content = text.get_untracked().trim().to_owned();
        let attached = uploads.files.get_untracked();
        if let Some(why) = untrack(|| uploads.holds()) {
            problem.set(Some(why.to_owned()));
            return;
        }
        if (content.is_empty() && attached.is_empty()) || too_long(&content).is_some() {
            return;
        }
        store.send(content, asked.note || note.get_untracked(), attached, asked.then);
        text.set(String::new());
        uploads.files.set(Vec::new());
        problem.set(None);
        stop_typing();
    };
    let on_key = move |e: web_sys::KeyboardEvent| {
        let plain = e.key() == "Enter" && !e.shift_key() && !e.is_composing();
        if plain && (store.side == Side::Desk || !is_touch()) {
            e.prevent_default();
            submit();
        }
    };
    let uploading = Signal::derive(move || uploads.busy.get() > 0);
    let send = move || {
        let button = || view! { <Button variant=Variant::Primary submit=true glyph=Glyph::SEND disabled=uploading>"Send"</Button> };
        (!note.get()).then(button)
    };
    let form = view! {
        <form
            class="composer"
            data-note=move || note.get().to_string()
            action=PostMessage::url()
            method="post"
            on:submit=move |e| {
                e.prevent_default();
                submit();
            }
            on:paste=move |e: web_sys::ClipboardEvent| uploads.take(e.clipboard_data().and_then(|d| d.files()))
            on:dragover=|e| e.prevent_default()
            on:drop=move |e: web_sys::DragEvent| {
                e.prevent_default();
                uploads.take(e.data_transfer().and_then(|d| d.files()));
            }
        >
            <input type="hidden" name="conversation" value=store.conversation.get_value().to_string() />
            <Chosen uploads />
            <TextArea
                label="Message"
                name="content"
                hide_label=true
                value=text
                rows=1
                grows="5"
                placeholder=if store.side == Side::Customer { "Write a message" } else { "Write an answer" }
                error=Signal::derive(move || text.with(|t| too_long(t)).or_else(|| problem.get()))
                on:keydown=on_key
                on:input=move |_| type_now()
            />
            {move || text.with(|t| counter(t)).map(|words| view! { <p class="field-hint">{words}</p> })}
            <div class="composer-bar">
                <AttachButton uploads />
                <Emoji text id="composer-emoji" />
                <span class="composer-space"></span>
                {children.map(|c| c())}
                {send}
            </div>
        </form>
    };
    let key = ["coco-draft-", &store.me.with_value(|me| me.id.to_string()), "-", store.ticket.get_value().as_str()].concat();
    keep_files(uploads.files, [&key, "-files"].concat());
    keep_drafts(text, note, [key.clone(), [&key, "-note"].concat()]);
    form
}

fn frame(kind: &str, store: ThreadStore) -> String {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Frame<'a> {
        r#type: &'a str,
        conversation_id: ConversationId,
        data: Data,
    }
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Data {
        user_name: String,
    }
    let data = Data { user_name: store.me.with_value(|me| me.name.clone()) };
    serde_json::to_string(&Frame { r#type: kind, conversation_id: store.conversation.get_value(), data }).unwrap_or_default()
}

fn is_touch() -> bool {
    window().match_media("(pointer: coarse)").ok().flatten().is_some_and(|m| m.matches())
}
