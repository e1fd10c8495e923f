//! One-time links: a new password by mail, and the first administrator.
//!
//! A link works once, until it expires or a later one of its kind is made for the same person; but of those that
//! prove an address each works until one of them is used, as people open whichever mail they find.

use super::address::PROOF;
use super::proof::FLOOR;
use super::service::{Auth, password_field};
use super::{MAX_MAILS, RESET_TTL, Registration, SETUP_TTL, check_password, secret, store};
use crate::actor::{Actor, Role};
use crate::db::Tx;
use crate::error::{ConflictKind, Error, Result};
use crate::id::UserId;
use crate::people::User;
use crate::ports::mailer::Mail;
use crate::text::Form;
use crate::time::{HOUR, MINUTE, Timestamp};
use crate::trace::TARGET;
use tracing::instrument;

/// A new password.
pub(super) const RESET: &str = "reset";
/// The first administrator.
const SETUP: &str = "setup";

impl Auth {
    /// Mails a link for a new password, when the address is known and had fewer than
    /// [`MAX_MAILS`] within the hour. The answer is the same in every case, and so is the time it
    /// takes; what goes wrong after the look-up is told to the log alone.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database does not answer.
    #[instrument(target = TARGET, name = "auth.forgot", skip_all)]
    pub async fn forgot(&self, email: &str, base_url: &str) -> Result<()> {
        let floor = tokio::time::sleep(FLOOR);
        if let Some(user) = self.find(email).await?.filter(|u| u.is_active)
            && let Err(e) = self.send_reset(&user, base_url).await
        {
            tracing::warn!(error = ?e, user_id = %user.id, "auth.reset_not_sent");
        }
        floor.await;
        Ok(())
    }

    /// Sets a new password with a link from a mail, ends every session, and gives the person to be
    /// signed in. It proves their address as well.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `token` when the link does not work, for `password` when it is not
    /// acceptable; then the link still works.
    #[instrument(target = TARGET, name = "auth.reset", skip_all)]
    pub async fn reset(&self, token: &str, new_password: &str) -> Result<Actor> {
        let bad_link = || Error::invalid("token", "This link has expired or was used already. Ask for a new one.");
        let token_hash = secret::hash(token);
        let user = {
            let mut conn = self.core.db.read().await?;
            let id = store::live_link(&mut conn, &token_hash, RESET, self.core.now()).await?.flatten().ok_or_else(bad_link)?;
            crate::people::service::get(&mut conn, &id).await?.filter(|u| u.is_active).ok_or_else(bad_link)?
        };
        check_password(new_password, &user.email)?;
        let hash = self.hash(new_password).await?;
        let mut tx = self.core.db.begin().await?;
        store::lock(&mut tx, &user.id).await?;
        if !store::use_link(&mut tx, &token_hash, RESET, self.core.now()).await? {
            return Err(bad_link());
        }
        self.set_hash(&mut tx, &user.id, &hash).await?;
        self.take_over(&mut tx, &user).await?;
        tx.commit().await?;
        self.forget_tokens(&user.id);
        self.attempts.clear(&secret::hash(&user.email));
        self.actor(&user.id).await
    }

    /// A link that makes the first administrator; `None` when there is staff. Earlier ones stop
    /// working.
    ///
    /// # Errors
    /// The database's.
    #[instrument(target = TARGET, name = "auth.setup_link", skip_all)]
    pub async fn setup_link(&self, base_url: &str) -> Result<Option<String>> {
        if !self.people.has_no_staff().await? {
            return Ok(None);
        }
        let mut tx = self.core.db.begin().await?;
        let token = self.new_link(&mut tx, SETUP, None, self.core.now().plus(SETUP_TTL)).await?;
        tx.commit().await?;
        Ok(Some(link(base_url, "setup", &token)))
    }

    /// Makes the first vendor and its administrator, who is then to be signed in.
    ///
    /// # Errors
    /// [`Error::Conflict`] when there is staff, [`Error::Invalid`] for `token` when the link does not
    /// work and for `vendor_name`, `name`, `email`, `password`; then the link still works.
    #[instrument(target = TARGET, name = "auth.setup", skip_all)]
    pub async fn setup(&self, token: &str, vendor_name: &str, r: Registration) -> Result<Actor> {
        let bad_link = || Error::invalid("token", "This link doesn't work any more. Start COCO again to get a new one.");
        let token_hash = secret::hash(token);
        if !self.people.has_no_staff().await? {
            return Err(Error::conflict(ConflictKind::Duplicate, "COCO is set up already. Please sign in."));
        }
        store::live_link(&mut self.core.db.read().await?, &token_hash, SETUP, self.core.now()).await?.ok_or_else(bad_link)?;
        let mut form = Form::default();
        let vendor_name = form.line("vendor_name", vendor_name, 120);
        form.line("name", &r.name, 120);
        let email = form.email("email", &r.email);
        password_field(&mut form, &r.password, &email);
        form.done()?;
        let hash = self.hash(&r.password).await?;

        let mut tx = self.core.db.begin().await?;
        if !store::use_link(&mut tx, &token_hash, SETUP, self.core.now()).await? {
            return Err(bad_link());
        }
        store::void_links(&mut tx, SETUP, None, self.core.now()).await?;
        let about = format!("Help from {vendor_name}");
        let vendor =
            crate::vendors::service::create_in(&self.core, &mut tx, &slug(&vendor_name), &vendor_name, &about, "#3b82f6", "").await?;
        let user = crate::people::service::create_in(&self.core, &mut tx, &email, &r.name, Role::AdminSuper, &[vendor.id], true).await?;
        self.set_hash(&mut tx, &user.id, &hash).await?;
        tx.commit().await?;
        self.actor(&user.id).await
    }

    /// The person's name stays out of the mail: whoever registers someone else's address would
    /// choose what we write to them.
    async fn send_reset(&self, user: &User, base_url: &str) -> Result<()> {
        let mut tx = self.core.db.begin().await?;
        store::lock(&mut tx, &user.id).await?;
        let Some(token) = self.next_link(&mut tx, RESET, &user.id, RESET_TTL).await? else { return Ok(()) };
        tx.commit().await?;
        let text = format!(
            "Hello,\n\nyou can choose a new password here:\n\n{}\n\nThe link works once, for {} minutes.\n\n\
             You didn't ask for this? Then there is nothing to do: your password stays as it is.\n",
            link(base_url, "reset-password", &token),
            RESET_TTL / MINUTE,
        );
        self.mailer.send(Mail { to: user.email.clone(), subject: "Choose a new password".into(), text }).await
    }

    /// A link for someone, unless [`MAX_MAILS`] were made for them within the hour.
    pub(super) async fn next_link(&self, tx: &mut Tx, purpose: &str, user: &UserId, ttl: i64) -> Result<Option<String>> {
        let now = self.core.now();
        if store::count_links(tx, purpose, user, now.plus(ttl - HOUR)).await? >= MAX_MAILS {
            return Ok(None);
        }
        self.new_link(tx, purpose, Some(user), now.plus(ttl)).await.map(Some)
    }

    async fn new_link(&self, tx: &mut Tx, purpose: &str, user: Option<&UserId>, expires_at: Timestamp) -> Result<String> {
        let token = secret::new();
        if purpose != PROOF {
            store::void_links(tx, purpose, user, self.core.now()).await?;
        }
        store::insert_link(tx, &secret::hash(&token), purpose, user, expires_at).await?;
        Ok(token)
    }
}

pub(super) fn link(base_url: &str, page: &str, token: &str) -> String {
    format!("{}/{page}?token={token}", base_url.trim_end_matches('/'))
}

/// A short name for addresses from a vendor's name.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars().map(|c| c.to_ascii_lowercase()) {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    slug.truncate(60);
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "vendor".into() } else { slug.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn makes_short_names() {
        for (name, expected) in
            [("Larkspur Home & Garden", "larkspur-home-garden"), ("  Ünï!", "n"), ("株式会社", "vendor"), ("A--b-", "a-b")]
        {
            assert_eq!(slug(name), expected);
        }
    }

    proptest! {
        #[test]
        fn short_names_are_always_good(name in "\\PC{0,120}") {
            let slug = slug(&name);
            prop_assert!(!slug.is_empty() && slug.len() <= 60);
            prop_assert!(slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
        }
    }
}
