//! What watches COCO.

use crate::support::TestApp;

coco::both_dbs!(ready_while_the_database_answers);

async fn ready_while_the_database_answers(stage: coco::db::testing::Stage) {
    let app = TestApp::on(stage, &[]).await;
    assert_eq!(app.visitor().get("/healthz").await.expect_status(200).text(), "ok\n");
    app.visitor().get("/readyz").await.expect_status(200);
    app.stage.services.core.db.close().await;
    app.visitor().get("/healthz").await.expect_status(200);
    assert_eq!(app.visitor().get("/readyz").await.expect_status(503).problem().code, "unavailable");
}

#[tokio::test]
async fn not_ready_while_stopping() {
    let app = TestApp::new().await;
    app.state.lifecycle.stop();
    app.visitor().get("/readyz").await.expect_status(503);
}

#[tokio::test]
async fn figures_are_for_this_machine_or_the_token() {
    let secret = "a-secret-of-some-length";
    let app = TestApp::with(&[("metrics_token", secret)]).await;
    app.visitor().get("/login").await;
    let text = app.visitor().get("/metrics").await.expect_status(200).text().to_owned();
    for figure in [
        "http_request_duration_seconds_bucket{method=\"GET\",route=\"/login\",status=\"200\"",
        "coco_database_up 1",
        "coco_journey_lag_events",
    ] {
        assert!(text.contains(figure), "{figure}: {text}");
    }
    let afar = || app.visitor().from("203.0.113.9");
    afar().get("/metrics").await.expect_status(404);
    afar().bearing("another-secret-of-it").get("/metrics").await.expect_status(404);
    afar().bearing(secret).get("/metrics").await.expect_status(200);
    let proxied = axum::http::Request::get("/metrics").header("x-forwarded-for", "203.0.113.9");
    app.visitor().send(proxied.body(axum::body::Body::empty()).unwrap()).await.expect_status(404);
}

#[tokio::test]
async fn a_published_coco_keeps_its_figures() {
    let secret = "a-secret-of-some-length";
    let app = TestApp::with(&[("metrics_token", secret), ("public_url", "https://help.example.com")]).await;
    app.visitor().get("/metrics").await.expect_status(404);
    app.visitor().bearing(secret).get("/metrics").await.expect_status(200);
}
