//! Files on messages, and taking them in.

use crate::ui::{Glyph, Icon};
use coco::conversations::Attachment;
use leptos::prelude::*;

/// The files of a message: pictures as thumbnails, sound with the browser's player, which also tells how long it is,
/// everything else by name and size.
#[component]
pub fn Files(
    /// The files.
    files: Vec<Attachment>,
) -> impl IntoView {
    files
        .into_iter()
        .map(|file| {
            let (url, name, size) = (file.url(), file.name.clone(), human_size(file.size));
            if file.has_thumbnail {
                let small = [&url, "/thumbnail"].concat();
                view! { <a class="bubble-picture" href=url target="_blank" rel="noopener external"><img src=small alt=name loading="lazy" /></a> }.into_any()
            } else {
                let player = file.is_sound().then(|| {
                    let label = ["Voice note: ", &name].concat();
                    view! { <audio class="bubble-sound" controls preload="metadata" src=url.clone() aria-label=label></audio> }
                });
                view! {
                    {player}
                    <a class="bubble-file" href=url download=name rel="external">
                        <Icon glyph=Glyph::PAPERCLIP />
                        <span class="bubble-file-name">{file.name}</span>
                        <span class="bubble-file-size">{size}</span>
                    </a>
                }
                .into_any()
            }
        })
        .collect_view()
}

/// "4 KB", "2.5 MB".
pub fn human_size(bytes: i64) -> String {
    match bytes {
        b if b < 1024 => format!("{b} B"),
        b if b < 1024 * 1024 => format!("{} KB", b / 1024),
        b => format!("{}.{} MB", b / 1_048_576, b % 1_048_576 * 10 / 1_048_576),
    }
}

/// The stored file in the answer of `POST /api/attachments`, which is the API's and names it in the API's words.
#[must_use]
pub fn uploaded(answer: &serde_json::Value) -> Option<Attachment> {
    let file = answer.get("attachment")?;
    let text = |name: &str| file.get(name)?.as_str().map(str::to_owned);
    Some(Attachment {
        id: text("id")?.parse().ok()?,
        name: text("name")?,
        content_type: text("contentType")?,
        size: file.get("size")?.as_i64()?,
        has_thumbnail: text("thumbnailUrl").is_some(),
    })
}

/// Uploads a file; the stored one, or what to tell the person.
#[cfg(feature = "hydrate")]
pub async fn upload(file: web_sys::File) -> Result<Attachment, String> {
    const LOST: &str = "We couldn't upload this. Check your connection and try again.";
    if file.size() > coco::conversations::MAX_FILE as f64 {
        return Err([&file.name(), " is too large. The limit is 25 MB."].concat());
    }
    let form = web_sys::FormData::new().map_err(|_| LOST)?;
    form.append_with_blob_and_filename("file", &file, &file.name()).map_err(|_| LOST)?;
    let request = gloo_net::http::Request::post("/api/attachments").body(form).map_err(|_| LOST)?;
    let answer = request.send().await.map_err(|_| LOST)?;
    let value: serde_json::Value = answer.json().await.map_err(|_| LOST)?;
    if answer.ok() {
        uploaded(&value).ok_or_else(|| LOST.to_owned())
    } else {
        Err(value.get("detail").and_then(|d| d.as_str()).unwrap_or(LOST).to_owned())
    }
}
