//! How a vendor shows itself to customers: its letter on its colour, and whether it is there.
//!
//! Colours are attributes of SVG, as the page's policy lets no style into the HTML.

use coco::vendors::VendorChoice;
use leptos::prelude::*;

/// A colour as it may stand in an attribute; grey when it is none.
fn clean(color: &str) -> &str {
    let is_color = color.len() == 7 && color.starts_with('#') && color.bytes().skip(1).all(|b| b.is_ascii_hexdigit());
    if is_color { color } else { "#5b6472" }
}

/// Black or white, whichever is easier to read on `color`.
fn ink(color: &str) -> &'static str {
    let part = |at: usize| {
        let byte = color.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or_default();
        let x = f32::from(byte) / 255.0;
        // The sRGB curve to within 0.2 %, without a power.
        x * (x * (x * 0.305_306 + 0.682_171) + 0.012_523)
    };
    let light = 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
    // Both contrasts are equal at 0.179.
    if light > 0.179 { "#000" } else { "#fff" }
}

/// The first letter of the name on the vendor's colour.
#[component]
pub fn VendorMark(
    /// The vendor's name.
    #[prop(into)]
    name: String,
    /// Its colour, `#rrggbb`.
    #[prop(into)]
    color: String,
) -> impl IntoView {
    let color = clean(&color);
    let letter: String = name.chars().find(|c| c.is_alphanumeric()).into_iter().collect();
    let drawing = [
        r#"<rect width="40" height="40" rx="10" fill=""#,
        color,
        r#""/><text x="20" y="20" fill=""#,
        ink(color),
        r#"" text-anchor="middle" dominant-baseline="central">"#,
        &letter,
        "</text>",
    ]
    .concat();
    view! { <svg class="vendor-mark" viewBox="0 0 40 40" aria-hidden="true" inner_html=drawing></svg> }
}

/// A breath of the vendor's colour behind something.
#[component]
pub fn VendorTint(
    /// The colour, `#rrggbb`.
    color: String,
) -> impl IntoView {
    let drawing = [r#"<rect width="100%" height="100%" fill=""#, clean(&color), r#""/>"#].concat();
    view! { <svg class="vendor-tint" aria-hidden="true" inner_html=drawing></svg> }
}

/// Whether someone is there, without promising more than is known.
#[must_use]
pub fn presence_words(choice: &VendorChoice) -> String {
    if choice.online {
        return "We're online".to_owned();
    }
    let hours = choice.vendor.hours.as_str();
    if hours.is_empty() { "We'll answer as soon as we're back".to_owned() } else { ["We answer ", hours].concat() }
}

#[cfg(test)]
mod tests {
    use super::{clean, ink};

    #[test]
    fn letters_can_be_read_on_any_colour() {
        assert_eq!([ink("#000000"), ink("#1d4ed8"), ink("#facc15"), ink("#ffffff")], ["#fff", "#fff", "#000", "#000"]);
        assert_eq!(clean("#12345\"/>"), "#5b6472");
    }
}
