//! Reading the mail.

use super::{Letter, MailHead, parts};
use crate::actor::{Action, Actor, Subject};
use crate::error::{Error, Result};
use crate::page::{Page, PageRequest};
use crate::people::service::People;
use crate::ports::mailer::{Outbox, OutboxMail};
use crate::trace::TARGET;
use tracing::instrument;

/// The mail that was written.
#[derive(Clone)]
pub struct Mails {
    people: People,
}

impl Mails {
    pub(crate) const fn new(people: People) -> Self {
        Self { people }
    }

    /// A page of the mails in `outbox`, newest first.
    ///
    /// # Errors
    /// [`Error::Forbidden`] below super admin, [`Error::Unavailable`] when they cannot be read.
    #[instrument(target = TARGET, name = "mail.list", skip_all)]
    pub async fn list(&self, actor: &Actor, outbox: &dyn Outbox, page: &PageRequest) -> Result<Page<MailHead>> {
        actor.may(Action::Outbox, Subject::Any)?;
        let limit = page.limit()?;
        let mut before = page.after()?.map(|(_, id)| id);
        let mut heads: Vec<MailHead> = Vec::new();
        while heads.len() <= limit as usize {
            let mails = outbox.list(before.as_deref(), limit as usize + 1).await?;
            let Some(last) = mails.last() else { break };
            before = Some(last.id.clone());
            for mail in mails {
                if self.is_for(actor, &mail).await? {
                    heads.push(head(&mail));
                }
            }
        }
        Ok(Page::cut(heads, limit, |m| (m.at.micros(), m.id.clone())))
    }

    /// One mail; addresses below `base_url` are links.
    ///
    /// # Errors
    /// [`Error::Forbidden`] below super admin, [`Error::NotFound`], [`Error::Unavailable`].
    #[instrument(target = TARGET, name = "mail.read", skip_all)]
    pub async fn read(&self, actor: &Actor, outbox: &dyn Outbox, id: &str, base_url: &str) -> Result<Letter> {
        actor.may(Action::Outbox, Subject::Any)?;
        let mail = outbox.read(id).await?;
        if !self.is_for(actor, &mail).await? {
            return Err(Error::NotFound);
        }
        Ok(Letter { head: head(&mail), parts: parts(&mail.text, base_url) })
    }

    /// Whether the addressee is with no vendor that is not the actor's: who reads a link for a new
    /// password can become that person.
    async fn is_for(&self, actor: &Actor, mail: &OutboxMail) -> Result<bool> {
        match self.people.actor_by_email(&mail.to).await {
            Ok(addressee) => Ok(addressee.vendors.iter().all(|v| actor.vendors.contains(v))),
            Err(Error::NotFound) => Ok(true),
            Err(e) => Err(e),
        }
    }
}

fn head(mail: &OutboxMail) -> MailHead {
    MailHead { id: mail.id.clone(), at: mail.at, to: mail.to.clone(), subject: mail.subject.clone() }
}
