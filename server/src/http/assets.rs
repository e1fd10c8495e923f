//! The site's files: what pages load, and what stands at the root.
//!
//! They are built into the program from `target/site`; a development build reads them from there
//! as they are. Names that carry a hash of their content never change and are kept by browsers for
//! a year; all others are asked for again, which costs a 304.

use crate::config::Config;
use crate::state::AppState;
use app::Assets;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::{EmbeddedFile, RustEmbed};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::path::{Component, PathBuf};
use std::sync::Arc;

/// Built in; nothing when the site was not built.
#[derive(RustEmbed)]
#[folder = "../target/site"]
#[allow_missing = true]
struct Embedded;

/// Tells the name of each file as built, by the name we know it by.
const MANIFEST: &str = "pkg/manifest.json";

/// The files of the site. Cheap to clone.
#[derive(Clone)]
pub struct Site(Arc<Inner>);

struct Inner {
    dir: Option<PathBuf>,
    assets: Assets,
    hashed: HashSet<String>,
}

impl Site {
    /// As configured: built in, or from a folder.
    #[must_use]
    pub fn load(config: &Config) -> Self {
        let mut inner = Inner { dir: config.site_dir.clone(), assets: Assets::default(), hashed: HashSet::new() };
        let manifest = inner.manifest();
        inner.assets = assets(&manifest);
        inner.hashed = manifest.into_iter().filter(|(known, name)| known != name).map(|(_, name)| name).collect();
        Self(Arc::new(inner))
    }

    /// Where pages find their scripts and styles. A development build may have changed meanwhile.
    #[must_use]
    pub fn assets(&self) -> Assets {
        if cfg!(debug_assertions) { assets(&self.0.manifest()) } else { self.0.assets.clone() }
    }

    /// Files that pages need and that are not there.
    #[must_use]
    pub fn missing(&self) -> Vec<String> {
        let a = self.assets();
        let needed = [a.customer_js, a.customer_wasm, a.desk_js, a.desk_wasm, a.css];
        let mut missing: Vec<String> = needed.into_iter().filter(|url| self.0.get(url.trim_start_matches('/')).is_none()).collect();
        missing.dedup();
        missing
    }

    /// The files that stand at the root.
    fn root_files(&self) -> Vec<String> {
        let all: Vec<String> = match &self.0.dir {
            None => Embedded::iter().map(Cow::into_owned).collect(),
            Some(dir) => {
                let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
                entries.filter(|e| e.path().is_file()).filter_map(|e| e.file_name().into_string().ok()).collect()
            }
        };
        all.into_iter().filter(|name| !name.contains('/') && !name.ends_with(".br") && !name.ends_with(".gz")).collect()
    }

    /// The file as the client can take it.
    fn answer(&self, path: &str, headers: &HeaderMap) -> Response {
        let accepted = headers.get(ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let mut found = None;
        for (encoding, suffix) in [("br", ".br"), ("gzip", ".gz")] {
            if accepts(accepted, encoding)
                && let Some(file) = self.0.get(&format!("{path}{suffix}"))
            {
                found = Some((file, Some(encoding)));
                break;
            }
        }
        let Some((file, encoding)) = found.or_else(|| Some((self.0.get(path)?, None))) else {
            return (StatusCode::NOT_FOUND, "There is no such file.\n").into_response();
        };
        let hashed = path.strip_prefix("pkg/").is_some_and(|name| self.0.hashed.contains(name));
        let etag = etag(&file);
        let known =
            headers.get(IF_NONE_MATCH).is_some_and(|v| v.as_bytes().split(|b| *b == b',').any(|t| t.trim_ascii() == etag.as_bytes()));
        let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { body(file.data).into_response() };
        let out = response.headers_mut();
        out.insert(CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
        out.insert(CACHE_CONTROL, HeaderValue::from_static(if hashed { "public, max-age=31536000, immutable" } else { "no-cache" }));
        out.insert(VARY, HeaderValue::from_static("accept-encoding"));
        if let Ok(value) = HeaderValue::from_str(&etag) {
            out.insert(ETAG, value);
        }
        if let Some(encoding) = encoding {
            out.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    }
}

impl Inner {
    fn get(&self, path: &str) -> Option<EmbeddedFile> {
        let plain = std::path::Path::new(path).components().all(|c| matches!(c, Component::Normal(_)));
        match &self.dir {
            _ if !plain => None,
            None => Embedded::get(path),
            Some(dir) => rust_embed::utils::read_file_from_fs(&dir.join(path)).ok(),
        }
    }

    fn manifest(&self) -> BTreeMap<String, String> {
        self.get(MANIFEST).and_then(|file| serde_json::from_slice(&file.data).ok()).unwrap_or_default()
    }
}

/// With a manifest one bundle per audience; without, the one that `cargo leptos watch` makes.
fn assets(manifest: &BTreeMap<String, String>) -> Assets {
    let url = |known: &str, other: &str| format!("/pkg/{}", manifest.get(known).map_or(other, String::as_str));
    Assets {
        customer_js: url("customer.js", "coco.js"),
        customer_wasm: url("customer.wasm", "coco.wasm"),
        desk_js: url("desk.js", "coco.js"),
        desk_wasm: url("desk.wasm", "coco.wasm"),
        css: url("coco.css", "coco.css"),
    }
}

/// The routes of the site's files.
pub fn router(site: &Site) -> Router<AppState> {
    let mut router = Router::new().route("/pkg/{*path}", get(pkg));
    for name in site.root_files() {
        router = router.route(&format!("/{name}"), get(root));
    }
    router
}

async fn pkg(State(state): State<AppState>, Path(path): Path<String>, headers: HeaderMap) -> Response {
    state.site.answer(&format!("pkg/{path}"), &headers)
}

async fn root(State(state): State<AppState>, request: Request) -> Response {
    state.site.answer(request.uri().path().trim_start_matches('/'), request.headers())
}

/// What is built in is sent from where it lies.
fn body(data: Cow<'static, [u8]>) -> Body {
    match data {
        Cow::Borrowed(bytes) => Body::from(bytes::Bytes::from_static(bytes)),
        Cow::Owned(bytes) => Body::from(bytes),
    }
}

fn etag(file: &EmbeddedFile) -> String {
    format!("\"{}\"", coco::text::hex(&file.metadata.sha256_hash()[..16]))
}

/// Whether `Accept-Encoding` has the encoding and does not rule it out.
fn accepts(header: &str, encoding: &str) -> bool {
    header.split(',').any(|part| {
        let mut words = part.split(';').map(str::trim);
        words.next() == Some(encoding) && !words.any(|q| matches!(q, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "html" => "text/html; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
