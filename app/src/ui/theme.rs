//! Light, dark, or as the system has it.
//!
//! The choice is in a cookie, so the server renders `<html data-theme>` and nothing flashes, and in
//! local storage, because some browsers forget cookies of scripts after a week.

use super::browser::{store, stored};
use super::{RadioGroup, RadioLook};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

const KEPT: &str = "coco-theme";

/// What the value of a `Cookie` header says `data-theme` on `<html>` should be; none for the
/// system's. The shell sets it and puts it into context as [`ThemeAttribute`].
#[must_use]
pub fn theme_attribute(cookies: &str) -> Option<&'static str> {
    known(cookies.split(';').find_map(|c| c.trim().strip_prefix(KEPT)?.strip_prefix('='))?)
}

/// What the shell rendered as `data-theme`.
#[derive(Debug, Clone, Copy)]
pub struct ThemeAttribute(pub Option<&'static str>);

/// The theme of the page as a signal: `"system"`, `"light"` or `"dark"`.
#[derive(Debug, Clone, Copy)]
struct Theme(RwSignal<String>);

fn known(word: &str) -> Option<&'static str> {
    match word {
        "light" => Some("light"),
        "dark" => Some("dark"),
        _ => None,
    }
}

fn apply(theme: &str) {
    if let Some(root) = document().document_element() {
        let _ = match known(theme) {
            Some(word) => root.set_attribute("data-theme", word),
            None => root.remove_attribute("data-theme"),
        };
    }
    let cookie = [KEPT, "=", theme, "; Path=/; Max-Age=31536000; SameSite=Lax"].concat();
    let _ = document().unchecked_into::<web_sys::HtmlDocument>().set_cookie(&cookie);
    store(KEPT, theme);
}

#[cfg(target_arch = "wasm32")]
fn rendered() -> Option<&'static str> {
    known(&document().document_element()?.get_attribute("data-theme")?)
}

#[cfg(not(target_arch = "wasm32"))]
fn rendered() -> Option<&'static str> {
    use_context::<ThemeAttribute>()?.0
}

/// Starts the theme of the page; once, at the root. Setting the signal to `"system"`, `"light"` or
/// `"dark"` applies and keeps it.
pub fn provide_theme() -> RwSignal<String> {
    let theme = RwSignal::new(rendered().unwrap_or("system").to_owned());
    provide_context(Theme(theme));
    Effect::new(move |before: Option<String>| {
        let now = theme.get();
        match before {
            // The cookie is gone but the choice was kept.
            None if now == "system" => {
                if let Some(kept) = stored(KEPT).as_deref().and_then(known) {
                    theme.set(kept.to_owned());
                }
            }
            Some(before) if before != now => apply(&now),
            _ => {}
        }
        now
    });
    theme
}

/// The theme of the page.
#[must_use]
pub fn use_theme() -> RwSignal<String> {
    use_context::<Theme>().map_or_else(|| RwSignal::new("system".to_owned()), |t| t.0)
}

/// The three themes side by side, for a page of settings.
#[component]
pub fn ThemePicker() -> impl IntoView {
    let options = [("system", "System"), ("light", "Light"), ("dark", "Dark")];
    let options = options.map(|(value, words)| (value.to_owned(), words.to_owned())).to_vec();
    view! { <RadioGroup legend="Theme" name="theme" options=options value=use_theme() look=RadioLook::Segments /> }
}

#[cfg(test)]
mod tests {
    use super::theme_attribute;

    #[test]
    fn reads_the_cookie() {
        assert_eq!(theme_attribute("a=1; coco-theme=dark; b=2"), Some("dark"));
        for none in ["", "coco-theme=", "coco-theme=system", "coco-theme=<script>", "xcoco-theme=dark", "coco-themes=dark"] {
            assert_eq!(theme_attribute(none), None);
        }
    }
}
