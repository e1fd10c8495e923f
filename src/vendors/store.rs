//! Rows of vendors.

use super::Vendor;
use crate::db::{Conn, sql};
use crate::error::Result;
use crate::id::VendorId;
use crate::tickets::Category;
use crate::time::Timestamp;

const VENDOR: &str = "SELECT id, slug, name, about, color, hours FROM vendors";
const INSERT: &str = "INSERT INTO vendors (id, slug, name, about, color, hours, is_active, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (slug) DO NOTHING";
const ADD_CATEGORY: &str = "INSERT INTO vendor_categories (vendor_id, category, name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

pub async fn get(conn: &mut Conn, id: &VendorId) -> Result<Option<Vendor>> {
    sql(VENDOR).with(" WHERE id = ?", id).optional(conn).await
}

pub async fn active(conn: &mut Conn) -> Result<Vec<Vendor>> {
    sql(VENDOR).push(" WHERE is_active ORDER BY name, id").all(conn).await
}

/// False when the slug is taken.
pub async fn insert(conn: &mut Conn, v: &Vendor, at: Timestamp) -> Result<bool> {
    let q = sql(INSERT).bind(&v.id).bind(&v.slug).bind(&v.name).bind(&v.about).bind(&v.color).bind(&v.hours);
    Ok(q.bind(true).bind(at).run(conn).await? == 1)
}

pub async fn add_category(conn: &mut Conn, vendor: &VendorId, category: Category, name: &str) -> Result<()> {
    sql(ADD_CATEGORY).bind(vendor).bind(category).bind(name).run(conn).await.map(|_| ())
}

pub async fn categories(conn: &mut Conn, vendor: &VendorId) -> Result<Vec<(Category, String)>> {
    sql("SELECT category, name FROM vendor_categories WHERE vendor_id = $1 ORDER BY category, name").bind(vendor).all(conn).await
}
