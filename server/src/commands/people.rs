//! As whom a command acts.

use anyhow::{Context, Result};
use coco::actor::Actor;
use coco::db::sql;
use coco::services::Services;

const FIRST_ADMIN: &str = "SELECT email FROM users WHERE role = 'admin_super' AND is_active ORDER BY created_at, id LIMIT 1";

/// The person with this address.
///
/// # Errors
/// When there is none who may sign in.
pub async fn named(services: &Services, email: &str) -> Result<Actor> {
    services.people.actor_by_email(email).await.map_err(|e| match e {
        coco::Error::NotFound => anyhow::anyhow!("nobody who may sign in has the address {email}"),
        other => crate::cause(other),
    })
}

/// The person with this address, or the first super admin.
///
/// # Errors
/// When there is none.
pub async fn named_or_admin(services: &Services, email: Option<&str>) -> Result<Actor> {
    if let Some(email) = email {
        return named(services, email).await;
    }
    let mut conn = services.core.db.read().await.map_err(crate::cause)?;
    let first: Option<(String,)> = sql(FIRST_ADMIN).optional(&mut conn).await.map_err(crate::cause)?;
    drop(conn);
    let (email,) = first.context("there is no super admin yet; set COCO up in the browser, or say who you are with --as EMAIL")?;
    named(services, &email).await
}
