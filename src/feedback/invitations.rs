//! Mails that ask how it went, and the links in them.
//!
//! Resolving a ticket notes an invitation in its own transaction; a worker mails what is noted. An
//! invitation is taken before its mail is handed over, and put back only when the mailer refuses: so no
//! customer is asked twice about one resolution, whatever happens in between. Opening a link changes
//! nothing, as programs that check mail open every link in it.

use super::service::{Feedback, put};
use super::store::{self, Noted};
use super::{Invitation, LINK_TTL, Rating, Standing, score_label};
use crate::actor::{Action, Actor, Subject};
use crate::auth::secret;
use crate::db::Conn;
use crate::error::{ConflictKind, Error, Result};
use crate::id::TicketId;
use crate::ports::mailer::Mail;
use crate::tickets::Ticket;
use crate::time::{DAY, MINUTE};
use crate::trace::TARGET;
use tracing::instrument;

/// Mails written in one round.
const BATCH: i64 = 100;
/// How long to wait with a mail that was not taken.
const AGAIN: i64 = 5 * MINUTE;
/// Who could not be asked within this time is not asked any more.
const LATE: i64 = DAY;
/// For this long after its end a link says that it has ended.
const KEPT: i64 = 60 * DAY;

impl Feedback {
    /// Mails what is due, at most a batch of it, with links below `base_url`; how many that were.
    ///
    /// # Errors
    /// The database's. A mail that is not taken is tried again later.
    #[instrument(target = TARGET, name = "feedback.send_due", skip_all)]
    pub async fn send_due(&self, base_url: &str) -> Result<usize> {
        let due = store::due(&mut self.core.db.read().await?, self.core.now(), BATCH).await?;
        for noted in &due {
            self.send(noted, base_url).await?;
        }
        Ok(due.len())
    }

    /// What a link in a mail asks about.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a token that is none.
    #[instrument(target = TARGET, name = "feedback.invitation", skip_all)]
    pub async fn invitation(&self, token: &str) -> Result<Invitation> {
        let (noted, _, ticket) = self.linked(token).await?;
        let mut conn = self.core.db.read().await?;
        let standing = self.standing(&mut conn, &noted, &ticket).await?;
        let vendor = crate::vendors::service::get(&mut conn, &ticket.vendor_id).await?.ok_or(Error::NotFound)?;
        Ok(Invitation { number: ticket.number, subject: ticket.subject, vendor_name: vendor.name, standing })
    }

    /// Rates the ticket that a link in a mail is about, as its customer; once.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a token that is none, [`Error::Invalid`] for `score` or `comment`,
    /// [`Error::Conflict`] when the ticket was rated or reopened since, or the link has expired.
    #[instrument(target = TARGET, name = "feedback.rate_by_link", skip_all)]
    pub async fn rate_by_link(&self, token: &str, score: i64, comment: &str) -> Result<Rating> {
        let (noted, customer, ticket) = self.linked(token).await?;
        let rating = self.checked(score, comment)?;
        let mut tx = self.core.db.begin().await?;
        let ticket = crate::tickets::service::lock(&mut tx, &ticket.id).await?.ok_or(Error::NotFound)?;
        usable(self.standing(&mut tx, &noted, &ticket).await?)?;
        put(&mut tx, &customer, &ticket, &rating).await?;
        tx.commit().await?;
        Ok(rating)
    }

    /// Asks nobody about what is resolved so far, for demo data.
    ///
    /// # Errors
    /// The database's.
    #[instrument(target = TARGET, name = "feedback.ask_nobody", skip_all)]
    pub async fn ask_nobody(&self) -> Result<()> {
        let mut tx = self.core.db.begin().await?;
        store::forget_due(&mut tx).await?;
        tx.commit().await.map(|_| ())
    }

    /// Removes invitations that ended long ago; how many.
    ///
    /// # Errors
    /// The database's.
    #[instrument(target = TARGET, name = "feedback.sweep", skip_all)]
    pub async fn sweep(&self) -> Result<u64> {
        let mut tx = self.core.db.begin().await?;
        let gone = store::delete_before(&mut tx, self.core.now().plus(-LINK_TTL - KEPT)).await?;
        tx.commit().await?;
        Ok(gone)
    }

    async fn send(&self, noted: &Noted, base_url: &str) -> Result<()> {
        let token = secret::new();
        let mail = self.mail(noted, &token, base_url).await?;
        let mut tx = self.core.db.begin().await?;
        let is_ours = store::take(&mut tx, noted, &secret::hash(&token), self.core.now()).await?;
        tx.commit().await?;
        let Some(mail) = mail.filter(|_| is_ours) else { return Ok(()) };
        if let Err(e) = self.mailer.send(mail).await {
            tracing::warn!(error = ?e, ticket_id = %noted.ticket_id, "feedback.not_asked");
            let mut tx = self.core.db.begin().await?;
            store::put_back(&mut tx, noted, self.core.now().plus(AGAIN)).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// The mail; `None` when nobody is to be asked: it is too late, the ticket was reopened meanwhile, or
    /// its customer is gone or has no address.
    async fn mail(&self, noted: &Noted, token: &str, base_url: &str) -> Result<Option<Mail>> {
        if self.core.now().since(noted.resolved_at) > LATE {
            return Ok(None);
        }
        let Some((customer, ticket)) = self.ticket(&noted.ticket_id).await? else { return Ok(None) };
        let to = self.people.me(&customer).await?.email;
        if ticket.resolved_at != Some(noted.resolved_at) || !is_real(&to) {
            return Ok(None);
        }
        let vendor = crate::vendors::service::get(&mut self.core.db.read().await?, &ticket.vendor_id).await?;
        Ok(vendor.map(|vendor| write(to, &ticket, &vendor.name, token, base_url.trim_end_matches('/'))))
    }

    /// What a token leads to.
    async fn linked(&self, token: &str) -> Result<(Noted, Actor, Ticket)> {
        let noted = store::by_token(&mut self.core.db.read().await?, &secret::hash(token)).await?.ok_or(Error::NotFound)?;
        let (customer, ticket) = self.ticket(&noted.ticket_id).await?.ok_or(Error::NotFound)?;
        Ok((noted, customer, ticket))
    }

    /// A ticket and its customer; `None` when they may not rate it any more. Held back or not: who has our mail
    /// about a ticket has proved the address for it.
    async fn ticket(&self, id: &TicketId) -> Result<Option<(Actor, Ticket)>> {
        let ticket = crate::tickets::service::get(&mut self.core.db.read().await?, id).await?;
        let Some(ticket) = ticket else { return Ok(None) };
        let own = Subject::Ticket { vendor: &ticket.vendor_id, customer: Some(&ticket.customer_id) };
        let actor = self.people.actor(&ticket.customer_id).await?.filter(|a| a.may(Action::Rate, own).is_ok());
        // Staff read on the journey who rated, and an account that the ticket is held back from is not theirs to know.
        let known = |actor: Actor| if ticket.is_held { Actor { name: ticket.customer_name.clone(), ..actor } } else { actor };
        Ok(actor.map(known).map(|actor| (actor, ticket)))
    }

    async fn standing(&self, conn: &mut Conn, noted: &Noted, ticket: &Ticket) -> Result<Standing> {
        if ticket.resolved_at != Some(noted.resolved_at) {
            return Ok(Standing::Reopened);
        }
        let rating = store::get(conn, &ticket.id).await?.filter(|r| r.created_at >= noted.resolved_at);
        Ok(match rating {
            Some(rating) => Standing::Rated(rating.score),
            None if self.core.now().since(noted.resolved_at) >= LINK_TTL => Standing::Expired,
            None => Standing::Open,
        })
    }
}

/// Refuses what a link cannot be used for any more.
fn usable(standing: Standing) -> Result<()> {
    let (kind, words) = match standing {
        Standing::Open => return Ok(()),
        Standing::Rated(_) => (ConflictKind::Duplicate, "You have rated this already."),
        Standing::Reopened => (ConflictKind::IllegalMove, "Your request was opened again after we sent that mail."),
        Standing::Expired => (ConflictKind::IllegalMove, "This link has expired."),
    };
    Err(Error::conflict(kind, words))
}

/// Whether mail can arrive there. What stands in the place of an address where there is none ends in
/// `.invalid`, the one name that is sure to lead nowhere (RFC 2606).
fn is_real(address: &str) -> bool {
    address.rsplit_once('@').is_some_and(|(_, domain)| domain != "invalid" && !domain.ends_with(".invalid"))
}

/// The customer's name stays out of it, as in every mail: it is whatever someone typed who gave this address.
fn write(to: String, ticket: &Ticket, vendor: &str, token: &str, base: &str) -> Mail {
    let choices: Vec<String> =
        (1..=5).rev().map(|score| format!("{score}, {}:\n{base}/rate/{token}?score={score}", score_label(score))).collect();
    let text = format!(
        "Hello,\n\n{vendor} has resolved your request {number}:\n\n{subject}\n{base}/customer/tickets/{number}\n\n\
         How did we do? Open the link that fits. Nothing is sent before you have seen it and could add a comment, and you \
         need not sign in.\n\n{choices}\n\n\
         The links work for {days} days.\n\nSomething still wrong? Answer there, and we open your request again.\n",
        number = ticket.number,
        subject = ticket.subject,
        choices = choices.join("\n"),
        days = LINK_TTL / DAY,
    );
    Mail { to, subject: format!("Resolved: {} ({})", ticket.subject, ticket.number), text }
}
