//! Rows of people.

use super::{Colleague, CustomerCard, Presence, ProfileEdit, User};
use crate::actor::Role;
use crate::db::{Conn, sql};
use crate::error::Result;
use crate::id::{UserId, VendorId};
use crate::time::Timestamp;
use std::collections::HashMap;

const USER: &str = "SELECT id, email, name, role, language, timezone, city, phone, current_vendor_id, is_active, created_at FROM users";
const INSERT: &str = "INSERT INTO users (id, email, name, role, language, timezone, city, phone, current_vendor_id, is_active, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (email) DO NOTHING";
const EDIT: &str = "UPDATE users SET name = $2, language = $3, timezone = $4, city = $5, phone = $6 WHERE id = $1";
const JOIN: &str = "INSERT INTO memberships (user_id, vendor_id, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
const SET_PRESENCE: &str = "INSERT INTO presence (user_id, state, updated_at) VALUES ($1, $2, $3)
    ON CONFLICT (user_id) DO UPDATE SET state = excluded.state, updated_at = excluded.updated_at";
const COLLEAGUES: &str = "SELECT u.id, u.name, u.role, COALESCE(p.state, 'offline') AS presence,
    (SELECT COUNT(*) FROM tickets t WHERE t.assignee_id = u.id AND t.vendor_id = m.vendor_id
        AND t.status NOT IN ('resolved', 'closed')) AS open_tickets
    FROM memberships m JOIN users u ON u.id = m.user_id LEFT JOIN presence p ON p.user_id = u.id
    WHERE m.vendor_id = $1 AND u.role <> 'customer' AND u.is_active ORDER BY u.name, u.id";
const CARD: &str = "SELECT id, name, email, phone, city, timezone, language, created_at FROM users WHERE id = $1";
const STAFF_ONLINE: &str = "SELECT COUNT(*) FROM memberships m JOIN presence p ON p.user_id = m.user_id
    JOIN users u ON u.id = m.user_id WHERE m.vendor_id = $1 AND p.state = 'online' AND u.role <> 'customer'";

pub async fn get(conn: &mut Conn, id: &UserId) -> Result<Option<User>> {
    sql(USER).with(" WHERE id = ?", id).optional(conn).await
}

pub async fn by_email(conn: &mut Conn, email: &str) -> Result<Option<User>> {
    sql(USER).with(" WHERE email = ?", email).optional(conn).await
}

pub async fn emails(conn: &mut Conn, ids: impl IntoIterator<Item = &UserId>) -> Result<HashMap<UserId, String>> {
    let rows: Vec<(UserId, String)> = sql("SELECT id, email FROM users WHERE id IN ").list(ids).all(conn).await?;
    Ok(rows.into_iter().collect())
}

/// False when the address is taken.
pub async fn insert(conn: &mut Conn, u: &User) -> Result<bool> {
    let q = sql(INSERT).bind(&u.id).bind(&u.email).bind(&u.name).bind(u.role).bind(&u.language).bind(&u.timezone);
    let q = q.bind(&u.city).bind(&u.phone).bind(u.current_vendor_id.as_ref()).bind(u.is_active).bind(u.created_at);
    Ok(q.run(conn).await? == 1)
}

pub async fn edit(conn: &mut Conn, id: &UserId, e: &ProfileEdit) -> Result<()> {
    let q = sql(EDIT).bind(id).bind(&e.name).bind(&e.language).bind(&e.timezone).bind(&e.city).bind(&e.phone);
    q.run(conn).await.map(|_| ())
}

/// Identifier and name of everyone with `role` at a vendor, in the order they came.
pub async fn everyone(conn: &mut Conn, vendor: &VendorId, role: Role) -> Result<Vec<(UserId, String)>> {
    const EVERYONE: &str = "SELECT u.id, u.name FROM memberships m JOIN users u ON u.id = m.user_id
        WHERE m.vendor_id = $1 AND u.role = $2 AND u.is_active ORDER BY u.id";
    sql(EVERYONE).bind(vendor).bind(role).all(conn).await
}

/// True when they were not with the vendor before.
pub async fn join(conn: &mut Conn, user: &UserId, vendor: &VendorId, at: Timestamp) -> Result<bool> {
    Ok(sql(JOIN).bind(user).bind(vendor).bind(at).run(conn).await? == 1)
}

pub async fn set_current_vendor(conn: &mut Conn, user: &UserId, vendor: &VendorId) -> Result<()> {
    sql("UPDATE users SET current_vendor_id = $2 WHERE id = $1").bind(user).bind(vendor).run(conn).await.map(|_| ())
}

pub async fn vendors_of(conn: &mut Conn, user: &UserId) -> Result<Vec<VendorId>> {
    let rows: Vec<(VendorId,)> =
        sql("SELECT vendor_id FROM memberships WHERE user_id = $1 ORDER BY created_at, vendor_id").bind(user).all(conn).await?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

pub async fn set_presence(conn: &mut Conn, user: &UserId, state: Presence, at: Timestamp) -> Result<()> {
    sql(SET_PRESENCE).bind(user).bind(state).bind(at).run(conn).await.map(|_| ())
}

pub async fn presence(conn: &mut Conn, user: &UserId) -> Result<Presence> {
    let row: Option<(Presence,)> = sql("SELECT state FROM presence WHERE user_id = $1").bind(user).optional(conn).await?;
    Ok(row.map_or(Presence::Offline, |r| r.0))
}

pub async fn present(conn: &mut Conn) -> Result<Vec<UserId>> {
    let rows: Vec<(UserId,)> = sql("SELECT user_id FROM presence WHERE state <> 'offline'").all(conn).await?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

pub async fn colleagues(conn: &mut Conn, vendor: &VendorId) -> Result<Vec<Colleague>> {
    sql(COLLEAGUES).bind(vendor).all(conn).await
}

pub async fn card(conn: &mut Conn, id: &UserId) -> Result<Option<CustomerCard>> {
    sql(CARD).bind(id).optional(conn).await
}

pub async fn staff_online(conn: &mut Conn, vendor: &VendorId) -> Result<i64> {
    Ok(sql(STAFF_ONLINE).bind(vendor).one::<(i64,)>(conn).await?.0)
}

pub async fn count_staff(conn: &mut Conn) -> Result<i64> {
    Ok(sql("SELECT COUNT(*) FROM users WHERE role <> 'customer'").one::<(i64,)>(conn).await?.0)
}
