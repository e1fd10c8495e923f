//! Other sites can make a browser send, but not change.

use crate::support::TestApp;
use axum::body::Body;
use axum::http::{Request, header};
use coco::actor::Role;

#[tokio::test]
async fn other_sites_change_nothing() {
    let app = TestApp::new().await;
    app.person(Role::RepL1, "rep@example.com").await;
    let rep = app.login("rep@example.com").await;
    let send = async |pairs: &[(&str, &str)]| {
        let mut request = Request::post("/sfn/app/people/api/set_presence");
        for (name, value) in pairs {
            request = request.header(*name, *value);
        }
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        rep.send(request.body(Body::from("state=busy")).unwrap()).await
    };
    for foreign in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[],
    ] {
        let answer = send(foreign).await.expect_status(403);
        assert_eq!(answer.problem().code, "cross_site", "{foreign:?}");
    }
    assert!(rep.call("people/load_presence", &[]).await.text().contains("offline"));
    for own in [&[("sec-fetch-site", "same-origin")][..], &[("origin", "http://127.0.0.1:3000")]] {
        send(own).await.expect_status(200);
    }
    assert!(rep.call("people/load_presence", &[]).await.text().contains("busy"));
}

#[tokio::test]
async fn signing_someone_in_from_elsewhere_is_refused() {
    let app = TestApp::new().await;
    app.person(Role::Customer, "maya@example.com").await;
    let request = Request::post("/sfn/app/auth/api/sign_in").header("sec-fetch-site", "cross-site");
    let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let visitor = app.visitor();
    visitor.send(request.body(Body::from("email=maya%40example.com&password=correct+horse")).unwrap()).await.expect_status(403);
    assert_eq!(visitor.session(), None);
}

#[tokio::test]
async fn nothing_is_written_by_a_link() {
    let functions: Vec<_> = server_fn::axum::server_fn_paths().collect();
    assert!(!functions.is_empty());
    for (path, method) in functions {
        assert_eq!(method, "POST", "{path}");
    }
}
