//! The text of a message. In a note, those it calls by name stand out.

use super::store::ThreadStore;
use coco::conversations::mentions::spans;
use leptos::prelude::*;

/// What someone wrote, as text whatever it looks like.
#[component]
pub(super) fn Words(
    /// What they wrote.
    text: String,
    /// It is a note.
    note: bool,
    /// The thread it is in.
    store: ThreadStore,
) -> impl IntoView {
    let words = if note { (move || named(&text, &store.names.get())).into_any() } else { text.into_any() };
    view! { <p class="bubble-text" dir="auto">{words}</p> }
}

fn named(text: &str, names: &[String]) -> Vec<AnyView> {
    let (mut words, mut from) = (Vec::new(), 0);
    for span in spans(text, names) {
        words.extend(plain(&text[from..span.start]));
        from = span.end;
        let name = text[span].to_owned();
        words.push(view! { <span class="bubble-mention">{name}</span> }.into_any());
    }
    words.extend(plain(&text[from..]));
    words
}

/// An empty text would be rendered as a space.
fn plain(text: &str) -> Option<AnyView> {
    (!text.is_empty()).then(|| text.to_owned().into_any())
}
