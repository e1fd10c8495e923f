//! Files: taken in with suspicion, given out with care.
//!
//! What a file is says its first bytes, never its name or the browser. Images are decoded under
//! limits for a thumbnail, which also drops what cameras hide in them. Nothing that a browser would run is ever
//! shown inline.

use super::service::Conversations;
use super::{Attachment, MAX_FILE, Visibility, store};
use crate::actor::{Action, Actor, Subject};
use crate::error::{Error, Result};
use crate::id::{AttachmentId, TicketId};
use crate::ports::scanner::Finding;
use crate::text::{clean, snippet};
use crate::time::DAY;
use crate::trace::TARGET;
use bytes::Bytes;
use futures::stream::{BoxStream, StreamExt};
use object_store::{GetOptions, ObjectStore, ObjectStoreExt, path::Path};
use std::io::Cursor;
use std::ops::Range;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tracing::instrument;

/// The longer side of a thumbnail, in pixels.
const THUMBNAIL: u32 = 480;
/// The most pixels an image may have on a side.
const MAX_SIDE: u32 = 12_000;
/// The most memory decoding may take, in bytes.
const MAX_DECODE: u64 = 64 * 1024 * 1024;
/// Images decoded at a time; others wait.
pub(super) const DECODED_AT_ONCE: usize = 2;
/// The tracks of a recording are told within this many bytes.
const TRACKS: usize = 4096;
/// Uploads that never went out are removed after this long.
const KEEP_UNSENT: i64 = DAY;

/// A file to be given out.
#[derive(Debug, Clone)]
pub struct Download {
    /// What it is.
    pub file: Attachment,
    /// Bytes of the file, or of its thumbnail.
    pub size: u64,
    /// May be shown in the page; else it is offered for saving.
    pub inline: bool,
    files: Arc<dyn ObjectStore>,
    at: Path,
}

impl Download {
    /// The bytes of a range that is not empty, as they come from the disk.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the file is gone, [`Error::Unavailable`] when the disk does not give it.
    #[instrument(target = TARGET, name = "conversations.read", skip_all)]
    pub async fn read(&self, range: Range<u64>) -> Result<BoxStream<'static, Result<Bytes>>> {
        let options = GetOptions { range: Some(range.into()), ..GetOptions::default() };
        let got = self.files.get_opts(&self.at, options).await.map_err(missing)?;
        Ok(got.into_stream().map(|part| part.map_err(missing)).boxed())
    }
}

fn missing(e: object_store::Error) -> Error {
    match e {
        object_store::Error::NotFound { .. } => Error::NotFound,
        other => Error::Unavailable(other.to_string()),
    }
}

impl Conversations {
    /// Takes in a file, to be sent with a message later.
    ///
    /// # Errors
    /// [`Error::TooLarge`], [`Error::Invalid`] for `file` when empty or harmful, [`Error::Unchecked`] when
    /// nobody could look through it, [`Error::Unavailable`] when the disk does not take it.
    #[instrument(target = TARGET, name = "conversations.upload", skip_all)]
    pub async fn upload(&self, actor: &Actor, name: &str, bytes: Bytes) -> Result<Attachment> {
        actor.may(Action::Reply, Subject::Any)?;
        if bytes.len() as u64 > MAX_FILE {
            return Err(Error::TooLarge(MAX_FILE));
        }
        if bytes.is_empty() {
            return Err(Error::invalid("file", "This file is empty."));
        }
        // Before anything of ours reads it, and while nothing is held that others wait for.
        self.scan(actor, bytes.clone()).await?;
        let content_type = sniff(&bytes);
        let thumbnail = if content_type.starts_with("image/") { thumbnail(&self.decoding, bytes.clone()).await } else { None };
        let file = Attachment {
            id: self.core.id(),
            name: file_name(name, &content_type),
            content_type,
            size: bytes.len() as i64,
            has_thumbnail: thumbnail.is_some(),
        };
        self.put(&location(&file.id, false), bytes).await?;
        if let Some(small) = thumbnail {
            self.put(&location(&file.id, true), small).await?;
        }
        let mut tx = self.core.db.begin().await?;
        store::insert_file(&mut tx, &file, &actor.id, self.core.now()).await?;
        tx.commit().await?;
        Ok(file)
    }

    async fn scan(&self, actor: &Actor, bytes: Bytes) -> Result<()> {
        let Some(scanner) = &self.scanner else { return Ok(()) };
        let Finding::Harmful(name) = scanner.scan(bytes).await? else { return Ok(()) };
        tracing::warn!(user_id = %actor.id, name, "attachments.harmful");
        Err(Error::invalid("file", format!("This file looks harmful ({name}). It was not uploaded.")))
    }

    async fn put(&self, at: &Path, bytes: Bytes) -> Result<()> {
        self.files.put(at, bytes.into()).await.map_err(|e| Error::Unavailable(e.to_string()))?;
        Ok(())
    }

    /// Gives out a file or its thumbnail: to its uploader, and to those who may read its message.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    #[instrument(target = TARGET, name = "conversations.download", skip_all)]
    pub async fn download(&self, actor: &Actor, id: &AttachmentId, small: bool) -> Result<Download> {
        let stored = store::file(&mut self.core.db.read().await?, id).await?.ok_or(Error::NotFound)?;
        match &stored.ticket_id {
            None if stored.uploader_id == actor.id => {}
            None => return Err(Error::NotFound),
            Some(ticket) => self.check(actor, ticket, stored.visibility).await?,
        }
        if small && !stored.file.has_thumbnail {
            return Err(Error::NotFound);
        }
        let at = location(id, small);
        let size = self.files.head(&at).await.map_err(missing)?.size;
        let inline = small || shown_inline(&stored.file);
        Ok(Download { file: stored.file, size, inline, files: self.files.clone(), at })
    }

    async fn check(&self, actor: &Actor, ticket: &TicketId, visibility: Visibility) -> Result<()> {
        let mut conn = self.core.db.read().await?;
        let (vendor, customer) = crate::tickets::service::owner(&mut conn, ticket).await?.ok_or(Error::NotFound)?;
        actor.may(Action::ChatRead, Subject::Ticket { vendor: &vendor, customer: customer.as_ref() })?;
        if visibility == Visibility::Customer || actor.sees_staff() { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Removes uploads that never went out; how many.
    ///
    /// # Errors
    /// The database's.
    #[instrument(target = TARGET, name = "conversations.sweep_unsent", skip_all)]
    pub async fn sweep_unsent(&self) -> Result<usize> {
        let before = self.core.now().plus(-KEEP_UNSENT);
        let mut tx = self.core.db.begin().await?;
        let ids = store::delete_abandoned(&mut tx, before).await?;
        tx.commit().await?;
        // Only now: what is sent in this moment keeps its files, and a crash leaves no row without one.
        for id in &ids {
            for small in [false, true] {
                self.files.delete(&location(id, small)).await.ok();
            }
        }
        Ok(ids.len())
    }
}

fn location(id: &AttachmentId, small: bool) -> Path {
    let id = id.as_str();
    let suffix = if small { "-thumbnail" } else { "" };
    Path::from(format!("attachments/{}/{id}{suffix}", &id[id.len() - 2..]))
}

/// What the bytes are. Text that could be markup is plain text.
fn sniff(bytes: &[u8]) -> String {
    match infer::get(bytes) {
        Some(kind) => match kind.mime_type() {
            "video/webm" if is_sound_alone(bytes, "A_", &["V_VP", "V_AV", "V_MP"]) => "audio/webm".into(),
            "video/mp4" if is_sound_alone(bytes, "soun", &["vide"]) => "audio/mp4".into(),
            other => other.to_owned(),
        },
        None if std::str::from_utf8(bytes).is_ok_and(|t| !t.contains('\0')) => "text/plain".into(),
        None => "application/octet-stream".into(),
    }
}

/// Whether the beginning of a film names a track of `sound` and none of `pictures`, as what browsers record from
/// a microphone: that is a film only by its container.
fn is_sound_alone(bytes: &[u8], sound: &str, pictures: &[&str]) -> bool {
    let head = &bytes[..bytes.len().min(TRACKS)];
    let names = |word: &str| head.windows(word.len()).any(|w| w == word.as_bytes());
    names(sound) && !pictures.iter().any(|word| names(word))
}

/// Types a browser shows without running anything. SVG and HTML are not among them.
fn shown_inline(file: &Attachment) -> bool {
    file.is_sound()
        || matches!(file.content_type.as_str(), "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "video/mp4" | "video/webm")
}

/// A name without path, control or reordering characters, at most 120 characters.
fn file_name(name: &str, content_type: &str) -> String {
    let name = clean(name.rsplit(['/', '\\']).next().unwrap_or_default());
    let name: String = name.chars().filter(|c| !matches!(c, '"' | '<' | '>' | '\n' | '\t')).collect();
    let name = snippet(name.trim().trim_start_matches('.'), 120);
    if name.is_empty() { format!("file.{}", content_type.rsplit('/').next().unwrap_or("bin")) } else { name }
}

/// A small PNG or JPEG of the image; `None` when it cannot be read within the limits.
async fn thumbnail(decoding: &Arc<Semaphore>, bytes: Bytes) -> Option<Bytes> {
    let permit = decoding.clone().acquire_owned().await.ok()?;
    tokio::task::spawn_blocking(move || {
        // It goes with the work: a caller that gives up does not let another in before it is done.
        let _permit = permit;
        let mut reader = image::ImageReader::new(Cursor::new(&bytes)).with_guessed_format().ok()?;
        let mut limits = image::Limits::default();
        limits.max_image_width = Some(MAX_SIDE);
        limits.max_image_height = Some(MAX_SIDE);
        limits.max_alloc = Some(MAX_DECODE);
        reader.limits(limits);
        let small = reader.decode().ok()?.thumbnail(THUMBNAIL, THUMBNAIL);
        let mut out = Cursor::new(Vec::new());
        small.write_to(&mut out, image::ImageFormat::Png).ok()?;
        Some(Bytes::from(out.into_inner()))
    })
    .await
    .ok()?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_browsers_record_is_sound() {
        let film = |head: &[u8], tracks: &str| [head, &[0; 256], tracks.as_bytes()].concat();
        let (webm, mp4) = (&b"\x1a\x45\xdf\xa3\x42\x82\x84webm"[..], &b"\0\0\0\x1cftypiso5\0\0\x02\0iso5iso6mp41"[..]);
        for (bytes, kind) in [
            (film(webm, "A_OPUS"), "audio/webm"),
            (film(webm, "V_VP9 A_OPUS"), "video/webm"),
            (film(mp4, "moov hdlr soun"), "audio/mp4"),
            (film(mp4, "moov hdlr vide hdlr soun"), "video/mp4"),
            (film(mp4, "mdat"), "video/mp4"),
        ] {
            assert_eq!(sniff(&bytes), kind);
        }
    }

    #[test]
    fn markup_is_never_shown_inline() {
        for bytes in [
            &b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"[..],
            b"<!DOCTYPE html><script>alert(1)</script>",
            b"<?xml version='1.0'?><svg/>",
        ] {
            let id = crate::id::IdSource::next(&crate::id::SystemIds).into();
            let file = Attachment { id, name: "x.mp3".into(), content_type: sniff(bytes), size: 1, has_thumbnail: false };
            assert!(!shown_inline(&file) && !file.is_sound(), "{}", file.content_type);
        }
    }

    #[tokio::test]
    async fn images_that_would_fill_memory_get_no_thumbnail() {
        let decoding = Arc::new(Semaphore::new(1));
        let png = |side| {
            let mut out = Cursor::new(Vec::new());
            image::GrayImage::new(side, side).write_to(&mut out, image::ImageFormat::Png).unwrap();
            Bytes::from(out.into_inner())
        };
        assert!(thumbnail(&decoding, png(1_000)).await.is_some());
        assert!(thumbnail(&decoding, png(9_000)).await.is_none());
        assert_eq!(decoding.available_permits(), 1);
    }

    #[test]
    fn names_are_harmless() {
        assert_eq!(file_name("../../etc/passwd", "text/plain"), "passwd");
        assert_eq!(file_name("C:\\x\\\u{202E}gpj.exe", "image/png"), "gpj.exe");
        assert_eq!(file_name("", "image/png"), "file.png");
    }
}
