//! Reading words of the API into the business's, and naming fields as the API does.

use crate::http::problem::Problem;
use coco::actor::Actor;
use coco::error::FieldError;
use coco::id::UserId;
use coco::page::PageRequest;
use coco::text::{clean, snippet};
use coco::tickets::{Category, Channel, CustomerRef, Priority, Status};
use coco::{Error, Result};
use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use std::str::FromStr;

/// A refusal of the business, with its fields named as in the API.
#[must_use]
pub fn named(e: Error) -> Problem {
    match e {
        Error::Invalid(faults) => {
            let faults = faults.into_iter().map(|f| FieldError { field: camel_case(&f.field), ..f });
            Error::Invalid(faults.collect()).into()
        }
        other => other.into(),
    }
}

fn camel_case(field: &str) -> String {
    match field {
        "assignee_id" => return "assignedAgentId".into(),
        "team_id" => return "assignedTeamId".into(),
        _ => {}
    }
    let mut parts = field.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let mut chars = part.chars();
        text + &chars.next().map(|c| c.to_ascii_uppercase()).into_iter().chain(chars).collect::<String>()
    })
}

/// One of a few words, with the aliases of other products.
fn one_of<T: DeserializeOwned>(field: &str, word: &str, all: &[&str]) -> Result<T> {
    let wanted = serde_json::Value::String(word.trim().to_lowercase());
    serde_json::from_value(wanted).map_err(|_| {
        let word = snippet(&clean(word), 40);
        Error::invalid(field, format!("\"{word}\" is none of {}.", all.join(", ")))
    })
}

/// A priority.
///
/// # Errors
/// [`Error::Invalid`] for `priority`.
pub fn priority(word: &str) -> Result<Priority> {
    one_of("priority", word, &Priority::ALL.map(Priority::as_str))
}

/// A status.
///
/// # Errors
/// [`Error::Invalid`] for `status`.
pub fn status(word: &str) -> Result<Status> {
    one_of("status", word, &Status::ALL.map(Status::as_str))
}

/// A channel.
///
/// # Errors
/// [`Error::Invalid`] for `channel`.
pub fn channel(word: &str) -> Result<Channel> {
    one_of("channel", word, &Channel::ALL.map(Channel::as_str))
}

/// A top category.
///
/// # Errors
/// [`Error::Invalid`] for `category`.
pub fn category(word: &str) -> Result<Category> {
    one_of("category", word, &Category::ALL.map(Category::as_str))
}

/// A category with its sub-category: a word we do not know is a sub-category of `other`.
#[must_use]
pub fn any_category(word: &str) -> (Category, String) {
    match category(word) {
        Ok(known) => (known, String::new()),
        Err(_) => (Category::Other, snippet(&clean(word), 80)),
    }
}

/// A person: an id, or `me`.
///
/// # Errors
/// [`Error::Invalid`] for `field`.
pub fn person(field: &str, word: &str, actor: &Actor) -> Result<UserId> {
    if word == "me" { Ok(actor.id.clone()) } else { id(field, word) }
}

/// An id of ours.
///
/// # Errors
/// [`Error::Invalid`] for `field`.
pub fn id<T: FromStr>(field: &str, word: &str) -> Result<T> {
    word.parse().map_err(|_| Error::invalid(field, "This is not one of our ids."))
}

/// A whole number.
///
/// # Errors
/// [`Error::Invalid`] for `field`.
pub fn number<T: FromStr>(field: &str, word: &str) -> Result<T> {
    word.trim().parse().map_err(|_| Error::invalid(field, "Use a whole number."))
}

/// A page.
///
/// # Errors
/// [`Error::Invalid`] for `limit`.
pub fn page(limit: Option<&str>, cursor: Option<String>) -> Result<PageRequest> {
    Ok(PageRequest { limit: limit.map(|l| number("limit", l)).transpose()?, cursor })
}

/// Who asks for help, when anything is said of it. Ids that are not of our form are another system's, and
/// tell us nothing.
///
/// # Errors
/// [`Error::Invalid`] for `customerEmail` when nobody can be found by what staff give.
pub fn customer(actor: &Actor, who: &Who) -> Result<Option<CustomerRef>> {
    let ours = who.id.as_deref().and_then(|id| id.parse::<UserId>().ok());
    let email = who.email.as_deref().map(str::trim).filter(|e| !e.is_empty());
    match (&ours, email, actor.role.is_staff()) {
        (None, None, true) => Err(Error::invalid("customerEmail", "Say who the customer is, by email address.")),
        (None, None, false) => Ok(None),
        _ => Ok(Some(CustomerRef { id: ours, email: email.map(str::to_owned), name: who.name.clone().unwrap_or_default() })),
    }
}

/// What a request says of the customer.
#[derive(Debug, Clone, Default)]
pub struct Who {
    /// Our id, or another system's.
    pub id: Option<String>,
    /// Name, for one we do not know yet.
    pub name: Option<String>,
    /// Address.
    pub email: Option<String>,
}

/// Tells a field that is `null` from one that is absent.
///
/// # Errors
/// Those of `T`.
pub fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(input: D) -> std::result::Result<Option<Option<T>>, D::Error> {
    Option::deserialize(input).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_have_the_names_of_the_api() {
        for (ours, theirs) in [
            ("customer_email", "customerEmail"),
            ("assignee_id", "assignedAgentId"),
            ("subject", "subject"),
            ("", ""),
            ("customerId", "customerId"),
        ] {
            assert_eq!(camel_case(ours), theirs);
        }
    }

    #[test]
    fn words_of_other_products_are_understood() {
        assert_eq!(priority("Critical"), Ok(Priority::Urgent));
        assert_eq!(status("open"), Ok(Status::WaitingForAgent));
        assert_eq!(channel("mobile"), Ok(Channel::Web));
        assert_eq!(any_category("billing"), (Category::Billing, String::new()));
        assert_eq!(any_category("shipping"), (Category::Other, "shipping".into()));
        assert!(priority("dire").unwrap_err().field("priority").is_some());
    }
}
