//! Every way in has a policy, and every policy a way in.

use crate::support::TestApp;
use axum::body::Body;
use axum::http::{Request, header};
use coco::actor::{Action, ENTRY_POINTS, POLICY, Role};
use std::collections::BTreeSet;

/// Where the service asks for more than the entry: choosing a vendor is for customers.
const STRICTER: [&str; 1] = ["/sfn/app/vendors/api/vendor_choices"];

type Ways = BTreeSet<(String, String)>;

fn ways<'a>(list: impl IntoIterator<Item = (&'a str, &'a str)>) -> Ways {
    list.into_iter().map(|(method, path)| (method.to_owned(), path.to_owned())).collect()
}

#[tokio::test]
async fn server_functions_are_the_listed_ones() {
    let _app = TestApp::new().await;
    let registered: Ways = server_fn::axum::server_fn_paths().map(|(path, method)| (method.to_string(), path.to_owned())).collect();
    let listed = ways(ENTRY_POINTS.iter().filter(|e| e.path.starts_with("/sfn/")).map(|e| (e.method, e.path)));
    assert_eq!(registered, listed);
}

/// The routers are made of the lists compared here; what is routed past them the guard refuses, see
/// `what_is_not_listed_is_not_there`.
#[test]
fn routes_are_the_listed_ones() {
    let served = ways(server::rest::ROUTES.iter().chain(server::live::ROUTES).copied());
    let listed = ways(ENTRY_POINTS.iter().filter(|e| !e.path.starts_with("/sfn/")).map(|e| (e.method, e.path)));
    assert_eq!(served, listed);
}

/// A path with something in the place of `{name}`.
fn concrete(path: &str) -> String {
    path.split('/')
        .map(|part| if part.starts_with('{') { "00000000-0000-7000-8000-000000000000" } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

fn ends_the_session(path: &str) -> bool {
    path.contains("/auth/api/sign_out")
}

#[tokio::test]
async fn every_role_gets_as_far_as_the_table_says() {
    let app = TestApp::new().await;
    for role in Role::ALL {
        let email = format!("{}@example.com", role.as_str());
        app.person(role, &email).await;
        let mut person = app.login(&email).await;
        // What ends the session comes last, and needs one of its own.
        let mut entries: Vec<_> = ENTRY_POINTS.iter().collect();
        entries.sort_by_key(|e| ends_the_session(e.path));
        for entry in entries {
            if ends_the_session(entry.path) {
                person = app.login(&email).await;
            }
            let request = Request::builder().method(entry.method).uri(concrete(entry.path));
            let request = request.header("sec-fetch-site", "same-origin").header(header::ORIGIN, "http://127.0.0.1:3000");
            let answer = person.send(request.body(Body::empty()).unwrap()).await;
            let allowed = POLICY.iter().any(|(action, _, roles)| *action == entry.action && roles.contains(&role));
            let refused = answer.status == 403;
            assert!(
                refused != allowed || (refused && STRICTER.contains(&entry.path)),
                "{role:?} {} {}: {}",
                entry.method,
                entry.path,
                answer.status
            );
        }
    }
}

#[tokio::test]
async fn strangers_get_nowhere() {
    let app = TestApp::new().await;
    for entry in ENTRY_POINTS {
        let request = Request::builder().method(entry.method).uri(concrete(entry.path)).header("sec-fetch-site", "same-origin");
        let status = app.visitor().send(request.body(Body::empty()).unwrap()).await.status;
        assert_eq!(status == 401, entry.action != Action::Public, "{} {}: {status}", entry.method, entry.path);
    }
}

#[tokio::test]
async fn what_is_not_listed_is_not_there() {
    let app = TestApp::new().await;
    app.person(Role::AdminSuper, "boss@example.com").await;
    let boss = app.login("boss@example.com").await;
    for path in ["/sfn/app/people/api/make_me_rich", "/sfn/", "/api/nothing", "/api", "/api/"] {
        assert_eq!(boss.post(path, &serde_json::json!({})).await.problem().code, "not_found", "{path}");
    }
    let answer = boss.get_json("/sfn/app/people/api/load_me").await.expect_status(405);
    assert_eq!((answer.header("allow"), answer.problem().code.as_str()), ("POST", "method_not_allowed"));
}

#[tokio::test]
async fn a_form_without_a_session_leads_to_sign_in() {
    let app = TestApp::new().await;
    let request =
        Request::post("/sfn/app/people/api/load_me").header("sec-fetch-site", "same-origin").header(header::ACCEPT, "text/html,*/*");
    let request = request.header(header::REFERER, "http://127.0.0.1:3000/customer/profile?x=1");
    let answer = app.visitor().send(request.body(Body::empty()).unwrap()).await.expect_status(303);
    assert_eq!(answer.header("location"), "/login?next=/customer/profile%3Fx%3D1");
}
