//! Refuses changes that another site makes a browser send.
//!
//! Cookies are `SameSite=Lax` already; this is the second wall, after the advice of OWASP on fetch
//! metadata. No tokens in forms: pages work without JavaScript and can be cached in the browser.

use super::identify::bearer;
use super::problem::Problem;
use super::session::COOKIE;
use crate::config::Config;
use crate::state::AppState;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

/// Lets through what changes nothing, what proves itself by a token, and what our own pages send.
pub async fn csrf(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if request.method().is_safe() || is_ours(request.headers(), &state.config) {
        return next.run(request).await;
    }
    let detail = "This was sent from another site. Open the page here and try again.";
    Problem::new(StatusCode::FORBIDDEN, "cross_site", detail).answer(request.headers())
}

fn is_ours(headers: &HeaderMap, config: &Config) -> bool {
    if bearer(headers).is_some() {
        return true;
    }
    match text(headers, "sec-fetch-site") {
        Some(site) => matches!(site, "same-origin" | "none"),
        None => match text(headers, header::ORIGIN.as_str()) {
            Some(_) => same_origin(headers, config),
            // Not a browser of this decade: harmless unless it brings a session.
            None => !has_session(headers),
        },
    }
}

/// Whether `Origin` names the host that was asked, or the public address. For sockets too, which
/// must not be opened by other sites.
#[must_use]
pub fn same_origin(headers: &HeaderMap, config: &Config) -> bool {
    let Some(host) = text(headers, header::ORIGIN.as_str()).and_then(|origin| origin.split_once("://")).map(|(_, host)| host) else {
        return false;
    };
    host.eq_ignore_ascii_case(config.public_host()) || text(headers, header::HOST.as_str()).is_some_and(|h| h.eq_ignore_ascii_case(host))
}

/// Whether a session cookie came with the request.
#[must_use]
pub fn has_session(headers: &HeaderMap) -> bool {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    cookies.flat_map(|line| line.split(';')).any(|pair| pair.trim().split('=').next() == Some(COOKIE))
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).map(|v| v.to_str().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Layers;

    fn ours(pairs: &[(&'static str, &str)]) -> bool {
        let mut layers = Layers::default();
        layers.add_flag("public_url", Some("https://help.example.com"));
        let config = Config::from_layers(&layers).unwrap();
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        is_ours(&headers, &config)
    }

    #[test]
    fn takes_what_our_pages_and_programs_send() {
        assert!(ours(&[("sec-fetch-site", "same-origin"), ("cookie", "coco_session=x")]));
        assert!(ours(&[("sec-fetch-site", "none")]));
        assert!(ours(&[("origin", "https://help.example.com"), ("host", "inner:3000"), ("cookie", "coco_session=x")]));
        assert!(ours(&[("origin", "http://127.0.0.1:3000"), ("host", "127.0.0.1:3000"), ("cookie", "coco_session=x")]));
        assert!(ours(&[("authorization", "Bearer x"), ("sec-fetch-site", "cross-site")]));
        assert!(ours(&[("cookie", "theme=dark")]));
    }

    #[test]
    fn refuses_what_other_sites_send() {
        assert!(!ours(&[("sec-fetch-site", "cross-site")]));
        assert!(!ours(&[("sec-fetch-site", "same-site"), ("origin", "https://help.example.com")]));
        assert!(!ours(&[("origin", "https://evil.example"), ("host", "help.example.com")]));
        assert!(!ours(&[("origin", "null"), ("host", "help.example.com")]));
        assert!(!ours(&[("cookie", "a=b; coco_session=x")]));
        assert!(!ours(&[("authorization", "Basic eDp5"), ("cookie", "coco_session=x")]));
    }
}
