//! `coco serve` as a process: it starts, answers, and stops when told to.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub struct Serving {
    child: Child,
    address: String,
    dir: tempfile::TempDir,
}

impl Serving {
    fn start() -> Self {
        let (coco, log) = Self::start_with(&[]);
        std::thread::spawn(move || log.for_each(drop));
        coco
    }

    /// Beside it what it goes on to log; nobody reads that once it is dropped.
    pub fn start_with(settings: &[(&str, &str)]) -> (Self, impl Iterator<Item = String> + Send + 'static) {
        let dir = tempfile::tempdir().unwrap();
        let mut child = command(dir.path(), &["serve", "--listen", "127.0.0.1:0"])
            .envs(settings.iter().copied())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
        let ready = lines.find(|l| l.contains("COCO is ready at")).expect("it starts");
        let address = ready.rsplit("http://").next().unwrap().to_owned();
        let link = lines.find(|l| l.contains("/setup?token=")).expect("a link to set up");
        assert!(link.contains(&address), "{link}");
        (Self { child, address, dir }, lines)
    }

    pub fn get(&self, path: &str) -> String {
        self.get_with(path, "")
    }

    /// With more headers, each with its line's end.
    pub fn get_with(&self, path: &str, headers: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\n{headers}Connection: close\r\n\r\n", self.address).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text
    }

    /// As `kill` does; how it ended.
    pub fn stop(&mut self) -> std::process::ExitStatus {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").arg(&pid).status().unwrap().success());
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(start.elapsed() < Duration::from_secs(15), "does not stop");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn command(dir: &std::path::Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_coco"));
    command.current_dir(dir).args(arguments).stdin(Stdio::null()).stdout(Stdio::null());
    crate::support::without_settings(&mut command);
    command
}

fn error(dir: &std::path::Path, arguments: &[&str]) -> String {
    let output = command(dir, arguments).output().unwrap();
    assert!(!output.status.success(), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn starts_answers_and_stops() {
    let mut coco = Serving::start();
    assert!(coco.get("/readyz").starts_with("HTTP/1.1 200"));
    assert!(coco.get("/metrics").contains("coco_database_up 1"));
    let idle = TcpStream::connect(&coco.address).unwrap();
    assert!(coco.stop().success());
    drop(idle);
    let log = std::fs::metadata(coco.dir.path().join("data/coco.db-wal")).map_or(0, |m| m.len());
    assert_eq!(log, 0, "the log was folded into the database");
}

#[test]
fn goes_on_and_stops_when_nobody_reads_the_log() {
    let (mut coco, log) = Serving::start_with(&[]);
    assert!(coco.get("/readyz").starts_with("HTTP/1.1 200"));
    drop(log);
    assert!(coco.stop().success());
}

#[test]
fn one_server_for_a_data_directory() {
    let coco = Serving::start();
    let dir = coco.dir.path();
    assert!(error(dir, &["serve", "--listen", "127.0.0.1:0"]).contains("another COCO runs on data"));
    assert!(command(dir, &["backup", "copy"]).status().unwrap().success(), "while it serves");
    assert!(error(dir, &["restore", "copy", "--force"]).contains("another COCO runs on data; stop it first"));
    assert!(error(dir, &["serve", "--data-dir", "other", "--listen", &coco.address]).contains("COCO_LISTEN"));
}
