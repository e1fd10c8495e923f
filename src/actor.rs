//! Who asks, and the only table of who may do what.
//!
//! Every service method takes an [`Actor`] first and asks [`Actor::may`] before anything else.
//! Every server function and REST route is listed in [`ENTRY_POINTS`]; one that is not is refused
//! at run time and fails a test.

use crate::error::{Error, Result};
use crate::id::{UserId, VendorId};
use serde::{Deserialize, Serialize};

mod policy;
pub use policy::{Action, ENTRY_POINTS, Entry, POLICY, Relation, allows, entry};

/// The seven roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the roles are what they are called")]
pub enum Role {
    Customer,
    RepL1,
    RepL2,
    RepL3,
    AdminManager,
    AdminSenior,
    AdminSuper,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 7] =
        [Self::Customer, Self::RepL1, Self::RepL2, Self::RepL3, Self::AdminManager, Self::AdminSenior, Self::AdminSuper];

    /// The word in the database and at the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::RepL1 => "rep_l1",
            Self::RepL2 => "rep_l2",
            Self::RepL3 => "rep_l3",
            Self::AdminManager => "admin_manager",
            Self::AdminSenior => "admin_senior",
            Self::AdminSuper => "admin_super",
        }
    }
    /// What a person reads.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Customer => "Customer",
            Self::RepL1 => "Representative, level 1",
            Self::RepL2 => "Representative, level 2",
            Self::RepL3 => "Representative, level 3",
            Self::AdminManager => "Manager",
            Self::AdminSenior => "Senior admin",
            Self::AdminSuper => "Super admin",
        }
    }
    /// The support level, 1 to 3, of those who take tickets by it.
    #[must_use]
    pub const fn level(self) -> Option<i64> {
        match self {
            Self::RepL1 => Some(1),
            Self::RepL2 => Some(2),
            Self::RepL3 => Some(3),
            Self::Customer | Self::AdminManager | Self::AdminSenior | Self::AdminSuper => None,
        }
    }
    /// Anyone but a customer.
    #[must_use]
    pub const fn is_staff(self) -> bool {
        !matches!(self, Self::Customer)
    }
    /// Managers and above.
    #[must_use]
    pub const fn is_admin(self) -> bool {
        matches!(self, Self::AdminManager | Self::AdminSenior | Self::AdminSuper)
    }
    /// Where this role lands after signing in.
    #[must_use]
    pub const fn home(self) -> &'static str {
        match self {
            Self::Customer => "/customer/dashboard",
            Self::RepL1 | Self::RepL2 | Self::RepL3 => "/rep/inbox",
            Self::AdminManager | Self::AdminSenior | Self::AdminSuper => "/admin/dashboard",
        }
    }
}

impl std::str::FromStr for Role {
    type Err = Error;
    fn from_str(s: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|r| r.as_str() == s).ok_or_else(|| Error::invalid("role", "This is not a role."))
    }
}

/// Kinds of those who act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// A customer.
    Customer,
    /// Staff of a vendor; the API also calls it `agent`.
    #[serde(alias = "agent")]
    Rep,
    /// The assistant.
    Sage,
    /// COCO itself: rules, timers, import.
    System,
}

impl ActorKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Customer, Self::Rep, Self::Sage, Self::System];
    /// The word in the database and at the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Rep => "rep",
            Self::Sage => "sage",
            Self::System => "system",
        }
    }
}

/// What an API token may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Scope {
    /// Read tickets.
    #[serde(rename = "tickets:read")]
    TicketsRead,
    /// Open tickets and the conversations in them, and change them.
    #[serde(rename = "tickets:write")]
    TicketsWrite,
    /// Read conversations, the queue and their figures, and follow them on a socket.
    #[serde(rename = "chat:read")]
    ChatRead,
    /// Send messages, notes and files.
    #[serde(rename = "chat:write")]
    ChatWrite,
}

impl Scope {
    /// All scopes.
    pub const ALL: [Self; 4] = [Self::TicketsRead, Self::TicketsWrite, Self::ChatRead, Self::ChatWrite];
    /// The word at the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TicketsRead => "tickets:read",
            Self::TicketsWrite => "tickets:write",
            Self::ChatRead => "chat:read",
            Self::ChatWrite => "chat:write",
        }
    }
}

/// Who asks. Made from a session or a token, never from a request body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The person.
    pub id: UserId,
    /// What kind of actor writes the journey.
    pub kind: ActorKind,
    /// The role.
    pub role: Role,
    /// The name others see.
    pub name: String,
    /// Staff: the vendors they work for. Customers: the vendors they are with.
    pub vendors: Vec<VendorId>,
    /// `None` for a session; for a token, what it may be used for.
    pub scopes: Option<Vec<Scope>>,
    /// Whether mail to their address is known to reach them. Until then the account may pass to another
    /// person at any moment, so who is not proved is asked for again every time.
    pub is_proved: bool,
}

/// What an action is about, as far as rights go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject<'a> {
    /// Nothing in particular: may this role do it at all?
    Any,
    /// The person themselves or their own things.
    Person(&'a UserId),
    /// Something of a vendor.
    Vendor(&'a VendorId),
    /// A ticket, its conversation or its files.
    Ticket {
        /// The vendor it belongs to.
        vendor: &'a VendorId,
        /// The customer who asked, unless it is held back from them.
        customer: Option<&'a UserId>,
    },
}

impl Actor {
    /// COCO itself, when it acts by a vendor's rules. Never made from a request.
    #[cfg(feature = "server")]
    pub(crate) fn system(vendor: &VendorId) -> Self {
        let (kind, role) = (ActorKind::System, Role::AdminSuper);
        let id = uuid::Uuid::nil().into();
        Self { id, kind, role, name: "COCO".into(), vendors: vec![vendor.clone()], scopes: None, is_proved: true }
    }

    /// How this actor stands to `subject`; `None` when it must not even know of it.
    #[must_use]
    pub fn relation(&self, subject: Subject<'_>) -> Option<Relation> {
        let works_for = |v: &VendorId| self.role.is_staff() && self.vendors.contains(v);
        match subject {
            Subject::Any => Some(if self.role.is_staff() { Relation::Staff } else { Relation::Own }),
            Subject::Person(id) => (*id == self.id).then_some(if self.role.is_staff() { Relation::Staff } else { Relation::Own }),
            Subject::Vendor(v) if self.role.is_staff() => works_for(v).then_some(Relation::Staff),
            Subject::Vendor(v) => self.vendors.contains(v).then_some(Relation::Own),
            Subject::Ticket { vendor, .. } if self.role.is_staff() => works_for(vendor).then_some(Relation::Staff),
            Subject::Ticket { customer, .. } => (customer == Some(&self.id)).then_some(Relation::Own),
        }
    }

    /// Whether the table allows it.
    ///
    /// # Errors
    /// [`Error::NotFound`] where even existence is private, [`Error::Forbidden`] otherwise.
    pub fn may(&self, action: Action, subject: Subject<'_>) -> Result<()> {
        let relation = self.relation(subject).ok_or(Error::NotFound)?;
        let allowed = self.in_scope(action) && policy::allows(self.role, action, relation);
        if allowed { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// Whether this actor could do it to anything at all.
    #[must_use]
    pub fn may_try(&self, action: Action) -> bool {
        self.in_scope(action) && policy::allows_some(self.role, action)
    }

    /// Whether what the actor came with is good for it: a session for all, a token for its scopes.
    fn in_scope(&self, action: Action) -> bool {
        match (&self.scopes, action.scope()) {
            (None, _) => true,
            (Some(scopes), Some(needed)) => scopes.contains(&needed),
            (Some(_), None) => false,
        }
    }

    /// Whether this actor sees what only staff see.
    #[must_use]
    pub const fn sees_staff(&self) -> bool {
        self.role.is_staff()
    }
}

#[cfg(test)]
mod tests;
