//! Which pages are there for whom.

use crate::support::TestApp;
use coco::actor::Role;
use coco::db::testing::Stage;
use coco::tickets::{Channel, NewTicket};
use std::sync::Arc;
use tokio::task::JoinSet;

coco::both_dbs!(pages_know_from_which_event_on_to_follow);

async fn pages_know_from_which_event_on_to_follow(stage: Stage) {
    let app = TestApp::on(stage, &[]).await;
    let maya = app.person(Role::Customer, "maya@example.com").await;
    app.person(Role::RepL1, "rep@example.com").await;
    let about = |subject: &str| NewTicket { vendor_id: Some(app.vendor.clone()), ..NewTicket::about(subject, "Please help", Channel::Web) };
    app.stage.services.tickets.create(&maya, about("Before")).await.unwrap();
    let pages = [
        ("maya@example.com", "/customer/dashboard", format!("customer:{}", maya.id), "[{}"),
        ("rep@example.com", "/rep/inbox", format!("inbox:{}", app.vendor), "{\\\"seq\\\":{}"),
    ];
    for (email, path, topic, shape) in pages {
        let visitor = app.login(email).await;
        let page = visitor.get(path).await.expect_status(200);
        let seq: i64 = visitor.call("journey/newest_event", &[]).await.expect_status(200).json();
        let carried = format!("\\\"Ok\\\":{},", shape.replacen("{}", &seq.to_string(), 1));
        assert!(page.text().contains(&carried), "{path} does not carry {carried}: {}", page.text());
        let after = app.stage.services.tickets.create(&maya, about("After")).await.unwrap();
        let told = visitor.get_json(&format!("/api/events?topics={topic}&since={seq}&wait=20")).await.expect_status(200);
        assert!(told.text().contains(after.id.as_str()), "{path}: {}", told.text());
        assert!(!told.text().contains("Before"), "{path}: {}", told.text());
    }
}

#[tokio::test]
async fn visitors_are_sent_to_sign_in_and_back() {
    let app = TestApp::new().await;
    for (path, next) in [
        ("/customer/dashboard", "/customer/dashboard"),
        ("/rep/inbox?view=mine", "/rep/inbox%3Fview%3Dmine"),
        ("/admin/dashboard", "/admin/dashboard"),
    ] {
        let answer = app.visitor().get(path).await.expect_status(303);
        assert_eq!(answer.header("location"), format!("/login?next={next}"));
    }
    app.visitor().get("/login").await.expect_status(200);
    app.visitor().get("/").await.expect_status(200);
}

#[tokio::test]
async fn everyone_has_a_home_and_no_other() {
    let app = TestApp::new().await;
    let pages = ["/customer/dashboard", "/rep/inbox", "/admin/dashboard"];
    for role in Role::ALL {
        let email = format!("{}@example.com", role.as_str());
        app.person(role, &email).await;
        let person = app.login(&email).await;
        assert_eq!(person.get("/").await.expect_status(303).header("location"), role.home());
        for page in pages {
            let theirs = match page.split('/').nth(1).unwrap() {
                "customer" => !role.is_staff(),
                "rep" => role.is_staff(),
                _ => role.is_admin(),
            };
            let answer = person.get(page).await;
            assert_eq!(answer.status.as_u16(), if theirs { 200 } else { 404 }, "{role:?} {page}");
            assert!(answer.header("content-type").starts_with("text/html"), "{role:?} {page}");
        }
    }
}

#[tokio::test]
async fn what_is_not_there_says_so_as_a_page() {
    let app = TestApp::new().await;
    let answer = app.visitor().get("/no/such/page").await.expect_status(404);
    assert!(answer.header("content-type").starts_with("text/html"));
    assert_eq!(app.visitor().get_json("/no/such.txt").await.problem().code, "not_found");
}

/// What one request renders must not lean on what another holds: it goes when that one ends.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn pages_rendered_at_once_keep_what_is_theirs() {
    let app = TestApp::new().await;
    let maya = app.person(Role::Customer, "maya@example.com").await;
    let lee = app.person(Role::RepL1, "rep@example.com").await;
    app.stage.services.teams.create(&app.vendor, "Lamps", std::slice::from_ref(&lee.id)).await.unwrap();
    let ticket = NewTicket { vendor_id: Some(app.vendor.clone()), ..NewTicket::about("Lamp", "It is dark", Channel::Web) };
    let ticket = app.stage.services.tickets.create(&maya, ticket).await.unwrap();
    let rep = Arc::new(app.login("rep@example.com").await);
    for _ in 0..10 {
        let mut at_once = JoinSet::new();
        for _ in 0..8 {
            let (rep, path) = (rep.clone(), format!("/rep/inbox/{}", ticket.number));
            at_once.spawn(async move { rep.get(&path).await.expect_status(200).text().contains("Give to a team") });
        }
        assert!(at_once.join_all().await.into_iter().all(|whole| whole));
    }
}
