//! Attributes without a type of their own.
//!
//! Leptos compiles some two kilobytes for every pair of element and attribute name. Names that
//! hardly any page uses therefore go through [`attr`] and [`live`], which are one type for all:
//! `<div {..attr("aria-live", "polite")}>`. Pages write attributes the usual way.

use leptos::attr::any_attribute::{AnyAttribute, IntoAnyAttribute};
use leptos::attr::custom::custom_attribute;
use std::sync::{Arc, Mutex};

/// The text of an attribute; none leaves it out.
pub(super) trait Text {
    fn text(self) -> Option<String>;
}

impl Text for &str {
    fn text(self) -> Option<String> {
        Some(self.to_owned())
    }
}
impl Text for String {
    fn text(self) -> Option<String> {
        Some(self)
    }
}
impl Text for bool {
    fn text(self) -> Option<String> {
        self.then(String::new)
    }
}
impl<T: Text> Text for Option<T> {
    fn text(self) -> Option<String> {
        self.and_then(Text::text)
    }
}

/// An attribute that stays as it is.
pub(super) fn attr(name: &'static str, value: impl Text) -> AnyAttribute {
    custom_attribute(name, value.text()).into_any_attr()
}

/// An attribute that follows signals.
pub(super) fn live(name: &'static str, value: impl FnMut() -> Option<&'static str> + Send + 'static) -> AnyAttribute {
    let shared: Arc<Mutex<dyn FnMut() -> Option<&'static str> + Send>> = Arc::new(Mutex::new(value));
    custom_attribute(name, shared).into_any_attr()
}

/// `"true"` or `"false"`, for states that are always said.
pub(super) const fn word(on: bool) -> Option<&'static str> {
    Some(if on { "true" } else { "false" })
}
