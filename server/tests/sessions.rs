//! Sessions from the first cookie to the last request, on both databases.

use crate::support::{PASSWORD, TestApp, Visitor};
use axum::body::Body;
use axum::http::{Request, header};
use coco::actor::{Role, Scope};
use coco::auth::{Registration, SESSION_ABSOLUTE, SESSION_IDLE};
use coco::db::{sql, testing::Stage};
use coco::time::{HOUR, MINUTE, SECOND};

coco::both_dbs!(
    signing_in_sets_a_careful_cookie,
    every_sign_in_has_an_id_of_its_own,
    signing_out_ends_it,
    everywhere_is_at_once,
    other_nodes_follow_soon,
    who_is_not_proved_is_asked_for_every_time,
    idle_sessions_end,
    no_session_lasts_for_ever,
    requests_do_not_write,
    rights_change_at_once,
    tokens_are_checked_at_once,
    tokens_keep_to_their_scopes
);

const MAYA: &str = "maya@example.com";

async fn app(stage: Stage) -> TestApp {
    let app = TestApp::on(stage, &[]).await;
    app.person(Role::Customer, MAYA).await;
    app
}

async fn me(visitor: &Visitor) -> u16 {
    visitor.call("people/load_me", &[]).await.status.as_u16()
}

/// What the cookie says beside its value.
async fn cookie(app: &TestApp) -> String {
    let answer = app.visitor().sign_in(MAYA, PASSWORD).await.expect_status(200);
    answer.header("set-cookie").split_once(';').unwrap().1.to_ascii_lowercase()
}

async fn signing_in_sets_a_careful_cookie(stage: Stage) {
    let app = app(stage).await;
    let flags = cookie(&app).await;
    for flag in ["httponly", "samesite=lax", "path=/", "max-age=43200"] {
        assert!(flags.contains(flag), "{flags}");
    }
    assert!(!flags.contains("secure"), "{flags}");
    let wrong = app.visitor();
    wrong.sign_in(MAYA, "wrong").await.expect_status(422);
    assert_eq!(wrong.session(), None);
}

#[tokio::test]
async fn https_makes_the_cookie_secure() {
    let app = TestApp::with(&[("public_url", "https://help.example.com")]).await;
    app.person(Role::Customer, MAYA).await;
    assert!(cookie(&app).await.contains("secure"));
}

async fn every_sign_in_has_an_id_of_its_own(stage: Stage) {
    let app = app(stage).await;
    let visitor = app.login(MAYA).await;
    let first = visitor.session();
    visitor.sign_in(MAYA, PASSWORD).await.expect_status(200);
    assert_ne!(visitor.session(), first);
    assert_eq!(me(&visitor).await, 200);
    visitor.set_session(first);
    assert_eq!(me(&visitor).await, 401, "the earlier id is gone");
    visitor.set_session(Some("AAAAAAAAAAAAAAAAAAAAAA".into()));
    visitor.sign_in(MAYA, PASSWORD).await.expect_status(200);
    assert_ne!(visitor.session().unwrap(), "AAAAAAAAAAAAAAAAAAAAAA", "an id that someone else chose is not taken");
}

async fn signing_out_ends_it(stage: Stage) {
    let app = app(stage).await;
    let visitor = app.login(MAYA).await;
    let id = visitor.session();
    visitor.call("auth/sign_out", &[]).await.expect_status(200);
    assert_eq!(visitor.session(), None, "the cookie is removed");
    visitor.set_session(id);
    assert_eq!(me(&visitor).await, 401);
}

async fn everywhere_is_at_once(stage: Stage) {
    let app = app(stage).await;
    let (here, there) = (app.login(MAYA).await, app.login(MAYA).await);
    assert_eq!((me(&here).await, me(&there).await), (200, 200));
    here.call("auth/sign_out_everywhere", &[]).await.expect_status(200);
    assert_eq!(me(&there).await, 401);
    let (here, there) = (app.login(MAYA).await, app.login(MAYA).await);
    here.call("auth/change_password", &[("current", PASSWORD), ("password", "battery staple")]).await.expect_status(200);
    assert_eq!((me(&here).await, me(&there).await), (200, 401), "whoever changed the password stays");
}

async fn other_nodes_follow_soon(stage: Stage) {
    let app = app(stage).await;
    let visitor = app.login(MAYA).await;
    let actor = app.stage.services.people.actor_by_email(MAYA).await.unwrap();
    visitor.get("/customer/dashboard").await.expect_status(200);
    app.stage.services.auth.sign_out_everywhere(&actor).await.unwrap();
    visitor.get("/customer/dashboard").await.expect_status(200);
    app.stage.clock.advance(2 * SECOND);
    visitor.get("/customer/dashboard").await.expect_status(303);
    assert_eq!(visitor.session(), None, "a session that ended is forgotten");
}

async fn who_is_not_proved_is_asked_for_every_time(stage: Stage) {
    let app = TestApp::on(stage, &[]).await;
    let auth = &app.stage.services.auth;
    let form = Registration { name: "Maya".into(), email: MAYA.into(), password: PASSWORD.into() };
    let actor = auth.register(form, "https://help.example.com").await.unwrap();
    let visitor = app.login(MAYA).await;
    visitor.get("/customer/dashboard").await.expect_status(200);
    auth.sign_out_everywhere(&actor).await.unwrap();
    visitor.get("/customer/dashboard").await.expect_status(303);
}

async fn idle_sessions_end(stage: Stage) {
    let app = app(stage).await;
    let visitor = app.login(MAYA).await;
    for _ in 0..3 {
        app.stage.clock.advance(SESSION_IDLE - 1);
        assert_eq!(me(&visitor).await, 200);
    }
    app.stage.clock.advance(SESSION_IDLE);
    assert_eq!(me(&visitor).await, 401);
}

async fn no_session_lasts_for_ever(stage: Stage) {
    let app = app(stage).await;
    let visitor = app.login(MAYA).await;
    for _ in 0..(SESSION_ABSOLUTE / HOUR - 1) / 11 {
        app.stage.clock.advance(11 * HOUR);
        assert_eq!(me(&visitor).await, 200);
    }
    app.stage.clock.advance(11 * HOUR);
    assert_eq!(me(&visitor).await, 401);
}

async fn requests_do_not_write(stage: Stage) {
    let app = app(stage).await;
    let visitor = app.login(MAYA).await;
    let ends = async || {
        let mut conn = app.stage.services.core.db.read().await.unwrap();
        sql("SELECT expires_at FROM sessions").one::<(i64,)>(&mut conn).await.unwrap().0
    };
    let first = ends().await;
    app.stage.clock.advance(5 * MINUTE - 1);
    let answer = visitor.get("/customer/dashboard").await;
    assert_eq!((ends().await, answer.header("set-cookie")), (first, ""));
    app.stage.clock.advance(1);
    let answer = visitor.get("/customer/dashboard").await;
    assert_eq!(ends().await, first + 5 * MINUTE);
    assert!(answer.header("set-cookie").contains("Max-Age"), "the browser keeps it as long");
}

async fn rights_change_at_once(stage: Stage) {
    let app = app(stage).await;
    let visitor = app.login(MAYA).await;
    let other = app.stage.vendor("larkspur").await;
    let vendors = async || visitor.call("auth/load_viewer", &[]).await.expect_status(200).text().matches("0000").count();
    let before = vendors().await;
    visitor.call("vendors/choose_vendor", &[("vendor", other.as_str())]).await.expect_status(200);
    assert!(vendors().await > before);
}

async fn tokens_are_checked_at_once(stage: Stage) {
    let app = app(stage).await;
    let program = app.token(MAYA).await;
    program.call("auth/load_viewer", &[]).await.expect_status(200);
    for bad in ["coco_nonsense", "", "x y"] {
        let answer = app.visitor().bearing(bad).call("auth/load_viewer", &[]).await.expect_status(401);
        assert_eq!(answer.problem().code, "unauthenticated");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    let browser = app.login(MAYA).await.bearing("coco_nonsense");
    assert_eq!(me(&browser).await, 401, "a bad token is not made good by a session");
    let proxied = Request::post("/sfn/app/auth/api/load_viewer").header(header::AUTHORIZATION, "Basic eDp5");
    app.visitor().send(proxied.body(Body::empty()).unwrap()).await.expect_status(200);
}

async fn tokens_keep_to_their_scopes(stage: Stage) {
    let app = app(stage).await;
    let reader = app.token_for(MAYA, &[Scope::TicketsRead]).await;
    assert_eq!(me(&reader).await, 403, "no scope allows what is for sessions");
    let writer = app.token_for(MAYA, &[Scope::TicketsWrite]).await;
    let list = serde_json::json!({ "filter": coco::tickets::Filter::default(), "page": {} });
    reader.post("/sfn/app/tickets/api/list_tickets", &list).await.expect_status(200);
    writer.post("/sfn/app/tickets/api/list_tickets", &list).await.expect_status(403);
}
