//! Slows guessing: counts attempts for each address, alike whether we know it or not.
//!
//! An attempt is counted before the password is looked at, so that many at once gain nothing. The
//! counts of known addresses are also in the database, where they outlive this process.

use super::{LOCKOUT, MAX_FAILURES};
use crate::error::{Error, Result};
use crate::time::{SECOND, Timestamp};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Addresses remembered; beyond it the oldest go, in the end all.
const MAX_ADDRESSES: usize = 50_000;

/// Attempts by the hash of the address.
#[derive(Default)]
pub struct Attempts(Mutex<HashMap<String, Count>>);

struct Count {
    failures: i64,
    last: Timestamp,
}

impl Attempts {
    /// Counts an attempt.
    ///
    /// # Errors
    /// [`Error::RateLimited`] while the address rests; then it is not counted.
    pub fn begin(&self, key: &str, now: Timestamp) -> Result<()> {
        let mut all = self.lock();
        if all.len() >= MAX_ADDRESSES && !all.contains_key(key) {
            all.retain(|_, count| now.since(count.last) < LOCKOUT);
            if all.len() >= MAX_ADDRESSES {
                all.clear();
            }
        }
        let count = all.entry(key.to_owned()).or_insert(Count { failures: 0, last: now });
        if count.failures >= MAX_FAILURES {
            let left = count.last.plus(LOCKOUT).since(now);
            if left > 0 {
                return Err(Error::RateLimited(u32::try_from((left + SECOND - 1) / SECOND).unwrap_or(u32::MAX)));
            }
            count.failures = 0;
        }
        count.failures += 1;
        count.last = now;
        Ok(())
    }

    /// Takes back an attempt that came to no answer.
    pub fn undo(&self, key: &str) {
        if let Some(count) = self.lock().get_mut(key) {
            count.failures = (count.failures - 1).max(0);
        }
    }

    /// Forgets the address after it proved itself.
    pub fn clear(&self, key: &str) {
        self.lock().remove(key);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Count>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_after_too_many_and_wakes() {
        let (attempts, start) = (Attempts::default(), Timestamp::from_micros(0));
        for _ in 0..MAX_FAILURES {
            assert_eq!(attempts.begin("a", start), Ok(()));
        }
        assert_eq!(attempts.begin("a", start.plus(1)), Err(Error::RateLimited(600)));
        assert_eq!(attempts.begin("a", start.plus(LOCKOUT - 1)), Err(Error::RateLimited(1)));
        assert_eq!(attempts.begin("b", start), Ok(()));
        assert_eq!(attempts.begin("a", start.plus(LOCKOUT)), Ok(()));
    }

    #[test]
    fn takes_back_and_forgets() {
        let (attempts, now) = (Attempts::default(), Timestamp::from_micros(0));
        for _ in 0..3 * MAX_FAILURES {
            assert_eq!(attempts.begin("a", now), Ok(()));
            attempts.undo("a");
        }
        for _ in 0..MAX_FAILURES {
            assert_eq!(attempts.begin("a", now), Ok(()));
        }
        attempts.clear("a");
        assert_eq!(attempts.begin("a", now), Ok(()));
    }

    #[test]
    fn stays_bounded() {
        let (attempts, now) = (Attempts::default(), Timestamp::from_micros(0));
        for n in 0..=MAX_ADDRESSES {
            assert_eq!(attempts.begin(&n.to_string(), now), Ok(()));
        }
        assert!(attempts.lock().len() <= MAX_ADDRESSES);
    }
}
