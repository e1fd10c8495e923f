//! Forms as a browser without JavaScript sends them, on both databases.

use crate::support::{PASSWORD, PageForm, TestApp};
use coco::actor::Role;
use coco::db::testing::Stage;

coco::both_dbs!(the_first_administrator_is_made_by_the_link, a_refused_sign_in_is_told_on_its_page);

const HERE: &str = "http://127.0.0.1:3000";

async fn the_first_administrator_is_made_by_the_link(stage: Stage) {
    let app = TestApp::on(stage, &[]).await;
    let link = app.stage.services.auth.setup_link(HERE).await.unwrap().unwrap();
    let path = link.strip_prefix(HERE).unwrap();
    let visitor = app.visitor();
    let form = PageForm::on(&visitor, path, "set_up").await.fill("name", "Nora Novak").fill("email", "nora@example.com");
    let form = form.fill("password", PASSWORD);

    let nameless = form.follow(&visitor).await.expect_status(200);
    assert!(nameless.text().contains("aria-invalid=\"true\""), "it says which field is wrong: {}", nameless.text());
    assert_eq!(visitor.session(), None);

    let home = form.fill("vendor_name", "Novak & Daughters").follow(&visitor).await.expect_status(200);
    assert!(home.text().contains("Novak &amp; Daughters"), "{}", home.text());
    let nora = app.stage.services.people.actor_by_email("nora@example.com").await.unwrap();
    assert_eq!((nora.role, nora.vendors.len()), (Role::AdminSuper, 1));
    assert_eq!(app.stage.services.auth.setup_link(HERE).await.unwrap(), None);
    visitor.get("/admin/dashboard").await.expect_status(200);
}

#[tokio::test]
async fn an_incomplete_link_asks_for_nothing() {
    let app = TestApp::new().await;
    let page = app.visitor().get("/setup").await.expect_status(200);
    assert!(page.text().contains("not complete") && !page.text().contains("<form"), "{}", page.text());
}

async fn a_refused_sign_in_is_told_on_its_page(stage: Stage) {
    let app = TestApp::on(stage, &[("sign_in_rate", "1")]).await;
    app.person(Role::Customer, "maya@example.com").await;
    let visitor = app.visitor();
    let form = PageForm::on(&visitor, "/login?next=/customer/history", "sign_in").await;
    let form = form.fill("email", "maya@example.com").fill("password", "wrong");
    let wrong = form.follow(&visitor).await.expect_status(200);
    assert!(wrong.text().contains("match") && wrong.text().contains("/customer/history"), "{}", wrong.text());
    let refused = form.send(&visitor).await.expect_status(303);
    assert!(refused.header("location").starts_with("/login?next="), "{refused:?}");
    let page = visitor.get(refused.header("location")).await.expect_status(200);
    assert!(page.text().contains("Too many attempts. Try again in 60 seconds."), "{}", page.text());
    assert!(page.text().contains("name=\"password\""), "the form is still there");
    assert_eq!(visitor.session(), None);
}

#[tokio::test]
async fn a_form_too_large_is_told_on_its_page() {
    let app = TestApp::new().await;
    app.person(Role::Customer, "maya@example.com").await;
    let maya = app.login("maya@example.com").await;
    let form = PageForm::on(&maya, "/customer/profile", "edit_profile").await.fill("city", &"x".repeat(2 * 1024 * 1024));
    let page = form.follow(&maya).await.expect_status(200);
    assert!(page.text().contains("too large"), "{}", page.text());
}
