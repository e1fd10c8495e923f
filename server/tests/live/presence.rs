//! Who of the staff is here, and what else of other nodes is seen.

use super::*;
use coco::conversations::Typing;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn presence_follows_the_sockets() {
    let live = on_sqlite().await;
    let lead = live.app.person(Role::AdminManager, "lead@example.com").await;
    let mut desk = live.connect(&lead).await;
    desk.subscribe(&[&live.inbox()], None).await;
    let rep = live.app.login("rep@example.com").await;
    let (cookie, ours) = (format!("coco_session={}", rep.session().unwrap()), format!("http://{}", live.address));
    let open = || Client::open(live.address, live.request("/ws", &[("cookie", &cookie), ("origin", &ours)]));
    let mut client = open().await.unwrap();
    assert_eq!(desk.expect("presence").await["data"]["status"], "online", "who comes to the desk is there");
    client.send(&json!({ "type": "presence", "data": { "status": "busy" } })).await;
    let told = desk.expect("presence").await;
    assert_eq!(told["data"], json!({ "userId": live.rep.id, "status": "busy" }));
    let people = &live.app.stage.services.people;
    assert_eq!(people.presence(&live.rep).await.unwrap().as_str(), "busy");

    // A reload is not noticed; to be gone is.
    drop(client);
    let second = open().await.unwrap();
    assert!(desk.is_silent_for(Duration::from_secs(2)).await);
    drop(second);
    assert!(desk.is_silent_for(Duration::from_secs(8)).await);
    assert_eq!(desk.expect("presence").await["data"]["status"], "offline");
    // What was chosen comes back.
    let _third = open().await.unwrap();
    assert_eq!(desk.expect("presence").await["data"]["status"], "busy");
    assert_eq!(people.presence(&live.rep).await.unwrap().as_str(), "busy");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn customers_hear_only_whether_anyone_is_at_their_vendors_desk() {
    use coco::people::Presence;
    let live = on_sqlite().await;
    let lead = live.app.person(Role::AdminManager, "lead@example.com").await;
    let services = &live.app.stage.services;
    let elsewhere = live.app.stage.vendor("elsewhere").await;
    let stranger = live.app.stage.person(Role::RepL1, "Stranger", &elsewhere).await;
    let mut maya = live.connect(&live.maya).await;
    maya.subscribe(&[&format!("customer:{}", live.maya.id)], None).await;
    for (who, state) in
        [(&stranger, Presence::Online), (&live.rep, Presence::Online), (&lead, Presence::Online), (&live.rep, Presence::Away)]
    {
        services.people.set_presence(who, state).await.unwrap();
    }
    assert_eq!(maya.expect("presence").await["data"], json!({ "vendorId": live.app.vendor, "status": "online" }));
    assert!(maya.is_silent().await, "someone is still there");
    services.people.set_presence(&lead, Presence::Busy).await.unwrap();
    assert_eq!(maya.expect("presence").await["data"], json!({ "vendorId": live.app.vendor, "status": "offline" }));
    assert!(![&live.rep.id, &lead.id].into_iter().any(|id| maya.heard_of(id.as_str())), "{:?}", maya.heard);
}

/// Two nodes on one database: each with connections of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn presence_reaches_the_desks_of_other_nodes() {
    let Some(stage) = Stage::postgres().await else { return };
    let live = Live::on(stage).await;
    let lead = live.app.person(Role::AdminManager, "lead@example.com").await;
    let mut desk = live.connect(&lead).await;
    desk.subscribe(&[&live.inbox()], None).await;
    let there = live.app.stage.beside().await.services.people;
    for state in [coco::people::Presence::Busy, coco::people::Presence::Away] {
        let set = Instant::now();
        there.set_presence(&live.rep, state).await.unwrap();
        let told = desk.expect("presence").await;
        assert_eq!(told["data"], json!({ "userId": live.rep.id, "status": state.as_str() }));
        assert!(set.elapsed() < Duration::from_secs(2));
    }
}

/// Two nodes on one database: each with connections of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn receipts_and_typing_reach_other_nodes() {
    let Some(stage) = Stage::postgres().await else { return };
    let live = Live::on(stage).await;
    let (mut maya, mut rep) = (live.member(&live.maya).await, live.member(&live.rep).await);
    let there = live.app.stage.beside().await.services.conversations;
    let typing = |who: &Actor, on, internal| Typing {
        ticket_id: live.ticket.clone(),
        conversation_id: live.conversation.clone(),
        user_id: who.id.clone(),
        user_name: who.name.clone(),
        on,
        internal,
    };
    let begun = Instant::now();
    there.mark(&live.maya, &live.conversation, 1, 1).await.unwrap();
    assert_eq!(rep.expect("receipt").await["data"]["readPosition"], 1);
    there.type_elsewhere(typing(&live.maya, true, false)).await.unwrap();
    let told = rep.expect("typing").await;
    assert_eq!(told["data"], json!({ "userId": live.maya.id, "userName": "maya", "isTyping": true }));
    assert_eq!((&told["ticketId"], &told["conversationId"]), (&json!(live.ticket), &json!(live.conversation)));
    there.type_elsewhere(typing(&live.rep, true, true)).await.unwrap();
    there.type_elsewhere(typing(&live.rep, false, false)).await.unwrap();
    while maya.expect("typing").await["data"]["userId"] != json!(live.rep.id) {}
    assert!(begun.elapsed() < Duration::from_secs(2));
    let of_rep = maya.heard.iter().filter(|h| h.contains("isTyping") && h.contains(live.rep.id.as_str()));
    assert!(of_rep.eq(maya.heard.last()), "of notes customers hear nothing");

    // On one's own node it is shown once.
    rep.send(&json!({ "type": "typing" })).await;
    maya.expect("typing").await;
    assert!(maya.is_silent().await);
}
