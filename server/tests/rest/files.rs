//! `/api/attachments`

use super::*;
use coco::ports::scanner::{FakeScanner, Mood};
use std::sync::Arc;

coco::both_dbs!(files_come_and_go, files_that_are_refused_say_why, voice_notes_are_played_on_both_sides);

async fn files_come_and_go(stage: Stage) {
    let desk = Desk::on(stage).await;
    let file = upload(&desk.maya, "file", "../pi<x\u{e4}.html", PIXEL).await.of(201, "attachment");
    assert_eq!((&file["contentType"], &file["size"], &file["name"]), (&json!("image/png"), &json!(PIXEL.len()), &json!("pixä.html")));
    let url = file["url"].as_str().unwrap();
    let on_pages = app::conversations::uploaded(&json!({ "attachment": file }).to_string()).expect("pages read the same answer");
    assert_eq!((on_pages.url().as_str(), on_pages.has_thumbnail), (url, true));
    // Until it is sent, it is its uploader's alone.
    desk.rep.get_json(url).await.expect_status(404);
    let send = format!("/api/chat/{}/message", desk.ticket().await["conversationId"].as_str().unwrap());
    let sent = desk.maya.post(&send, &json!({ "content": "", "attachments": [file["id"]] })).await.of(201, "message");
    assert_eq!((&sent["messageType"], &sent["attachments"][0]), (&json!("image"), &file));

    let whole = desk.rep.get_json(url).await.expect_status(200);
    assert_eq!(whole.body, PIXEL);
    for (name, value) in [
        ("content-type", "image/png"),
        ("content-disposition", "inline; filename=\"pix_.html\"; filename*=UTF-8''pix%C3%A4.html"),
        ("x-content-type-options", "nosniff"),
        ("accept-ranges", "bytes"),
        ("cache-control", "private, max-age=3600"),
    ] {
        assert_eq!(whole.header(name), value);
    }
    assert!(whole.header("content-security-policy").starts_with("sandbox"));
    let part = fetch(&desk.rep, url, &[("range", "bytes=1-3")]).await.expect_status(206);
    assert_eq!((part.text(), part.header("content-range")), ("PNG", format!("bytes 1-3/{}", PIXEL.len()).as_str()));
    let beyond = fetch(&desk.rep, url, &[("range", "bytes=999-")]).await.expect_status(416);
    assert_eq!(beyond.header("content-range"), format!("bytes */{}", PIXEL.len()));
    fetch(&desk.rep, url, &[("range", "bytes=1-3"), ("if-range", "\"other\"")]).await.expect_status(200);
    fetch(&desk.rep, url, &[("if-none-match", whole.header("etag"))]).await.expect_status(304);
    let small = desk.rep.get_json(file["thumbnailUrl"].as_str().unwrap()).await.expect_status(200);
    assert_eq!(small.header("content-type"), "image/png");
    desk.stranger.get_json(url).await.expect_status(404);
    desk.app.visitor().get_json(url).await.expect_status(401);
    desk.rep.get_json("/api/attachments/x").await.expect_status(404).problem();

    // Markup is never shown, whatever it says it is; notes' files are staff's.
    let page =
        upload(&desk.rep, "file", "a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>").await.of(201, "attachment");
    desk.rep.post(&send, &json!({ "content": "see", "internal": true, "attachments": [page["id"]] })).await.expect_status(201);
    let got = desk.rep.get_json(page["url"].as_str().unwrap()).await.expect_status(200);
    assert!(got.header("content-disposition").starts_with("attachment;"), "{got:?}");
    desk.maya.get_json(page["url"].as_str().unwrap()).await.expect_status(404);
    assert!(page["thumbnailUrl"].is_null());
    assert!(!app::conversations::uploaded(&json!({ "attachment": page }).to_string()).unwrap().has_thumbnail);

    assert_eq!(upload(&desk.maya, "other", "a", b"x").await.field(422), "file");
    assert_eq!(upload(&desk.maya, "file", "a", b"").await.field(422), "file");
    upload(&desk.maya, "file", "a", &vec![0; 25 * 1024 * 1024 + 1]).await.expect_status(413).problem();
    desk.maya.post("/api/attachments", &json!({})).await.problem();
    let broken = Request::post("/api/attachments").header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
    desk.maya
        .send(broken.body(Body::from("--b\r\ncontent-disposition: form-data; name=\"file\"\r\n\r\nhalf")).unwrap())
        .await
        .expect_status(400)
        .problem();
}

async fn files_that_are_refused_say_why(mut stage: Stage) {
    let scanner = Arc::new(FakeScanner::new(Mood::Well));
    stage.services = stage.services.clone().scanned_by(scanner.clone());
    let desk = Desk::on(stage).await;
    upload(&desk.maya, "file", "a.txt", b"good").await.of(201, "attachment");
    let harmful = upload(&desk.maya, "file", "a.txt", b"a virus").await;
    assert_eq!(harmful.field(422), "file");
    assert_eq!(harmful.problem().detail, "This file looks harmful (Test.Virus). It was not uploaded.");
    scanner.be(Mood::Away);
    let unchecked = upload(&desk.maya, "file", "a.txt", b"good").await.expect_status(503).problem();
    assert_eq!(unchecked.code, "unavailable");
    assert_eq!(unchecked.detail, "We can't check files for viruses right now. Try again in a few minutes.");
}

/// The beginning of what a browser records, with the tracks named.
fn recording(tracks: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm".to_vec();
    bytes.resize(260, 0);
    bytes.extend_from_slice(tracks);
    bytes
}

async fn voice_notes_are_played_on_both_sides(stage: Stage) {
    const SOUND: &[u8] = b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x44\xac\0\0";
    let desk = Desk::on(stage).await;
    let ticket = desk.ticket().await;
    let send = format!("/api/chat/{}/message", ticket["conversationId"].as_str().unwrap());
    let recorded = recording(b"A_OPUS");
    for (name, content) in [
        ("voice.wav", SOUND),
        ("voice.webm", &recorded),
        ("film.webm", &recording(b"A_OPUS V_VP8")),
        ("page.mp3", &b"<!DOCTYPE html><script>alert(1)</script>"[..]),
    ] {
        let file = upload(&desk.maya, "file", name, content).await.of(201, "attachment");
        desk.maya.post(&send, &json!({ "content": "", "attachments": [file["id"]] })).await.of(201, "message");
        let part = fetch(&desk.rep, file["url"].as_str().unwrap(), &[("range", "bytes=0-3")]).await.expect_status(206);
        assert_eq!(part.header("x-content-type-options"), "nosniff");
        let kind = match name {
            "voice.wav" => "audio/x-wav",
            "voice.webm" => "audio/webm",
            "film.webm" => "video/webm",
            _ => "text/html; charset=utf-8",
        };
        assert_eq!(part.header("content-type"), kind);
        assert_eq!(part.header("content-disposition").starts_with("inline"), name != "page.mp3", "{part:?}");
    }
    let number = ticket["number"].as_str().unwrap();
    for (who, page) in [("maya@example.com", "/customer/tickets/"), ("rep@example.com", "/rep/inbox/")] {
        let page = desk.app.login(who).await.get(&format!("{page}{number}")).await.expect_status(200);
        assert_eq!(page.text().matches("<audio").count(), 2, "{who}");
        for name in ["voice.wav", "voice.webm"] {
            assert!(page.text().contains(&format!("aria-label=\"Voice note: {name}\"")) && page.text().contains(" controls"), "{who}");
        }
    }
}
