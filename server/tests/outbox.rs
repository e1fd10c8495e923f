//! The mail outbox as super admins see it, on both databases.

use crate::support::{PASSWORD, TestApp};
use coco::actor::Role;
use coco::db::testing::Stage;
use coco::ports::mailer::{Mail, Mailer};
use coco::services::Services;
use std::sync::Arc;

coco::both_dbs!(a_link_for_a_new_password_is_read_and_works, text_is_only_text, others_see_no_mail);

const HERE: &str = "http://127.0.0.1:3000";

async fn app(stage: Stage) -> TestApp {
    let app = TestApp::on(stage, &[]).await;
    app.person(Role::AdminSuper, "boss@example.com").await;
    app
}

async fn write(app: &TestApp, subject: &str, text: &str) {
    let mail = Mail { to: "someone@example.org".into(), subject: subject.into(), text: text.into() };
    app.state.outbox.send(mail).await.unwrap();
    app.stage.clock.advance(1);
}

/// The address of the first mail in the list.
fn first_mail(list: &str) -> String {
    let (_, from) = list.split_once("href=\"/admin/outbox/").expect("a mail in the list");
    format!("/admin/outbox/{}", from.split('"').next().unwrap())
}

async fn a_link_for_a_new_password_is_read_and_works(stage: Stage) {
    let app = app(stage).await;
    app.person(Role::Customer, "maya@example.com").await;
    let boss = app.login("boss@example.com").await;
    let empty = boss.get("/admin/outbox").await.expect_status(200);
    assert!(empty.text().contains("No mail has been written yet"), "{}", empty.text());

    let core = app.stage.services.core.clone();
    let mailing = Services::new(core, Arc::new(object_store::memory::InMemory::new()), Arc::new(app.state.outbox.clone()));
    mailing.auth.forgot("maya@example.com", HERE).await.unwrap();
    let list = boss.get("/admin/outbox").await.expect_status(200);
    assert!(list.text().contains("maya@example.com") && !list.text().contains("reset-password"), "{}", list.text());
    let mail = boss.get(&first_mail(list.text())).await.expect_status(200);
    let (_, link) = mail.text().split_once("href=\"http://127.0.0.1:3000/reset-password?token=").expect("a link");
    let token = link.split('"').next().unwrap();
    assert!(link.contains("rel=\"noreferrer external\""));
    app.visitor().get(&format!("/reset-password?token={token}")).await.expect_status(200);
    let maya = app.visitor();
    maya.call("auth/reset_password", &[("token", token), ("password", "battery staple")]).await.expect_status(200);
    app.visitor().sign_in("maya@example.com", PASSWORD).await.expect_status(422);
}

async fn text_is_only_text(stage: Stage) {
    let app = app(stage).await;
    for n in 0..60 {
        write(&app, &format!("Mail {n} <b>x</b>"), "<script>alert(1)</script> https://evil.example/x").await;
    }
    let boss = app.login("boss@example.com").await;
    let list = boss.get("/admin/outbox").await.expect_status(200);
    assert!(list.text().contains("Mail 59 &lt;b&gt;") && !list.text().contains("Mail 9 &lt;b&gt;"), "the newest page only");
    let (_, older) = list.text().split_once("href=\"/admin/outbox?cursor=").expect("a way on");
    let older = boss.get(&format!("/admin/outbox?cursor={}", older.split('"').next().unwrap())).await.expect_status(200);
    assert!(older.text().contains("Mail 9 &lt;b&gt;") && !older.text().contains("Mail 10 &lt;b&gt;"));
    let mail = boss.get(&first_mail(list.text())).await.expect_status(200);
    assert!(mail.text().contains("&lt;script>alert(1)") || mail.text().contains("&lt;script&gt;alert(1)"), "{}", mail.text());
    assert!(!mail.text().contains("href=\"https://evil.example"));
    boss.get("/admin/outbox/nothing").await.expect_status(404);
    boss.get("/admin/outbox/..%2F..%2Fcoco").await.expect_status(404);
}

async fn others_see_no_mail(stage: Stage) {
    let app = app(stage).await;
    write(&app, "Secret", "secret").await;
    let elsewhere = app.stage.vendor("elsewhere").await;
    let eve = app.stage.services.people.create("eve@example.com", "Eve", Role::AdminSuper, &[elsewhere]).await.unwrap();
    app.stage.services.auth.set_password(&eve.id, PASSWORD).await.unwrap();
    let mail = Mail { to: "boss@example.com".into(), subject: "For the boss".into(), text: String::new() };
    app.state.outbox.send(mail).await.unwrap();
    let theirs = app.login("eve@example.com").await.get("/admin/outbox").await.expect_status(200);
    assert!(theirs.text().contains("Secret") && !theirs.text().contains("For the boss"), "another vendor's people are not hers");
    for role in Role::ALL.into_iter().filter(|r| *r != Role::AdminSuper) {
        let email = format!("{}@example.com", role.as_str());
        app.person(role, &email).await;
        let person = app.login(&email).await;
        let page = person.get("/admin/outbox").await;
        assert_eq!(page.status.as_u16(), if role.is_admin() { 403 } else { 404 }, "{role:?}");
        assert!(!page.text().contains("Secret") && !page.text().contains("href=\"/admin/outbox\""), "{role:?}");
    }
}
