//! One SQL text and its values, run on whichever database the connection is to.

use super::{Conn, Kind, Raw};
use crate::error::Result;
use crate::trace_span;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments, Executor, FromRow, SqlSafeStr, SqliteConnection};
use std::borrow::Cow;
use tracing::{Instrument, Span};

/// With more values than this it pays to bind them by place.
const FEW: usize = 24;
/// What a trace shows of a statement, in bytes.
const SHOWN: usize = 1000;

/// A value of one of the portable column types.
#[derive(Debug, Clone, PartialEq)]
pub enum Arg {
    /// TEXT.
    Text(Option<String>),
    /// BIGINT.
    Int(Option<i64>),
    /// BOOLEAN.
    Bool(bool),
}

/// SQL with `$1`, `$2` … and the values for them.
#[derive(Debug, Clone)]
pub struct Sql {
    text: Cow<'static, str>,
    args: Vec<Arg>,
}

/// Starts a statement from constant text.
#[must_use]
pub fn sql(text: &'static str) -> Sql {
    Sql { text: Cow::Borrowed(text), args: Vec::new() }
}

/// What a query can be read into: a row type derived with `sqlx::FromRow`, or a tuple.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin> Row for T {}

impl Sql {
    /// The value for the next placeholder.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Arg>) -> Self {
        self.args.push(value.into());
        self
    }

    /// Adds constant text.
    #[must_use]
    pub fn push(mut self, text: &'static str) -> Self {
        self.text.to_mut().push_str(text);
        self
    }

    /// Adds constant text with one `?` that stands for `value`.
    #[must_use]
    pub fn with(mut self, text: &'static str, value: impl Into<Arg>) -> Self {
        let (before, after) = text.split_once('?').unwrap_or((text, ""));
        self.args.push(value.into());
        let place = format!("{before}${}{after}", self.args.len());
        self.text.to_mut().push_str(&place);
        self
    }

    /// Adds `($1, $2), ($3, $4) …`: rows for `VALUES`.
    #[must_use]
    pub fn rows(mut self, rows: impl IntoIterator<Item = Vec<Arg>>) -> Self {
        let text = self.text.to_mut();
        for (i, row) in rows.into_iter().enumerate() {
            text.push_str(if i == 0 { "(" } else { ", (" });
            for (j, value) in row.into_iter().enumerate() {
                self.args.push(value);
                text.push_str(if j == 0 { "$" } else { ", $" });
                text.push_str(&self.args.len().to_string());
            }
            text.push(')');
        }
        self
    }

    /// Adds `($1, $2, …)`: a list for `IN`. An empty one matches nothing.
    #[must_use]
    pub fn list<A: Into<Arg>>(self, values: impl IntoIterator<Item = A>) -> Self {
        let values: Vec<Arg> = values.into_iter().map(Into::into).collect();
        if values.is_empty() { self.push("(NULL)") } else { self.rows([values]) }
    }

    /// Keeps the rows from others until the transaction ends. SQLite has one writer, so nothing is needed there.
    #[must_use]
    pub fn for_update(self, conn: &Conn) -> Self {
        if conn.kind() == Kind::Postgres { self.push(" FOR UPDATE") } else { self }
    }

    /// Keeps the rows as they are until the transaction ends; others may go on to refer to them.
    #[must_use]
    pub fn for_share(self, conn: &Conn) -> Self {
        if conn.kind() == Kind::Postgres { self.push(" FOR SHARE") } else { self }
    }

    /// Another statement behind this one, to be run in one go.
    #[must_use]
    pub(super) fn then(mut self, next: Self) -> Self {
        if self.text.is_empty() {
            return next;
        }
        let text = self.text.to_mut();
        text.push_str("; ");
        push_numbered(text, &next.text, self.args.len());
        self.args.extend(next.args);
        self
    }

    /// How many values there are.
    pub(super) const fn values(&self) -> usize {
        self.args.len()
    }

    /// Its span. The text is constant but for the numbers of values, so it tells nothing of anyone.
    fn span(&self, kind: Kind) -> Span {
        let verb = || self.text.split_whitespace().next().unwrap_or("SQL");
        let shown = || &self.text[..self.text.floor_char_boundary(SHOWN)];
        trace_span!("sql", otel.name = verb(), otel.kind = "client", db.system.name = kind.name(), db.query.text = shown())
    }

    /// For SQLite, behind `begin`.
    fn sqlite(self, begin: Option<&'static str>) -> Result<(impl SqlSafeStr, SqliteArguments)> {
        let text = if self.args.len() > FEW { by_place(self.text) } else { self.text };
        let text = match begin {
            Some(begin) => format!("{begin}; {text}").into(),
            None => text,
        };
        let mut args = SqliteArguments::default();
        for arg in self.args {
            match arg {
                Arg::Text(v) => args.add(v),
                Arg::Int(v) => args.add(v),
                Arg::Bool(v) => args.add(v),
            }
            .map_err(crate::Error::internal)?;
        }
        Ok((safe(text), args))
    }

    fn postgres(self) -> Result<(impl SqlSafeStr, PgArguments)> {
        let mut args = PgArguments::default();
        for arg in self.args {
            match arg {
                Arg::Text(v) => args.add(v),
                Arg::Int(v) => args.add(v),
                Arg::Bool(v) => args.add(v),
            }
            .map_err(crate::Error::internal)?;
        }
        Ok((safe(self.text), args))
    }

    /// Runs it; the number of rows changed.
    ///
    /// # Errors
    /// The database's, mapped by [`crate::Error`].
    pub async fn run(self, conn: &mut Conn) -> Result<u64> {
        let span = self.span(conn.kind());
        self.run_on(conn).instrument(span).await
    }

    async fn run_on(self, conn: &mut Conn) -> Result<u64> {
        Ok(match conn.raw() {
            Raw::Sqlite(c, begin) => {
                // By itself: SQLite counts the rows of what came before it again.
                if let Some(begin) = begin {
                    c.execute(begin).await?;
                }
                let (text, args) = self.sqlite(None)?;
                sqlx::query_with(text, args).execute(c).await?.rows_affected()
            }
            Raw::Postgres(c) => {
                let (text, args) = self.postgres()?;
                sqlx::query_with(text, args).execute(c).await?.rows_affected()
            }
        })
    }

    /// All rows.
    ///
    /// # Errors
    /// The database's, mapped by [`crate::Error`].
    pub async fn all<T: Row>(self, conn: &mut Conn) -> Result<Vec<T>> {
        let span = self.span(conn.kind());
        self.all_on(conn).instrument(span).await
    }

    async fn all_on<T: Row>(self, conn: &mut Conn) -> Result<Vec<T>> {
        Ok(match conn.raw() {
            Raw::Sqlite(c, begin) => self.all_sqlite(c, begin).await?,
            Raw::Postgres(c) => {
                let (text, args) = self.postgres()?;
                sqlx::query_as_with(text, args).fetch_all(c).await?
            }
        })
    }

    /// All rows of all its statements, which run behind `begin`.
    pub(super) async fn all_sqlite<T: Row>(self, conn: &mut SqliteConnection, begin: Option<&'static str>) -> Result<Vec<T>> {
        let (text, args) = self.sqlite(begin)?;
        Ok(sqlx::query_as_with(text, args).fetch_all(conn).await?)
    }

    /// The row, if there is one.
    ///
    /// # Errors
    /// The database's, mapped by [`crate::Error`].
    pub async fn optional<T: Row>(self, conn: &mut Conn) -> Result<Option<T>> {
        let span = self.span(conn.kind());
        self.optional_on(conn).instrument(span).await
    }

    async fn optional_on<T: Row>(self, conn: &mut Conn) -> Result<Option<T>> {
        Ok(match conn.raw() {
            Raw::Sqlite(c, begin) => {
                let (text, args) = self.sqlite(begin)?;
                sqlx::query_as_with(text, args).fetch_optional(c).await?
            }
            Raw::Postgres(c) => {
                let (text, args) = self.postgres()?;
                sqlx::query_as_with(text, args).fetch_optional(c).await?
            }
        })
    }

    /// The one row there must be.
    ///
    /// # Errors
    /// The database's, mapped by [`crate::Error`]; [`crate::Error::Internal`] when there is none.
    pub async fn one<T: Row>(self, conn: &mut Conn) -> Result<T> {
        self.optional(conn).await?.ok_or_else(|| crate::Error::internal("a row that must exist is missing"))
    }
}

/// Adds `next` to `text` with the numbers of its values that much higher.
fn push_numbered(text: &mut String, next: &str, by: usize) {
    let mut rest = next;
    while let Some((before, after)) = rest.split_once('$') {
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        text.push_str(before);
        text.push('$');
        match after[..digits].parse::<usize>() {
            Ok(n) => text.push_str(&(n + by).to_string()),
            Err(_) => text.push_str(&after[..digits]),
        }
        rest = &after[digits..];
    }
    text.push_str(rest);
}

/// The same text with `?` for `$1, $2 …`, when each comes once and in order. SQLite finds a value by
/// its place at once, but by its name only past all names before it.
fn by_place(text: Cow<'static, str>) -> Cow<'static, str> {
    let (mut out, mut rest) = (String::with_capacity(text.len()), &*text);
    let mut places = 0_usize;
    while let Some((before, after)) = rest.split_once('$') {
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        places += 1;
        if after[..digits].parse() != Ok(places) {
            return text;
        }
        out.push_str(before);
        out.push('?');
        rest = &after[digits..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Text is made of constants and `$n` only; values never become text.
#[expect(clippy::disallowed_methods, reason = "the one place that vouches for SQL")]
fn safe(text: Cow<'static, str>) -> impl SqlSafeStr {
    sqlx::AssertSqlSafe(text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::{Arg, by_place, sql};

    #[test]
    fn statements_that_go_together_keep_their_values() {
        let both = sql("SET a = $2 WHERE id = $1").bind("x").bind(1_i64).then(sql("VALUES ($1, $2)").bind(2_i64).bind("y"));
        assert_eq!(both.text, "SET a = $2 WHERE id = $1; VALUES ($3, $4)");
        assert_eq!(both.args, [Arg::from("x"), 1_i64.into(), 2_i64.into(), "y".into()]);
        assert_eq!(sql("").then(sql("COMMIT")).text, "COMMIT");
    }

    #[test]
    fn names_become_places_only_in_order() {
        assert_eq!(by_place("VALUES ($1, $2), ($3, $4)".into()), "VALUES (?, ?), (?, ?)");
        for kept in ["SET a = $2 WHERE id = $1", "a = $1 OR b = $1", "a -> '$.b' = $1"] {
            assert_eq!(by_place(kept.into()), kept);
        }
    }
}
