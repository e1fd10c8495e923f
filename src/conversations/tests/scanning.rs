//! Files are looked through before they are stored.

use super::talk;
use crate::both_dbs;
use crate::conversations::attachments::DECODED_AT_ONCE;
use crate::db::testing::Stage;
use crate::error::Error;
use crate::ports::scanner::{FakeScanner, Mood};
use crate::time::DAY;
use bytes::Bytes;
use std::io::Cursor;
use std::sync::Arc;
use tokio::task::JoinSet;

both_dbs!(what_is_harmful_or_unchecked_is_not_stored, nobody_waits_for_the_scan_of_anothers_file);

async fn what_is_harmful_or_unchecked_is_not_stored(stage: Stage) {
    let t = talk(stage).await;
    let scanner = Arc::new(FakeScanner::new(Mood::Well));
    let c = t.stage.services.clone().scanned_by(scanner.clone()).conversations;
    let upload = async |text: &'static str| c.upload(&t.rep, "a.txt", Bytes::from_static(text.as_bytes())).await.map(|_| ());
    assert_eq!(upload("harmless").await, Ok(()));
    let harmful = Error::invalid("file", "This file looks harmful (Test.Virus). It was not uploaded.");
    assert_eq!(upload("a virus").await, Err(harmful));
    scanner.be(Mood::Away);
    assert!(matches!(upload("harmless").await, Err(Error::Unchecked(_))));
    t.stage.clock.advance(2 * DAY);
    assert_eq!(c.sweep_unsent().await, Ok(1), "one was stored");
}

async fn nobody_waits_for_the_scan_of_anothers_file(stage: Stage) {
    let t = talk(stage).await;
    let scanner = Arc::new(FakeScanner::new(Mood::Slow));
    let scanned = t.stage.services.clone().scanned_by(scanner.clone()).conversations;
    let mut slow = JoinSet::new();
    for _ in 0..=DECODED_AT_ONCE {
        let (c, rep) = (scanned.clone(), t.rep.clone());
        slow.spawn(async move { c.upload(&rep, "a.png", picture()).await });
    }
    while scanner.busy() <= DECODED_AT_ONCE {
        tokio::task::yield_now().await;
    }
    // The same database and the same leave to decode, without a scan.
    let c = &t.stage.services.conversations;
    assert!(c.upload(&t.rep, "b.png", picture()).await.expect("uploaded").has_thumbnail);
    c.send(&t.customer, t.message("Are you there?", None)).await.expect("sent");
    scanner.be(Mood::Well);
    while let Some(ended) = slow.join_next().await {
        assert!(ended.expect("no panic").expect("uploaded").has_thumbnail);
    }
}

fn picture() -> Bytes {
    let mut png = Cursor::new(Vec::new());
    image::GrayImage::new(4, 4).write_to(&mut png, image::ImageFormat::Png).expect("a picture");
    png.into_inner().into()
}
