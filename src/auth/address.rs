//! Proving an address: that mail to it reaches the person who gave it.
//!
//! Anyone can register any address. So until its owner has used a link that was mailed there, what staff open
//! for the address is held back from the account (`tickets/held.rs`). The link alone is not enough: it works
//! for who is signed in to the account, as someone who finds it in their mail might otherwise hand the address
//! to a stranger with one click. They ask for a new password instead, which makes the account theirs.

use super::links::link;
use super::service::Auth;
use super::{PROOF_TTL, secret, store};
use crate::actor::Actor;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::people::User;
use crate::ports::mailer::Mail;
use crate::time::{HOUR, SECOND};
use crate::trace::TARGET;
use tracing::instrument;

/// An address.
pub(super) const PROOF: &str = "address";

impl Auth {
    /// Mails a link that proves the actor's address, unless it is proved.
    ///
    /// # Errors
    /// [`Error::RateLimited`] after [`super::MAX_MAILS`] within the hour, [`Error::Forbidden`] with a token,
    /// [`Error::Unavailable`] when the mail was not taken.
    #[instrument(target = TARGET, name = "auth.ask_to_confirm", skip_all)]
    pub async fn ask_to_confirm(&self, actor: &Actor, base_url: &str) -> Result<()> {
        let user = self.people.me(actor).await?;
        if user.email_proved_at.is_some() {
            return Ok(());
        }
        let mut tx = self.core.db.begin().await?;
        store::lock(&mut tx, &user.id).await?;
        let too_many = Error::RateLimited((HOUR / SECOND) as u32);
        let token = self.next_link(&mut tx, PROOF, &user.id, PROOF_TTL).await?.ok_or(too_many)?;
        tx.commit().await?;
        self.mailer.send(mail(user.email, base_url, &token)).await
    }

    /// Proves the actor's address with the link from a mail: they see what was held back from them.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `token` when the link does not work or is someone else's.
    #[instrument(target = TARGET, name = "auth.confirm_address", skip_all)]
    pub async fn confirm_address(&self, actor: &Actor, token: &str) -> Result<()> {
        let bad_link = || Error::invalid("token", "This link has expired, was used already, or is for another account.");
        let user = self.people.me(actor).await?;
        if user.email_proved_at.is_some() {
            return Ok(());
        }
        let (token_hash, now) = (secret::hash(token), self.core.now());
        let mut tx = self.core.db.begin().await?;
        store::lock(&mut tx, &user.id).await?;
        let owner = store::live_link(&mut tx, &token_hash, PROOF, now).await?.flatten();
        if owner.as_ref() != Some(&user.id) || !store::use_link(&mut tx, &token_hash, PROOF, now).await? {
            return Err(bad_link());
        }
        store::void_links(&mut tx, PROOF, Some(&user.id), now).await?;
        self.prove(&mut tx, &user).await?;
        tx.commit().await.map(|_| ())
    }

    /// Proves the address of someone who sets a new password with a link from a mail. When it was not proved
    /// before, a stranger may have made the account: no token of theirs stays.
    pub(super) async fn take_over(&self, tx: &mut Tx, user: &User) -> Result<()> {
        if self.prove(tx, user).await? {
            store::revoke_tokens(tx, &user.id, self.core.now()).await?;
        }
        Ok(())
    }

    async fn prove(&self, tx: &mut Tx, user: &User) -> Result<bool> {
        let is_new = crate::people::service::prove(&self.core, tx, user).await?;
        if is_new {
            crate::tickets::held::release(&self.core, tx, user).await?;
        }
        Ok(is_new)
    }
}

/// The person's name stays out of it: whoever registers someone else's address would choose what we write to
/// them.
fn mail(to: String, base_url: &str, token: &str) -> Mail {
    let text = format!(
        "Hello,\n\nsomeone made an account with this address. If it was you, please confirm that the address is yours:\n\n\
         {}\n\nYou may have to sign in first. The link works once, for {} hours.\n\n\
         Why: someone you call or write to may open a request for this address. Once it is confirmed, you see those \
         requests in your account too. What you ask there yourself works either way.\n\n\
         It wasn't you? Then there is nothing to do: they see nothing that is opened for you. To have the account \
         yourself, ask for a new password:\n\n{}/forgot-password\n",
        link(base_url, "customer/confirm", token),
        PROOF_TTL / HOUR,
        base_url.trim_end_matches('/'),
    );
    Mail { to, subject: "Confirm your address".into(), text }
}
