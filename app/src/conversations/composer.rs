//! The box to write in. What is typed is kept over reloads until it is sent.

use super::api::PostMessage;
use super::attach::{AttachButton, Chosen, Uploads};
use super::draft::keep_drafts;
use super::emoji::Emoji;
use super::store::{After, Side, ThreadStore};
use crate::live::use_live;
use crate::ui::{Button, Glyph, TextArea, Variant};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// Typing is told at most this often, in milliseconds; it ends by itself a little later.
const TYPING_EVERY: f64 = 2_000.0;

/// Text, files, and the button to send. Without JavaScript it is a plain form.
#[component]
pub fn Composer(
    /// The thread it writes to.
    store: ThreadStore,
    /// Write an internal note instead of an answer.
    #[prop(optional, into)]
    note: Signal<bool>,
    /// What is written, for those who put words in, such as canned responses.
    #[prop(optional)]
    text: Option<RwSignal<String>>,
    /// What else a rep can do on sending.
    #[prop(optional)]
    children: Option<Children>,
    /// Runs when a message was stored.
    #[prop(optional, into)]
    sent: Option<Callback<()>>,
    /// What to do when the next message was stored, instead of `sent`; taken on sending. For buttons
    /// that do more than send.
    #[prop(optional)]
    then: Option<StoredValue<Option<After>>>,
) -> impl IntoView {
    let text = text.unwrap_or_default();
    let problem = RwSignal::new(None::<String>);
    let uploads = Uploads::new(problem);
    let live = use_live();
    let told = StoredValue::new(0.0);

    let type_now = move || {
        let now = js_sys::Date::now();
        if !note.get_untracked() && now - told.get_value() > TYPING_EVERY {
            told.set_value(now);
            live.tell(&frame("typing", store));
        }
    };
    let submit = move || {
        let then = then.and_then(|t| t.try_update_value(Option::take).flatten());
        let content = text.get_untracked().trim().to_owned();
        let attached = uploads.files.get_untracked();
        if (content.is_empty() && attached.is_empty()) || uploads.busy.get_untracked() > 0 {
            return;
        }
        if content.chars().count() > coco::tickets::MAX_BODY {
            problem.set(Some(["Use at most ", &coco::tickets::MAX_BODY.to_string(), " characters."].concat()));
            return;
        }
        let after = then.unwrap_or_else(|| {
            Box::new(move || {
                if let Some(sent) = sent {
                    sent.try_run(());
                }
            })
        });
        store.send_then(content, note.get_untracked(), attached, after);
        text.set(String::new());
        uploads.files.set(Vec::new());
        problem.set(None);
        told.set_value(0.0);
        live.tell(&frame("stop_typing", store));
    };
    let on_key = move |e: web_sys::KeyboardEvent| {
        let plain = e.key() == "Enter" && !e.shift_key() && !e.is_composing();
        if plain && (store.side == Side::Desk || !is_touch()) {
            e.prevent_default();
            submit();
        }
    };
    let label = move || if note.get() { "Add note" } else { "Send" };
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
            <input type="hidden" name="note" value=move || note.get().to_string() />
            <Chosen uploads />
            <TextArea
                label="Message"
                name="content"
                hide_label=true
                value=text
                rows=1
                grows="5"
                placeholder=if store.side == Side::Customer { "Write a message" } else { "Write an answer" }
                error=problem
                on:keydown=on_key
                on:input=move |_| type_now()
            />
            <div class="composer-bar">
                <AttachButton uploads />
                <Emoji text id="composer-emoji" />
                <span class="composer-space"></span>
                {children.map(|c| c())}
                <Button variant=Variant::Primary submit=true glyph=Glyph::SEND>{label}</Button>
            </div>
        </form>
    };
    let key = ["coco-draft-", store.ticket.get_value().as_str()].concat();
    keep_drafts(text, note, [key.clone(), [&key, "-note"].concat()]);
    form
}

fn frame(kind: &str, store: ThreadStore) -> String {
    let name = store.me.with_value(|me| me.name.clone());
    serde_json::json!({ "type": kind, "conversationId": store.conversation.get_value(), "data": { "userName": name } }).to_string()
}

fn is_touch() -> bool {
    window().match_media("(pointer: coarse)").ok().flatten().is_some_and(|m| m.matches())
}
