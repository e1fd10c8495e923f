//! Who of the staff is here.

use super::*;

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
