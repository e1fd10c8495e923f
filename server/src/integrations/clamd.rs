//! The daemon of ClamAV, over TCP.
//!
//! One connection for each file: `INSTREAM`, the content in chunks with their lengths before them, an
//! empty one, one answer (<https://docs.clamav.net/manual/Usage/Scanning.html>). Whatever is not a
//! whole answer in time is no answer.

use async_trait::async_trait;
use bytes::Bytes;
use coco::ports::scanner::{Finding, Scanner};
use coco::text::{clean, snippet};
use coco::{Error, Result};
use std::fmt::Display;
use std::io;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, BufWriter};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long it may take to be reached, and to answer a ping.
const REACHED_WITHIN: Duration = Duration::from_secs(3);
/// How long it may take to look through a file.
const SCANNED_WITHIN: Duration = Duration::from_secs(45);
/// Bytes sent at a time.
const CHUNK: usize = 64 * 1024;
/// The most bytes of an answer.
const MAX_ANSWER: u64 = 1024;

/// The daemon.
#[derive(Debug, Clone)]
pub struct Clamd {
    address: String,
    patience: Duration,
}

impl Clamd {
    /// At this host and port.
    #[must_use]
    pub fn at(address: &str) -> Self {
        Self { address: address.to_owned(), patience: SCANNED_WITHIN }
    }

    /// The same, waiting for an answer no longer than this.
    #[must_use]
    pub const fn patient_for(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Asks whether it is there.
    ///
    /// # Errors
    /// [`Error::Unchecked`] when it is not.
    pub async fn ping(&self) -> Result<()> {
        let mut line = self.connect().await?;
        let pinged = async {
            line.write_all(b"zPING\0").await?;
            answer(&mut line).await
        };
        match self.within(REACHED_WITHIN.min(self.patience), pinged).await?.as_str() {
            "PONG" => Ok(()),
            other => Err(self.failed(other)),
        }
    }

    async fn connect(&self) -> Result<TcpStream> {
        self.within(REACHED_WITHIN.min(self.patience), TcpStream::connect(&self.address)).await
    }

    async fn within<T>(&self, patience: Duration, work: impl Future<Output = io::Result<T>>) -> Result<T> {
        let outcome = timeout(patience, work).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
        outcome.map_err(|e| self.failed(e))
    }

    fn failed(&self, why: impl Display) -> Error {
        Error::Unchecked(format!("clamd at {}: {why}", self.address))
    }
}

#[async_trait]
impl Scanner for Clamd {
    async fn scan(&self, content: Bytes) -> Result<Finding> {
        let mut line = self.connect().await?;
        let scanned = async {
            let sent = send(&mut line, &content).await;
            // When a file is too long for it, it says so and hangs up while we still send.
            answer(&mut line).await.map_err(|e| sent.err().unwrap_or(e))
        };
        let answer = self.within(self.patience, scanned).await?;
        finding(&answer).ok_or_else(|| self.failed(answer))
    }
}

async fn send(line: &mut TcpStream, content: &[u8]) -> io::Result<()> {
    let mut line = BufWriter::with_capacity(CHUNK + 4, line);
    line.write_all(b"zINSTREAM\0").await?;
    for chunk in content.chunks(CHUNK) {
        line.write_u32(chunk.len() as u32).await?;
        line.write_all(chunk).await?;
    }
    line.write_u32(0).await?;
    line.flush().await
}

/// What it says, up to the zero that ends it.
async fn answer(line: &mut TcpStream) -> io::Result<String> {
    let mut said = Vec::new();
    BufReader::new(line.take(MAX_ANSWER)).read_until(0, &mut said).await?;
    match said.pop() {
        Some(0) => Ok(String::from_utf8_lossy(&said).trim().to_owned()),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

fn finding(answer: &str) -> Option<Finding> {
    let verdict = answer.strip_prefix("stream: ")?;
    if verdict == "OK" {
        return Some(Finding::Clean);
    }
    // A digest may follow the name in brackets, which is of no use to anyone here.
    let name = verdict.strip_suffix(" FOUND")?.split('(').next()?;
    Some(Finding::Harmful(snippet(&clean(name), 80)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_verdict_is_one() {
        let harmful = |name: &str| Some(Finding::Harmful(name.into()));
        assert_eq!(finding("stream: OK"), Some(Finding::Clean));
        assert_eq!(finding("stream: Eicar-Test-Signature FOUND"), harmful("Eicar-Test-Signature"));
        assert_eq!(finding("stream: Win.Test.EICAR_HDB-1(44d88612fea8a8f36de82e1278abb02f:68) FOUND"), harmful("Win.Test.EICAR_HDB-1"));
        for other in ["", "OK", "stream: ", "stream: OKAY", "stream: Can't allocate memory ERROR", "INSTREAM size limit exceeded. ERROR"] {
            assert_eq!(finding(other), None, "{other}");
        }
    }
}
