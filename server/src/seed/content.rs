//! The texts of the demo: vendors, people and what they write, kept as JSON beside this file.

use coco::actor::Role;
use coco::tickets::{Category, Channel, Priority};
use serde::Deserialize;
use std::collections::BTreeMap;

const VENDORS: &str = include_str!("content/vendors.json");
const NAMES: &str = include_str!("content/names.json");
const BOOKS: [(&str, &str); 3] = [
    ("voltway", include_str!("content/voltway.json")),
    ("larkspur", include_str!("content/larkspur.json")),
    ("nimbus", include_str!("content/nimbus.json")),
];

/// Everything there is to tell.
pub struct Content {
    pub vendors: Vec<VendorText>,
    pub customers: Vec<CustomerText>,
}

#[derive(Deserialize)]
pub struct VendorText {
    pub slug: String,
    pub name: String,
    pub about: String,
    pub color: String,
    pub hours: String,
    pub categories: Vec<CategoryText>,
    pub staff: Vec<StaffText>,
    #[serde(skip)]
    pub book: Book,
}

#[derive(Deserialize)]
pub struct CategoryText {
    pub name: Category,
    pub sub: Vec<String>,
}

#[derive(Deserialize)]
pub struct StaffText {
    pub name: String,
    pub email: String,
    pub role: Role,
}

#[derive(Deserialize)]
pub struct CustomerText {
    pub name: String,
    pub email: String,
    pub language: String,
    pub city: String,
    pub timezone: String,
    /// Slugs, the preselected one first.
    pub vendors: Vec<String>,
}

/// What happens at one vendor.
#[derive(Default, Deserialize)]
pub struct Book {
    /// Values for the placeholders, one to be picked per ticket.
    pub fill: BTreeMap<String, Vec<String>>,
    pub scenarios: Vec<Scenario>,
}

/// The course of a ticket.
#[derive(Deserialize)]
pub struct Scenario {
    pub subject: String,
    pub category: Category,
    pub sub: String,
    pub tags: Vec<String>,
    pub channel: Channel,
    pub turns: Vec<Turn>,
}

/// A line someone writes or a thing someone does.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Turn {
    #[serde(rename = "who", alias = "act")]
    pub kind: Kind,
    /// Minutes after the turn before.
    pub after: i64,
    pub text: String,
    pub reason: String,
    pub to: Option<To>,
    pub score: i64,
    pub comment: String,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    #[default]
    Customer,
    Rep,
    Note,
    Priority,
    Escalate,
    Transfer,
    Wait,
    Resolve,
    Rate,
    Close,
}

/// Whom a ticket goes up to, or what its priority becomes.
#[derive(Clone, Copy, Deserialize)]
#[serde(untagged)]
pub enum To {
    Role(Role),
    Priority(Priority),
}

impl Content {
    pub fn load() -> anyhow::Result<Self> {
        let mut vendors: Vec<VendorText> = serde_json::from_str(VENDORS)?;
        for (slug, text) in BOOKS {
            if let Some(vendor) = vendors.iter_mut().find(|v| v.slug == slug) {
                vendor.book = serde_json::from_str(text)?;
            }
        }
        #[derive(Deserialize)]
        struct Names {
            customers: Vec<CustomerText>,
        }
        let Names { customers } = serde_json::from_str(NAMES)?;
        Ok(Self { vendors, customers })
    }

    /// The place of a vendor in the list.
    pub fn vendor(&self, slug: &str) -> Option<usize> {
        self.vendors.iter().position(|v| v.slug == slug)
    }
}

impl VendorText {
    /// The place of someone with this role among the staff.
    pub fn staff_with(&self, role: Role) -> Option<usize> {
        self.staff.iter().position(|s| s.role == role)
    }
}

impl Scenario {
    pub fn has(&self, kind: Kind) -> bool {
        self.turns.iter().any(|t| t.kind == kind)
    }

    /// Whether the text leaves the ticket closed.
    pub fn closes(&self) -> bool {
        self.turns.last().is_some_and(|t| t.kind == Kind::Close)
    }

    /// Whether any text holds `words`.
    pub fn mentions(&self, words: &str) -> bool {
        self.subject.contains(words) || self.turns.iter().any(|t| t.text.contains(words) || t.reason.contains(words))
    }
}
