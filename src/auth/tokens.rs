//! API tokens: a person's own rights, narrowed to scopes, for programs.

use super::service::Auth;
use super::{TokenInfo, secret, store};
use crate::actor::{Action, Actor, Scope, Subject};
use crate::error::{Error, Result};
use crate::id::{TokenId, UserId};
use crate::text::Form;
use crate::time::{HOUR, SECOND, Timestamp};
use crate::trace::TARGET;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tracing::instrument;

/// For this long a token is believed without asking the database: rights taken away on another
/// node may last so much longer. Only of those who have proved their address: the account of another may
/// become someone else's, who is shown what must not be read with an old token.
const FRESH: i64 = 5 * SECOND;
/// Tokens remembered; beyond it the stale ones go, then all.
const MAX_REMEMBERED: usize = 10_000;

impl Auth {
    /// Makes a token of the actor's own; the second part is the secret, told this once.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `name` and `scopes`, [`Error::Forbidden`] with a token.
    #[instrument(target = TARGET, name = "auth.create_token", skip_all)]
    pub async fn create_token(&self, actor: &Actor, name: &str, scopes: &[Scope]) -> Result<(TokenInfo, String)> {
        actor.may(Action::TokenManage, Subject::Person(&actor.id))?;
        let mut form = Form::default();
        let name = form.line("name", name, 60);
        if scopes.is_empty() {
            form.fault("scopes", "Choose at least one.");
        }
        form.done()?;
        let scopes = Scope::ALL.into_iter().filter(|s| scopes.contains(s)).collect();
        let token = TokenInfo { id: self.core.id(), name, scopes, created_at: self.core.now(), last_used_at: None, revoked_at: None };
        let text = secret::new_token();
        let mut tx = self.core.db.begin().await?;
        store::insert_token(&mut tx, &actor.id, &token, &secret::hash(&text)).await?;
        tx.commit().await?;
        Ok((token, text))
    }

    /// The actor's tokens, the latest first, with those revoked.
    ///
    /// # Errors
    /// [`Error::Forbidden`] with a token.
    #[instrument(target = TARGET, name = "auth.tokens", skip_all)]
    pub async fn tokens(&self, actor: &Actor) -> Result<Vec<TokenInfo>> {
        actor.may(Action::TokenManage, Subject::Person(&actor.id))?;
        let rows = store::tokens(&mut self.core.db.read().await?, &actor.id).await?;
        Ok(rows.into_iter().map(TokenInfo::from).collect())
    }

    /// Revokes a token of the actor's; again is harmless.
    ///
    /// # Errors
    /// [`Error::NotFound`] for anyone else's, [`Error::Forbidden`] with a token.
    #[instrument(target = TARGET, name = "auth.revoke_token", skip_all)]
    pub async fn revoke_token(&self, actor: &Actor, token: &TokenId) -> Result<()> {
        actor.may(Action::TokenManage, Subject::Person(&actor.id))?;
        let mut tx = self.core.db.begin().await?;
        if !store::revoke_token(&mut tx, &actor.id, token, self.core.now()).await? {
            return Err(Error::NotFound);
        }
        tx.commit().await?;
        self.forget_tokens(&actor.id);
        Ok(())
    }

    /// Who comes with this token, with the rights they have now and the token's scopes; `None` when
    /// it is not valid, or its owner may not sign in.
    ///
    /// # Errors
    /// The database's.
    #[instrument(target = TARGET, name = "auth.by_token", skip_all)]
    pub async fn by_token(&self, secret: &str) -> Result<Option<Actor>> {
        if !secret::is_token(secret) {
            return Ok(None);
        }
        let (hash, now) = (secret::hash(secret), self.core.now());
        let turn = match self.cache.get(&hash, now) {
            Ok(actor) => return Ok(Some(actor)),
            Err(turn) => turn,
        };
        let token = store::token_by_hash(&mut self.core.db.read().await?, &hash).await?;
        let Some(token) = token else { return Ok(None) };
        let Some(mut actor) = self.people.actor(&token.user_id).await? else { return Ok(None) };
        actor.scopes = Some(token.scopes());
        if token.last_used_at.is_none_or(|at| now.since(at) >= HOUR)
            && let Err(e) = self.touch(&token.id, now).await
        {
            tracing::warn!(error = ?e, token_id = %token.id, "auth.token_use_not_noted");
        }
        if actor.is_proved {
            self.cache.put(hash, actor.clone(), now, turn);
        }
        Ok(Some(actor))
    }

    /// Makes the next use of a person's tokens read their rights anew. To be called in this process
    /// after a change of role, vendors or activity; others follow within five seconds.
    pub fn forget_tokens(&self, user: &UserId) {
        self.cache.forget(user);
    }

    async fn touch(&self, token: &TokenId, now: Timestamp) -> Result<()> {
        let mut tx = self.core.db.begin().await?;
        store::touch_token(&mut tx, token, now, now.plus(-HOUR)).await?;
        tx.commit().await.map(|_| ())
    }
}

/// Tokens used just now, by hash.
#[derive(Default)]
pub(super) struct Cache(Mutex<Known>);

#[derive(Default)]
struct Known {
    actors: HashMap<String, (Actor, Timestamp)>,
    /// Rises when rights change: what was read before is not kept.
    turn: u64,
}

impl Cache {
    /// The actor, or the turn in which to ask the database.
    fn get(&self, hash: &str, now: Timestamp) -> Result<Actor, u64> {
        let known = self.lock();
        match known.actors.get(hash) {
            Some((actor, at)) if (0..FRESH).contains(&now.since(*at)) => Ok(actor.clone()),
            _ => Err(known.turn),
        }
    }

    fn put(&self, hash: String, actor: Actor, at: Timestamp, turn: u64) {
        let mut known = self.lock();
        if known.turn != turn {
            return;
        }
        if known.actors.len() >= MAX_REMEMBERED {
            known.actors.retain(|_, (_, then)| (0..FRESH).contains(&at.since(*then)));
            if known.actors.len() >= MAX_REMEMBERED {
                known.actors.clear();
            }
        }
        known.actors.insert(hash, (actor, at));
    }

    fn forget(&self, user: &UserId) {
        let mut known = self.lock();
        known.turn += 1;
        known.actors.retain(|_, (actor, _)| actor.id != *user);
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
