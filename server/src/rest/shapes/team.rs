//! Teams.

use coco::id::{TeamId, UserId, VendorId};
use coco::teams;
use serde::Serialize;
use utoipa::ToSchema;

/// A team.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Team {
    /// Identifier, for `assignedTeamId`.
    pub id: TeamId,
    /// The vendor whose staff it is made of.
    pub vendor_id: VendorId,
    /// Name, unique at the vendor.
    pub name: String,
    /// Who is in it.
    pub member_ids: Vec<UserId>,
}

impl From<teams::Team> for Team {
    fn from(t: teams::Team) -> Self {
        Self { id: t.id, vendor_id: t.vendor_id, name: t.name, member_ids: t.members }
    }
}

/// Teams.
#[derive(Debug, Serialize, ToSchema)]
pub struct TeamsAnswer {
    /// The teams.
    pub teams: Vec<Team>,
}
