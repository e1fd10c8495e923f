//! What programs are told when they are refused.

use crate::support::TestApp;
use axum::body::Body;
use axum::http::{Request, header};
use axum::{Router, routing::post};
use coco::actor::Role;
use server::http::problem::{ApiJson, Problem};
use tower::ServiceExt;

#[tokio::test]
async fn problems_have_one_shape() {
    let app = TestApp::new().await;
    let answer = app.visitor().get_json("/api/nothing?token=secret").await.expect_status(404);
    let problem = answer.problem();
    assert_eq!((problem.kind.as_str(), problem.title.as_str(), problem.code.as_str()), ("about:blank", "Not Found", "not_found"));
    assert_eq!(problem.detail, "We couldn't find that.");
    assert_eq!(problem.instance.as_deref(), Some("/api/nothing"), "without the query");
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn an_absent_database_is_said_without_details() {
    let app = TestApp::new().await;
    app.person(Role::Customer, "maya@example.com").await;
    let maya = app.login("maya@example.com").await;
    app.stage.services.core.db.close().await;
    let answer = maya.call("people/load_me", &[]).await.expect_status(503);
    assert_eq!(answer.problem().code, "unavailable");
    assert!(!answer.text().to_lowercase().contains("pool"), "{}", answer.text());
    let page = maya.get("/customer/dashboard").await.expect_status(503);
    assert!(page.text().contains("Try again"));
}

#[tokio::test]
async fn bodies_are_refused_for_what_is_wrong() {
    #[derive(serde::Deserialize)]
    struct New {
        #[expect(dead_code, reason = "only its shape matters")]
        subject: String,
    }
    let router: Router = Router::new().route("/", post(|ApiJson(_): ApiJson<New>| async { Ok::<_, Problem>("taken") }));
    let send = async |kind: &str, body: String| {
        let request = Request::post("/").header(header::CONTENT_TYPE, kind).body(Body::from(body)).unwrap();
        router.clone().oneshot(request).await.unwrap().status().as_u16()
    };
    let large = format!(r#"{{"subject":"{}"}}"#, "x".repeat(1024 * 1024));
    assert_eq!(send("application/json; charset=utf-8", r#"{"subject":"s"}"#.into()).await, 200);
    assert_eq!(send("text/plain", r#"{"subject":"s"}"#.into()).await, 415);
    assert_eq!(send("application/json", r#"{"subject":"#.into()).await, 400);
    assert_eq!(send("application/json", r#"{"subject":1}"#.into()).await, 422);
    assert_eq!(send("application/json", large).await, 413);
}

#[tokio::test]
async fn a_call_too_large_is_refused_before_it_is_read() {
    let app = TestApp::new().await;
    app.person(Role::Customer, "maya@example.com").await;
    let maya = app.login("maya@example.com").await;
    let name = "x".repeat(2 * 1024 * 1024);
    let answer = maya.call("people/edit_profile", &[("name", &name)]).await;
    assert_eq!(answer.expect_status(413).problem().code, "too_large");
}
