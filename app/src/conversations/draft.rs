//! What is being typed, kept over reloads.

use crate::live::storage;
use leptos::prelude::*;

/// Restores what was kept under `key` when the page comes alive, and keeps the text as it grows. Call it after
/// the field was made, so that what was typed before the page came alive counts.
pub fn keep_draft(text: RwSignal<String>, key: String) {
    Effect::new(move |before: Option<()>| {
        let now = text.get();
        let Some(storage) = storage() else { return };
        if before.is_none() && now.is_empty() {
            if let Some(kept) = storage.get_item(&key).ok().flatten() {
                text.set(kept);
            }
        } else if now.is_empty() {
            let _ = storage.remove_item(&key);
        } else {
            let _ = storage.set_item(&key, &now);
        }
    });
}

/// The same for a field with two texts, such as an answer and a note: `other` says which it holds now,
/// and each has a draft of its own.
pub fn keep_drafts(text: RwSignal<String>, other: Signal<bool>, keys: [String; 2]) {
    Effect::new(move |before: Option<bool>| {
        let (now, other) = (text.get(), other.get());
        let Some(storage) = storage() else { return other };
        let key = &keys[usize::from(other)];
        let kept = || storage.get_item(key).ok().flatten();
        match before {
            Some(before) if before != other => text.set(kept().unwrap_or_default()),
            None if now.is_empty() => {
                if let Some(kept) = kept() {
                    text.set(kept);
                }
            }
            _ if now.is_empty() => drop_draft(key),
            _ => {
                let _ = storage.set_item(key, &now);
            }
        }
        other
    });
}

/// Forgets it, once it is sent.
pub fn drop_draft(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}
