//! `coco sla`

use super::table;
use crate::config::Config;
use anyhow::{Context, Result};
use clap::Args;
use coco::services::Services;
use coco::sla::figures::Line;
use coco::sla::text::{PRIORITIES, span_words};
use coco::sla::{Attainment, Kept, Kind, Policy, PolicyText};
use coco::vendors::Vendor;
use serde::Serialize;

/// Whose, and how to say it.
#[derive(Debug, Args)]
pub struct Options {
    /// Only of this vendor
    #[arg(long, value_name = "SLUG")]
    vendor: Option<String>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Report {
    vendor: String,
    name: String,
    policy: Policy,
    attainment: Attainment,
}

/// Prints what vendors promise, and how well they kept it in the last 30 days.
pub async fn run(config: &Config, options: &Options) -> Result<()> {
    let services = super::open(config).await?;
    let reports = read(&services, options.vendor.as_deref()).await;
    services.core.db.close().await;
    let reports = reports?;
    if options.json { table::json(&reports) } else { reports.iter().try_for_each(print) }
}

async fn read(services: &Services, slug: Option<&str>) -> Result<Vec<Report>> {
    let mut vendors = services.vendors.all().await.map_err(crate::cause)?;
    if let Some(slug) = slug {
        vendors.retain(|v| v.slug == slug);
        vendors.first().with_context(|| format!("there is no vendor {slug}"))?;
    }
    let mut reports = Vec::with_capacity(vendors.len());
    for vendor in vendors {
        reports.push(report(services, vendor).await.map_err(crate::cause)?);
    }
    Ok(reports)
}

async fn report(services: &Services, vendor: Vendor) -> coco::Result<Report> {
    let policy = services.sla.policy_of(&vendor.id).await?.policy;
    let attainment = services.sla.attainment_of(&vendor.id).await?;
    Ok(Report { vendor: vendor.slug, name: vendor.name, policy, attainment })
}

fn print(report: &Report) -> Result<()> {
    let Report { vendor, name, policy, attainment } = report;
    table::line(&format!("{name} ({vendor}), {}", policy.hours.timezone))?;
    let target =
        |priority, kind| policy.target(priority, kind).map_or_else(String::new, |t| format!("{} for {} %", span_words(t.time), t.percent));
    let lines = PRIORITIES.into_iter().zip(&attainment.by_priority).map(|(priority, line)| {
        let [first, resolution] = Kind::ALL.map(|kind| target(priority, kind));
        vec![priority.label().into(), first, kept(line.first_response), resolution, kept(line.resolution)]
    });
    table::print(&["Priority", "First answer", "Kept", "Resolution", "Kept"], lines.chain([total(&attainment.all)]))?;
    let week = PolicyText::of(policy, 0).week;
    let hours = coco::sla::hours::DAYS.into_iter().zip(week).filter(|(_, hours)| !hours.is_empty());
    hours.map(|(day, hours)| format!("{day:<10} {hours}")).try_for_each(|line| table::line(&line))?;
    table::line("")
}

fn total(all: &Line) -> Vec<String> {
    vec![all.name.clone(), String::new(), kept(all.first_response), String::new(), kept(all.resolution)]
}

fn kept(kept: Kept) -> String {
    kept.percent().map_or_else(|| "none yet".into(), |p| format!("{p} % of {}", kept.of()))
}
