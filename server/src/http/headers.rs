//! What every response tells the browser about safety.

use crate::config::Config;
use crate::state::AppState;
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

/// For what is not a page: it may load and run nothing.
const NOTHING: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");
/// Addresses hold one-time links; other sites must not see them.
const REFERRER: HeaderValue = HeaderValue::from_static("same-origin");
const PERMISSIONS: HeaderValue = HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()");
const SAME_ORIGIN: HeaderValue = HeaderValue::from_static("same-origin");
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");

/// Adds what a handler has not set itself.
pub async fn headers(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(NOTHING);
    headers.entry(X_CONTENT_TYPE_OPTIONS).or_insert(NOSNIFF);
    headers.entry(REFERRER_POLICY).or_insert(REFERRER);
    headers.entry(HeaderName::from_static("permissions-policy")).or_insert(PERMISSIONS);
    headers.entry(HeaderName::from_static("cross-origin-opener-policy")).or_insert(SAME_ORIGIN);
    if state.config.is_https() {
        headers.entry(STRICT_TRANSPORT_SECURITY).or_insert(HSTS);
    }
    response
}

/// Sets what goes with the page being rendered: its policy, with the nonce of its scripts, and that
/// nobody keeps it.
pub fn for_page(config: &Config) {
    let Some(response) = use_context::<ResponseOptions>() else { return };
    let nonce = leptos::nonce::use_nonce().map(|n| n.to_string()).unwrap_or_default();
    let asked = use_context::<axum::http::request::Parts>().and_then(|p| Some(p.headers.get(HOST)?.to_str().ok()?.to_owned()));
    if let Ok(policy) = HeaderValue::from_str(&page_policy(&nonce, asked.as_deref(), config)) {
        response.insert_header(CONTENT_SECURITY_POLICY, policy);
    }
    response.insert_header(CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

/// `'self'` covers sockets in present browsers; older ones need them named.
fn page_policy(nonce: &str, asked: Option<&str>, config: &Config) -> String {
    let plain = |host: &&str| !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b));
    let host = asked.filter(plain).unwrap_or_else(|| config.public_host());
    let mut sockets = if config.is_https() { format!("wss://{host}") } else { format!("ws://{host}") };
    if cfg!(debug_assertions) {
        // Where `cargo leptos watch` tells the page to load anew.
        sockets.push_str(" ws://127.0.0.1:3001 ws://localhost:3001");
    }
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
         style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; \
         connect-src 'self' {sockets}; manifest-src 'self'; worker-src 'self'; frame-ancestors 'none'; \
         base-uri 'none'; form-action 'self'; object-src 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Layers;

    #[test]
    fn a_made_up_host_adds_nothing_to_the_policy() {
        let config = Config::from_layers(&Layers::default()).unwrap();
        let policy = page_policy("n", Some("x; script-src *"), &config);
        assert!(policy.contains("connect-src 'self' ws://127.0.0.1:3000"), "{policy}");
        assert!(policy.contains("script-src 'nonce-n' 'strict-dynamic' 'wasm-unsafe-eval'"));
        assert!(page_policy("n", Some("help.local:81"), &config).contains("ws://help.local:81"));
    }
}
