//! Hashing passwords with Argon2id: slow on purpose, so only a few at a time and off the runtime.

use crate::error::{Error, Result};
use crate::trace::TARGET;
use argon2::password_hash::phc::PasswordHash;
use argon2::{ARGON2ID_IDENT, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tracing::instrument;

/// Passwords worked on at a time; each takes a core and 19 MiB.
const AT_ONCE: usize = 2;
/// Callers that may wait for their turn.
const WAITING: usize = 64;
/// What callers beyond that are told to wait, in seconds.
const RETRY: u32 = 2;

/// The OWASP recommendation: 19 MiB, two passes, one lane.
const OWASP: Params = params(19 * 1024, 2);
/// How hashes are made: as OWASP recommends, in tests with the least Argon2 allows.
pub const COST: Params = if cfg!(any(test, feature = "testing")) { params(Params::MIN_M_COST, 1) } else { OWASP };

const fn params(memory_kib: u32, passes: u32) -> Params {
    match Params::new(memory_kib, passes, 1, None) {
        Ok(params) => params,
        Err(_) => panic!("parameters Argon2 does not know"),
    }
}

/// Makes and checks password hashes.
pub struct Passwords {
    params: Params,
    places: Arc<Semaphore>,
    hands: Arc<Semaphore>,
}

impl Passwords {
    pub fn new(params: Params) -> Self {
        Self { params, places: Arc::new(Semaphore::new(AT_ONCE + WAITING)), hands: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// The hash of a password as a PHC string, with a salt of its own.
    #[instrument(target = TARGET, name = "auth.hash", skip_all)]
    pub async fn hash(&self, password: &str) -> Result<String> {
        let password = password.to_owned();
        let hash = self.work(move |argon2| argon2.hash_password(password.as_bytes()).map(|hash| hash.to_string())).await?;
        hash.map_err(Error::internal)
    }

    /// Whether the password belongs to the stored hash. Where there is none, the same work is done
    /// for a hash nobody keeps, so that the time does not tell.
    #[instrument(target = TARGET, name = "auth.verify", skip_all)]
    pub async fn verify(&self, password: &str, stored: Option<&str>) -> Result<bool> {
        let (password, stored) = (password.to_owned(), stored.map(str::to_owned));
        self.work(move |argon2| match stored {
            Some(stored) => PasswordVerifier::<str>::verify_password(&argon2, password.as_bytes(), &stored).is_ok(),
            None => argon2.hash_password(password.as_bytes()).is_err(),
        })
        .await
    }

    /// Whether the stored hash was made in another way than hashes are made now.
    pub fn needs_rehash(&self, stored: &str) -> bool {
        let Ok(hash) = PasswordHash::new(stored) else { return true };
        let cost = |p: &Params| (p.m_cost(), p.t_cost(), p.p_cost());
        hash.algorithm != ARGON2ID_IDENT
            || hash.version != Some(Version::default().into())
            || Params::try_from(&hash).map_or(true, |p| cost(&p) != cost(&self.params))
    }

    /// Runs `job` on a thread that may block. The permits go with it: a caller that gives up does
    /// not let another in before the work is done.
    async fn work<T: Send + 'static>(&self, job: impl FnOnce(Argon2<'static>) -> T + Send + 'static) -> Result<T> {
        let place = self.places.clone().try_acquire_owned().map_err(|_| Error::RateLimited(RETRY))?;
        let hand = self.hands.clone().acquire_owned().await.map_err(Error::internal)?;
        let argon2 = Argon2::from(&self.params);
        let run = move || {
            let _permits = (place, hand);
            job(argon2)
        };
        tokio::task::spawn_blocking(run).await.map_err(Error::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn tells_right_from_wrong_and_old_from_new() {
        let cheap = Passwords::new(COST);
        let stored = cheap.hash("correct horse").await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$"), "{stored}");
        assert_ne!(stored, cheap.hash("correct horse").await.unwrap());
        assert!(cheap.verify("correct horse", Some(&stored)).await.unwrap());
        assert!(!cheap.verify("correct house", Some(&stored)).await.unwrap());
        assert!(!cheap.verify("correct horse", None).await.unwrap());
        assert!(!cheap.verify("", Some("not a hash")).await.unwrap());
        assert!(!cheap.needs_rehash(&stored));
        assert!(Passwords::new(OWASP).needs_rehash(&stored));
        assert!(cheap.needs_rehash("not a hash"));
    }

    #[tokio::test]
    async fn verifies_hashes_of_other_parameters() {
        let strong = Passwords::new(OWASP);
        let stored = strong.hash("correct horse").await.unwrap();
        assert!(stored.contains("m=19456,t=2,p=1"), "{stored}");
        assert!(Passwords::new(COST).verify("correct horse", Some(&stored)).await.unwrap());
    }

    #[tokio::test]
    async fn lets_only_so_many_wait() {
        let passwords = Passwords::new(COST);
        let all: Vec<_> = (0..AT_ONCE + WAITING).map(|_| passwords.places.clone().try_acquire_owned().unwrap()).collect();
        assert_eq!(passwords.hash("correct horse").await, Err(Error::RateLimited(RETRY)));
        drop(all);
        assert!(passwords.hash("correct horse").await.is_ok());
    }
}
