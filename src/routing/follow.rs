//! Which vendors are to be looked at: a reader of the journey, that also hears of presence.
//!
//! Every node has one and looks at whatever happened anywhere: routing twice does no harm, and so
//! nothing depends on a node that is gone. Where it stands is not stored, as each begins by looking
//! at all vendors.

use super::service::Routing;
use crate::error::Result;
use crate::event::Event;
use crate::id::{UserId, VendorId};
use crate::services::Services;
use crate::tickets::Status;
use std::collections::BTreeSet;

/// Events read at once.
const BATCH: i64 = 500;

/// Which vendors are to be looked at.
#[derive(Debug, Default)]
pub struct Follower {
    /// The last event that was heard of; none at first.
    seq: Option<i64>,
    due: BTreeSet<VendorId>,
}

impl Follower {
    /// Hears of all there is to hear, and hands out what can be; how many tickets.
    ///
    /// # Errors
    /// The database's; what is not done stays due.
    pub async fn round(&mut self, services: &Services) -> Result<usize> {
        match self.seq {
            None => self.begin(services).await?,
            Some(seq) => self.listen(services, seq).await?,
        }
        self.route(&services.routing).await
    }

    /// Someone came, went, or takes new tickets from now on.
    ///
    /// # Errors
    /// The database's.
    pub async fn presence(&mut self, services: &Services, person: &UserId) -> Result<()> {
        self.due.extend(services.people.actor(person).await?.into_iter().flat_map(|a| a.vendors));
        Ok(())
    }

    /// Something was missed: all are to be looked at.
    pub fn forget(&mut self) {
        self.seq = None;
    }

    async fn begin(&mut self, services: &Services) -> Result<()> {
        // Whoever was here when the last node stopped, and is gone since, gets nothing.
        services.people.end_lapsed().await?;
        let seq = services.journey.last_seq().await?;
        self.due.extend(services.routing.automatic().await?);
        self.seq = Some(seq);
        Ok(())
    }

    async fn listen(&mut self, services: &Services, mut seq: i64) -> Result<()> {
        loop {
            let told = services.journey.tail(seq, BATCH).await?;
            self.due.extend(told.events.into_iter().filter(|e| matters(&e.event)).filter_map(|e| e.vendor_id));
            seq = told.seq;
            self.seq = Some(seq);
            if (told.read as i64) < BATCH {
                return Ok(());
            }
        }
    }

    /// One vendor's trouble is not another's.
    async fn route(&mut self, routing: &Routing) -> Result<usize> {
        let (mut given, mut trouble) = (0, None);
        for vendor in std::mem::take(&mut self.due) {
            match routing.route(&vendor).await {
                Ok(n) => given += n,
                Err(e) => {
                    self.due.insert(vendor);
                    trouble = Some(e);
                }
            }
        }
        trouble.map_or(Ok(given), Err)
    }
}

/// Whether a ticket may find someone after this who did not before.
const fn matters(event: &Event) -> bool {
    match event {
        // Nobody had it, and someone has it now: nobody else has more room.
        Event::AgentAssigned { agent_id: Some(_), previous_agent_id: None, .. } => false,
        Event::StatusChange { status, .. } => !matches!(status, Status::Assigned | Status::InProgress | Status::Reassigned),
        Event::TicketCreated { .. }
        | Event::AgentAssigned { .. }
        | Event::TeamAssigned { .. }
        | Event::Escalated { .. }
        | Event::CategoryChange { .. }
        | Event::RoutingChange { .. } => true,
        _ => false,
    }
}
