//! Rows of auth: credentials, one-time links, API tokens, sessions.

use super::TokenInfo;
use crate::actor::Scope;
use crate::db::{Conn, sql};
use crate::error::Result;
use crate::id::{TokenId, UserId};
use crate::time::Timestamp;

const CREDENTIALS: &str = "SELECT password_hash, session_epoch, failures, locked_until FROM credentials WHERE user_id = $1";
const SET_HASH: &str = "INSERT INTO credentials (user_id, password_hash, session_epoch, failures, locked_until)
    VALUES ($1, $2, 0, 0, NULL) ON CONFLICT (user_id) DO UPDATE SET password_hash = excluded.password_hash,
    session_epoch = credentials.session_epoch + 1, failures = 0, locked_until = NULL RETURNING session_epoch";
const PASSED: &str = "UPDATE credentials SET failures = 0, locked_until = NULL, password_hash = $3
    WHERE user_id = $1 AND password_hash = $2";
const FAILED: &str = "UPDATE credentials SET locked_until = CASE WHEN failures + 1 >= $2 THEN $3 ELSE locked_until END,
    failures = CASE WHEN failures + 1 >= $2 THEN 0 ELSE failures + 1 END WHERE user_id = $1";
const RAISE_EPOCH: &str = "UPDATE credentials SET session_epoch = session_epoch + 1 WHERE user_id = $1 RETURNING session_epoch";
const LOCK: &str = "UPDATE credentials SET session_epoch = session_epoch WHERE user_id = $1";

const INSERT_LINK: &str = "INSERT INTO one_time_links (token_hash, purpose, user_id, expires_at, used_at) VALUES ($1, $2, $3, $4, NULL)";
const LIVE_LINK: &str = "SELECT user_id FROM one_time_links WHERE token_hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3";
const USE_LINK: &str = "UPDATE one_time_links SET used_at = $3
    WHERE token_hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3";
const VOID_LINKS: &str = "UPDATE one_time_links SET used_at = $3
    WHERE purpose = $1 AND user_id IS NOT DISTINCT FROM $2 AND used_at IS NULL";
const COUNT_LINKS: &str = "SELECT COUNT(*) FROM one_time_links WHERE purpose = $1 AND user_id = $2 AND expires_at > $3";

const TOKEN: &str = "SELECT id, user_id, name, scopes, created_at, last_used_at, revoked_at FROM api_tokens";
const INSERT_TOKEN: &str = "INSERT INTO api_tokens (id, user_id, name, secret_hash, scopes, created_at, last_used_at, revoked_at)
    VALUES ($1, $2, $3, $4, $5, $6, NULL, NULL)";
const REVOKE_TOKEN: &str = "UPDATE api_tokens SET revoked_at = COALESCE(revoked_at, $3) WHERE id = $1 AND user_id = $2";
const TOUCH_TOKEN: &str = "UPDATE api_tokens SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $3)";

/// What proves a person.
#[derive(sqlx::FromRow)]
pub struct Credentials {
    pub password_hash: String,
    pub session_epoch: i64,
    pub failures: i64,
    pub locked_until: Option<Timestamp>,
}

/// A token as stored, without its secret.
#[derive(sqlx::FromRow)]
pub struct Token {
    pub id: TokenId,
    pub user_id: UserId,
    name: String,
    scopes: String,
    created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
}

impl Token {
    /// The scopes we know; a word of a later version gives no right.
    pub fn scopes(&self) -> Vec<Scope> {
        self.scopes.split(' ').filter_map(|word| Scope::ALL.into_iter().find(|s| s.as_str() == word)).collect()
    }
}

impl From<Token> for TokenInfo {
    fn from(t: Token) -> Self {
        let scopes = t.scopes();
        Self { id: t.id, name: t.name, scopes, created_at: t.created_at, last_used_at: t.last_used_at, revoked_at: t.revoked_at }
    }
}

pub async fn credentials(conn: &mut Conn, user: &UserId) -> Result<Option<Credentials>> {
    sql(CREDENTIALS).bind(user).optional(conn).await
}

/// Sets the password, ends what came before it, and returns the new epoch.
pub async fn set_hash(conn: &mut Conn, user: &UserId, hash: &str) -> Result<i64> {
    Ok(sql(SET_HASH).bind(user).bind(hash).one::<(i64,)>(conn).await?.0)
}

/// Forgets failures and keeps the hash `new` in the place of `old`, unless another came meanwhile.
pub async fn passed(conn: &mut Conn, user: &UserId, old: &str, new: &str) -> Result<()> {
    sql(PASSED).bind(user).bind(old).bind(new).run(conn).await.map(|_| ())
}

/// Counts a failure; the one that makes `max` locks the account and starts the count anew.
pub async fn failed(conn: &mut Conn, user: &UserId, max: i64, locked_until: Timestamp) -> Result<()> {
    sql(FAILED).bind(user).bind(max).bind(locked_until).run(conn).await.map(|_| ())
}

pub async fn raise_epoch(conn: &mut Conn, user: &UserId) -> Result<Option<i64>> {
    Ok(sql(RAISE_EPOCH).bind(user).optional::<(i64,)>(conn).await?.map(|r| r.0))
}

/// Makes transactions about links of the same person, once they have a password, wait for each
/// other. To be taken before any link is touched.
pub async fn lock(conn: &mut Conn, user: &UserId) -> Result<()> {
    sql(LOCK).bind(user).run(conn).await.map(|_| ())
}

pub async fn insert_link(conn: &mut Conn, hash: &str, purpose: &str, user: Option<&UserId>, expires_at: Timestamp) -> Result<()> {
    sql(INSERT_LINK).bind(hash).bind(purpose).bind(user).bind(expires_at).run(conn).await.map(|_| ())
}

/// The person the link is for, if the link works.
pub async fn live_link(conn: &mut Conn, hash: &str, purpose: &str, now: Timestamp) -> Result<Option<Option<UserId>>> {
    let row: Option<(Option<UserId>,)> = sql(LIVE_LINK).bind(hash).bind(purpose).bind(now).optional(conn).await?;
    Ok(row.map(|r| r.0))
}

/// True for the one who comes first.
pub async fn use_link(conn: &mut Conn, hash: &str, purpose: &str, now: Timestamp) -> Result<bool> {
    Ok(sql(USE_LINK).bind(hash).bind(purpose).bind(now).run(conn).await? == 1)
}

pub async fn void_links(conn: &mut Conn, purpose: &str, user: Option<&UserId>, now: Timestamp) -> Result<()> {
    sql(VOID_LINKS).bind(purpose).bind(user).bind(now).run(conn).await.map(|_| ())
}

/// Links of a person that end, or ended, after `after`.
pub async fn count_links(conn: &mut Conn, purpose: &str, user: &UserId, after: Timestamp) -> Result<i64> {
    Ok(sql(COUNT_LINKS).bind(purpose).bind(user).bind(after).one::<(i64,)>(conn).await?.0)
}

pub async fn delete_links(conn: &mut Conn, ended_before: i64) -> Result<u64> {
    sql("DELETE FROM one_time_links WHERE expires_at < $1").bind(ended_before).run(conn).await
}

pub async fn insert_token(conn: &mut Conn, user: &UserId, t: &TokenInfo, secret_hash: &str) -> Result<()> {
    let scopes: Vec<_> = t.scopes.iter().map(|s| s.as_str()).collect();
    let q = sql(INSERT_TOKEN).bind(&t.id).bind(user).bind(&t.name).bind(secret_hash).bind(scopes.join(" "));
    q.bind(t.created_at).run(conn).await.map(|_| ())
}

pub async fn tokens(conn: &mut Conn, user: &UserId) -> Result<Vec<Token>> {
    sql(TOKEN).with(" WHERE user_id = ?", user).push(" ORDER BY created_at DESC, id DESC").all(conn).await
}

pub async fn revoke_tokens(conn: &mut Conn, user: &UserId, at: Timestamp) -> Result<()> {
    let revoke = sql("UPDATE api_tokens SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL");
    revoke.bind(user).bind(at).run(conn).await.map(|_| ())
}

pub async fn token_by_hash(conn: &mut Conn, secret_hash: &str) -> Result<Option<Token>> {
    sql(TOKEN).with(" WHERE secret_hash = ? AND revoked_at IS NULL", secret_hash).optional(conn).await
}

/// False when the person has no such token.
pub async fn revoke_token(conn: &mut Conn, user: &UserId, id: &TokenId, at: Timestamp) -> Result<bool> {
    Ok(sql(REVOKE_TOKEN).bind(id).bind(user).bind(at).run(conn).await? == 1)
}

/// Notes the use, unless one after `since` is noted.
pub async fn touch_token(conn: &mut Conn, id: &TokenId, at: Timestamp, since: Timestamp) -> Result<()> {
    sql(TOUCH_TOKEN).bind(id).bind(at).bind(since).run(conn).await.map(|_| ())
}

/// False when there is a session with this id.
pub async fn insert_session(conn: &mut Conn, id: &str, data: &str, expires_at: i64) -> Result<bool> {
    let q = sql("INSERT INTO sessions (id, data, expires_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING");
    Ok(q.bind(id).bind(data).bind(expires_at).run(conn).await? == 1)
}

/// False when there is no session with this id any more.
pub async fn update_session(conn: &mut Conn, id: &str, data: &str, expires_at: i64) -> Result<bool> {
    let q = sql("UPDATE sessions SET data = $2, expires_at = $3 WHERE id = $1").bind(id).bind(data).bind(expires_at);
    Ok(q.run(conn).await? == 1)
}

pub async fn session(conn: &mut Conn, id: &str, now: i64) -> Result<Option<String>> {
    let q = sql("SELECT data FROM sessions WHERE id = $1 AND expires_at > $2").bind(id).bind(now);
    Ok(q.optional::<(String,)>(conn).await?.map(|r| r.0))
}

pub async fn delete_session(conn: &mut Conn, id: &str) -> Result<()> {
    sql("DELETE FROM sessions WHERE id = $1").bind(id).run(conn).await.map(|_| ())
}

pub async fn delete_expired_sessions(conn: &mut Conn, now: i64) -> Result<u64> {
    sql("DELETE FROM sessions WHERE expires_at <= $1").bind(now).run(conn).await
}
