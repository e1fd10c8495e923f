//! What rules would have made of past tickets, before they are saved.

use super::decide::decide;
use super::service::Routing;
use super::{PREVIEWED, Preview, SetupEdit, route};
use crate::actor::{Action, Actor, Subject};
use crate::error::Result;
use crate::id::VendorId;
use crate::people::Presence;
use crate::tickets::{Category, waiting};
use std::collections::HashMap;

impl Routing {
    /// Goes through the newest tickets of a vendor as if each had just come in, everyone who works there today were online
    /// and nobody ever full: who would get how many, and how many nobody. Nothing is changed.
    ///
    /// # Errors
    /// As [`Routing::save`], but for saves by others.
    pub async fn preview(&self, actor: &Actor, vendor: &VendorId, edit: SetupEdit) -> Result<Preview> {
        actor.may(Action::Routing, Subject::Vendor(vendor))?;
        let edit = edit.clean()?;
        let mut conn = self.core.db.read().await?;
        let mut people = self.candidates(&mut conn, vendor).await?;
        for person in &mut people {
            (person.presence, person.open) = (Presence::Online, 0);
            if let Some(typed) = edit.reps.iter().find(|r| r.id == person.id) {
                (person.limit, person.skills) = (typed.limit, typed.skills.clone());
            }
            person.limit = if person.limit > 0 { i64::MAX } else { 0 };
        }
        let tickets = waiting::newest(&mut conn, vendor, PREVIEWED).await?;
        let mut helpers = route::helpers(&mut conn, vendor, &tickets).await?;
        // As they came, nobody had let go of them.
        helpers.values_mut().for_each(|(_, let_go)| *let_go = None);
        let mut nobody: HashMap<Category, i64> = HashMap::new();
        for ticket in tickets.iter().rev() {
            match decide(&edit.rules, &route::need(&edit.rules, ticket, &helpers), &people).chosen {
                Some(rep) => route::take(&mut people, &rep, ticket.created_at),
                None => *nobody.entry(ticket.category).or_default() += 1,
            }
        }
        let mut reps: Vec<(String, i64)> = people.into_iter().map(|c| (c.name, c.open)).collect();
        reps.sort_by_key(|(name, n)| (-n, name.clone()));
        let nobody = Category::ALL.into_iter().filter_map(|c| Some((c, *nobody.get(&c)?))).collect();
        Ok(Preview { tickets: tickets.len() as i64, reps, nobody })
    }
}
