//! How urgent a ticket is, and the rules that say so when nobody else has.

use serde::{Deserialize, Serialize};

/// Priority. The aliases are brief words of other products, accepted at the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the priorities are what they are called")]
pub enum Priority {
    Low,
    #[serde(alias = "normal")]
    Medium,
    High,
    #[serde(alias = "critical")]
    Urgent,
}

/// Who or what set a priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PrioritySource {
    /// The keyword rules below.
    Rules,
    /// The customer, when opening the ticket.
    Customer,
    /// A rep.
    Rep,
    /// The assistant.
    Sage,
}

impl Priority {
    /// All, from low to urgent.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Urgent];
    /// The word in the database and at the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Urgent => "urgent",
        }
    }
    /// What a person reads.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Low => "Low",
            Self::Medium => "Medium",
            Self::High => "High",
            Self::Urgent => "Urgent",
        }
    }
}

impl PrioritySource {
    /// All sources.
    pub const ALL: [Self; 4] = [Self::Rules, Self::Customer, Self::Rep, Self::Sage];
    /// The word in the database and at the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rules => "rules",
            Self::Customer => "customer",
            Self::Rep => "rep",
            Self::Sage => "sage",
        }
    }
    /// What a person reads, after "set by".
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Rules => "rules",
            Self::Customer => "the customer",
            Self::Rep => "a rep",
            Self::Sage => "SAGE",
        }
    }
}

/// One row of the table: when any of the words stands in the text, this is the priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriorityRule {
    /// The priority it gives.
    pub priority: Priority,
    /// Words and phrases, in lower case.
    pub any_of: &'static [&'static str],
}

/// The classification of brief 1. The first row that matches decides.
pub const RULES: &[PriorityRule] = &[
    PriorityRule {
        priority: Priority::Urgent,
        any_of: &[
            "security breach",
            "data leak",
            "cannot access",
            "payment failed",
            "charged incorrectly",
            "account locked",
            "emergency",
            "urgent",
            "legal",
            "lawsuit",
        ],
    },
    PriorityRule {
        priority: Priority::High,
        any_of: &["not working", "broken", "error", "bug", "crash", "billing issue", "refund", "complaint"],
    },
    PriorityRule { priority: Priority::Low, any_of: &["question", "how do i", "feature request", "feedback", "suggestion", "when will"] },
];

/// The priority the rules give, and the word that decided; medium when none matches.
#[must_use]
pub fn classify(subject: &str, description: &str) -> (Priority, Option<&'static str>) {
    let text = format!("{subject} {description}").to_lowercase();
    RULES
        .iter()
        .find_map(|rule| rule.any_of.iter().find(|word| text.contains(**word)).map(|word| (rule.priority, Some(*word))))
        .unwrap_or((Priority::Medium, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_pressing_word_decides() {
        assert_eq!(classify("Question", "my Payment failed twice"), (Priority::Urgent, Some("payment failed")));
        assert_eq!(classify("App crash", "how do I restart it"), (Priority::High, Some("crash")));
        assert_eq!(classify("How do I add a user", ""), (Priority::Low, Some("how do i")));
        assert_eq!(classify("Delivery", "It came on Tuesday"), (Priority::Medium, None));
    }
}
