//! The words that change from ticket to ticket.

use super::content::{Book, Scenario, VendorText};
use super::rng::Rng;
use coco::tickets::Category;
use std::collections::BTreeMap;

/// Numbers of things, of which everyone has another.
const NUMBERS: [&str; 5] = ["order", "invoice", "serial", "visit", "parcel"];
/// What a subject may name, the most telling first, and how.
const NAMED: [(&str, &str); 13] = [
    ("product", ""),
    ("car", ""),
    ("station", ""),
    ("client", ""),
    ("bank", ""),
    ("shop", ""),
    ("colour", ""),
    ("order", "order "),
    ("invoice", "invoice "),
    ("visit", "visit "),
    ("serial", "serial "),
    ("parcel", "parcel "),
    ("voucher", "code "),
];

/// One value for each placeholder.
pub struct Fill(BTreeMap<String, String>);

impl Fill {
    /// Picked from the book's lists.
    pub fn pick(book: &Book, rng: &mut Rng) -> Self {
        let pick = |(key, values): (&String, &Vec<String>)| {
            let value = rng.pick(values);
            let value = if NUMBERS.contains(&key.as_str()) { renumber(value, rng) } else { value.clone() };
            (key.clone(), value)
        };
        Self(book.fill.iter().map(pick).collect())
    }

    /// Sets one value.
    pub fn set(&mut self, key: &str, value: &str) {
        self.0.insert(key.to_owned(), value.to_owned());
    }

    /// The text with every placeholder replaced.
    pub fn text(&self, template: &str) -> String {
        let mut text = template.to_owned();
        if template.contains('{') {
            for (key, value) in &self.0 {
                text = text.replace(&format!("{{{key}}}"), value);
            }
        }
        text
    }

    /// The ways to say in a subject what it is about, the best first.
    pub fn names(&self, vendor: &VendorText, scenario: &Scenario, rng: &mut Rng) -> Vec<String> {
        let usual = if names_product(vendor, scenario) { &["product", "order"][..] } else { &["order"] };
        let used = NAMED.iter().filter(|(key, _)| scenario.mentions(&format!("{{{key}}}")));
        let usual = usual.iter().flat_map(|key| NAMED.iter().filter(move |named| named.0 == *key));
        let mut names: Vec<String> = used.chain(usual).filter_map(|(key, says)| Some(format!("{says}{}", self.0.get(*key)?))).collect();
        if let (false, Some(order)) = (scenario.mentions("{order}"), self.0.get("order")) {
            names.extend((0..5).map(|_| format!("order {}", renumber(order, rng))));
        }
        names
    }
}

/// The same number with other digits at its end.
fn renumber(value: &str, rng: &mut Rng) -> String {
    let from = value.chars().filter(char::is_ascii_digit).count().saturating_sub(3);
    let mut seen = 0;
    let digit = |c: char| {
        seen += usize::from(c.is_ascii_digit());
        if c.is_ascii_digit() && seen > from { char::from(b'0' + rng.below(10) as u8) } else { c }
    };
    value.chars().map(digit).collect()
}

/// Whether it makes sense to name one of the vendor's products: it is about them, and the text
/// does not speak of a particular one.
fn names_product(vendor: &VendorText, scenario: &Scenario) -> bool {
    let about = match vendor.slug.as_str() {
        "voltway" => matches!(scenario.sub.as_str(), "charger offline" | "charging fault" | "warranty" | "accessories" | "installation"),
        "nimbus" => matches!(scenario.category, Category::Technical | Category::Product),
        _ => false,
    };
    let own = |product: &str| product.strip_prefix(vendor.name.split(' ').next().unwrap_or_default()).unwrap_or(product).trim().to_owned();
    about && !vendor.book.fill.get("product").is_some_and(|all| all.iter().any(|p| scenario.mentions(&own(p))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_shape() {
        let other = renumber("CX 4471 0938", &mut Rng::new(3));
        assert!(other.starts_with("CX 4471 0") && other.len() == 12 && other != "CX 4471 0938", "{other}");
    }

    #[test]
    fn fills_every_placeholder() {
        let fill = Fill([("first".to_owned(), "Sam".to_owned())].into());
        assert_eq!(fill.text("Hi {first}, {first}!"), "Hi Sam, Sam!");
    }
}
