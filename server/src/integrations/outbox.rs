//! Mail into a folder: one `.eml` file each, for an administrator to read and any mail program to open.
//!
//! Mails hold one-time links, so the folder is its owner's alone.

use super::private;
use async_trait::async_trait;
use coco::ports::mailer::{Mail, Mailer, OutboxMail};
use coco::services::Core;
use coco::time::{Civil, Timestamp};
use coco::{Error, Result};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What a mail's file ends in.
const SUFFIX: &str = ".eml";

/// The folder. Cheap to clone.
#[derive(Clone)]
pub struct Outbox {
    dir: Arc<Path>,
    core: Core,
    written: Arc<AtomicU64>,
}

impl Outbox {
    /// The folder `outbox` in `data_dir`; made when the first mail comes.
    #[must_use]
    pub fn new(data_dir: &Path, core: Core) -> Self {
        Self { dir: data_dir.join("outbox").into(), core, written: Arc::default() }
    }

    /// Where the mails are.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// How many mails there are.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the folder cannot be read.
    pub fn count(&self) -> Result<usize> {
        Ok(self.ids()?.len())
    }

    /// All ids, the latest first.
    fn ids(&self) -> Result<Vec<String>> {
        let entries = match std::fs::read_dir(&self.dir) {
            Ok(entries) => entries,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(self.failed(&e)),
        };
        let names = entries.flatten().filter_map(|e| e.file_name().into_string().ok());
        let mut ids: Vec<String> = names.filter_map(|n| n.strip_suffix(SUFFIX).map(str::to_owned)).collect();
        ids.sort_unstable_by(|a, b| b.cmp(a));
        Ok(ids)
    }

    fn load(&self, id: &str) -> Result<OutboxMail> {
        if id.is_empty() || !id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            return Err(Error::NotFound);
        }
        match std::fs::read_to_string(self.dir.join(format!("{id}{SUFFIX}"))) {
            Ok(text) => parse(id, &text).ok_or(Error::NotFound),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Err(Error::NotFound),
            Err(e) => Err(self.failed(&e)),
        }
    }

    /// Writes beside and renames, so that nobody reads half a mail.
    fn store(&self, mail: &Mail) -> Result<()> {
        private::make_dir(&self.dir).map_err(|e| self.failed(&e))?;
        let now = self.core.now();
        let id = format!("{}-{}-{}", stamp(now), std::process::id(), self.written.fetch_add(1, Ordering::Relaxed));
        let (part, whole) = (self.dir.join(format!(".{id}.part")), self.dir.join(format!("{id}{SUFFIX}")));
        let write = || -> std::io::Result<()> {
            let mut file = private::make_file(&part)?;
            file.write_all(eml(&id, mail, now).as_bytes())?;
            file.sync_all()?;
            std::fs::rename(&part, &whole)
        };
        write().map_err(|e| self.failed(&e))
    }

    fn failed(&self, e: &std::io::Error) -> Error {
        Error::Unavailable(format!("{}: {e}", self.dir.display()))
    }

    async fn on_a_thread<T: Send + 'static>(&self, work: impl FnOnce(&Self) -> Result<T> + Send + 'static) -> Result<T> {
        let this = self.clone();
        tokio::task::spawn_blocking(move || work(&this)).await.map_err(Error::internal)?
    }
}

#[async_trait]
impl Mailer for Outbox {
    async fn send(&self, mail: Mail) -> Result<()> {
        self.on_a_thread(move |this| this.store(&mail)).await
    }
}

#[async_trait]
impl coco::ports::mailer::Outbox for Outbox {
    async fn list(&self, before: Option<&str>, limit: usize) -> Result<Vec<OutboxMail>> {
        let before = before.map(str::to_owned);
        self.on_a_thread(move |this| {
            let ids = this.ids()?;
            let older = ids.iter().filter(|id| before.as_ref().is_none_or(|b| *id < b));
            // What someone removed meanwhile, or laid into the folder themselves, is no mail of ours.
            older.map(|id| this.load(id)).filter(|mail| *mail != Err(Error::NotFound)).take(limit).collect()
        })
        .await
    }
    async fn read(&self, id: &str) -> Result<OutboxMail> {
        let id = id.to_owned();
        self.on_a_thread(move |this| this.load(&id)).await
    }
}

/// `20261121T130501-000123`: sorts by time and is a file name everywhere.
fn stamp(at: Timestamp) -> String {
    let Civil { year, month, day, hour, minute, second } = at.civil();
    let micros = at.micros().rem_euclid(coco::time::SECOND);
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}-{micros:06}")
}

/// RFC 5322 with UTF-8 (RFC 6532). A line break in a header would begin another one.
fn eml(id: &str, mail: &Mail, at: Timestamp) -> String {
    let line = |s: &str| s.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
    let body = mail.text.replace("\r\n", "\n").replace('\n', "\r\n");
    format!(
        "Date: {}\r\nFrom: COCO <no-reply@localhost>\r\nTo: {}\r\nSubject: {}\r\nMessage-ID: <{id}@coco>\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\nX-Coco-At: {at}\r\n\r\n{body}",
        date(at),
        line(&mail.to),
        line(&mail.subject),
    )
}

/// As RFC 5322 writes it; the day of the week may be left out.
fn date(at: Timestamp) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let c = at.civil();
    let month = MONTHS[usize::from(c.month - 1) % 12];
    format!("{} {month} {:04} {:02}:{:02}:{:02} +0000", c.day, c.year, c.hour, c.minute, c.second)
}

fn parse(id: &str, text: &str) -> Option<OutboxMail> {
    let (head, body) = text.split_once("\r\n\r\n")?;
    let field = |name: &str| head.lines().find_map(|l| l.strip_prefix(name)).map(str::to_owned);
    let at = Timestamp::try_from(field("X-Coco-At: ")?).ok()?;
    Some(OutboxMail { id: id.into(), at, to: field("To: ")?, subject: field("Subject: ")?, text: body.replace("\r\n", "\n") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use coco::db::testing::Stage;
    use coco::ports::mailer::Outbox as _;

    fn mail(to: &str, subject: &str, text: &str) -> Mail {
        Mail { to: to.into(), subject: subject.into(), text: text.into() }
    }

    #[tokio::test]
    async fn keeps_mail_newest_first() {
        let (stage, dir) = (Stage::sqlite().await, tempfile::tempdir().unwrap());
        let outbox = Outbox::new(dir.path(), stage.services.core.clone());
        assert_eq!(outbox.list(None, 10).await, Ok(vec![]));
        outbox.send(mail("a@example.com", "One", "Hällo,\n\nlink\n")).await.unwrap();
        stage.clock.advance(1);
        outbox.send(mail("b@example.com", "Two\r\nBcc: c@example.com", "x")).await.unwrap();
        std::fs::write(dir.path().join("outbox/note.eml"), "mine").unwrap();
        let [two, one] = &outbox.list(None, 10).await.unwrap()[..] else { panic!("two mails") };
        assert_eq!((one.to.as_str(), one.subject.as_str(), one.text.as_str()), ("a@example.com", "One", "Hällo,\n\nlink\n"));
        assert_eq!(one.at, coco::db::testing::START);
        assert_eq!(two.subject, "Two  Bcc: c@example.com");
        assert_eq!(outbox.read(&one.id).await.as_ref(), Ok(one));
        assert_eq!(outbox.list(None, 1).await.as_ref(), Ok(&vec![two.clone()]));
        assert_eq!(outbox.list(Some(&two.id), 9).await.as_ref(), Ok(&vec![one.clone()]));
        for id in ["", "../outbox", "nothing", "a/b"] {
            assert_eq!(outbox.read(id).await, Err(Error::NotFound), "{id}");
        }
    }

    #[tokio::test]
    async fn says_when_it_cannot_take_mail() {
        let (stage, dir) = (Stage::sqlite().await, tempfile::tempdir().unwrap());
        std::fs::write(dir.path().join("outbox"), "in the way").unwrap();
        let outbox = Outbox::new(dir.path(), stage.services.core.clone());
        assert!(matches!(outbox.send(mail("a@example.com", "s", "t")).await, Err(Error::Unavailable(_))));
    }
}
