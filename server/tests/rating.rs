//! Rating by the links of a mail, as the customer and as programs that check mail use them.

use crate::support::{PageForm, TestApp};
use coco::actor::{Actor, Role};
use coco::db::testing::Stage;
use coco::feedback::{LINK_TTL, Rating};
use coco::tickets::{Channel, NewTicket, Status, Ticket};

coco::both_dbs!(
    a_link_rates_without_a_session_or_scripts,
    looking_at_a_link_rates_nothing,
    a_link_says_why_it_does_not_work,
    a_link_is_for_one_ticket_only,
);

const HERE: &str = "http://127.0.0.1:3000";

struct Desk {
    app: TestApp,
    customer: Actor,
    rep: Actor,
}

async fn desk(stage: Stage) -> Desk {
    let app = TestApp::on(stage, &[]).await;
    let customer = app.person(Role::Customer, "maya@example.com").await;
    let rep = app.person(Role::RepL1, "rep@example.com").await;
    Desk { app, customer, rep }
}

impl Desk {
    /// A resolved ticket, and its links for scores 1 to 5 as paths.
    async fn resolved(&self, subject: &str) -> (Ticket, Vec<String>) {
        let s = &self.app.stage.services;
        let ticket = s.tickets.create(&self.customer, NewTicket::about(subject, "Please help", Channel::Web)).await.unwrap();
        self.move_to(&ticket, Status::Resolved).await;
        s.feedback.send_due(HERE).await.unwrap();
        let mail = self.app.stage.mail.sent().pop().unwrap();
        let lines = mail.text.lines().filter_map(|l| l.strip_prefix(HERE)).filter(|l| l.starts_with("/rate/"));
        let mut links: Vec<String> = lines.map(str::to_owned).collect();
        links.sort();
        (ticket, links)
    }
    async fn move_to(&self, ticket: &Ticket, to: Status) {
        self.app.stage.services.tickets.transition(&self.rep, &ticket.number, to, "", None).await.unwrap();
    }
    async fn rating(&self, ticket: &Ticket) -> Option<Rating> {
        self.app.stage.services.feedback.rating(&self.customer, ticket).await.unwrap()
    }
}

fn token(link: &str) -> &str {
    link.trim_start_matches("/rate/").split('?').next().unwrap()
}

async fn a_link_rates_without_a_session_or_scripts(stage: Stage) {
    let desk = desk(stage).await;
    let (ticket, links) = desk.resolved("A <b>silent</b> charger").await;
    assert_eq!(links.len(), 5);
    let visitor = desk.app.visitor();
    let page = visitor.get(&links[3]).await.expect_status(200);
    for words in ["A &lt;b&gt;silent&lt;/b&gt; charger", &ticket.number, "voltway", "Send rating"] {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
    let form = PageForm::on(&visitor, &links[3], "rate_by_link").await.fill("comment", "Quick!");
    let thanks = form.follow(&visitor).await.expect_status(200);
    assert!(thanks.text().contains("Thank you") && thanks.text().contains("4 of 5: Good"), "{}", thanks.text());
    let rating = desk.rating(&ticket).await.unwrap();
    assert_eq!((rating.score, rating.comment.as_str()), (4, "Quick!"), "the score of the link was chosen");
    assert_eq!(visitor.session(), None, "a link is no sign-in");
    for link in &links {
        let again = visitor.get(link).await.expect_status(200);
        assert!(again.text().contains("You have rated this already") && !again.text().contains("<form"), "{}", again.text());
    }
    let twice = form.fill("score", "1").follow(&visitor).await.expect_status(200);
    assert!(twice.text().contains("4 of 5: Good"), "{}", twice.text());
    assert_eq!(desk.rating(&ticket).await, Some(rating));
}

async fn looking_at_a_link_rates_nothing(stage: Stage) {
    let desk = desk(stage).await;
    let (ticket, links) = desk.resolved("Charger").await;
    for link in &links {
        let page = desk.app.visitor().get(link).await.expect_status(200);
        assert_eq!(page.text().matches(" checked").count(), 1, "{}", page.text());
        assert_eq!(page.header("cache-control"), "no-store");
    }
    let plain = links[0].split('?').next().unwrap();
    for link in [plain.to_owned(), format!("{plain}?score=9"), format!("{plain}?score=%3Cscript%3E")] {
        let page = desk.app.visitor().get(&link).await.expect_status(200);
        assert!(!page.text().contains(" checked"), "{}", page.text());
    }
    let call = format!("/sfn/app/feedback/api/rate_by_link?token={}&score=1", token(plain));
    desk.app.visitor().get(&call).await.expect_status(405);
    assert_eq!(desk.rating(&ticket).await, None);
}

async fn a_link_says_why_it_does_not_work(stage: Stage) {
    let desk = desk(stage).await;
    let visitor = desk.app.visitor();
    visitor.get("/rate/guess?score=4").await.expect_status(404);
    visitor.call("feedback/rate_by_link", &[("token", "guess"), ("score", "4")]).await.expect_status(404);
    let (ticket, links) = desk.resolved("Charger").await;
    for fields in [&[("token", token(&links[0])), ("score", "6")][..], &[("token", token(&links[0]))]] {
        let refused = visitor.call("feedback/rate_by_link", fields).await.expect_status(422);
        assert!(refused.text().contains("Choose how we did"), "{}", refused.text());
    }
    desk.move_to(&ticket, Status::Reopened).await;
    let reopened = visitor.get(&links[4]).await.expect_status(200);
    assert!(reopened.text().contains("was opened again") && !reopened.text().contains("<form"), "{}", reopened.text());
    visitor.call("feedback/rate_by_link", &[("token", token(&links[4])), ("score", "5")]).await.expect_status(409);
    let (_, links) = desk.resolved("Cable").await;
    desk.app.stage.clock.advance(LINK_TTL);
    let expired = visitor.get(&links[4]).await.expect_status(200);
    assert!(expired.text().contains("This link has expired") && !expired.text().contains("<form"), "{}", expired.text());
    visitor.call("feedback/rate_by_link", &[("token", token(&links[4])), ("score", "5")]).await.expect_status(409);
}

async fn a_link_is_for_one_ticket_only(stage: Stage) {
    let desk = desk(stage).await;
    let ((one, links), (other, _)) = (desk.resolved("One").await, desk.resolved("Other").await);
    let visitor = desk.app.visitor();
    let fields = [("token", token(&links[1])), ("number", other.number.as_str()), ("score", "2"), ("comment", "")];
    visitor.call("feedback/rate_by_link", &fields).await.expect_status(200);
    assert_eq!((desk.rating(&one).await.map(|r| r.score), desk.rating(&other).await), (Some(2), None));
    let link = token(&links[1]);
    visitor.call("feedback/rate_ticket", &[("number", one.number.as_str()), ("score", "5"), ("token", link)]).await.expect_status(401);
    visitor.get(&format!("/customer/tickets/{}", one.number)).await.expect_status(303);
    visitor.get(&format!("/reset-password?token={link}")).await.expect_status(200);
    visitor.call("auth/reset_password", &[("token", link), ("password", "battery staple")]).await.expect_status(422);
}
