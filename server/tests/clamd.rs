//! Uploads before a scanner that answers, and before one that does not.

use crate::support::clamd::{Nature, eicar, start};
use bytes::Bytes;
use coco::Error;
use coco::actor::Role;
use coco::ports::scanner::{Finding, Scanner};
use server::config::Layers;
use server::integrations::clamd::Clamd;
use std::time::Duration;
use tokio::net::TcpSocket;

/// Long enough for an answer from this machine, short enough to wait for one that does not come.
const SOON: Duration = Duration::from_millis(500);

async fn scan(address: &str, content: impl Into<Bytes>) -> Result<Finding, Error> {
    Clamd::at(address).patient_for(SOON).scan(content.into()).await
}

/// Why it could not be looked through.
#[track_caller]
fn cause(outcome: Result<Finding, Error>) -> String {
    let Err(Error::Unchecked(cause)) = outcome else { panic!("{outcome:?}") };
    cause
}

/// An address where nobody listens while the socket is held.
fn nowhere() -> (TcpSocket, String) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let address = socket.local_addr().unwrap().to_string();
    (socket, address)
}

#[tokio::test]
async fn what_is_harmful_is_found_wherever_it_is() {
    let clamd = start(Nature::Honest);
    let patient = Clamd::at(&clamd);
    assert_eq!(patient.ping().await, Ok(()));
    let found = Ok(Finding::Harmful("Eicar-Test-Signature".into()));
    assert_eq!(patient.scan(eicar().into()).await, found);
    // Across the end of a chunk.
    let hidden = [vec![b'x'; 64 * 1024 - 20], eicar(), vec![b'x'; 100_000]].concat();
    assert_eq!(patient.scan(hidden.into()).await, found);
    assert_eq!(patient.scan(vec![b'x'; 1_000_000].into()).await, Ok(Finding::Clean));
}

#[tokio::test]
async fn what_could_not_be_looked_through_is_not_called_clean() {
    assert!(cause(scan(&start(Nature::Silent), "x").await).ends_with("timed out"));
    assert!(cause(scan(&start(Nature::Cut), "x").await).ends_with("unexpected end of file"));
    assert!(cause(scan(&start(Nature::Small(9)), "ten bytes!").await).ends_with("INSTREAM size limit exceeded. ERROR"));
    for words in ["stream: Can't allocate memory ERROR", "UNKNOWN COMMAND", "stream: OK FOUND OK", ""] {
        assert!(cause(scan(&start(Nature::Says(words)), "x").await).ends_with(words));
    }
    let (_held, nowhere) = nowhere();
    assert!(cause(scan(&nowhere, "x").await).contains(&nowhere));
    // One that hangs up while more is on its way.
    cause(scan(&start(Nature::Small(100_000)), vec![0; 25 * 1024 * 1024]).await);
}

#[tokio::test]
async fn a_ping_is_answered_or_not() {
    let (_held, nowhere) = nowhere();
    for bad in [start(Nature::Silent), start(Nature::Cut), nowhere] {
        assert!(matches!(Clamd::at(&bad).patient_for(SOON).ping().await, Err(Error::Unchecked(_))));
    }
}

#[tokio::test]
async fn uploads_go_by_the_scanner_that_is_set() {
    let dir = tempfile::tempdir().unwrap();
    let mut layers = Layers::default();
    layers.add_flag("data_dir", dir.path().to_str());
    layers.add_flag("clamd", Some(&start(Nature::Honest)));
    let (services, _) = server::open(&server::Config::from_layers(&layers).unwrap()).await.unwrap();
    services.core.db.migrate().await.unwrap();
    let vendor = services.vendors.create("voltway", "Voltway", "About", "#1d4ed8", "9–17").await.unwrap().id;
    let rep = services.people.create("rep@example.com", "Maya", Role::RepL1, &[vendor]).await.unwrap();
    let rep = services.people.actor(&rep.id).await.unwrap().unwrap();
    let upload = async |content: Vec<u8>| services.conversations.upload(&rep, "a.txt", content.into()).await;
    let refused = Error::invalid("file", "This file looks harmful (Eicar-Test-Signature). It was not uploaded.");
    assert_eq!(upload(eicar()).await, Err(refused));
    assert!(!dir.path().join("attachments").exists());
    assert!(upload(b"harmless".to_vec()).await.is_ok());
    services.core.db.close().await;
}
