//! Rows of teams.

use super::Team;
use crate::db::{Arg, Conn, Sql, sql};
use crate::error::Result;
use crate::id::{TeamId, UserId, VendorId};
use crate::time::Timestamp;

const INSERT: &str = "INSERT INTO teams (id, vendor_id, name, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
const MEMBERS: &str = "SELECT m.team_id, m.user_id FROM teams t JOIN team_members m ON m.team_id = t.id
    WHERE t.vendor_id = $1 ORDER BY m.user_id";

/// False when the name is taken.
pub async fn insert(conn: &mut Conn, team: &Team, at: Timestamp) -> Result<bool> {
    if sql(INSERT).bind(&team.id).bind(&team.vendor_id).bind(&team.name).bind(at).run(conn).await? == 0 {
        return Ok(false);
    }
    if !team.members.is_empty() {
        let rows = team.members.iter().map(|user| -> Vec<Arg> { vec![(&team.id).into(), user.into()] });
        sql("INSERT INTO team_members (team_id, user_id) VALUES ").rows(rows).run(conn).await?;
    }
    Ok(true)
}

pub async fn add(conn: &mut Conn, team: &TeamId, user: &UserId) -> Result<()> {
    const ADD: &str = "INSERT INTO team_members (team_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    sql(ADD).bind(team).bind(user).run(conn).await.map(|_| ())
}

pub async fn remove(conn: &mut Conn, team: &TeamId, user: &UserId) -> Result<()> {
    sql("DELETE FROM team_members WHERE team_id = $1 AND user_id = $2").bind(team).bind(user).run(conn).await.map(|_| ())
}

pub async fn of_vendor(conn: &mut Conn, vendor: &VendorId) -> Result<Vec<Team>> {
    let rows: Vec<(TeamId, String)> = sql("SELECT id, name FROM teams WHERE vendor_id = $1 ORDER BY name").bind(vendor).all(conn).await?;
    let members: Vec<(TeamId, UserId)> = sql(MEMBERS).bind(vendor).all(conn).await?;
    let of = |team: &TeamId| members.iter().filter(|m| m.0 == *team).map(|m| m.1.clone()).collect();
    Ok(rows.into_iter().map(|(id, name)| Team { members: of(&id), id, vendor_id: vendor.clone(), name }).collect())
}

pub async fn name(conn: &mut Conn, vendor: &VendorId, team: &TeamId) -> Result<Option<String>> {
    let row = sql("SELECT name FROM teams WHERE id = $1 AND vendor_id = $2").bind(team).bind(vendor).optional::<(String,)>(conn).await?;
    Ok(row.map(|r| r.0))
}

pub fn joined_by(sql: Sql, user: &UserId, vendors: &[&VendorId]) -> Sql {
    let sql = sql.with("(SELECT m.team_id FROM team_members m JOIN teams t ON t.id = m.team_id WHERE m.user_id = ?", user);
    sql.push(" AND t.vendor_id IN ").list(vendors.iter().copied()).push(")")
}
