//! Two-way binding of form controls that keeps what was typed before the WASM arrived.
//!
//! Leptos' `bind:value` writes the signal into the control while it hydrates and so wipes early
//! typing. Here the first look goes the other way: where the control says something else than it
//! was rendered with, the signal takes it over.

use super::browser::all;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement};

/// The control with this id. Looked up rather than referred to: a `NodeRef` is compiled once more
/// for every kind of element.
fn control<T: JsCast>(id: &str) -> Option<T> {
    document().get_element_by_id(id).map(JsCast::unchecked_into)
}

/// Keeps `value` and the `value` of an input, textarea or select in step. The caller adds the
/// `input` handler for the other direction.
pub(super) fn text(value: RwSignal<String>, initial: String, id: String) {
    Effect::new(move |seen: Option<bool>| {
        let wanted = value.get();
        // `value` is read by name, so this one type reads textareas and selects as well.
        let Some(el) = control::<HtmlInputElement>(&id) else { return false };
        let shown = el.value();
        if shown != wanted {
            if seen != Some(true) && wanted == initial {
                value.set(shown);
            } else {
                el.set_value(&wanted);
            }
        }
        true
    });
}

/// The same for a checkbox.
pub(super) fn check(value: RwSignal<bool>, initial: bool, id: String) {
    Effect::new(move |seen: Option<bool>| {
        let wanted = value.get();
        let Some(el) = control::<HtmlInputElement>(&id) else { return false };
        if el.checked() != wanted {
            if seen != Some(true) && wanted == initial {
                value.set(!wanted);
            } else {
                el.set_checked(wanted);
            }
        }
        true
    });
}

/// The same for the radio buttons in a fieldset.
pub(super) fn radios(value: Option<RwSignal<String>>, initial: String, id: String) {
    let Some(value) = value else { return };
    Effect::new(move |seen: Option<bool>| {
        let wanted = value.get();
        let Some(el) = control::<HtmlElement>(&id) else { return false };
        let radios: Vec<HtmlInputElement> = all(&el, "input").into_iter().map(JsCast::unchecked_into).collect();
        let chosen = radios.iter().find(|r| r.checked()).map(HtmlInputElement::value).unwrap_or_default();
        if chosen != wanted {
            if seen != Some(true) && wanted == initial {
                value.set(chosen);
            } else {
                for radio in radios {
                    radio.set_checked(radio.value() == wanted);
                }
            }
        }
        true
    });
}

/// Where the browser cannot grow a textarea by itself, makes it as tall as its text.
pub(super) fn grow(id: &str) {
    let Some(el) = control::<HtmlElement>(id) else { return };
    let known = window().get_computed_style(&el).ok().flatten().and_then(|s| s.get_property_value("field-sizing").ok());
    if known.is_some_and(|v| !v.is_empty()) {
        return;
    }
    let style = el.style();
    let _ = style.set_property("height", "auto");
    let height = (el.scroll_height() + 2).to_string();
    let _ = style.set_property("height", &[height.as_str(), "px"].concat());
}
