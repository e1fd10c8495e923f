//! Who may follow what, and for how long.

use super::*;

use crate::support::PASSWORD;
use coco::auth::Registration;
use coco::tickets::CustomerRef;

coco::both_dbs!(
    foreign_topics_are_refused_one_by_one,
    customers_never_see_what_staff_write_for_each_other,
    a_revoked_token_closes,
    who_loses_an_account_to_its_owner_reads_nothing_of_theirs
);

async fn foreign_topics_are_refused_one_by_one(stage: Stage) {
    let live = Live::on(stage).await;
    let other = live.app.stage.vendor("other").await;
    let stranger = live.app.stage.person(Role::RepL3, "Stranger", &other).await;
    let noor = live.app.person(Role::Customer, "noor@example.com").await;
    let (topic, inbox, of_maya) = (live.topic(), live.inbox(), format!("customer:{}", live.maya.id));
    for (who, wanted, refused) in [
        (&stranger, vec![&topic, &inbox, &of_maya], ["not_found"; 3].as_slice()),
        (&noor, vec![&topic, &inbox, &of_maya], &["not_found", "forbidden", "not_found"]),
        (&live.rep, vec![&of_maya], &["not_found"]),
    ] {
        let mut client = live.connect(who).await;
        let mine = format!("customer:{}", who.id);
        let mut topics = wanted.iter().map(|t| t.as_str()).collect::<Vec<_>>();
        topics.extend(["nonsense", &mine]);
        client.send(&json!({ "type": "subscribe", "topics": topics, "since": 0 })).await;
        let (told, answer) = client.until("subscribed").await;
        assert_eq!(answer["topics"], json!([mine]), "others proceed");
        let errors: Vec<_> = told.iter().filter(|f| f["type"] == "error").map(|f| (f["topic"].clone(), f["code"].clone())).collect();
        let mut want: Vec<_> = wanted.iter().zip(refused).map(|(t, code)| (json!(t), json!(code))).collect();
        want.push((json!("nonsense"), json!("invalid")));
        assert_eq!(errors, want);
        live.say(&live.maya, "a secret").await;
        client.send(&json!({ "type": "message", "conversationId": live.conversation, "data": { "content": "x" } })).await;
        let answer = client.expect(if who.id == live.rep.id { "ack" } else { "error" }).await;
        assert!(who.id == live.rep.id || answer["code"] == "not_found", "{answer}");
        for frame in ["typing", "read"] {
            client.send(&json!({ "type": frame, "conversationId": live.conversation, "data": { "position": 1 } })).await;
            if who.id != live.rep.id {
                assert_eq!(client.expect("error").await["code"], "not_found");
            }
        }
        assert!(!client.heard_of("a secret"));
    }
}

async fn customers_never_see_what_staff_write_for_each_other(stage: Stage) {
    let live = Live::on(stage).await;
    let since = live.poll(&live.maya, &format!("topics={}", live.topic())).await["seq"].as_i64().unwrap();
    let of_maya = format!("customer:{}", live.maya.id);
    let mut maya = live.connect(&live.maya).await;
    maya.subscribe(&[&live.topic(), &of_maya], None).await;
    let mut rep = live.member(&live.rep).await;
    let (tickets, id) = (&live.app.stage.services.tickets, live.ticket.as_str());
    rep.send(&json!({ "type": "typing", "data": { "internal": true } })).await;
    rep.send(&json!({ "type": "message", "data": { "content": "SECRET note", "internal": true } })).await;
    rep.expect("ack").await;
    tickets.assign(&live.rep, id, Some(&live.rep.id), "SECRET assignment", None).await.unwrap();
    tickets.transition(&live.rep, id, Status::InProgress, "SECRET move", None).await.unwrap();
    tickets.escalate(&live.rep, id, 2, None, "SECRET escalation").await.unwrap();
    tickets.edit(&live.rep, id, TicketEdit { tags: Some(vec!["secret".into()]), ..TicketEdit::default() }).await.unwrap();
    live.say(&live.rep, "The end").await;
    let (told, _) = maya.until("message").await;
    let kinds: Vec<_> = told.iter().map(|f| f["type"].as_str().unwrap()).collect();
    assert_eq!(kinds.iter().filter(|k| **k == "agent_assigned").count(), 3);
    assert!(!kinds.contains(&"typing") && !kinds.contains(&"note"), "{kinds:?}");
    for _ in 0..4 {
        rep.until("status_change").await;
    }
    assert!(rep.heard_of("SECRET note") && rep.heard_of("SECRET assignment") && rep.heard_of("SECRET move"));

    // Nor later, nor by polling.
    let mut again = live.connect(&live.maya).await;
    again.subscribe(&[&live.topic(), &of_maya], Some(since)).await;
    let polled = live.poll(&live.maya, &format!("topics={},{of_maya}&since={since}", live.topic())).await;
    assert!(again.heard_of("The end") && polled.to_string().contains("The end"));
    assert!(!maya.heard_of("SECRET") && !again.heard_of("SECRET") && !polled.to_string().contains("SECRET"));
    assert!(!maya.heard_of("secret") && !again.heard_of("secret"));
    // And they cannot write notes.
    maya.send(&json!({ "type": "message", "conversationId": live.conversation, "data": { "content": "x", "internal": true } })).await;
    assert_eq!(maya.expect("error").await["code"], "forbidden");
    maya.send(&json!({ "type": "presence", "data": { "status": "online" } })).await;
    assert_eq!(maya.expect("error").await["code"], "forbidden");
}

async fn a_revoked_token_closes(stage: Stage) {
    let live = Live::on(stage).await;
    let auth = &live.app.stage.services.auth;
    let (token, secret) = auth.create_token(&live.rep, "test", &Scope::ALL).await.unwrap();
    let (mut ending, mut staying) = (live.connect_with(&secret).await, live.connect(&live.rep).await);
    for client in [&mut ending, &mut staying] {
        client.subscribe(&[&live.topic()], None).await;
    }
    let begun = Instant::now();
    auth.revoke_token(&live.rep, &token.id).await.unwrap();
    assert_eq!(ending.end().await, End::Closed(4401));
    assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
    live.say(&live.maya, "still there?").await;
    staying.expect("message").await;
    let request = live.request("/ws", &[("authorization", &format!("Bearer {secret}"))]);
    assert!(matches!(Client::open(live.address, request).await, Err(WsError::Http(r)) if r.status() == 401));
}

async fn who_loses_an_account_to_its_owner_reads_nothing_of_theirs(stage: Stage) {
    const NOOR: &str = "noor@example.com";
    let live = Live::on(stage).await;
    let s = &live.app.stage.services;
    let form = Registration { name: "Stranger".into(), email: NOOR.into(), password: PASSWORD.into() };
    let stranger = s.auth.register(form, "https://help.example.com").await.unwrap();
    let noor = CustomerRef { id: None, email: Some(NOOR.into()), name: "Noor".into() };
    let new = NewTicket { customer: Some(noor), ..NewTicket::about("Xylophone", "By phone", Channel::Call) };
    let ticket = s.tickets.create(&live.rep, new).await.unwrap();
    let conversation = s.conversations.of_ticket(&live.rep, &ticket).await.unwrap().id;

    let mine = format!("customer:{}", stranger.id);
    let cookie = format!("coco_session={}", live.app.login(NOOR).await.session().unwrap());
    let ours = format!("http://{}", live.address);
    let by_session = live.request("/ws", &[("cookie", &cookie), ("origin", &ours)]);
    let mut asking = [Client::open(live.address, by_session).await.unwrap(), live.connect(&stranger).await];
    let mut waiting = live.connect(&stranger).await;
    waiting.subscribe(&[&mine], Some(0)).await;
    s.auth.forgot(NOOR, "https://help.example.com").await.unwrap();
    let mail = live.app.stage.mail.sent().pop().unwrap();
    let (_, link) = mail.text.split_once("?token=").unwrap();
    let owner = s.auth.reset(link.split_whitespace().next().unwrap(), "battery staple").await.unwrap();
    for client in &mut asking {
        client.send(&json!({ "type": "subscribe", "topics": [mine], "since": 0 })).await;
    }
    s.conversations.send(&live.rep, message(&conversation, "Xylophone again", Visibility::Customer)).await.unwrap();
    for client in asking.iter_mut().chain([&mut waiting]) {
        let end = client.end().await;
        assert!(matches!(end, End::Closed(4401 | 1012)), "{end:?}");
        assert!(!client.heard_of("Xylophone"), "{:?}", client.heard);
    }
    let mut owner = live.connect(&owner).await;
    owner.subscribe(&[&mine], Some(0)).await;
    assert!(owner.heard_of("Xylophone"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_open_sockets_from_our_pages_only() {
    let live = on_sqlite().await;
    let rep = live.app.login("rep@example.com").await;
    let cookie = format!("coco_session={}", rep.session().unwrap());
    let ours = format!("http://{}", live.address);
    for headers in [vec![("cookie", cookie.as_str())], vec![("cookie", &cookie), ("origin", "https://evil.example")]] {
        let refused = Client::open(live.address, live.request("/ws", &headers)).await;
        assert!(matches!(refused, Err(WsError::Http(r)) if r.status() == 403));
    }
    let refused = Client::open(live.address, live.request("/ws", &[("origin", &ours)])).await;
    assert!(matches!(refused, Err(WsError::Http(r)) if r.status() == 401));
    rep.get_json("/ws").await.expect_status(403);
    live.app.token("rep@example.com").await.get_json("/ws").await.expect_status(426).problem();

    let mut client = Client::open(live.address, live.request("/ws", &[("cookie", &cookie), ("origin", &ours)])).await.unwrap();
    client.subscribe(&[&live.topic()], None).await;
    let other = live.app.login("rep@example.com").await;
    other.call("auth/sign_out", &[]).await;
    live.say(&live.maya, "still there?").await;
    client.expect("message").await;
    rep.call("auth/sign_out", &[]).await;
    assert_eq!(client.end().await, End::Closed(4401));
}
