//! Pagination by cursor: stable while rows arrive, and as fast on the last page as on the first.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};

/// The most rows one page may hold.
pub const MAX_LIMIT: u32 = 200;

/// Which page is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRequest {
    /// At most so many rows, 1 to [`MAX_LIMIT`]; 50 when absent.
    pub limit: Option<u32>,
    /// Where the previous page ended.
    pub cursor: Option<String>,
}

/// One page of rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Give this as `cursor` to go on; absent on the last page.
    pub next_cursor: Option<String>,
}

impl PageRequest {
    /// The number of rows, checked.
    pub fn limit(&self) -> Result<u32> {
        match self.limit {
            None => Ok(50),
            Some(n) if (1..=MAX_LIMIT).contains(&n) => Ok(n),
            Some(_) => Err(Error::invalid("limit", format!("Use a number from 1 to {MAX_LIMIT}."))),
        }
    }

    /// The position after which to go on: a sort key and the id that breaks ties.
    pub fn after(&self) -> Result<Option<(i64, String)>> {
        let Some(cursor) = self.cursor.as_deref().filter(|c| !c.is_empty()) else { return Ok(None) };
        let bad = || Error::invalid("cursor", "This cursor is not one of ours. Start again without it.");
        let (key, id) = cursor.split_once('.').ok_or_else(bad)?;
        if id.len() > 64 || id.chars().any(char::is_control) {
            return Err(bad());
        }
        Ok(Some((key.parse().map_err(|_| bad())?, id.to_owned())))
    }
}

impl<T> Page<T> {
    /// A page from rows fetched with one more than `limit`; `key` gives sort key and id of a row.
    #[must_use]
    pub fn cut(mut rows: Vec<T>, limit: u32, key: impl Fn(&T) -> (i64, String)) -> Self {
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next_cursor = more.then(|| rows.last().map(&key)).flatten().map(|(k, id)| format!("{k}.{id}"));
        Self { items: rows, next_cursor }
    }

    /// The same page with other rows.
    #[must_use]
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next_cursor: self.next_cursor }
    }
}
