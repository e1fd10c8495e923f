//! Rows of kept answers.

use super::Answer;
use crate::db::{Conn, sql};
use crate::error::Result;
use crate::id::UserId;
use crate::time::Timestamp;

const GET: &str = "SELECT request_hash, status, body FROM idempotency_keys WHERE user_id = $1 AND idempotency_key = $2";
const INSERT: &str = "INSERT INTO idempotency_keys (user_id, idempotency_key, request_hash, status, body, created_at)
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (user_id, idempotency_key) DO NOTHING";

pub async fn get(conn: &mut Conn, user: &UserId, key: &str) -> Result<Option<Answer>> {
    sql(GET).bind(user).bind(key).optional(conn).await
}

/// False when there is one already.
pub async fn insert(conn: &mut Conn, user: &UserId, key: &str, answer: &Answer, at: Timestamp) -> Result<bool> {
    let insert = sql(INSERT).bind(user).bind(key).bind(&answer.request_hash).bind(answer.status).bind(&answer.body).bind(at);
    Ok(insert.run(conn).await? == 1)
}

pub async fn delete_before(conn: &mut Conn, at: Timestamp) -> Result<u64> {
    sql("DELETE FROM idempotency_keys WHERE created_at < $1").bind(at).run(conn).await
}
