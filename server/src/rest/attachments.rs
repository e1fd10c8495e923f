//! `/api/attachments`: files in and out.
//!
//! Nothing a user said of a file is believed on the way out: its type is what its first bytes say, and
//! a browser gets it with orders to run nothing.

use super::extract::{Api, Caller, Named};
use super::idempotency::{Key, key_name, once};
use super::shapes::AttachmentAnswer;
use crate::http::json::too_slow;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::body::{Body, Bytes};
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use coco::Error;
use coco::conversations::MAX_FILE;
use coco::conversations::attachments::Download;
use coco::id::AttachmentId;
use std::ops::Range;
use std::time::Duration;
use utoipa::ToSchema;

/// The most bytes of a request: a file and what the parts of a form add to it.
pub const MAX_REQUEST: usize = MAX_FILE as usize + 64 * 1024;
/// How long the next part of a file may take.
const PART_WITHIN: Duration = Duration::from_secs(30);
/// May be shown, but run nothing and load nothing.
const SANDBOX: HeaderValue = HeaderValue::from_static("sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'");
/// Files never change; whether one may still be seen is asked again after an hour.
const KEEP: HeaderValue = HeaderValue::from_static("private, max-age=3600");

/// A form with one file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only described")]
pub struct Upload {
    /// The file, at most 25 MB.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
}

/// Takes in a file, to be named in a message within a day.
#[utoipa::path(
    post, path = "/api/attachments", tag = "Files", operation_id = "uploadAttachment",
    request_body(content = Upload, content_type = "multipart/form-data"),
    responses((status = 201, description = "It is stored.", body = AttachmentAnswer))
)]
pub async fn upload(State(app): State<AppState>, Caller(actor): Caller, request: Request) -> Api<Response> {
    let key = key_name(request.headers())?;
    let declared = text(request.headers(), &header::CONTENT_LENGTH).and_then(|n| n.parse().ok());
    if declared.is_some_and(|n: usize| n > MAX_REQUEST) {
        return Err(Error::TooLarge(MAX_FILE).into());
    }
    let _turn = app.uploads.begin(&actor.id)?;
    let (name, bytes) = file(request).await?;
    let key = key.map(|key| Key::new(key, &format!("POST /api/attachments {name}"), &bytes));
    once(&app.services.core, &actor, key, StatusCode::CREATED, async |_| {
        let attachment = app.services.conversations.upload(&actor, &name, bytes).await?.into();
        Ok(AttachmentAnswer { attachment })
    })
    .await
}

/// Name and content of the field `file`.
async fn file(request: Request) -> Api<(String, Bytes)> {
    let missing = || Problem::from(Error::invalid("file", "Send the file in a form field called file."));
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|e| Problem::new(e.status(), "malformed", "Send a form as multipart/form-data."))?;
    while let Some(field) = in_time(form.next_field()).await? {
        if field.name() == Some("file") {
            let name = field.file_name().unwrap_or_default().to_owned();
            return Ok((name, read(field).await?));
        }
    }
    Err(missing())
}

/// The content, counted while it comes.
async fn read(mut field: Field<'_>) -> Api<Bytes> {
    let mut content = bytes::BytesMut::new();
    while let Some(chunk) = in_time(field.chunk()).await? {
        if (content.len() + chunk.len()) as u64 > MAX_FILE {
            return Err(Error::TooLarge(MAX_FILE).into());
        }
        content.extend_from_slice(&chunk);
    }
    Ok(content.freeze())
}

/// The next part of a form, unless the line has fallen silent.
async fn in_time<T>(next: impl Future<Output = Result<T, MultipartError>>) -> Api<T> {
    let next = tokio::time::timeout(PART_WITHIN, next).await.map_err(|_| too_slow())?;
    next.map_err(|e| broken(&e))
}

fn broken(e: &MultipartError) -> Problem {
    if e.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Error::TooLarge(MAX_FILE).into();
    }
    Problem::new(StatusCode::BAD_REQUEST, "malformed", format!("This form can't be read: {}.", e.body_text()))
}

/// Gives out a file, or a range of its bytes.
#[utoipa::path(
    get, path = "/api/attachments/{attachmentId}", tag = "Files", operation_id = "getAttachment",
    params(("attachmentId" = AttachmentId, Path, description = "Identifier."),
        ("Range" = Option<String>, Header, description = "One range of bytes.", example = "bytes=0-1023")),
    responses((status = 200, description = "The file.", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 206, description = "The range.", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 304, description = "It is the one that is kept already."),
        (status = 416, description = "There is no such range.", body = crate::http::problem::Body, content_type = "application/problem+json"))
)]
pub async fn download(
    State(app): State<AppState>,
    Caller(actor): Caller,
    Named(id): Named<AttachmentId>,
    headers: HeaderMap,
) -> Api<Response> {
    let got = app.services.conversations.download(&actor, &id, false).await?;
    let kind = got.file.content_type.clone();
    give(got, &kind, &headers).await
}

/// Gives out a small picture of an image.
#[utoipa::path(
    get, path = "/api/attachments/{attachmentId}/thumbnail", tag = "Files", operation_id = "getThumbnail",
    params(("attachmentId" = AttachmentId, Path, description = "Identifier.")),
    responses((status = 200, description = "A PNG image of at most 480 pixels a side.", body = Vec<u8>, content_type = "image/png"))
)]
pub async fn thumbnail(
    State(app): State<AppState>,
    Caller(actor): Caller,
    Named(id): Named<AttachmentId>,
    headers: HeaderMap,
) -> Api<Response> {
    let got = app.services.conversations.download(&actor, &id, true).await?;
    give(got, "image/png", &headers).await
}

async fn give(got: Download, kind: &str, asked: &HeaderMap) -> Api<Response> {
    let (size, tag) = (got.size, format!("\"{}-{}\"", got.file.id, got.size));
    if text(asked, &header::IF_NONE_MATCH).is_some_and(|tags| tags.split(',').any(|t| t.trim() == tag)) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)], [(header::CACHE_CONTROL, KEEP)]).into_response());
    }
    // A range of what the client has another version of is of no use to it.
    let same = text(asked, &header::IF_RANGE).is_none_or(|t| t == tag);
    let wanted = text(asked, &header::RANGE).filter(|_| same);
    let mut response = match wanted.and_then(|w| range(w, size)) {
        None => stream(&got, 0..size).await?,
        Some(None) => {
            let mut refusal = Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, "no_such_range", "The file is shorter.").into_response();
            refusal.headers_mut().insert(header::CONTENT_RANGE, value(&format!("bytes */{size}"))?);
            return Ok(refusal);
        }
        Some(Some(range)) => {
            let at = value(&format!("bytes {}-{}/{size}", range.start, range.end - 1))?;
            let mut part = stream(&got, range).await?;
            *part.status_mut() = StatusCode::PARTIAL_CONTENT;
            part.headers_mut().insert(header::CONTENT_RANGE, at);
            part
        }
    };
    let kind = if kind.starts_with("text/") { format!("{kind}; charset=utf-8") } else { kind.to_owned() };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, value(&kind)?);
    headers.insert(header::CONTENT_DISPOSITION, value(&disposition(&got.file.name, got.inline))?);
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::ETAG, value(&tag)?);
    headers.insert(header::CACHE_CONTROL, KEEP);
    headers.insert(header::CONTENT_SECURITY_POLICY, SANDBOX);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    Ok(response)
}

/// The bytes of a range, sent while they are read.
async fn stream(got: &Download, range: Range<u64>) -> Api<Response> {
    let length = range.end - range.start;
    let mut response = Body::from_stream(got.read(range).await?).into_response();
    response.headers_mut().insert(header::CONTENT_LENGTH, length.into());
    Ok(response)
}

fn text<'h>(headers: &'h HeaderMap, name: &header::HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

fn value(text: &str) -> Api<HeaderValue> {
    HeaderValue::from_str(text).map_err(|e| Error::internal(e).into())
}

/// The range a header asks for: `None` when it asks for nothing we give, `Some(None)` for one outside
/// the file (RFC 9110 §14). Several ranges are answered with the whole.
fn range(asked: &str, size: u64) -> Option<Option<Range<u64>>> {
    let (first, last) = asked.trim().strip_prefix("bytes=")?.split_once('-')?;
    let (first, last) = (first.trim(), last.trim());
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<u64>().unwrap_or(u64::MAX));
    let range = match (first, last) {
        ("", "") => return None,
        ("", suffix) => size.saturating_sub(number(suffix)?)..size,
        (first, "") => number(first)?..size,
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            if last < first {
                return None;
            }
            first..last.saturating_add(1).min(size)
        }
    };
    Some((range.start < range.end).then_some(range))
}

/// `Content-Disposition` after RFC 6266: a name in ASCII for old clients, and the whole in UTF-8.
fn disposition(name: &str, inline: bool) -> String {
    let kind = if inline { "inline" } else { "attachment" };
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || " ._-()".contains(c) { c } else { '_' }).collect();
    let token = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    let encoded: String = name.bytes().map(|b| if token(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect();
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_ranges_as_the_standard_says() {
        for (asked, want) in [
            ("bytes=0-3", Some(Some(0..4))),
            ("bytes=8-", Some(Some(8..10))),
            ("bytes=-3", Some(Some(7..10))),
            ("bytes=-99", Some(Some(0..10))),
            ("bytes=9-99", Some(Some(9..10))),
            ("bytes=10-", Some(None)),
            ("bytes=-0", Some(None)),
            ("bytes=5-2", None),
            ("bytes=0-1,4-5", None),
            ("bytes=a-b", None),
            ("bytes=-", None),
            ("lines=1-2", None),
        ] {
            assert_eq!(range(asked, 10), want, "{asked}");
        }
    }

    #[test]
    fn names_cannot_leave_their_quotes() {
        assert_eq!(disposition("a.png", true), "inline; filename=\"a.png\"; filename*=UTF-8''a.png");
        assert_eq!(disposition("ä\";\r\nx", false), "attachment; filename=\"_____x\"; filename*=UTF-8''%C3%A4%22%3B%0D%0Ax");
    }

    proptest! {
        #[test]
        fn any_name_is_a_header(name in "\\PC{0,120}") {
            prop_assert!(HeaderValue::from_str(&disposition(&name, false)).is_ok());
        }
        #[test]
        fn any_range_is_inside(asked in "bytes=[0-9]{0,22}-[0-9]{0,22}", size in 0u64..50) {
            if let Some(Some(r)) = range(&asked, size) {
                prop_assert!(r.start < r.end && r.end <= size);
            }
        }
    }
}
