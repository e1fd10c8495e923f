//! Forms: plain HTML that the server takes without JavaScript. Once the page is alive they are sent in
//! the background, what was typed stays, and what is wrong shows next to its field.
//!
//! One code for every form; an `ActionForm` would bring its own into the bundle for each.

use crate::error::ApiError;
use crate::ui::ErrorNote;
use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::server_fn::error::ServerFnUrlError;
use leptos_router::hooks::use_query_map;

/// A form's way to its server function.
#[derive(Clone, Copy)]
pub struct Post {
    url: &'static str,
    /// It is on its way.
    pub pending: RwSignal<bool>,
    /// What went wrong the last time.
    pub error: RwSignal<Option<ApiError>>,
}

impl Post {
    /// To the server function `F`. An error that came back in the address, to a page without
    /// JavaScript, is taken up.
    #[must_use]
    pub fn to<F: ServerFn<Error = ApiError>>() -> Self {
        Self::at(F::PATH, F::url())
    }

    fn at(path: &'static str, url: &'static str) -> Self {
        let error = use_query_map().with_untracked(|query| {
            let encoded = query.get_str("__path").filter(|p| *p == path).and_then(|_| query.get_str("__err"))?;
            Some(ServerFnUrlError::<ApiError>::decode_err(encoded))
        });
        Self { url, pending: RwSignal::new(false), error: RwSignal::new(error) }
    }

    /// What is wrong with a field.
    #[must_use]
    pub fn field(self, name: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || self.error.with(|e| e.as_ref().and_then(|e| e.field(name))))
    }

    #[cfg(feature = "hydrate")]
    fn send(self, form: web_sys::HtmlFormElement, done: Option<Callback<String>>) {
        if self.pending.get_untracked() {
            return;
        }
        self.pending.set(true);
        self.error.set(None);
        leptos::task::spawn_local(async move {
            match post(self.url, &form).await {
                Ok(Answer { body, leave }) => {
                    // What the answer brought about may have reached the page before it, and taken the form away.
                    if let Some(done) = done {
                        done.try_run(body);
                    }
                    // The ring turns until the next page is there; should someone come back to
                    // this one by the history, it works again.
                    let rest = if leave.is_some() { 8_000 } else { 0 };
                    if let Some(to) = leave {
                        let _ = window().location().set_href(&to);
                    }
                    gloo_timers::future::TimeoutFuture::new(rest).await;
                    self.pending.try_set(false);
                }
                Err(e) => {
                    self.pending.try_set(false);
                    self.error.try_set(Some(e));
                    request_animation_frame(move || focus_fault(&form));
                }
            }
        });
    }

    #[cfg(not(feature = "hydrate"))]
    fn send(self, _: web_sys::HtmlFormElement, _: Option<Callback<String>>) {}
}

/// Moves the focus to the first field that has something wrong.
#[cfg(feature = "hydrate")]
fn focus_fault(form: &web_sys::HtmlFormElement) {
    use wasm_bindgen::JsCast;
    let fault = form.query_selector("[aria-invalid=true], [aria-invalid=true] input").ok().flatten();
    if let Some(field) = fault.and_then(|f| f.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = field.focus();
    }
}

#[cfg(feature = "hydrate")]
struct Answer {
    body: String,
    leave: Option<String>,
}

/// Sends the form as the browser would, but asks for data instead of a page.
#[cfg(feature = "hydrate")]
async fn post(url: &str, form: &web_sys::HtmlFormElement) -> Result<Answer, ApiError> {
    let lost = |_| ApiError::Connection;
    let fields = web_sys::FormData::new_with_form(form).map_err(lost)?;
    let fields = web_sys::UrlSearchParams::new_with_str_sequence_sequence(&fields).map_err(lost)?;
    let request = gloo_net::http::Request::post(url).header("accept", "application/json").body(fields);
    let answer = request.map_err(|_| ApiError::Connection)?.send().await.map_err(|_| ApiError::Connection)?;
    let body = answer.text().await.map_err(|_| ApiError::Connection)?;
    if answer.ok() {
        let headers = answer.headers();
        let leave = headers.get(leptos::server_fn::redirect::REDIRECT_HEADER).and_then(|_| headers.get("location"));
        return Ok(Answer { body, leave });
    }
    Err(ApiError::read(body.as_bytes()))
}

/// A form that works with and without JavaScript.
#[component]
pub fn PostForm(
    /// Where it goes.
    post: Post,
    /// Runs when the server has taken it, with the answer as JSON.
    #[prop(optional, into)]
    done: Option<Callback<String>>,
    /// Classes.
    #[prop(default = "form")]
    class: &'static str,
    /// The fields and the button.
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Form>::new();
    // We say ourselves what is wrong, next to the field and in our words.
    Effect::new(move |_| {
        if let Some(form) = node.get() {
            form.set_no_validate(true);
        }
    });
    let submit = move |e: SubmitEvent| {
        e.prevent_default();
        if let Some(form) = node.get_untracked() {
            post.send(form, done);
        }
    };
    view! {
        <form class=class action=post.url method="post" node_ref=node on:submit=submit>
            {children()}
        </form>
    }
}

/// What went wrong, when it is about no field in particular.
#[component]
pub fn PostError(
    /// The form's.
    post: Post,
) -> impl IntoView {
    let text = Memo::new(move |_| post.error.with(|e| e.as_ref().and_then(ApiError::general)));
    move || text.get().map(|text| view! { <ErrorNote text=text /> })
}
