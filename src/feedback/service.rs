//! Use cases around ratings. The mails that ask for them and the links in those are in `invitations.rs`.

use super::{MAX_COMMENT, Rating, store};
use crate::actor::{Action, Actor};
use crate::conversations::Visibility;
use crate::db::{Conn, Tx};
use crate::error::{ConflictKind, Error, Result};
use crate::event::Event;
use crate::id::{TicketId, VendorId};
use crate::people::service::People;
use crate::ports::mailer::Mailer;
use crate::services::Core;
use crate::text::Form;
use crate::tickets::Ticket;
use crate::time::Timestamp;
use crate::trace::TARGET;
use std::sync::Arc;
use tracing::instrument;

/// Ratings.
#[derive(Clone)]
pub struct Feedback {
    pub(super) core: Core,
    pub(super) people: People,
    pub(super) mailer: Arc<dyn Mailer>,
}

impl Feedback {
    pub(crate) fn new(core: Core, mailer: Arc<dyn Mailer>) -> Self {
        Self { people: People::new(core.clone()), core, mailer }
    }

    /// Rates a resolved or closed ticket, 1 to 5; again to change one's mind.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `score` or `comment`, [`Error::Conflict`] while the ticket is open.
    #[instrument(target = TARGET, name = "feedback.rate", skip_all)]
    pub async fn rate(&self, actor: &Actor, key: &str, score: i64, comment: &str) -> Result<(Ticket, Rating)> {
        let rating = self.checked(score, comment)?;
        let mut tx = self.core.db.begin().await?;
        let ticket = crate::tickets::service::locked(&mut tx, actor, Action::Rate, key).await?;
        if ticket.status.is_open() {
            return Err(Error::conflict(ConflictKind::IllegalMove, "You can rate once this is resolved."));
        }
        put(&mut tx, actor, &ticket, &rating).await?;
        tx.commit().await?;
        Ok((ticket, rating))
    }

    /// How a ticket was rated, if it was.
    ///
    /// # Errors
    /// [`Error::NotFound`] for someone else's.
    #[instrument(target = TARGET, name = "feedback.rating", skip_all)]
    pub async fn rating(&self, actor: &Actor, ticket: &Ticket) -> Result<Option<Rating>> {
        actor.may(Action::TicketRead, ticket.subject_of())?;
        store::get(&mut self.core.db.read().await?, &ticket.id).await
    }

    /// What was filled in, as a rating given now.
    pub(super) fn checked(&self, score: i64, comment: &str) -> Result<Rating> {
        let mut form = Form::default();
        if !(1..=5).contains(&score) {
            form.fault("score", "Choose how we did, from 1 to 5.");
        }
        let comment = if comment.trim().is_empty() { String::new() } else { form.body("comment", comment, MAX_COMMENT) };
        form.done()?;
        Ok(Rating { score, comment, created_at: self.core.now() })
    }
}

/// Stores a rating and tells the journey.
pub(super) async fn put(tx: &mut Tx, actor: &Actor, ticket: &Ticket, rating: &Rating) -> Result<()> {
    store::put(tx, &ticket.id, &ticket.vendor_id, &ticket.customer_id, rating).await?;
    let event = Event::Rated { score: rating.score, comment: rating.comment.clone() };
    tx.append(ticket.event(actor, Visibility::Customer, event, rating.created_at));
    Ok(())
}

/// Notes that the customer is to be asked how it went, in the transaction that resolves the ticket.
pub(crate) async fn invite(tx: &mut Tx, ticket: &TicketId, resolved_at: Timestamp) -> Result<()> {
    store::invite(tx, ticket, resolved_at).await
}

/// The rating of a ticket.
pub(crate) async fn of(conn: &mut Conn, ticket: &TicketId) -> Result<Option<Rating>> {
    store::get(conn, ticket).await
}

/// Ratings of several tickets, as they stand.
pub(crate) async fn put_many(tx: &mut Tx, ratings: &[(&Ticket, &Rating)]) -> Result<()> {
    store::insert_many(tx, ratings).await
}

/// Customer satisfaction since a moment: the mean score of 1 to 5, and of how many ratings.
pub(crate) async fn csat(conn: &mut Conn, vendor: &VendorId, since: Timestamp) -> Result<Option<(f64, i64)>> {
    let (count, sum) = store::totals(conn, vendor, since.micros()).await?;
    Ok((count > 0).then(|| (sum as f64 / count as f64, count)))
}
