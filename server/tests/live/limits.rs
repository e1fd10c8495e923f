//! What is too much, and what cannot be read.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_read_is_refused_and_then_closes() {
    let live = on_sqlite().await;
    let mut client = live.connect(&live.maya).await;
    let frames = ["", "{", "[]", "\u{0}", r#"{"type":"dance"}"#, r#"{"type":"subscribe"}"#, r#"{"type":"message","data":{"content":1}}"#];
    for frame in frames {
        client.ws.send(Message::text(frame)).await.unwrap();
        assert_eq!(client.expect("error").await["code"], "invalid", "{frame}");
    }
    client.send(&json!({ "type": "message", "conversationId": "no id", "data": { "content": "x", "clientId": "c" } })).await;
    let error = client.expect("error").await;
    assert_eq!((&error["code"], &error["clientId"]), (&json!("not_found"), &json!("c")));
    client.send(&json!({ "type": "typing" })).await;
    assert_eq!(client.expect("error").await["errors"][0]["field"], "conversationId");
    let end = async {
        for _ in 0..20 {
            if client.ws.send(Message::text("{")).await.is_err() {
                break;
            }
        }
        client.end().await
    };
    assert_eq!(end.await, End::Closed(1008));

    let mut client = live.connect(&live.maya).await;
    client.ws.send(Message::binary(vec![1, 2, 3])).await.unwrap();
    assert_eq!(client.end().await, End::Closed(u16::from(CloseCode::Unsupported)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_frames_close_cleanly() {
    let live = on_sqlite().await;
    for size in [64 * 1024 + 1, 1024 * 1024] {
        let mut client = live.member(&live.maya).await;
        client.ws.send(Message::text("x".repeat(size))).await.unwrap();
        assert_eq!(client.end().await, End::Closed(1009), "{size}");
    }
    // The largest that is taken holds the longest message.
    let mut client = live.member(&live.maya).await;
    let content = "ä".repeat(20_000);
    client.send(&json!({ "type": "message", "conversationId": live.conversation, "data": { "content": content } })).await;
    assert_eq!(client.expect("ack").await["data"]["content"], content);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asks_too_much_is_slowed_down() {
    let live = on_sqlite().await;
    let mut client = live.connect(&live.maya).await;
    for _ in 0..100 {
        client.send(&json!({ "type": "ping" })).await;
    }
    let mut answers = BTreeMap::new();
    for _ in 0..100 {
        let frame = client.next().await.unwrap();
        *answers.entry(frame["code"].as_str().unwrap_or("pong").to_owned()).or_insert(0) += 1;
    }
    assert!(answers["pong"] >= 60 && answers["rate_limited"] > 0, "{answers:?}");
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let mut topics: Vec<String> = (0..60).map(|n| format!("ticket:0190aaaa-0000-7000-8000-{n:012}")).collect();
    client.send(&json!({ "type": "subscribe", "topics": topics })).await;
    assert_eq!(client.expect("error").await["errors"][0]["field"], "topics");
    topics.truncate(0);
    for n in 0..51 {
        topics.push(format!("ticket:{}", open(&live.app, &live.maya, &format!("t{n}")).await.0));
    }
    client.send(&json!({ "type": "subscribe", "topics": topics[..40] })).await;
    assert_eq!(client.expect("subscribed").await["topics"].as_array().unwrap().len(), 40);
    client.send(&json!({ "type": "subscribe", "topics": topics[40..] })).await;
    let (told, answer) = client.until("subscribed").await;
    assert_eq!((told.len(), answer["topics"].as_array().unwrap().len()), (1, 10));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_person_has_so_many_sockets() {
    let live = Live::with(Stage::sqlite().await, &[("sockets_per_customer", "2"), ("sockets_per_staff", "3")]).await;
    let (one, _two) = (live.connect(&live.maya).await, live.connect(&live.maya).await);
    let secret = live.secret(&live.maya).await;
    let bearer = format!("Bearer {secret}");
    let open = || Client::open(live.address, live.request("/ws", &[("authorization", &bearer)]));
    assert!(matches!(open().await, Err(WsError::Http(r)) if r.status() == 429 && r.headers().contains_key("retry-after")));
    let _others = [live.connect(&live.rep).await, live.connect(&live.rep).await, live.connect(&live.rep).await];
    drop(one);
    let again = async {
        while open().await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, again).await.expect("room for another");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_sockets_of_a_person_count_together() {
    let live = Live::with(Stage::sqlite().await, &[("socket_rate", "30")]).await;
    let mut refused = 0;
    let mut sockets = [live.connect(&live.maya).await, live.connect(&live.maya).await, live.connect(&live.maya).await];
    for socket in &mut sockets {
        for _ in 0..25 {
            socket.send(&json!({ "type": "ping" })).await;
        }
    }
    for socket in &mut sockets {
        for _ in 0..25 {
            refused += i32::from(socket.next().await.unwrap()["code"] == "rate_limited");
        }
    }
    assert!(refused > 0, "none of them is too much alone");
    let mut rep = live.connect(&live.rep).await;
    rep.send(&json!({ "type": "ping" })).await;
    rep.expect("pong").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_missed_is_not_read_without_end() {
    let live = on_sqlite().await;
    let mut refused = 0;
    for _ in 0..4 {
        let mut socket = live.connect(&live.maya).await;
        for _ in 0..50 {
            socket.send(&json!({ "type": "subscribe", "topics": [live.topic()], "since": 0 })).await;
        }
        for answered in 0..50 {
            let got = timeout(PATIENCE, async {
                loop {
                    let frame = socket.next().await.unwrap();
                    if frame["type"] == "subscribed" || frame["type"] == "error" {
                        return frame;
                    }
                }
            });
            refused += i32::from(got.await.unwrap_or_else(|_| panic!("only {answered}"))["code"] == "rate_limited");
        }
    }
    assert!((20..=100).contains(&refused), "{refused} of 200");
}
