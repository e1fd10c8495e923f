//! Which part of the inbox is shown, as it stands in the address.

use coco::id::{TeamId, UserId, VendorId};
use coco::page::PageRequest;
use coco::tickets::{Category, Channel, Filter, InboxView, Priority};
use leptos_router::params::ParamsMap;

/// Rows on a page.
const LIMIT: u32 = 50;
/// Pages back that an address remembers.
const TRAIL: usize = 20;

/// Whose tickets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// One's own.
    Me,
    /// A colleague's.
    Person(UserId),
}

/// Which part of the inbox is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// Ready-made list.
    pub view: InboxView,
    /// Only this priority.
    pub priority: Option<Priority>,
    /// Only this category.
    pub category: Option<Category>,
    /// Only this channel.
    pub channel: Option<Channel>,
    /// Only assigned to them.
    pub assignee: Option<Who>,
    /// Only of this team.
    pub team: Option<TeamId>,
    /// Only with this tag.
    pub tag: Option<String>,
    /// Only of this customer.
    pub customer: Option<UserId>,
    /// Full text.
    pub q: Option<String>,
    /// Where the page before ended.
    pub after: Option<String>,
    /// Where the pages before that ended, the oldest first.
    pub trail: Vec<String>,
}

impl ListQuery {
    /// Reads an address; what it does not understand, it leaves out.
    #[must_use]
    pub fn read(map: &ParamsMap) -> Self {
        let text = |key: &str| map.get(key).map(|v| v.trim().to_owned()).filter(|v| !v.is_empty());
        let word = |key: &str| text(key).unwrap_or_default();
        Self {
            view: InboxView::from_word(&word("view")),
            priority: Priority::ALL.into_iter().find(|p| p.as_str() == word("priority")),
            category: Category::ALL.into_iter().find(|c| c.as_str() == word("category")),
            channel: Channel::ALL.into_iter().find(|c| c.as_str() == word("channel")),
            assignee: match word("assignee").as_str() {
                "me" => Some(Who::Me),
                id => id.parse().ok().map(Who::Person),
            },
            team: word("team").parse().ok(),
            tag: text("tag"),
            customer: word("customer").parse().ok(),
            q: text("q"),
            after: text("after"),
            trail: word("trail").split(',').filter(|c| !c.is_empty()).map(str::to_owned).collect(),
        }
    }

    /// The query of the address, with its `?`; empty for the plain inbox.
    #[must_use]
    pub fn write(&self) -> String {
        let mut out = String::new();
        let mut put = |key: &str, value: &str| {
            if !value.is_empty() {
                out.push(if out.is_empty() { '?' } else { '&' });
                out.push_str(key);
                out.push('=');
                escape(value, &mut out);
            }
        };
        if self.view != InboxView::default() {
            put("view", self.view.as_str());
        }
        put("priority", self.priority.map_or("", Priority::as_str));
        put("category", self.category.map_or("", Category::as_str));
        put("channel", self.channel.map_or("", Channel::as_str));
        put(
            "assignee",
            match &self.assignee {
                None => "",
                Some(Who::Me) => "me",
                Some(Who::Person(id)) => id.as_str(),
            },
        );
        put("team", self.team.as_ref().map_or("", TeamId::as_str));
        put("tag", self.tag.as_deref().unwrap_or_default());
        put("customer", self.customer.as_ref().map_or("", UserId::as_str));
        put("q", self.q.as_deref().unwrap_or_default());
        put("after", self.after.as_deref().unwrap_or_default());
        put("trail", &self.trail.join(","));
        out
    }

    /// The address of this part of the inbox.
    #[must_use]
    pub fn href(&self) -> String {
        ["/rep/inbox", &self.write()].concat()
    }

    /// The address of a ticket beside this part of the inbox.
    #[must_use]
    pub fn ticket_href(&self, number: &str) -> String {
        ["/rep/inbox/", number, &self.write()].concat()
    }

    /// What the server is asked for.
    #[must_use]
    pub fn filter(&self, me: &UserId, vendor: VendorId) -> Filter {
        Filter {
            view: self.view,
            vendor_id: Some(vendor),
            status: None,
            priority: self.priority,
            category: self.category,
            channel: self.channel,
            tag: self.tag.clone(),
            assignee_id: self.assignee.as_ref().map(|who| match who {
                Who::Me => me.clone(),
                Who::Person(id) => id.clone(),
            }),
            team_id: self.team.clone(),
            customer_id: self.customer.clone(),
            q: self.q.clone(),
        }
    }

    /// Which page of it.
    #[must_use]
    pub fn page(&self) -> PageRequest {
        PageRequest { limit: Some(LIMIT), cursor: self.after.clone() }
    }

    /// The same from the first page on.
    #[must_use]
    pub fn first(&self) -> Self {
        Self { after: None, trail: Vec::new(), ..self.clone() }
    }

    /// The same words and filters in all tickets.
    #[must_use]
    pub fn everywhere(&self) -> Self {
        Self { view: InboxView::All, ..self.first() }
    }

    /// These words in all tickets.
    #[must_use]
    pub fn words(q: &str) -> Self {
        Self { view: InboxView::All, q: Some(q.to_owned()), ..Self::default() }
    }

    /// The page after this one, which ends at `next`.
    #[must_use]
    pub fn older(&self, next: String) -> Self {
        let mut trail = self.trail.clone();
        trail.extend(self.after.clone());
        if trail.len() > TRAIL {
            trail.remove(0);
        }
        Self { after: Some(next), trail, ..self.clone() }
    }

    /// The page before this one; none on the first.
    #[must_use]
    pub fn newer(&self) -> Option<Self> {
        self.after.as_ref()?;
        let mut trail = self.trail.clone();
        let after = trail.pop();
        Some(Self { after, trail, ..self.clone() })
    }

    /// How many filters beside the view are on.
    #[must_use]
    pub fn filters(&self) -> usize {
        let on = [
            self.priority.is_some(),
            self.category.is_some(),
            self.channel.is_some(),
            self.assignee.is_some(),
            self.team.is_some(),
            self.tag.is_some(),
            self.customer.is_some(),
        ];
        on.into_iter().filter(|on| *on).count()
    }
}

/// Percent-encodes a value; the same on the server and in the browser.
fn escape(value: &str, out: &mut String) {
    for b in value.bytes() {
        if b.is_ascii_alphanumeric() || b"-._~,".contains(&b) {
            out.push(char::from(b));
        } else {
            out.push('%');
            for digit in [b >> 4, b & 15] {
                out.push(char::from(b"0123456789ABCDEF"[usize::from(digit)]));
            }
        }
    }
}

#[cfg(test)]
mod tests;
