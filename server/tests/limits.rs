//! How often someone may ask.

use crate::support::TestApp;
use coco::actor::Role;

#[tokio::test]
async fn programs_are_told_their_limit() {
    let app = TestApp::with(&[("api_rate", "3")]).await;
    app.person(Role::Customer, "maya@example.com").await;
    let (one, two) = (app.token("maya@example.com").await, app.token("maya@example.com").await);
    for left in ["2", "1", "0"] {
        let answer = one.call("auth/load_viewer", &[]).await.expect_status(200);
        assert_eq!((answer.header("ratelimit-limit"), answer.header("ratelimit-remaining")), ("3", left));
    }
    let refused = one.call("auth/load_viewer", &[]).await.expect_status(429);
    assert_eq!(refused.problem().code, "rate_limited");
    assert_eq!((refused.header("retry-after"), refused.header("ratelimit-remaining")), ("1", "0"));
    two.call("auth/load_viewer", &[]).await.expect_status(200);
}

#[tokio::test]
async fn guessing_from_one_place_is_slow() {
    let app = TestApp::with(&[("sign_in_rate", "3"), ("trusted_proxies", "10.0.0.0/8")]).await;
    let attacker = app.visitor().from("203.0.113.9");
    for _ in 0..3 {
        attacker.sign_in("nobody@example.com", "guess").await.expect_status(422);
    }
    let refused = attacker.sign_in("somebody@example.com", "guess").await.expect_status(429);
    assert_eq!(refused.header("retry-after"), "20");
    attacker.call("auth/forgot_password", &[("email", "x@example.com")]).await.expect_status(429);
    attacker.call("auth/load_viewer", &[]).await.expect_status(200);
    app.visitor().from("203.0.113.10").sign_in("nobody@example.com", "guess").await.expect_status(422);
}
