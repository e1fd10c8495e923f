//! What is being typed, kept over reloads.

use crate::json;
use crate::live::storage;
use coco::conversations::Attachment;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// In milliseconds. The server keeps for a day what was uploaded and not sent; a little less, so that one does not
/// send what it removes in that moment.
const KEEP_FILES: i64 = 23 * 60 * 60 * 1_000;

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

/// Files that were uploaded and not sent yet.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// When the first of them was, in milliseconds.
    since: i64,
    files: Vec<Attachment>,
}

impl Kept {
    fn read(text: &str, now: i64) -> Option<Self> {
        json::read::<Self>(text).ok().filter(|kept| (0..KEEP_FILES).contains(&(now - kept.since)))
    }
}

/// The same for uploaded files, as long as the server has them.
pub fn keep_files(files: RwSignal<Vec<Attachment>>, key: String) {
    Effect::new(move |before: Option<()>| {
        let chosen = files.get();
        let Some(storage) = storage() else { return };
        let now = js_sys::Date::now() as i64;
        let kept = storage.get_item(&key).ok().flatten().and_then(|text| Kept::read(&text, now));
        match kept {
            Some(kept) if before.is_none() && chosen.is_empty() => files.set(kept.files),
            _ if chosen.is_empty() => drop_draft(&key),
            kept => {
                let kept = Kept { since: kept.map_or(now, |kept| kept.since), files: chosen };
                if let Ok(text) = serde_json::to_string(&kept) {
                    let _ = storage.set_item(&key, &text);
                }
            }
        }
    });
}

/// Forgets it, once it is sent.
pub fn drop_draft(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}

#[cfg(test)]
mod tests {
    use super::{KEEP_FILES, Kept};

    #[test]
    fn files_are_kept_as_long_as_the_server_has_them() {
        let file = r#"{"id":"0190aaaa-0000-7000-8000-000000000001","name":"a.png","contentType":"image/png","size":3,"hasThumbnail":true}"#;
        let files = vec![serde_json::from_str(file).unwrap()];
        let text = serde_json::to_string(&Kept { since: 1_000, files }).unwrap();
        let names = |now| Kept::read(&text, now).map(|kept| kept.files.into_iter().map(|f| f.name).collect::<Vec<_>>());
        assert_eq!(names(2_000), Some(vec!["a.png".to_owned()]));
        assert_eq!(names(1_000 + KEEP_FILES), None);
        assert_eq!(names(0), None, "a clock that went back says nothing");
    }
}
