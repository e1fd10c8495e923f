//! Forms of pages without JavaScript that are refused before their server function sees them.
//!
//! They are answered as the function itself would: back to the page, with what is wrong in the address,
//! where `app::form` finds it.

use super::identify::wants_html;
use super::problem::Problem;
use app::error::ApiError;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use coco::Error;
use server_fn::error::ServerFnUrlError;

/// The answer to a call of `path`: for a form the way back to its page, else the problem.
#[must_use]
pub fn refuse(problem: Problem, path: &str, headers: &HeaderMap) -> Response {
    match page_with(problem.detail(), path, headers) {
        Some(page) => Redirect::to(&page).into_response(),
        None => problem.answer(headers),
    }
}

/// The page a form was sent from, with the reason in its address; `None` when this is no form.
fn page_with(reason: &str, path: &str, headers: &HeaderMap) -> Option<String> {
    if !path.starts_with("/sfn/") || !wants_html(headers) {
        return None;
    }
    let mut page = headers.get(header::REFERER)?.to_str().ok()?.to_owned();
    ServerFnUrlError::<ApiError>::strip_error_info(&mut page);
    let told = ServerFnUrlError::new(path, ApiError::Refused(Error::invalid("", reason)));
    let url = told.to_url(&page).ok()?;
    // Never to another host, whatever the browser says it came from.
    let here = url.path().starts_with('/') && !url.path().starts_with("//");
    here.then(|| format!("{}?{}", url.path(), url.query().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(path: &str, pairs: &[(&'static str, &str)]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        page_with("Wait.", path, &headers)
    }

    #[test]
    fn only_forms_go_back_and_only_to_pages_here() {
        let form = "/sfn/app/auth/api/sign_in";
        let html = ("accept", "text/html,*/*");
        let back = page(form, &[html, ("referer", "https://help.example.com/login?next=/a&__path=/x&__err=y")]).unwrap();
        assert!(back.starts_with("/login?next=%2Fa&__path=%2Fsfn%2Fapp%2Fauth%2Fapi%2Fsign_in&__err="), "{back}");
        assert_eq!(back.matches("__err").count(), 1, "{back}");
        for other in [
            page("/api/tickets", &[html, ("referer", "https://help.example.com/login")]),
            page(form, &[("accept", "application/json"), ("referer", "https://help.example.com/login")]),
            page(form, &[html]),
            page(form, &[html, ("referer", "login")]),
            page(form, &[html, ("referer", "https://help.example.com//evil.example/login")]),
        ] {
            assert_eq!(other, None);
        }
    }
}
