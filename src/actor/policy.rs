//! The table of rights and the list of ways in.

use super::{Role, Scope};

/// Everything that can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Sign in, register, ask for a password link, rate by a link in a mail, read public pages.
    Public,
    /// See and change one's own profile, sessions and presence; sign out.
    Profile,
    /// Make, list and revoke one's own API tokens.
    TokenManage,
    /// See one's vendors and choose one.
    VendorRead,
    /// See all vendors there are, to choose from.
    VendorBrowse,
    /// See a ticket: what it is about, its state and who works on it.
    TicketRead,
    /// See what is said around a ticket and what happens to it, with its files, also live.
    ChatRead,
    /// Open a ticket or conversation.
    TicketCreate,
    /// Write a message the customer sees.
    Reply,
    /// Write or read what only staff see.
    Note,
    /// Change subject, priority, category, tags.
    TicketEdit,
    /// Take, give, transfer.
    Assign,
    /// Resolve, close, wait, escalate.
    Transition,
    /// Rate after resolution.
    Rate,
    /// See the inbox with its counters, the queue and the teams there are.
    Inbox,
    /// See colleagues and their presence.
    Team,
    /// See and change how tickets find their reps.
    Routing,
    /// See the system overview.
    Overview,
    /// See what a vendor promises and how its clocks stand.
    SlaRead,
    /// Change what a vendor promises.
    SlaManage,
    /// Read the mail that was written, one-time links and all.
    Outbox,
}

impl Action {
    /// The scope a token needs; actions without one are for sessions only.
    #[must_use]
    pub const fn scope(self) -> Option<Scope> {
        match self {
            Self::TicketRead => Some(Scope::TicketsRead),
            Self::ChatRead | Self::Inbox | Self::Overview => Some(Scope::ChatRead),
            Self::TicketCreate | Self::TicketEdit | Self::Assign | Self::Transition | Self::Rate => Some(Scope::TicketsWrite),
            Self::Reply | Self::Note => Some(Scope::ChatWrite),
            _ => None,
        }
    }
}

/// How an actor stands to a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// It is the customer's own.
    Own,
    /// It belongs to a vendor the actor works for.
    Staff,
}

use Relation::{Own, Staff};
use Role::{AdminManager, AdminSenior, AdminSuper, Customer, RepL1, RepL2, RepL3};

const DESK: &[Role] = &[RepL1, RepL2, RepL3, AdminManager, AdminSenior, AdminSuper];
const ADMINS: &[Role] = &[AdminManager, AdminSenior, AdminSuper];
const CUSTOMERS: &[Role] = &[Customer];

/// Action × relation → roles. What is not here is refused.
pub const POLICY: &[(Action, Relation, &[Role])] = &[
    (Action::Public, Own, CUSTOMERS),
    (Action::Public, Staff, DESK),
    (Action::Profile, Own, CUSTOMERS),
    (Action::Profile, Staff, DESK),
    (Action::TokenManage, Own, CUSTOMERS),
    (Action::TokenManage, Staff, DESK),
    (Action::VendorRead, Own, CUSTOMERS),
    (Action::VendorRead, Staff, DESK),
    (Action::VendorBrowse, Own, CUSTOMERS),
    (Action::TicketRead, Own, CUSTOMERS),
    (Action::TicketRead, Staff, DESK),
    (Action::ChatRead, Own, CUSTOMERS),
    (Action::ChatRead, Staff, DESK),
    (Action::TicketCreate, Own, CUSTOMERS),
    (Action::TicketCreate, Staff, DESK),
    (Action::Reply, Own, CUSTOMERS),
    (Action::Reply, Staff, DESK),
    (Action::Note, Staff, DESK),
    (Action::TicketEdit, Staff, DESK),
    (Action::Assign, Staff, DESK),
    (Action::Transition, Staff, DESK),
    (Action::Rate, Own, CUSTOMERS),
    (Action::Inbox, Staff, DESK),
    (Action::Team, Staff, DESK),
    (Action::Routing, Staff, ADMINS),
    (Action::Overview, Staff, ADMINS),
    (Action::SlaRead, Staff, DESK),
    (Action::SlaManage, Staff, ADMINS),
    (Action::Outbox, Staff, &[AdminSuper]),
];

/// Whether the table lets `role` do `action` to something it stands in `relation` to.
#[must_use]
pub fn allows(role: Role, action: Action, relation: Relation) -> bool {
    POLICY.iter().any(|(a, r, roles)| *a == action && *r == relation && roles.contains(&role))
}

/// Whether the table lets `role` do `action` to anything at all.
#[must_use]
pub fn allows_some(role: Role, action: Action) -> bool {
    [Own, Staff].into_iter().any(|relation| allows(role, action, relation))
}

/// One way into the business from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// HTTP method.
    pub method: &'static str,
    /// Path, with `{name}` for what varies.
    pub path: &'static str,
    /// What a caller must at least be allowed to do, before the service looks at the subject.
    pub action: Action,
}

const fn way(method: &'static str, path: &'static str, action: Action) -> Entry {
    Entry { method, path, action }
}

/// Every server function (`/sfn/…`), REST route and socket. The guard in `server` refuses any other.
pub const ENTRY_POINTS: &[Entry] = &[
    // REST
    way("POST", "/api/tickets", Action::TicketCreate),
    way("GET", "/api/tickets", Action::TicketRead),
    way("GET", "/api/tickets/{ticketId}", Action::TicketRead),
    way("PUT", "/api/tickets/{ticketId}", Action::TicketRead),
    way("POST", "/api/chat/start", Action::TicketCreate),
    way("GET", "/api/chat/queue", Action::Inbox),
    way("GET", "/api/chat/analytics", Action::Overview),
    way("GET", "/api/chat/{conversationId}", Action::ChatRead),
    way("PUT", "/api/chat/{conversationId}", Action::ChatRead),
    way("POST", "/api/chat/{conversationId}/message", Action::Reply),
    way("GET", "/api/chat/{conversationId}/messages", Action::ChatRead),
    way("POST", "/api/attachments", Action::Reply),
    way("GET", "/api/attachments/{attachmentId}", Action::ChatRead),
    way("GET", "/api/attachments/{attachmentId}/thumbnail", Action::ChatRead),
    way("GET", "/api/teams", Action::Inbox),
    way("GET", "/api/events", Action::ChatRead),
    way("GET", "/api/openapi.json", Action::Public),
    way("GET", "/api/docs", Action::Public),
    way("GET", "/ws", Action::ChatRead),
    // Server functions
    way("POST", "/sfn/app/auth/api/load_viewer", Action::Public),
    way("POST", "/sfn/app/auth/api/sign_in", Action::Public),
    way("POST", "/sfn/app/auth/api/register", Action::Public),
    way("POST", "/sfn/app/auth/api/forgot_password", Action::Public),
    way("POST", "/sfn/app/auth/api/reset_password", Action::Public),
    way("POST", "/sfn/app/auth/api/set_up", Action::Public),
    way("POST", "/sfn/app/auth/api/sign_out", Action::Public),
    way("POST", "/sfn/app/auth/api/sign_out_everywhere", Action::Profile),
    way("POST", "/sfn/app/auth/api/change_password", Action::Profile),
    way("POST", "/sfn/app/auth/api/ask_to_confirm", Action::Profile),
    way("POST", "/sfn/app/auth/api/confirm_address", Action::Profile),
    way("POST", "/sfn/app/auth/api/list_tokens", Action::TokenManage),
    way("POST", "/sfn/app/auth/api/create_token", Action::TokenManage),
    way("POST", "/sfn/app/auth/api/revoke_token", Action::TokenManage),
    way("POST", "/sfn/app/conversations/api/send_message", Action::Reply),
    way("POST", "/sfn/app/conversations/api/post_message", Action::Reply),
    way("POST", "/sfn/app/conversations/api/earlier_messages", Action::ChatRead),
    way("POST", "/sfn/app/conversations/api/mark_read", Action::ChatRead),
    way("POST", "/sfn/app/feedback/api/rate_ticket", Action::Rate),
    way("POST", "/sfn/app/feedback/api/newest_unrated", Action::TicketRead),
    way("POST", "/sfn/app/feedback/api/load_invitation", Action::Public),
    way("POST", "/sfn/app/feedback/api/rate_by_link", Action::Public),
    way("POST", "/sfn/app/journey/api/newest_event", Action::ChatRead),
    way("POST", "/sfn/app/journey/api/my_journey", Action::ChatRead),
    way("POST", "/sfn/app/mail/api/list_mail", Action::Outbox),
    way("POST", "/sfn/app/mail/api/read_mail", Action::Outbox),
    way("POST", "/sfn/app/people/api/load_me", Action::Profile),
    way("POST", "/sfn/app/people/api/edit_profile", Action::Profile),
    way("POST", "/sfn/app/people/api/list_colleagues", Action::Team),
    way("POST", "/sfn/app/people/api/load_presence", Action::Team),
    way("POST", "/sfn/app/people/api/set_presence", Action::Team),
    way("POST", "/sfn/app/routing/api/load_place", Action::TicketRead),
    way("POST", "/sfn/app/routing/api/explain_routing", Action::Team),
    way("POST", "/sfn/app/routing/api/load_routing", Action::Routing),
    way("POST", "/sfn/app/routing/api/save_routing", Action::Routing),
    way("POST", "/sfn/app/routing/api/preview_routing", Action::Routing),
    way("POST", "/sfn/app/sla/api/load_policy", Action::SlaRead),
    way("POST", "/sfn/app/sla/api/save_policy", Action::SlaManage),
    way("POST", "/sfn/app/sla/api/load_attainment", Action::Overview),
    way("POST", "/sfn/app/teams/api/list_teams", Action::Inbox),
    way("POST", "/sfn/app/tickets/api/list_tickets", Action::TicketRead),
    way("POST", "/sfn/app/tickets/api/load_counters", Action::Inbox),
    way("POST", "/sfn/app/tickets/api/load_ticket", Action::TicketRead),
    way("POST", "/sfn/app/tickets/api/create_ticket", Action::TicketCreate),
    way("POST", "/sfn/app/tickets/api/edit_ticket", Action::TicketEdit),
    way("POST", "/sfn/app/tickets/api/assign_ticket", Action::Assign),
    way("POST", "/sfn/app/tickets/api/assign_team", Action::Assign),
    way("POST", "/sfn/app/tickets/api/move_ticket", Action::Transition),
    way("POST", "/sfn/app/vendors/api/my_vendors", Action::VendorRead),
    way("POST", "/sfn/app/vendors/api/vendor_choices", Action::VendorBrowse),
    way("POST", "/sfn/app/vendors/api/choose_vendor", Action::VendorRead),
    way("POST", "/sfn/app/vendors/api/list_categories", Action::VendorRead),
    way("POST", "/sfn/app/analytics/api/load_overview", Action::Overview),
];

/// The entry for a method and a route's path pattern.
#[must_use]
pub fn entry(method: &str, path: &str) -> Option<&'static Entry> {
    ENTRY_POINTS.iter().find(|e| e.method == method && e.path == path)
}
