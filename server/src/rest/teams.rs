//! `/api/teams`

use super::chat::VendorQuery;
use super::extract::{Api, Asked, Caller};
use super::shapes::{Team, TeamsAnswer};
use super::words;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use coco::id::VendorId;

/// The teams that tickets can be given to, by vendor and name. For staff.
#[utoipa::path(
    get, path = "/api/teams", tag = "Tickets", operation_id = "listTeams", params(VendorQuery),
    responses((status = 200, description = "All teams.", body = TeamsAnswer))
)]
pub async fn list(State(app): State<AppState>, Caller(actor): Caller, Asked(query): Asked<VendorQuery>) -> Api<Json<TeamsAnswer>> {
    let asked: Option<VendorId> = query.vendor_id.as_deref().map(|id| words::id("vendorId", id)).transpose()?;
    let vendors = asked.map_or_else(|| actor.vendors.clone(), |vendor| vec![vendor]);
    let mut teams = Vec::new();
    for vendor in &vendors {
        teams.extend(app.services.teams.of_vendor(&actor, vendor).await?.into_iter().map(Team::from));
    }
    Ok(Json(TeamsAnswer { teams }))
}
