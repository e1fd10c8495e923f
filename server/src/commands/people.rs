//! As whom a command acts, and for which vendor.

use anyhow::{Context, Result, bail};
use coco::actor::Actor;
use coco::services::Services;
use coco::vendors::Vendor;

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

/// The vendor with this short name, of those the person works for; the only one when none is named.
///
/// # Errors
/// When there is none, or more than one.
pub async fn vendor(services: &Services, actor: &Actor, slug: Option<&str>) -> Result<Vendor> {
    let mut mine = services.vendors.mine(actor).await.map_err(crate::cause)?;
    let slugs = mine.iter().map(|v| v.slug.as_str()).collect::<Vec<_>>().join(", ");
    match slug {
        Some(slug) => {
            mine.into_iter().find(|v| v.slug == slug).with_context(|| format!("{} does not work for “{slug}”, but for {slugs}", actor.name))
        }
        None if mine.len() == 1 => Ok(mine.remove(0)),
        None => bail!("say which vendor it is for with --vendor: {slugs}"),
    }
}

/// What was wrong, with the field it was about; `unknown` where there is nothing.
pub fn told(e: coco::Error, unknown: &'static str) -> anyhow::Error {
    match e {
        coco::Error::NotFound => anyhow::anyhow!(unknown),
        coco::Error::Invalid(fields) => {
            let all: Vec<String> = fields.into_iter().map(|f| format!("{}: {}", f.field, f.message)).collect();
            anyhow::anyhow!(all.join("; "))
        }
        other => crate::cause(other),
    }
}
