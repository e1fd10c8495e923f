//! Use cases around passwords: registering, signing in and out, changing the password.
//! Links by mail are in `links.rs`, API tokens in `tokens.rs`.

use super::attempts::Attempts;
use super::password::{self, Passwords};
use super::proof::wrong;
use super::tokens::Cache;
use super::{Registration, address, check_password, links, secret, store};
use crate::actor::{Action, Actor, Role, Subject};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::id::UserId;
use crate::people::{User, service::People};
use crate::ports::mailer::Mailer;
use crate::services::Core;
use crate::text::Form;
use crate::trace::TARGET;
use std::sync::Arc;
use tracing::instrument;

/// Passwords, links and tokens.
#[derive(Clone)]
pub struct Auth {
    pub(super) core: Core,
    pub(super) people: People,
    pub(super) mailer: Arc<dyn Mailer>,
    pub(super) passwords: Arc<Passwords>,
    pub(super) attempts: Arc<Attempts>,
    pub(super) cache: Arc<Cache>,
}

impl Auth {
    pub(crate) fn new(core: Core, mailer: Arc<dyn Mailer>) -> Self {
        let (passwords, people) = (Arc::new(Passwords::new(password::COST)), People::new(core.clone()));
        Self { core, people, mailer, passwords, attempts: Arc::default(), cache: Arc::default() }
    }

    /// Makes a customer, who is then to be signed in. With an address that is taken this is a
    /// sign-in: with the right password it succeeds, with a wrong one it fails after the same work,
    /// in words that fit any cause, and counts as a failed attempt. So a form sent twice does no
    /// harm, and asking for other people's addresses here is as slow as guessing their passwords.
    ///
    /// The address is not theirs yet: that takes the link in a mail, see [`Auth::confirm_address`].
    ///
    /// # Errors
    /// [`Error::Invalid`] naming every field at once, [`Error::RateLimited`].
    #[instrument(target = TARGET, name = "auth.register", skip_all)]
    pub async fn register(&self, r: Registration, base_url: &str) -> Result<Actor> {
        let mut form = Form::default();
        form.line("name", &r.name, 120);
        let email = form.email("email", &r.email);
        password_field(&mut form, &r.password, &email);
        form.done()?;
        if self.find(&email).await?.is_none()
            && let Some(id) = self.insert_customer(&r).await?
        {
            let actor = self.actor(&id).await?;
            // A mail that was not taken can be asked for again on every page.
            if let Err(e) = self.ask_to_confirm(&actor, base_url).await {
                tracing::warn!(error = ?e, user_id = %id, "auth.confirmation_not_sent");
            }
            return Ok(actor);
        }
        let taken = "We couldn't make an account with these details. If you already have one, sign in or ask for a new password.";
        self.sign_in(&email, &r.password).await.map_err(|e| if e == wrong() { Error::invalid("email", taken) } else { e })
    }

    /// The person these belong to, to be signed in.
    ///
    /// # Errors
    /// One and the same [`Error::Invalid`] for the field `password`, whether the address is unknown,
    /// the password wrong or the account inactive; [`Error::RateLimited`] after too many attempts,
    /// for unknown addresses too.
    #[instrument(target = TARGET, name = "auth.sign_in", skip_all)]
    pub async fn sign_in(&self, email: &str, password: &str) -> Result<Actor> {
        let user = self.verified(email, password).await?;
        self.actor(&user.id).await
    }

    /// The number that sessions of this person must carry to be valid.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when there is no such person or they have no password.
    #[instrument(target = TARGET, name = "auth.session_epoch", skip_all)]
    pub async fn session_epoch(&self, user: &UserId) -> Result<i64> {
        let row = store::credentials(&mut self.core.db.read().await?, user).await?;
        Ok(row.ok_or(Error::Unauthenticated)?.session_epoch)
    }

    /// Ends every session of the actor; one with the number returned is valid.
    ///
    /// # Errors
    /// [`Error::Forbidden`] with a token.
    #[instrument(target = TARGET, name = "auth.sign_out_everywhere", skip_all)]
    pub async fn sign_out_everywhere(&self, actor: &Actor) -> Result<i64> {
        actor.may(Action::Profile, Subject::Person(&actor.id))?;
        let mut tx = self.core.db.begin().await?;
        let epoch = store::raise_epoch(&mut tx, &actor.id).await?.ok_or(Error::NotFound)?;
        tx.commit().await?;
        Ok(epoch)
    }

    /// Changes one's own password and ends every session; one with the number returned is valid.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `current` when it is wrong, for `password` when the new one is not
    /// acceptable; [`Error::RateLimited`] after too many attempts; [`Error::Forbidden`] with a token.
    #[instrument(target = TARGET, name = "auth.change_password", skip_all)]
    pub async fn change_password(&self, actor: &Actor, current: &str, new: &str) -> Result<i64> {
        let user = self.people.me(actor).await?;
        check_password(new, &user.email)?;
        let not_yours = || Error::invalid("current", "That isn't your present password.");
        self.verified(&user.email, current).await.map_err(|e| if e == wrong() { not_yours() } else { e })?;
        self.replace(&user, new).await
    }

    /// Sets a person's password, for the command line. Rights are the caller's matter.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Invalid`] for `password`.
    #[instrument(target = TARGET, name = "auth.set_password", skip_all)]
    pub async fn set_password(&self, user: &UserId, password: &str) -> Result<()> {
        let user = crate::people::service::get(&mut self.core.db.read().await?, user).await?.ok_or(Error::NotFound)?;
        check_password(password, &user.email)?;
        self.replace(&user, password).await.map(|_| ())
    }

    /// The hash of a password, for [`Auth::set_hash`].
    ///
    /// # Errors
    /// [`Error::RateLimited`] when too many wait for theirs.
    #[instrument(target = TARGET, name = "auth.hash", skip_all)]
    pub async fn hash(&self, password: &str) -> Result<String> {
        self.passwords.hash(password).await
    }

    /// Gives a person the password of this hash within `tx`, ends their sessions and voids their
    /// links; the new session epoch. For many people at once, as in demo data.
    ///
    /// # Errors
    /// The database's.
    #[instrument(target = TARGET, name = "auth.set_hash", skip_all)]
    pub async fn set_hash(&self, tx: &mut Tx, user: &UserId, hash: &str) -> Result<i64> {
        let epoch = store::set_hash(tx, user, hash).await?;
        for purpose in [links::RESET, address::PROOF] {
            store::void_links(tx, purpose, Some(user), self.core.now()).await?;
        }
        Ok(epoch)
    }

    async fn replace(&self, user: &User, password: &str) -> Result<i64> {
        let hash = self.passwords.hash(password).await?;
        let mut tx = self.core.db.begin().await?;
        let epoch = self.set_hash(&mut tx, &user.id, &hash).await?;
        tx.commit().await?;
        self.attempts.clear(&secret::hash(&user.email));
        Ok(epoch)
    }

    /// The new customer; `None` when someone took the address meanwhile.
    async fn insert_customer(&self, r: &Registration) -> Result<Option<UserId>> {
        let hash = self.passwords.hash(&r.password).await?;
        let mut tx = self.core.db.begin().await?;
        let created = crate::people::service::create_in(&self.core, &mut tx, &r.email, &r.name, Role::Customer, &[], false).await;
        let id = match created {
            Ok(user) => user.id,
            Err(Error::Conflict(_)) => return Ok(None),
            Err(e) => return Err(e),
        };
        self.set_hash(&mut tx, &id, &hash).await?;
        tx.commit().await?;
        Ok(Some(id))
    }

    pub(super) async fn actor(&self, id: &UserId) -> Result<Actor> {
        self.people.actor(id).await?.ok_or(Error::Unauthenticated)
    }

    pub(super) async fn find(&self, email: &str) -> Result<Option<User>> {
        let mut form = Form::default();
        let email = form.email("email", email);
        if form.done().is_err() {
            return Ok(None);
        }
        crate::people::service::by_email(&mut self.core.db.read().await?, &email).await
    }
}

/// Adds what is wrong with a new password to a form.
pub(super) fn password_field(form: &mut Form, password: &str, email: &str) {
    if let Err(e) = check_password(password, email) {
        form.fault("password", e.to_string());
    }
}
