//! Talking, and seeing how far the others are.

use super::*;

coco::both_dbs!(two_members_chat, the_same_message_is_stored_once, pipelined_messages_keep_their_order, receipts_are_seen_by_the_others);

async fn two_members_chat(stage: Stage) {
    let live = Live::on(stage).await;
    let (mut maya, mut rep) = (live.member(&live.maya).await, live.member(&live.rep).await);
    maya.send(&json!({ "type": "message", "conversationId": live.conversation, "data": { "content": "Hello?", "clientId": "c1" } })).await;
    let ack = maya.expect("ack").await;
    assert_eq!((&ack["clientId"], &ack["data"]["content"], &ack["data"]["position"]), (&json!("c1"), &json!("Hello?"), &json!(2)));

    let told = rep.expect("message").await;
    assert_eq!(told["data"], ack["data"]);
    assert_eq!(told["conversationId"], json!(live.conversation));
    assert_eq!(told["ticketId"], json!(live.ticket));
    assert_eq!(told["actor"]["name"], "maya");
    assert!(told["seq"].is_i64() && told["timestamp"].as_str().unwrap().ends_with('Z'));

    // The first answer takes the ticket, all in the words of brief 3. A frame without a place is
    // about the only ticket that is followed.
    rep.send(&json!({ "type": "message", "data": { "content": "Looking into it" } })).await;
    let assigned = maya.expect("agent_assigned").await;
    assert_eq!(assigned["data"]["agentName"], "rep");
    assert_eq!(assigned["conversationId"], json!(live.conversation));
    assert_eq!(maya.expect("status_change").await["data"]["status"], "assigned");
    assert_eq!(maya.expect("message").await["data"]["content"], "Looking into it");
    assert_eq!(maya.expect("status_change").await["data"]["status"], "in_progress");

    maya.send(&json!({ "type": "typing", "data": { "userName": "An impostor" } })).await;
    let typing = rep.expect("typing").await;
    assert_eq!(typing["data"], json!({ "userId": live.maya.id, "userName": "maya", "isTyping": true }));
    assert_eq!(typing["conversationId"], json!(live.conversation));
    assert!(typing.get("seq").is_none());
    maya.send(&json!({ "type": "stop_typing" })).await;
    assert_eq!(rep.expect("typing").await["data"]["isTyping"], false);
    assert!(!maya.heard_of("isTyping"), "one's own typing is not told");

    maya.send(&json!({ "type": "ping" })).await;
    assert_eq!(maya.expect("pong").await, json!({ "type": "pong" }));
    maya.send(&json!({ "type": "unsubscribe", "topics": [live.topic()] })).await;
    maya.expect("unsubscribed").await;
    live.say(&live.rep, "Are you there?").await;
    assert!(maya.is_silent().await);
}

async fn the_same_message_is_stored_once(stage: Stage) {
    let live = Live::on(stage).await;
    let mut maya = live.member(&live.maya).await;
    let frame = json!({ "type": "message", "conversationId": live.conversation, "data": { "content": "once", "clientId": "same" } });
    for _ in 0..3 {
        maya.send(&frame).await;
    }
    let (mut acks, mut messages) = (Vec::new(), 0);
    while acks.len() < 3 || messages < 1 {
        let frame = maya.next().await.unwrap();
        match frame["type"].as_str().unwrap() {
            "ack" => acks.push(frame["data"]["id"].clone()),
            "message" => messages += 1,
            other => panic!("{other}"),
        }
    }
    assert!(acks.iter().all(|id| *id == acks[0]));
    assert!(maya.is_silent().await);

    let refused = json!({ "type": "message", "conversationId": live.conversation, "data": { "content": "  ", "clientId": "empty" } });
    maya.send(&refused).await;
    let error = maya.expect("error").await;
    assert_eq!((&error["code"], &error["clientId"], &error["errors"][0]["field"]), (&json!("invalid"), &json!("empty"), &json!("content")));
}

async fn pipelined_messages_keep_their_order(stage: Stage) {
    const COUNT: usize = 400;
    let live = Live::on(stage).await;
    let (mut maya, mut rep) = (live.member(&live.maya).await, live.member(&live.rep).await);
    let sending = async {
        for n in 0..COUNT {
            let data = json!({ "content": format!("m{n}"), "clientId": format!("c{n}") });
            maya.send(&json!({ "type": "message", "conversationId": live.conversation, "data": data })).await;
        }
        let mut acked = Vec::new();
        while acked.len() < COUNT {
            acked.push(maya.expect("ack").await["clientId"].as_str().unwrap().to_owned());
        }
        acked
    };
    let hearing = async {
        let mut heard = Vec::new();
        while heard.len() < COUNT {
            let frame = rep.expect("message").await;
            heard.push((frame["data"]["content"].as_str().unwrap().to_owned(), frame["data"]["position"].as_i64().unwrap()));
        }
        heard
    };
    let (acked, heard) = tokio::join!(sending, hearing);
    assert_eq!(acked, (0..COUNT).map(|n| format!("c{n}")).collect::<Vec<_>>());
    assert_eq!(heard, (0..COUNT).map(|n| (format!("m{n}"), n as i64 + 2)).collect::<Vec<_>>());
}

async fn receipts_are_seen_by_the_others(stage: Stage) {
    let live = Live::on(stage).await;
    let (mut maya, mut rep) = (live.member(&live.maya).await, live.member(&live.rep).await);
    let said = live.say(&live.maya, "Hello?").await;
    rep.send(&json!({ "type": "delivered", "data": { "position": said.position } })).await;
    let receipt = maya.expect("receipt").await;
    let want = json!({ "userId": live.rep.id, "isStaff": true, "deliveredPosition": 2, "readPosition": 0 });
    assert_eq!((&receipt["data"], &receipt["conversationId"]), (&want, &json!(live.conversation)));
    rep.send(&json!({ "type": "read", "conversationId": live.conversation, "data": { "messageId": said.id } })).await;
    assert_eq!(maya.expect("receipt").await["data"]["readPosition"], 2);
    rep.send(&json!({ "type": "read", "data": { "messageId": live.ticket } })).await;
    assert_eq!(rep.expect("error").await["code"], "not_found");
}
