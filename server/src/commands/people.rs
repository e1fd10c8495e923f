//! As whom a command acts.

use anyhow::{Context, Result};
use coco::actor::Actor;
use coco::services::Services;

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
    let first = services.people.first_admin().await.map_err(crate::cause)?;
    first.context("there is no super admin yet; set COCO up in the browser, or say who you are with --as EMAIL")
}
