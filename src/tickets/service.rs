//! Use cases around one ticket. Lists are in `list.rs`.

use super::{
    Category, CustomerRef, LAST_LINE, MAX_BODY, MAX_SUBJECT, NewTicket, Priority, PrioritySource, Status, Ticket, TicketDetails,
    TicketType, TicketView, classify, clean_tags, held, store,
};
use crate::actor::{Action, Actor, ActorKind, Role, Subject};
use crate::conversations::Visibility;
use crate::conversations::sending::check_extras;
use crate::db::{Conn, Sql, Tx};
use crate::error::{ConflictKind, Error, Result};
use crate::event::Event;
use crate::id::{ConversationId, TicketId, UserId, VendorId};
use crate::journey::{ActorRef, NewEvent};
use crate::people::User;
use crate::services::Core;
use crate::text::{Form, snippet};
use crate::time::Timestamp;
use crate::trace::TARGET;
use std::collections::HashMap;
use tracing::instrument;

/// Events shown as activity.
pub(super) const ACTIVITY: i64 = 100;

/// Tickets.
#[derive(Clone)]
pub struct Tickets {
    pub(super) core: Core,
}

impl Tickets {
    pub(crate) const fn new(core: Core) -> Self {
        Self { core }
    }

    /// Opens a ticket with its first message. The same `client_id` again gives the same ticket.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the fields, [`Error::NotFound`] for a vendor that is not the actor's.
    #[instrument(target = TARGET, name = "tickets.create", skip_all)]
    pub async fn create(&self, actor: &Actor, new: NewTicket) -> Result<Ticket> {
        Ok(self.open_new(actor, new).await?.0)
    }

    /// The same, with what there is to tell of the ticket outside its own row.
    ///
    /// # Errors
    /// As [`Tickets::create`].
    #[instrument(target = TARGET, name = "tickets.create_with_details", skip_all)]
    pub async fn create_with_details(&self, actor: &Actor, new: NewTicket) -> Result<(Ticket, TicketDetails)> {
        let tags = new.tags.clone();
        let (ticket, details) = self.open_new(actor, new).await?;
        if let Some(details) = details {
            return Ok((ticket, details));
        }
        let mut details = self.details(actor, Action::TicketCreate, &[&ticket]).await?.remove(&ticket.id).ok_or(Error::NotFound)?;
        if !actor.sees_staff() {
            // What they say themselves they get back, each time.
            details.tags = clean_tags(&tags)?;
        }
        Ok((ticket, details))
    }

    /// The ticket, and when it was not there before, its details.
    async fn open_new(&self, actor: &Actor, new: NewTicket) -> Result<(Ticket, Option<TicketDetails>)> {
        let mut form = Form::default();
        let subject = form.line("subject", &new.subject, MAX_SUBJECT);
        let description = form.body("description", &new.description, MAX_BODY);
        check_extras(&mut form, new.client_id.as_deref(), &new.attachments);
        form.done()?;
        let tags = clean_tags(&new.tags)?;
        let now = self.core.now();

        let me = crate::people::service::get(&mut self.core.db.read().await?, &actor.id).await?.ok_or(Error::Unauthenticated)?;
        let mut tx = self.core.db.begin().await?;
        let (customer, vendor, is_held) = self.parties(&mut tx, actor, me, &new).await?;
        actor.may(Action::TicketCreate, Subject::Ticket { vendor: &vendor, customer: Some(&customer.id) })?;
        if let Some(client_id) = &new.client_id
            && let Some(existing) = store::by_client(&mut tx, &customer.id, client_id).await?
        {
            tx.commit().await?;
            return Ok((known(actor, existing)?, None));
        }
        let (priority, priority_source, priority_reason) = priority(actor, new.priority, &subject, &description);
        let year = now.civil().year;
        let ticket = Ticket {
            id: self.core.id(),
            number: super::number(year, store::next_number(&mut tx, year).await?),
            vendor_id: vendor,
            customer_id: customer.id,
            customer_name: customer.name,
            subject,
            status: Status::WaitingForAgent,
            priority,
            priority_source,
            channel: new.channel,
            ticket_type: TicketType::Question,
            category: new.category.unwrap_or(Category::Other),
            subcategory: subcategory(&new.subcategory),
            assignee_id: None,
            assignee_name: None,
            team_id: None,
            team_name: None,
            level: 1,
            version: 1,
            created_at: now,
            updated_at: now,
            activity_at: now,
            last_line: snippet(&description, LAST_LINE),
            first_response_at: None,
            resolved_at: None,
            closed_at: None,
            is_held,
        };
        let insert = store::insert(&ticket, new.client_id.as_deref());
        match &new.client_id {
            None => tx.write(insert),
            Some(client_id) => {
                if insert.run(&mut tx).await? == 0 {
                    let existing = store::by_client(&mut tx, &ticket.customer_id, client_id).await?;
                    tx.commit().await?;
                    let existing = existing.ok_or_else(|| Error::internal("ticket not stored"))?;
                    return Ok((known(actor, existing)?, None));
                }
            }
        }
        if let Some(insert) = store::add_tags(&ticket.id, &ticket.vendor_id, &tags) {
            tx.write(insert);
        }
        let opened = Event::TicketCreated {
            number: ticket.number.clone(),
            subject: ticket.subject.clone(),
            channel: ticket.channel,
            status: ticket.status,
            priority,
            priority_source,
            priority_reason,
        };
        tx.append(ticket.event(actor, Visibility::Customer, opened, now));
        let conversation_id =
            crate::conversations::service::open_in(&self.core, &mut tx, actor, &ticket, &description, &new.attachments).await?;
        tx.commit().await?;
        let details =
            TicketDetails { conversation_id, description, customer_email: customer.email, tags, assigned_at: None, outlook: None };
        Ok((ticket, Some(details)))
    }

    /// Who asks whom: customers for themselves at their chosen vendor, staff for someone at theirs; and
    /// whether it is to be held back from the customer.
    async fn parties(&self, tx: &mut Tx, actor: &Actor, me: User, new: &NewTicket) -> Result<(User, VendorId, bool)> {
        let chosen = new.vendor_id.clone().or_else(|| me.current_vendor_id.clone()).or_else(|| actor.vendors.first().cloned());
        let vendor = chosen.ok_or_else(|| Error::invalid("vendor_id", "Choose who you need help from."))?;
        if !actor.role.is_staff() {
            if !actor.vendors.contains(&vendor) {
                return Err(Error::invalid("vendor_id", "Choose one of your vendors."));
            }
            check_oneself(&me, new.customer.as_ref())?;
            return Ok((me, vendor, false));
        }
        actor.may(Action::TicketCreate, Subject::Vendor(&vendor))?;
        let who = new.customer.as_ref().ok_or_else(|| Error::invalid("customer_email", "Say who the customer is."))?;
        let address = who.email.as_deref().map(address).transpose()?;
        let given = held::given_name(who)?;
        let found = match (&who.id, &address) {
            (Some(id), _) => crate::people::service::get(tx, id).await?,
            (None, Some(email)) => crate::people::service::by_email(tx, email).await?,
            (None, None) => return Err(Error::invalid("customer_email", "Say who the customer is.")),
        };
        let mut customer = match (found, address) {
            (Some(user), _) => user,
            (None, Some(email)) => {
                let name = given.clone().unwrap_or_else(|| held::name_of(&email));
                crate::people::service::create_in(&self.core, tx, &email, &name, Role::Customer, &[], false).await?
            }
            (None, None) => return Err(Error::invalid("customer_id", "We don't know this customer.")),
        };
        // Who has nothing to do with this vendor yet is only taken by address, never found by id.
        let joined = crate::people::service::vendors_of(tx, &customer.id).await?.contains(&vendor);
        let known_as = store::known_as(tx, &customer.id, &vendor).await?;
        if customer.role != Role::Customer || (who.id.is_some() && !joined && known_as.is_none()) {
            return Err(Error::invalid("customer_id", "We don't know this customer."));
        }
        let is_held = !crate::people::service::is_proved(tx, &customer.id).await?;
        if !is_held {
            bring(&self.core, tx, &customer, &vendor).await?;
        } else if !joined {
            customer.name = given.or(known_as).unwrap_or_else(|| held::name_of(&customer.email));
        }
        Ok((customer, vendor, is_held))
    }

    /// A ticket by id or number.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    #[instrument(target = TARGET, name = "tickets.get", skip_all)]
    pub async fn get(&self, actor: &Actor, key: &str) -> Result<Ticket> {
        let ticket = store::get(&mut self.core.db.read().await?, key).await?.ok_or(Error::NotFound)?;
        actor.may(Action::TicketRead, ticket.subject_of())?;
        Ok(ticket.seen_by(actor))
    }

    /// The tags of a ticket; none for customers.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    #[instrument(target = TARGET, name = "tickets.tags", skip_all)]
    pub async fn tags(&self, actor: &Actor, ticket: &Ticket) -> Result<Vec<String>> {
        actor.may(Action::TicketRead, ticket.subject_of())?;
        tags_for(actor, &mut self.core.db.read().await?, &ticket.id).await
    }

    /// What there is to tell of tickets outside their own rows, to who may do `action` to them.
    ///
    /// # Errors
    /// [`Error::NotFound`] when one is not the actor's.
    #[instrument(target = TARGET, name = "tickets.details", skip_all)]
    pub async fn details(&self, actor: &Actor, action: Action, tickets: &[&Ticket]) -> Result<HashMap<TicketId, TicketDetails>> {
        for ticket in tickets {
            actor.may(action, ticket.subject_of())?;
        }
        if tickets.is_empty() {
            return Ok(HashMap::new());
        }
        let ids: Vec<&TicketId> = tickets.iter().map(|t| &t.id).collect();
        let mut conn = self.core.db.read().await?;
        let mut beginnings = crate::conversations::service::beginnings(&mut conn, ids.iter().copied()).await?;
        let emails = crate::people::service::emails(&mut conn, tickets.iter().map(|t| &t.customer_id)).await?;
        let mut tags: HashMap<TicketId, Vec<String>> = HashMap::new();
        if actor.sees_staff() {
            for (ticket, tag) in store::tags_of(&mut conn, &ids).await? {
                tags.entry(ticket).or_default().push(tag);
            }
        }
        let since: HashMap<TicketId, Timestamp> = store::assigned_since(&mut conn, &ids).await?.into_iter().collect();
        let now = self.core.now();
        let outlook = if actor.sees_staff() { crate::sla::service::outlook(&mut conn, &ids, now).await? } else { HashMap::new() };
        let mut all = HashMap::with_capacity(tickets.len());
        for ticket in tickets {
            let (conversation_id, description) = beginnings.remove(&ticket.id).ok_or(Error::NotFound)?;
            let details = TicketDetails {
                conversation_id,
                description,
                customer_email: emails.get(&ticket.customer_id).cloned().unwrap_or_default(),
                tags: tags.remove(&ticket.id).unwrap_or_default(),
                assigned_at: since.get(&ticket.id).copied(),
                outlook: outlook.get(&ticket.id).copied(),
            };
            all.insert(ticket.id.clone(), details);
        }
        Ok(all)
    }

    /// Everything the ticket's page shows, as far as the actor may see it.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    #[instrument(target = TARGET, name = "tickets.view", skip_all)]
    pub async fn view(&self, actor: &Actor, key: &str) -> Result<TicketView> {
        let mut conn = self.core.db.read().await?;
        let seq = crate::journey::service::newest(&mut conn).await?;
        let ticket = store::get(&mut conn, key).await?.ok_or(Error::NotFound)?;
        actor.may(Action::TicketRead, ticket.subject_of())?;
        actor.may(Action::ChatRead, ticket.subject_of())?;
        let staff = actor.sees_staff();
        let events = crate::journey::service::between_messages(&mut conn, &ticket.id, staff, ACTIVITY).await?;
        let thread = crate::conversations::service::thread(&mut conn, actor, &ticket, &events).await?;
        let mut view = TicketView {
            vendor: crate::vendors::service::get(&mut conn, &ticket.vendor_id).await?.ok_or(Error::NotFound)?,
            tags: tags_for(actor, &mut conn, &ticket.id).await?,
            thread,
            rating: crate::feedback::service::of(&mut conn, &ticket.id).await?,
            place: crate::routing::service::place(&self.core, &mut conn, &ticket).await?,
            customer: None,
            customer_tickets: 0,
            assignments: Vec::new(),
            clocks: Vec::new(),
            activity: Vec::new(),
            seq,
            ticket: ticket.seen_by(actor),
        };
        if staff {
            let t = &view.ticket;
            let card = crate::people::service::card(&mut conn, &t.customer_id).await?;
            view.customer = if t.is_held { card.map(|card| card.given(&t.customer_name, t.created_at)) } else { card };
            view.customer_tickets = store::of_customer(&mut conn, &t.customer_id, &t.vendor_id).await?;
            view.assignments = store::assignments(&mut conn, &t.id).await?;
            view.clocks = crate::sla::service::of_ticket(&mut conn, &t.id).await?;
            view.activity = crate::journey::service::around_messages(&mut conn, &t.id, ACTIVITY).await?;
        }
        Ok(view)
    }
}

/// The ticket that was made of the same form before.
fn known(actor: &Actor, ticket: Ticket) -> Result<Ticket> {
    let taken = |_| Error::conflict(ConflictKind::Duplicate, "This form was used for another ticket.");
    actor.may(Action::TicketCreate, ticket.subject_of()).map_err(taken)?;
    Ok(ticket.seen_by(actor))
}

/// How staff sort their tickets is no customer's matter.
async fn tags_for(actor: &Actor, conn: &mut Conn, id: &TicketId) -> Result<Vec<String>> {
    if actor.sees_staff() { store::tags(conn, id).await } else { Ok(Vec::new()) }
}

/// Joins a customer to a vendor that has a ticket of theirs.
pub(super) async fn bring(core: &Core, tx: &mut Tx, customer: &User, vendor: &VendorId) -> Result<()> {
    if crate::people::service::join(core, tx, &customer.id, vendor).await? {
        let to = crate::vendors::service::get(tx, vendor).await?.ok_or(Error::NotFound)?;
        let who = ActorRef { kind: ActorKind::Customer, id: Some(customer.id.clone()), name: customer.name.clone() };
        tx.append(crate::vendors::service::joined(to, who, core.now()));
    }
    Ok(())
}

/// Refuses a customer who asks for another.
fn check_oneself(me: &User, who: Option<&CustomerRef>) -> Result<()> {
    let Some(who) = who else { return Ok(()) };
    let mut form = Form::default();
    if who.id.as_ref().is_some_and(|id| *id != me.id) {
        form.fault("customer_id", "You can ask for yourself only. Leave this out.");
    }
    if who.email.as_ref().is_some_and(|email| !email.eq_ignore_ascii_case(&me.email)) {
        form.fault("customer_email", "You can ask for yourself only. Leave this out.");
    }
    form.done()
}

fn address(email: &str) -> Result<String> {
    let mut form = Form::default();
    let email = form.email("customer_email", email);
    form.done()?;
    Ok(email)
}

fn subcategory(word: &str) -> String {
    snippet(&crate::text::clean(word), 80)
}

/// What is given counts; else the rules decide. With the word that decided.
fn priority(actor: &Actor, given: Option<Priority>, subject: &str, description: &str) -> (Priority, PrioritySource, Option<String>) {
    match given {
        Some(p) if actor.role.is_staff() => (p, PrioritySource::Rep, None),
        Some(p) => (p, PrioritySource::Customer, None),
        None => {
            let (p, word) = classify(subject, description);
            (p, PrioritySource::Rules, word.map(str::to_owned))
        }
    }
}

impl Ticket {
    /// What rights on this ticket are about.
    #[must_use]
    pub const fn subject_of(&self) -> Subject<'_> {
        let customer = if self.is_held { None } else { Some(&self.customer_id) };
        Subject::Ticket { vendor: &self.vendor_id, customer }
    }

    /// The same as far as the actor may see it: how staff are organised is no customer's matter.
    #[must_use]
    pub(crate) fn seen_by(self, actor: &Actor) -> Self {
        if actor.sees_staff() { self } else { Self { team_id: None, team_name: None, ..self } }
    }

    /// An event of this ticket. While that is held back it is on no customer's journey.
    pub(crate) fn event(&self, actor: &Actor, visibility: Visibility, event: Event, at: Timestamp) -> NewEvent {
        NewEvent {
            vendor_id: Some(self.vendor_id.clone()),
            customer_id: (!self.is_held).then(|| self.customer_id.clone()),
            ticket_id: Some(self.id.clone()),
            conversation_id: None,
            visibility,
            actor: actor.into(),
            event,
            at,
        }
    }

    /// The same, of one of its conversations.
    pub(crate) fn said(
        &self,
        actor: &Actor,
        conversation: &ConversationId,
        visibility: Visibility,
        event: Event,
        at: Timestamp,
    ) -> NewEvent {
        NewEvent { conversation_id: Some(conversation.clone()), ..self.event(actor, visibility, event, at) }
    }
}

/// The ticket as the actor may see it, when they may do `action` to it.
pub(crate) async fn open(conn: &mut Conn, actor: &Actor, action: Action, id: &TicketId) -> Result<Ticket> {
    let ticket = store::get(conn, id.as_str()).await?.ok_or(Error::NotFound)?;
    actor.may(action, ticket.subject_of())?;
    Ok(ticket.seen_by(actor))
}

/// The ticket, kept from others until the transaction ends, when the actor may do `action` to it.
pub(crate) async fn locked(tx: &mut Tx, actor: &Actor, action: Action, key: &str) -> Result<Ticket> {
    let ticket = store::lock(tx, key).await?.ok_or(Error::NotFound)?;
    actor.may(action, ticket.subject_of())?;
    Ok(ticket)
}

/// The ticket; rights are checked by the caller.
pub(crate) async fn get(conn: &mut Conn, id: &TicketId) -> Result<Option<Ticket>> {
    store::get(conn, id.as_str()).await
}

/// The same, kept from others until the transaction ends.
pub(crate) async fn lock(tx: &mut Tx, id: &TicketId) -> Result<Option<Ticket>> {
    store::lock(tx, id.as_str()).await
}

/// The rows of `which`, that have a `ticket_id`, each with the columns of its ticket.
pub(crate) fn with_tickets(which: impl FnOnce(Sql) -> Sql) -> Sql {
    store::with_tickets(which)
}

/// Saves what messages changed.
pub(crate) fn save_activity(tx: &mut Tx, tickets: &[&Ticket]) {
    tx.write(store::save_activity(tickets));
}

/// Saves everything.
pub(crate) async fn save(tx: &mut Tx, ticket: &Ticket) -> Result<()> {
    store::save(tx, ticket).await
}

/// The vendors of a customer's tickets, also of those held back from them.
pub(crate) async fn vendors_of(conn: &mut Conn, customer: &UserId) -> Result<Vec<VendorId>> {
    store::vendors_of(conn, customer).await
}

/// Vendor of a ticket, and its customer unless it is held back from them.
pub(crate) async fn owner(conn: &mut Conn, id: &TicketId) -> Result<Option<(VendorId, Option<UserId>)>> {
    store::owner(conn, id).await
}

/// How many open tickets a customer has at each vendor; those without any are not in it.
pub(crate) async fn open_by_vendor(conn: &mut Conn, customer: &UserId) -> Result<HashMap<VendorId, i64>> {
    Ok(store::open_by_vendor(conn, customer).await?.into_iter().collect())
}

/// How many open tickets at a vendor each of these has; counting stops at [`super::MOST_COUNTED`].
pub(crate) async fn open_by_rep(conn: &mut Conn, vendor: &VendorId, reps: &[UserId]) -> Result<HashMap<UserId, i64>> {
    if reps.is_empty() {
        return Ok(HashMap::new());
    }
    Ok(store::open_by_rep(conn, vendor, reps).await?.into_iter().collect())
}

/// Refuses work on what is done.
pub(crate) fn check_open(ticket: &Ticket) -> Result<()> {
    if ticket.status.is_open() {
        return Ok(());
    }
    Err(Error::conflict(ConflictKind::IllegalMove, format!("This ticket is {}. Reopen it first.", ticket.status.label().to_lowercase())))
}
