//! What is missed, and what is not.

use super::*;

coco::both_dbs!(
    what_was_missed_comes_first_and_once,
    polling_tells_the_same,
    what_is_not_understood_does_not_stop_the_rest,
    nothing_is_missed_while_many_write
);

async fn what_was_missed_comes_first_and_once(stage: Stage) {
    let live = Live::on(stage).await;
    let mut rep = live.connect(&live.rep).await;
    let (_, begin) = rep.subscribe(&[&live.topic(), &live.inbox()], None).await;
    live.say(&live.maya, "one").await;
    let seen = rep.expect("message").await["seq"].as_i64().unwrap();
    drop(rep);
    for n in 0..5 {
        live.say(&live.maya, &format!("missed {n}")).await;
    }
    let mut rep = live.connect(&live.rep).await;
    let (told, seq) = rep.subscribe(&[&live.inbox(), &live.topic()], Some(seen)).await;
    let texts: Vec<_> = told.iter().map(|f| f["data"]["content"].as_str().unwrap()).collect();
    assert_eq!(texts, ["missed 0", "missed 1", "missed 2", "missed 3", "missed 4"], "in order, and once though of two topics");
    assert_eq!(seqs(&told).last(), Some(&seq));
    live.say(&live.maya, "live again").await;
    assert_eq!(rep.expect("message").await["data"]["content"], "live again");
    assert!(rep.is_silent().await);

    // From the beginning again: everything once more.
    let (told, _) = rep.subscribe(&[&live.topic()], Some(begin)).await;
    assert_eq!(told.len(), 7);
    // From what has not happened, or too long ago: load anew.
    rep.send(&json!({ "type": "subscribe", "topics": [live.topic()], "since": seq + 1_000_000 })).await;
    let resync = rep.expect("resync").await;
    assert_eq!(resync["topics"], json!([live.topic()]));
    rep.expect("subscribed").await;
    let newest = fill(&live, 5_001).await;
    // Those followed already come by themselves.
    let mut late = live.connect(&live.rep).await;
    late.send(&json!({ "type": "subscribe", "topics": [live.topic()], "since": seq })).await;
    let (before, resync) = late.until("resync").await;
    assert!(before.is_empty());
    assert!(resync["seq"].as_i64().unwrap() <= newest);
    assert_eq!(late.expect("subscribed").await["seq"], resync["seq"]);
}

/// Tells the journey of so many things that do not matter; the last `seq`.
async fn fill(live: &Live, count: usize) -> i64 {
    let core = &live.app.stage.services.core;
    let mut tx = core.db.begin().await.unwrap();
    for _ in 0..count {
        tx.append(NewEvent {
            vendor_id: None,
            customer_id: None,
            ticket_id: None,
            conversation_id: None,
            visibility: Visibility::System,
            actor: ActorRef { kind: coco::actor::ActorKind::System, id: None, name: "test".into() },
            event: Event::CustomerRegistered {},
            at: core.now(),
        });
    }
    *tx.commit().await.unwrap().last().unwrap()
}

async fn polling_tells_the_same(stage: Stage) {
    let live = Live::on(stage).await;
    let topics = format!("topics={},{}", live.topic(), live.inbox());
    let since = live.poll(&live.rep, &topics).await["seq"].as_i64().unwrap();
    let mut rep = live.connect(&live.rep).await;
    rep.subscribe(&[&live.topic(), &live.inbox()], None).await;
    live.say(&live.maya, "Hello?").await;
    live.write(&live.rep, "A note", Visibility::Staff).await;
    live.say(&live.rep, "Looking into it").await;
    live.say(&live.maya, "Thanks").await;
    let mut heard = Vec::new();
    while heard.last().is_none_or(|f: &Value| f["data"]["content"] != "Thanks") {
        heard.push(rep.next().await.unwrap());
    }
    let polled = live.poll(&live.rep, &format!("{topics}&since={since}")).await;
    assert_eq!(polled["events"], json!(heard));
    assert_eq!((&polled["resync"], &polled["seq"]), (&json!(false), &heard.last().unwrap()["seq"]));

    // Nothing yet: waits for the next.
    let seq = polled["seq"].as_i64().unwrap();
    waits_for_the_next(&live, &topics, seq).await;
    let gone = live.poll(&live.rep, &format!("{topics}&since={}", seq + 1_000_000)).await;
    assert_eq!(gone["resync"], true);
    let rep = live.app.visitor().bearing(&live.secret(&live.rep).await);
    for (query, field) in [("", "topics"), ("topics=x", "topics"), ("topics=inbox:1", "topics"), (&format!("{topics}&since=x"), "since")] {
        let problem = rep.get_json(&format!("/api/events?{query}")).await.expect_status(422).problem();
        assert_eq!(problem.errors[0].field, field, "{query}");
    }
    let maya = live.app.visitor().bearing(&live.secret(&live.maya).await);
    maya.get_json(&format!("/api/events?topics={}", live.inbox())).await.expect_status(403);
}

async fn waits_for_the_next(live: &Live, topics: &str, seq: i64) {
    let begun = Instant::now();
    let late = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        live.say(&live.maya, "Late").await
    };
    let query = format!("{topics}&since={seq}&wait=20");
    let (answer, said) = tokio::join!(live.poll(&live.rep, &query), late);
    assert!(begun.elapsed() >= Duration::from_millis(300) && begun.elapsed() < PATIENCE);
    assert_eq!(answer["events"][0]["data"]["id"], json!(said.id));
    assert_eq!(answer["seq"], answer["events"][0]["seq"]);
}

/// As when a newer version runs on another node.
async fn what_is_not_understood_does_not_stop_the_rest(stage: Stage) {
    const FUTURE: &str = "INSERT INTO journey_events (vendor_id, ticket_id, kind, visibility, actor_kind, actor_name, payload, at)
        VALUES ($1, $2, 'from_the_future', 'customer', 'system', 'COCO', '{}', 0)";
    let live = Live::on(stage).await;
    let mut rep = live.connect(&live.rep).await;
    let (_, since) = rep.subscribe(&[&live.inbox()], None).await;
    let mut tx = live.app.stage.services.core.db.begin().await.unwrap();
    sql(FUTURE).bind(&live.app.vendor).bind(&live.ticket).run(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    live.say(&live.maya, "Hello?").await;
    assert_eq!(rep.next().await.unwrap()["data"]["content"], "Hello?");
    let (told, _) = rep.subscribe(&[&live.topic()], Some(since)).await;
    assert_eq!(told.len(), 1);
}

/// Many write in many ways at once; one follower stays, another comes and goes. On PostgreSQL a lower
/// `seq` could become visible after a higher one.
async fn nothing_is_missed_while_many_write(stage: Stage) {
    const WRITERS: usize = 8;
    const ROUNDS: usize = 25;
    let live = Arc::new(Live::on(stage).await);
    let mut stays = live.connect(&live.rep).await;
    let (_, begin) = stays.subscribe(&[&live.inbox()], None).await;

    let mut writers = tokio::task::JoinSet::new();
    for w in 0..WRITERS {
        let live = live.clone();
        writers.spawn(async move {
            let services = &live.app.stage.services;
            for n in 0..ROUNDS {
                match (w + n) % 3 {
                    0 => drop(open(&live.app, &live.maya, &format!("ticket {w} {n}")).await),
                    1 => drop(live.say(&live.maya, &format!("message {w} {n}")).await),
                    _ => {
                        let edit = TicketEdit { subject: Some(format!("subject {w} {n}")), ..TicketEdit::default() };
                        services.tickets.edit(&live.rep, live.ticket.as_str(), edit).await.unwrap();
                    }
                }
            }
        });
    }
    #[expect(clippy::disallowed_methods, reason = "it ends within the test")]
    let flapping = tokio::spawn({
        let live = live.clone();
        async move {
            let secret = live.secret(&live.rep).await;
            let (mut seen, mut since) = (Vec::new(), begin);
            while !live.app.state.lifecycle.is_stopping() {
                let mut client = live.connect_with(&secret).await;
                client.send(&json!({ "type": "subscribe", "topics": [live.inbox()], "since": since })).await;
                // Drops in the middle of a replay, or of what is live.
                for _ in 0..(7 + since % 11) {
                    let Ok(Ok(frame)) = timeout(SILENCE, client.next()).await else { break };
                    if let (Some(seq), false) = (frame["seq"].as_i64(), frame["type"] == "subscribed") {
                        seen.push(seq);
                        since = seq;
                    }
                }
            }
            seen
        }
    });
    while let Some(done) = writers.join_next().await {
        done.unwrap();
    }
    let all = live.app.stage.services.journey.tail(begin, 10_000).await.unwrap().events;
    let want: Vec<i64> = all.iter().filter(|e| e.vendor_id.as_ref() == Some(&live.app.vendor)).map(|e| e.seq).collect();
    assert!(want.len() >= WRITERS * ROUNDS);
    let mut heard = Vec::new();
    while heard.last() != want.last() {
        heard.extend(stays.next().await.unwrap()["seq"].as_i64());
    }
    assert_eq!(heard, want, "in order, nothing missed, nothing twice");
    tokio::time::sleep(2 * SILENCE).await;
    live.app.state.lifecycle.stop();
    assert_eq!(flapping.await.unwrap(), want, "nor by coming and going");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_reader_is_dropped_and_resumes() {
    const COUNT: i64 = 700;
    let live = on_sqlite().await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(8 * 1024).unwrap();
    let stream = socket.connect(live.address).await.unwrap();
    let secret = live.secret(&live.rep).await;
    let (ws, _) = client_async(live.request(&format!("/ws?access_token={secret}"), &[]), stream).await.unwrap();
    let mut slow = Client { ws, heard: Vec::new() };
    slow.subscribe(&[&live.topic()], None).await;
    let mut quick = live.member(&live.rep).await;

    let text = "x".repeat(19_000);
    let writing = async {
        for n in 0..COUNT {
            live.say(&live.maya, &format!("{n} {text}")).await;
        }
    };
    let reading = async {
        for n in 0..COUNT {
            let told = quick.expect("message").await;
            assert!(told["data"]["content"].as_str().unwrap().starts_with(&format!("{n} ")));
        }
    };
    tokio::join!(writing, reading);
    let mut seen = Vec::new();
    let end = loop {
        match slow.next().await {
            Ok(frame) => seen.extend(frame["seq"].as_i64()),
            Err(end) => break end,
        }
    };
    assert!(matches!(end, End::Closed(1013) | End::Cut), "{end:?}");
    assert!(!seen.is_empty() && (seen.len() as i64) < COUNT, "{}", seen.len());

    let mut again = live.connect_with(&secret).await;
    let (told, _) = again.subscribe(&[&live.topic()], seen.last().copied()).await;
    seen.extend(seqs(&told));
    let once: BTreeSet<i64> = seen.iter().copied().collect();
    assert_eq!((seen.len(), once.len()), (COUNT as usize, COUNT as usize), "nothing missed, nothing twice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_finishes_what_was_begun() {
    let live = on_sqlite().await;
    let mut maya = live.member(&live.maya).await;
    for n in 0..50 {
        let data = json!({ "content": "x", "clientId": format!("c{n}") });
        maya.send(&json!({ "type": "message", "conversationId": live.conversation, "data": data })).await;
    }
    maya.expect("ack").await;
    live.app.state.lifecycle.stop();
    let mut acks = 1;
    let end = loop {
        match maya.next().await {
            Ok(frame) => acks += i64::from(frame["type"] == "ack"),
            Err(end) => break end,
        }
    };
    assert_eq!(end, End::Closed(1012));
    let (conversation, _) = live.app.stage.services.conversations.get(&live.maya, &live.conversation).await.unwrap();
    assert_eq!(conversation.last_position, acks + 1, "all that is stored is acknowledged");
    timeout(PATIENCE, live.app.state.hub.shutdown()).await.unwrap();
    assert_eq!(live.app.state.hub.sockets(), 0);
}
