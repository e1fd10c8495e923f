//! Rows of people.

use super::{Colleague, CustomerCard, Presence, ProfileEdit, User};
use crate::actor::Role;
use crate::db::{Conn, sql};
use crate::error::Result;
use crate::id::{UserId, VendorId};
use crate::time::Timestamp;
use std::collections::HashMap;

const USER: &str = "SELECT id, email, name, role, language, timezone, city, phone, current_vendor_id, is_active, created_at,
    email_proved_at FROM users";
const INSERT: &str = "INSERT INTO users (id, email, name, role, language, timezone, city, phone, current_vendor_id, is_active, created_at,
    email_proved_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (email) DO NOTHING";
const EDIT: &str = "UPDATE users SET name = $2, language = $3, timezone = $4, city = $5, phone = $6 WHERE id = $1";
const JOIN: &str = "INSERT INTO memberships (user_id, vendor_id, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
const CHOOSE_PRESENCE: &str = "INSERT INTO presence (user_id, state, chosen, updated_at) VALUES ($1, $2, $2, $3)
    ON CONFLICT (user_id) DO UPDATE SET state = excluded.state, chosen = excluded.chosen, updated_at = excluded.updated_at";
const COME_BACK: &str = "INSERT INTO presence (user_id, state, updated_at) VALUES ($1, 'online', $2)
    ON CONFLICT (user_id) DO UPDATE SET state = COALESCE(presence.chosen, 'online'), updated_at = excluded.updated_at
    WHERE presence.state = 'offline' AND COALESCE(presence.chosen, 'online') <> 'offline' RETURNING state";
const LEASE: &str = "INSERT INTO presence_leases (user_id, node, until_at) VALUES ($1, $2, $3)
    ON CONFLICT (user_id, node) DO UPDATE SET until_at = excluded.until_at";
const LEAVE: &str = "UPDATE presence SET state = 'offline', updated_at = $2 WHERE user_id = $1 AND state <> 'offline'
    AND NOT EXISTS (SELECT 1 FROM presence_leases l WHERE l.user_id = $1 AND l.until_at > $2)";
const LAPSED: &str = "SELECT user_id FROM presence p WHERE state <> 'offline' AND updated_at <= $2
    AND NOT EXISTS (SELECT 1 FROM presence_leases l WHERE l.user_id = p.user_id AND l.until_at > $1)";
const COLLEAGUES: &str = "SELECT u.id, u.name, u.role, COALESCE(p.state, 'offline') AS presence
    FROM memberships m JOIN users u ON u.id = m.user_id LEFT JOIN presence p ON p.user_id = u.id
    WHERE m.vendor_id = $1 AND u.role <> 'customer' AND u.is_active ORDER BY u.name, u.id";
const CARD: &str = "SELECT id, name, email, phone, city, timezone, language, created_at, email_proved_at FROM users WHERE id = $1";
const VENDORS_ONLINE: &str = "SELECT DISTINCT m.vendor_id FROM presence p JOIN users u ON u.id = p.user_id
    JOIN memberships m ON m.user_id = p.user_id WHERE p.state = 'online' AND u.role <> 'customer'";

pub async fn get(conn: &mut Conn, id: &UserId) -> Result<Option<User>> {
    sql(USER).with(" WHERE id = ?", id).optional(conn).await
}

pub async fn by_email(conn: &mut Conn, email: &str) -> Result<Option<User>> {
    sql(USER).with(" WHERE email = ?", email).optional(conn).await
}

/// The first who came with this role, of those who may sign in.
pub async fn first(conn: &mut Conn, role: Role) -> Result<Option<UserId>> {
    let first = sql("SELECT id FROM users WHERE role = $1 AND is_active ORDER BY created_at, id LIMIT 1").bind(role);
    Ok(first.optional::<(UserId,)>(conn).await?.map(|r| r.0))
}

pub async fn emails(conn: &mut Conn, ids: impl IntoIterator<Item = &UserId>) -> Result<HashMap<UserId, String>> {
    let rows: Vec<(UserId, String)> = sql("SELECT id, email FROM users WHERE id IN ").list(ids).all(conn).await?;
    Ok(rows.into_iter().collect())
}

/// False when the address is taken.
pub async fn insert(conn: &mut Conn, u: &User) -> Result<bool> {
    let q = sql(INSERT).bind(&u.id).bind(&u.email).bind(&u.name).bind(u.role).bind(&u.language).bind(&u.timezone);
    let q = q.bind(&u.city).bind(&u.phone).bind(u.current_vendor_id.as_ref()).bind(u.is_active).bind(u.created_at);
    let q = q.bind(u.email_proved_at);
    Ok(q.run(conn).await? == 1)
}

/// Whether the person has proved their address, which stays so until the transaction ends.
pub async fn is_proved(conn: &mut Conn, id: &UserId) -> Result<bool> {
    // Shared: what others write of the person meanwhile, such as their own ticket, must not wait for this.
    let sql = sql("SELECT email_proved_at FROM users").with(" WHERE id = ?", id).for_share(conn);
    Ok(sql.optional::<(Option<Timestamp>,)>(conn).await?.is_some_and(|row| row.0.is_some()))
}

/// True when it was not proved before.
pub async fn prove(conn: &mut Conn, id: &UserId, at: Timestamp) -> Result<bool> {
    let prove = sql("UPDATE users SET email_proved_at = $2 WHERE id = $1 AND email_proved_at IS NULL").bind(id).bind(at);
    Ok(prove.run(conn).await? == 1)
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

/// Identifier and name of all staff of a vendor.
pub async fn staff_names(conn: &mut Conn, vendor: &VendorId) -> Result<Vec<(UserId, String)>> {
    const NAMES: &str = "SELECT u.id, u.name FROM memberships m JOIN users u ON u.id = m.user_id
        WHERE m.vendor_id = $1 AND u.role <> 'customer' AND u.is_active ORDER BY u.id";
    sql(NAMES).bind(vendor).all(conn).await
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

pub async fn choose_presence(conn: &mut Conn, user: &UserId, state: Presence, at: Timestamp) -> Result<()> {
    sql(CHOOSE_PRESENCE).bind(user).bind(state).bind(at).run(conn).await.map(|_| ())
}

/// What someone is who was offline without having chosen it.
pub async fn come_back(conn: &mut Conn, user: &UserId, at: Timestamp) -> Result<Option<Presence>> {
    let row: Option<(Presence,)> = sql(COME_BACK).bind(user).bind(at).optional(conn).await?;
    Ok(row.map(|r| r.0))
}

pub async fn lease(conn: &mut Conn, user: &UserId, node: &str, until: Timestamp) -> Result<()> {
    sql(LEASE).bind(user).bind(node).bind(until).run(conn).await.map(|_| ())
}

pub async fn end_lease(conn: &mut Conn, user: &UserId, node: &str) -> Result<()> {
    sql("DELETE FROM presence_leases WHERE user_id = $1 AND node = $2").bind(user).bind(node).run(conn).await.map(|_| ())
}

pub async fn end_leases(conn: &mut Conn, at: Timestamp) -> Result<()> {
    sql("DELETE FROM presence_leases WHERE until_at <= $1").bind(at).run(conn).await.map(|_| ())
}

/// Sets someone offline whom nobody holds; true when they were not before.
pub async fn leave(conn: &mut Conn, user: &UserId, at: Timestamp) -> Result<bool> {
    Ok(sql(LEAVE).bind(user).bind(at).run(conn).await? == 1)
}

/// Those present whom nobody holds, and who have not changed since `quiet`.
pub async fn lapsed(conn: &mut Conn, at: Timestamp, quiet: Timestamp) -> Result<Vec<UserId>> {
    let rows: Vec<(UserId,)> = sql(LAPSED).bind(at).bind(quiet).all(conn).await?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

pub async fn presence(conn: &mut Conn, user: &UserId) -> Result<Presence> {
    let row: Option<(Presence,)> = sql("SELECT state FROM presence WHERE user_id = $1").bind(user).optional(conn).await?;
    Ok(row.map_or(Presence::Offline, |r| r.0))
}

/// Everyone who works for a vendor; how many tickets they have is for others to say.
pub async fn colleagues(conn: &mut Conn, vendor: &VendorId) -> Result<Vec<Colleague>> {
    sql(COLLEAGUES).bind(vendor).all(conn).await
}

pub async fn card(conn: &mut Conn, id: &UserId) -> Result<Option<CustomerCard>> {
    sql(CARD).bind(id).optional(conn).await
}

pub async fn vendors_online(conn: &mut Conn) -> Result<Vec<VendorId>> {
    let rows: Vec<(VendorId,)> = sql(VENDORS_ONLINE).all(conn).await?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

pub async fn count_staff(conn: &mut Conn) -> Result<i64> {
    Ok(sql("SELECT COUNT(*) FROM users WHERE role <> 'customer'").one::<(i64,)>(conn).await?.0)
}
