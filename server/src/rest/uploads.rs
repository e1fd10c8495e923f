//! How many files come in at once: each is whole in memory until it is stored.

use coco::id::UserId;
use coco::{Error, Result};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Files at once, of up to 25 MB each.
const MOST: usize = 16;
/// Of one person, so that nobody keeps all others waiting.
const MOST_OF_ONE: usize = 4;
/// Seconds after which to try again.
const AGAIN: u32 = 5;

/// Who sends files right now, and how many.
#[derive(Debug, Default)]
pub struct Uploads(Mutex<HashMap<UserId, usize>>);

/// Leave to send one file, until it is dropped.
#[derive(Debug)]
pub struct Turn<'a> {
    uploads: &'a Uploads,
    who: UserId,
}

impl Uploads {
    /// Leave for one more file of `who`.
    ///
    /// # Errors
    /// [`Error::RateLimited`] when too many are on their way.
    pub fn begin(&self, who: &UserId) -> Result<Turn<'_>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.values().sum::<usize>() >= MOST || all.get(who).is_some_and(|n| *n >= MOST_OF_ONE) {
            return Err(Error::RateLimited(AGAIN));
        }
        *all.entry(who.clone()).or_default() += 1;
        Ok(Turn { uploads: self, who: who.clone() })
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut all = self.uploads.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(n) = all.get_mut(&self.who) {
            *n -= 1;
        }
        all.retain(|_, n| *n > 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_takes_all_turns_and_each_comes_back() {
        let uploads = Uploads::default();
        let people: Vec<UserId> = (0..=MOST).map(|n| format!("0190aaaa-0000-7000-8000-{n:012}").parse().unwrap()).collect();
        let own: Vec<_> = (0..MOST_OF_ONE).map(|_| uploads.begin(&people[0]).unwrap()).collect();
        assert_eq!(uploads.begin(&people[0]).unwrap_err(), Error::RateLimited(AGAIN));
        let others: Vec<_> = people[1..].iter().map_while(|who| uploads.begin(who).ok()).collect();
        assert_eq!(own.len() + others.len(), MOST);
        drop((own, others));
        assert!(uploads.begin(&people[0]).is_ok());
        assert!(uploads.0.lock().unwrap().is_empty());
    }
}
