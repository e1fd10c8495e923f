//! Confirming an address through the pages, without JavaScript and on both databases.

use crate::support::{PASSWORD, PageForm, TestApp, Visitor};
use coco::actor::Role;
use coco::db::testing::Stage;
use coco::tickets::{Channel, CustomerRef, NewTicket};

coco::both_dbs!(a_newcomer_confirms_their_address, known_people_are_not_asked);

const HERE: &str = "http://127.0.0.1:3000";
const ASKED: &str = "Confirm your address with the link in our mail.";

async fn newcomer(app: &TestApp) -> Visitor {
    let maya = app.visitor();
    let form = PageForm::on(&maya, "/register", "register").await;
    form.fill("name", "Maya").fill("email", "maya@example.com").fill("password", PASSWORD).follow(&maya).await.expect_status(200);
    maya
}

/// The page that the newest mail leads to.
fn link(app: &TestApp) -> String {
    let mail = app.stage.mail.sent().pop().unwrap();
    let (_, rest) = mail.text.split_once(&format!("{HERE}/customer/confirm")).expect("a link");
    format!("/customer/confirm{}", rest.split_whitespace().next().unwrap())
}

async fn a_newcomer_confirms_their_address(stage: Stage) {
    let app = TestApp::on(stage, &[]).await;
    let rep = app.person(Role::RepL1, "rep@example.com").await;
    let maya = newcomer(&app).await;
    let customer = CustomerRef { id: None, email: Some("maya@example.com".into()), name: String::new() };
    let new = NewTicket { customer: Some(customer), ..NewTicket::about("Xylophone", "By phone", Channel::Call) };
    let ticket = app.stage.services.tickets.create(&rep, new).await.unwrap();
    for page in ["/customer/dashboard", "/customer/tickets", "/customer/history", "/customer/profile"] {
        let page = maya.get(page).await.expect_status(200);
        assert!(page.text().contains(ASKED) && page.text().contains("Send again"), "{}", page.text());
        assert!(!page.text().contains("Xylophone") && !page.text().contains(&ticket.number));
    }
    maya.get(&format!("/customer/tickets/{}", ticket.number)).await.expect_status(404);
    let desk = app.login("rep@example.com").await.get(&format!("/rep/inbox/{}", ticket.number)).await.expect_status(200);
    assert!(desk.text().contains("(not confirmed)"));

    let first = link(&app);
    let again = PageForm::on(&maya, "/customer/dashboard", "ask_to_confirm").await.follow(&maya).await.expect_status(200);
    assert!(again.text().contains("We have sent you a link"), "{}", again.text());
    let second = link(&app);
    assert_ne!(first, second);

    // Who finds the mail without the account cannot hand the address over, and opening the link does nothing.
    let stranger = app.visitor().get(&second).await;
    assert!(stranger.status.is_redirection() && stranger.header("location").starts_with("/login?next=/customer/confirm"));
    let login = app.visitor().get(stranger.header("location")).await.expect_status(200);
    assert!(login.text().contains("you can confirm your address on the next page"), "{}", login.text());
    let wrong = PageForm::on(&maya, "/customer/confirm?token=guess", "confirm_address").await.follow(&maya).await.expect_status(200);
    for words in ["This link has expired", "Send me a new link", ASKED] {
        assert!(wrong.text().contains(words), "{words}: {}", wrong.text());
    }

    // The link of the first mail still works.
    let home = PageForm::on(&maya, &first, "confirm_address").await.follow(&maya).await.expect_status(200);
    assert!(!home.text().contains(ASKED) && home.text().contains("Xylophone"), "{}", home.text());
    maya.get(&format!("/customer/tickets/{}", ticket.number)).await.expect_status(200);
    let history = maya.get("/customer/history").await.expect_status(200);
    for words in ["Xylophone", &ticket.number] {
        assert!(history.text().contains(words), "the history says which request: {}", history.text());
    }
}

async fn known_people_are_not_asked(stage: Stage) {
    let app = TestApp::on(stage, &[]).await;
    app.person(Role::Customer, "known@example.com").await;
    let known = app.login("known@example.com").await;
    assert!(!known.get("/customer/dashboard").await.expect_status(200).text().contains(ASKED));
    for bare in ["/customer/confirm", "/customer/confirm?token="] {
        assert!(known.get(bare).await.expect_status(200).text().contains("Open the link in our mail."));
    }
}
