//! Files on messages, and taking them in.

use crate::json;
use crate::ui::{Glyph, Icon};
use coco::conversations::Attachment;
use coco::id::AttachmentId;
use leptos::prelude::*;
use serde::Deserialize;

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
pub fn uploaded(answer: &str) -> Option<Attachment> {
    #[derive(Deserialize)]
    struct Answer {
        attachment: File,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct File {
        id: AttachmentId,
        name: String,
        content_type: String,
        size: i64,
        thumbnail_url: Option<String>,
    }
    let File { id, name, content_type, size, thumbnail_url } = json::read::<Answer>(answer).ok()?.attachment;
    Some(Attachment { id, name, content_type, size, has_thumbnail: thumbnail_url.is_some() })
}

/// Why a file is not here.
#[cfg(feature = "hydrate")]
pub enum NotHere {
    /// The server could not be reached: it may work later.
    Lost,
    /// What to tell the person.
    Refused(String),
}

/// Uploads a file; the stored one.
#[cfg(feature = "hydrate")]
pub async fn upload(file: &web_sys::File) -> Result<Attachment, NotHere> {
    use crate::error::ApiError;
    if file.size() > coco::conversations::MAX_FILE as f64 {
        return Err(NotHere::Refused([&file.name(), " is too large. The limit is 25 MB."].concat()));
    }
    let form = web_sys::FormData::new().map_err(|_| NotHere::Lost)?;
    form.append_with_blob_and_filename("file", file, &file.name()).map_err(|_| NotHere::Lost)?;
    let request = gloo_net::http::Request::post("/api/attachments").body(form).map_err(|_| NotHere::Lost)?;
    let answer = request.send().await.map_err(|_| NotHere::Lost)?;
    let body = answer.text().await.map_err(|_| NotHere::Lost)?;
    if answer.ok() {
        return uploaded(&body).ok_or(NotHere::Lost);
    }
    Err(match ApiError::read(body.as_bytes()) {
        passing if passing.is_passing() => NotHere::Lost,
        refused => NotHere::Refused(refused.to_string()),
    })
}
