//! The few things components ask of the browser. All of it is called from effects and event
//! handlers only, so it never runs on the server.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, HtmlElement, Storage};

/// `base` and the classes of the caller.
pub(super) fn join(base: &'static str, extra: &'static str) -> String {
    if extra.is_empty() { base.to_owned() } else { [base, " ", extra].concat() }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// The keyboard has a command key.
pub(super) fn is_apple() -> bool {
    let platform = window().navigator().platform().unwrap_or_default();
    platform.starts_with("Mac") || platform.starts_with("iP")
}

/// What the browser keeps under `key`.
pub(super) fn stored(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Keeps `value` under `key`; private windows may refuse, which is not our problem.
pub(super) fn store(key: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(key, value);
    }
}

/// The nearest element around `target` that matches.
pub(super) fn closest(target: Option<EventTarget>, selector: &str) -> Option<Element> {
    target?.dyn_into::<Element>().ok()?.closest(selector).ok().flatten()
}

/// The elements in `root` that match and can be focused, in order.
pub(super) fn all(root: &Element, selector: &str) -> Vec<HtmlElement> {
    let Ok(list) = root.query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|i| list.get(i)?.dyn_into().ok()).collect()
}

/// Moves the focus among `items` for an arrow, Home or End key; `false` for any other key.
/// `next` and `back` name the keys that go forward and backward.
pub(super) fn rove(items: &[HtmlElement], key: &str, next: &str, back: &str) -> bool {
    if items.is_empty() {
        return false;
    }
    let now = document().active_element();
    let at = items.iter().position(|i| now.as_ref().is_some_and(|n| n.is_same_node(Some(i))));
    let last = items.len() - 1;
    let to = match key {
        k if k == next => at.map_or(0, |i| if i == last { 0 } else { i + 1 }),
        k if k == back => at.map_or(last, |i| i.checked_sub(1).unwrap_or(last)),
        "Home" => 0,
        "End" => last,
        _ => return false,
    };
    let _ = items[to].focus();
    true
}

/// The present moment.
#[cfg(target_arch = "wasm32")]
pub(super) fn now() -> coco::time::Timestamp {
    coco::time::Timestamp::from_micros((js_sys::Date::now() * 1000.0) as i64)
}

/// The present moment.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn now() -> coco::time::Timestamp {
    use coco::time::Clock;
    coco::time::SystemClock.now()
}
