//! The pages of a vendor that has just been set up, and of its first customer, without JavaScript and on both
//! databases.

use crate::support::{PASSWORD, PageForm, TestApp, Visitor};
use coco::db::testing::Stage;

coco::both_dbs!(a_new_vendor_finds_its_way_to_the_first_ticket);

const HERE: &str = "http://127.0.0.1:3000";

/// Someone with a business of their own, signed in.
async fn set_up(app: &TestApp) -> Visitor {
    let link = app.stage.services.auth.setup_link(HERE).await.unwrap().unwrap();
    let boss = app.visitor();
    let form = PageForm::on(&boss, link.strip_prefix(HERE).unwrap(), "set_up").await;
    let form = form.fill("vendor_name", "A Novak").fill("name", "Nora Novak").fill("email", "nora@example.com");
    form.fill("password", PASSWORD).follow(&boss).await.expect_status(200);
    boss
}

async fn expect(visitor: &Visitor, pages: &[(&str, &str)]) {
    for (path, words) in pages {
        let answer = visitor.get(path).await;
        let status = if path.ends_with("TKT-1") { 404 } else { 200 };
        assert_eq!(answer.status.as_u16(), status, "{path}");
        // Between the parts of a text stand the marks by which the browser takes them up.
        let text = answer.text().replace("<!>", "");
        assert!(text.contains(words), "{path} does not say: {words}\n{}", answer.text());
    }
}

async fn a_new_vendor_finds_its_way_to_the_first_ticket(stage: Stage) {
    let app = TestApp::on(stage, &[]).await;
    let boss = set_up(&app).await;
    let desk = [
        ("/admin/dashboard", "Customers create an account, choose A Novak and write."),
        ("/admin/outbox", "No mail has been written yet."),
        ("/rep/inbox", "No open tickets."),
        ("/rep/inbox?view=mine", "Nothing is assigned to you."),
        ("/rep/inbox?view=unassigned", "Nothing waits for someone to take it."),
        ("/rep/inbox?view=all", "No tickets yet."),
        ("/rep/inbox?view=escalated", "Nothing is escalated."),
        ("/rep/inbox?q=charger", "No ticket fits"),
        ("/rep/inbox/TKT-1", "This ticket isn"),
    ];
    expect(&boss, &desk).await;

    let maya = app.visitor();
    let form = PageForm::on(&maya, "/register", "register").await;
    form.fill("name", "Maya").fill("email", "maya@example.com").fill("password", PASSWORD).follow(&maya).await.expect_status(200);
    let pages = [
        ("/customer/dashboard", "Nothing is open."),
        ("/customer/tickets", "Nothing is open."),
        ("/customer/tickets/new", "First choose who you need help from."),
        ("/customer/help", "First choose who you need help from."),
        ("/customer/vendors", "Add A Novak"),
        ("/customer/history", "You made your account"),
        ("/customer/profile", "maya@example.com"),
        ("/customer/tickets/TKT-1", "We couldn"),
    ];
    expect(&maya, &pages).await;

    // The first one in the list is the new vendor; choosing it is all there is between her and the form.
    PageForm::on(&maya, "/customer/tickets/new", "choose_vendor").await.follow(&maya).await.expect_status(200);
    let form = PageForm::on(&maya, "/customer/tickets/new", "create_ticket").await;
    let ticket = form.fill("subject", "The first of all").fill("description", "Does it work?").follow(&maya).await.expect_status(200);
    assert!(ticket.text().contains("Does it work?") && ticket.text().contains("A Novak"), "{}", ticket.text());
    expect(&boss, &[("/rep/inbox", "The first of all"), ("/admin/dashboard", "1 ticket opened")]).await;
    let dashboard = boss.get("/admin/dashboard").await;
    assert!(!dashboard.text().contains("Nobody has written lately"));
}
