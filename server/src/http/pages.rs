//! The pages: two Leptos apps, rendered here and brought to life in the browser.
//!
//! `/rep` and `/admin` are the desk, all else is the public and customer app. Who may see a page
//! of which role is decided before it is rendered.

use super::headers::for_page;
use super::identify::wants_html;
use super::problem::Problem;
use crate::state::AppState;
use app::context::{BaseUrl, Identity};
use app::{CustomerApp, DeskApp, customer_shell, desk_shell};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use coco::actor::Actor;
use coco::ports::mailer::Outbox;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{
    AxumRouteListing, LeptosRoutes, ResponseOptions, generate_route_list_with_exclusions_and_ssg_and_context as route_list,
    render_app_to_stream_with_context,
};
use std::sync::{Arc, OnceLock};

// Found once in a process, before its first request: while Leptos looks for routes it suspends,
// everywhere, what pages load, and never takes up again what began to load meanwhile
// (https://github.com/leptos-rs/leptos/issues/4773).
static CUSTOMER: OnceLock<Vec<AxumRouteListing>> = OnceLock::new();
static DESK: OnceLock<Vec<AxumRouteListing>> = OnceLock::new();

/// All pages of both apps.
pub fn router(state: &AppState) -> Router<AppState> {
    let (customer, desk) = (state.leptos.clone(), state.leptos.clone());
    Router::new()
        .leptos_routes_with_context(state, routes(&CUSTOMER, CustomerApp, state), page(state), move || customer_shell(customer.clone()))
        .leptos_routes_with_context(state, routes(&DESK, DeskApp, state), page(state), move || desk_shell(desk.clone()))
        .route_layer(from_fn_with_state(state.clone(), admit))
}

/// What is no route at all: a page that says so, or for programs a problem.
pub async fn fallback(State(state): State<AppState>, request: Request) -> Response {
    let path = request.uri().path();
    let program = ["/api/", "/sfn/", "/pkg/", "/ws"].iter().any(|p| path.starts_with(p));
    if program || !request.method().is_safe() || !(wants_html(request.headers()) || is_page_like(path)) {
        return Problem::from(coco::Error::NotFound).into_response();
    }
    let desk = is_desk(path);
    not_found(&state, request, desk).await
}

/// What every page and server function finds in its context.
pub fn provide(state: &AppState) {
    provide_context(state.services.clone());
    provide_context(state.site.assets());
    provide_context(BaseUrl(state.config.public_url.clone()));
    provide_context::<Arc<dyn Outbox>>(Arc::new(state.outbox.clone()));
}

/// `/login` with the page to come back to.
#[must_use]
pub fn sign_in_and_return_to(next: &str) -> String {
    let local = next.starts_with('/') && !next.starts_with("//") && next != "/";
    if local { format!("/login?next={}", encode(next)) } else { "/login".into() }
}

fn page(state: &AppState) -> impl Fn() + Clone + Send + Sync + 'static {
    let state = state.clone();
    move || {
        provide(&state);
        for_page(&state.config);
    }
}

/// The routes of an app, without the server functions, which have a route of their own.
fn routes<V: leptos::IntoView + 'static>(
    found: &'static OnceLock<Vec<AxumRouteListing>>,
    app: fn() -> V,
    state: &AppState,
) -> Vec<AxumRouteListing> {
    let find = || {
        let functions = server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned()).collect();
        route_list(app, Some(functions), page(state)).0
    };
    found.get_or_init(find).clone()
}

/// Sends visitors to sign in and the signed-in home; a page of another role is not there.
async fn admit(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let actor = request.extensions().get::<Identity>().and_then(|i| i.0.clone());
    let allowed = match (owner(path), &actor) {
        (Owner::Everyone, Some(actor)) if path == "/" => return Redirect::to(actor.role.home()).into_response(),
        (Owner::Everyone, _) => true,
        (_, None) => {
            let wanted = request.uri().path_and_query().map_or(path, |p| p.as_str());
            return Redirect::to(&sign_in_and_return_to(wanted)).into_response();
        }
        (owner, Some(actor)) => owner.admits(actor),
    };
    // The other app has no such route, here or in the browser, and says so.
    let other = !is_desk(path);
    if allowed { next.run(request).await } else { not_found(&state, request, other).await }
}

/// Renders an app where it has no route.
async fn not_found(state: &AppState, request: Request, desk: bool) -> Response {
    let (options, context) = (state.leptos.clone(), page(state));
    let context = move || {
        context();
        if let Some(response) = use_context::<ResponseOptions>() {
            response.set_status(StatusCode::NOT_FOUND);
        }
    };
    if desk {
        render_app_to_stream_with_context(context, move || desk_shell(options.clone()))(request).await
    } else {
        render_app_to_stream_with_context(context, move || customer_shell(options.clone()))(request).await
    }
}

#[derive(Clone, Copy)]
enum Owner {
    Everyone,
    Customers,
    Staff,
    Admins,
}

impl Owner {
    const fn admits(self, actor: &Actor) -> bool {
        match self {
            Self::Everyone => true,
            Self::Customers => !actor.role.is_staff(),
            Self::Staff => actor.role.is_staff(),
            Self::Admins => actor.role.is_admin(),
        }
    }
}

fn owner(path: &str) -> Owner {
    match path.split('/').nth(1) {
        Some("customer") => Owner::Customers,
        Some("rep") => Owner::Staff,
        Some("admin") => Owner::Admins,
        _ => Owner::Everyone,
    }
}

fn is_desk(path: &str) -> bool {
    matches!(owner(path), Owner::Staff | Owner::Admins)
}

/// Pages have no file extension.
fn is_page_like(path: &str) -> bool {
    !path.rsplit('/').next().unwrap_or_default().contains('.')
}

/// Percent-encodes for a query value.
fn encode(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~/".contains(&b);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_only_to_pages_here() {
        assert_eq!(sign_in_and_return_to("/rep/inbox?view=mine&q=a b"), "/login?next=/rep/inbox%3Fview%3Dmine%26q%3Da%20b");
        for elsewhere in ["", "/", "//evil.example", "https://evil.example"] {
            assert_eq!(sign_in_and_return_to(elsewhere), "/login");
        }
    }
}
