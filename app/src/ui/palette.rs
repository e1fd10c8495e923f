//! The command palette: ⌘K or Ctrl+K from anywhere, a few letters, Enter.

use super::attr::{attr, live, word};
use super::browser::is_apple;
use super::dialog::modal;
use super::{Glyph, Icon};
use leptos::{ev, html, prelude::*};
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// The keys that open the palette, as this keyboard calls them.
#[must_use]
pub fn palette_keys() -> Signal<&'static str> {
    let keys = RwSignal::new("Ctrl K");
    Effect::new(move |_| {
        if is_apple() {
            keys.set("⌘ K");
        }
    });
    keys.into()
}

/// Something the palette can do.
#[derive(Debug, Clone)]
pub struct Command {
    label: String,
    also: &'static str,
    hint: String,
    glyph: Glyph,
    href: Option<String>,
    run: Option<Callback<()>>,
}

impl Command {
    /// Goes to a page.
    pub fn link(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), also: "", hint: String::new(), glyph: Glyph::ARROW_RIGHT, href: Some(href.into()), run: None }
    }
    /// Does something.
    pub fn run(label: impl Into<String>, run: Callback<()>) -> Self {
        Self { label: label.into(), also: "", hint: String::new(), glyph: Glyph::ZAP, href: None, run: Some(run) }
    }
    /// What it is called elsewhere, in lower case: it is found by that too.
    #[must_use]
    pub const fn also(mut self, words: &'static str) -> Self {
        self.also = words;
        self
    }
    /// Its shortcut, or a word on what it is.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
    /// Its icon.
    #[must_use]
    pub const fn glyph(mut self, glyph: Glyph) -> Self {
        self.glyph = glyph;
        self
    }
}

impl Command {
    fn fit(&self, query: &str) -> Option<i32> {
        fit(query, &self.label.to_lowercase()).max(fit(query, self.also))
    }
}

/// How well `query` fits `text`: all letters in order; better at starts of words and in one piece.
/// Both in lower case. `None` when it does not fit.
fn fit(query: &str, text: &str) -> Option<i32> {
    let mut score = 0;
    let mut letters = text.chars();
    let (mut at_start, mut in_piece) = (true, true);
    for wanted in query.chars().filter(|c| !c.is_whitespace()) {
        loop {
            let c = letters.next()?;
            if c == wanted {
                score += 1 + 8 * i32::from(at_start) + 4 * i32::from(in_piece);
                (at_start, in_piece) = (false, true);
                break;
            }
            (at_start, in_piece) = (!c.is_alphanumeric(), false);
        }
    }
    Some(score * 4 - text.len().min(200) as i32 / 8)
}

/// The places in `commands` that fit, best first; the given order without a query.
fn matching(commands: &[Command], query: &str) -> Vec<usize> {
    let query = query.trim().to_lowercase();
    let mut found: Vec<_> = commands.iter().enumerate().filter_map(|(i, c)| Some((c.fit(&query)?, i))).collect();
    if !query.is_empty() {
        found.sort_by_key(|&(score, i)| (-score, i));
    }
    found.into_iter().map(|(_, i)| i).take(50).collect()
}

/// The palette. Put it once in a shell; it opens itself on ⌘K and Ctrl+K.
#[component]
pub fn CommandPalette(
    /// What it can do.
    #[prop(into)]
    commands: Signal<Vec<Command>>,
    /// Whether it is open, for a button that opens it too.
    #[prop(default = RwSignal::new(false))]
    open: RwSignal<bool>,
    /// What else is offered for what was typed, after the commands that fit.
    #[prop(optional)]
    asked: Option<Callback<String, Vec<Command>>>,
) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let chosen = RwSignal::new(0_usize);
    let found = Memo::new(move |_| if open.get() { commands.with(|c| matching(c, &query.get())) } else { Vec::new() });
    let more = move || asked.filter(|_| open.get()).map(|asked| asked.run(query.get().trim().to_owned())).unwrap_or_default();
    let offered = Memo::new(move |_| found.with(Vec::len) + more().len());
    let list = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        let listener = window_event_listener(ev::keydown, move |ev| {
            if (ev.meta_key() || ev.ctrl_key()) && !ev.shift_key() && ev.key().eq_ignore_ascii_case("k") {
                ev.prevent_default();
                query.set(String::new());
                chosen.set(0);
                open.update(|o| *o = !*o);
            }
        });
        on_cleanup(move || listener.remove());
    });
    // The chosen line stays in sight.
    let mark = move || list.get_untracked()?.query_selector("[aria-selected=true]").ok()??.dyn_into::<HtmlElement>().ok();
    Effect::new(move |_| {
        chosen.track();
        if let Some(line) = mark() {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            line.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
    let keys = move |ev: ev::KeyboardEvent| {
        let count = offered.get_untracked().max(1);
        match ev.key().as_str() {
            "ArrowDown" => chosen.update(|c| *c = (*c + 1) % count),
            "ArrowUp" => chosen.update(|c| *c = (*c + count - 1) % count),
            "Enter" if !ev.is_composing() => {
                if let Some(line) = mark() {
                    line.click();
                }
            }
            _ => return,
        }
        ev.prevent_default();
    };
    let line = move |place: usize, command: Command| {
        let id = ["palette-", &place.to_string()].concat();
        let Command { label, hint, glyph, href, run, .. } = command;
        let selected = live("aria-selected", move || word(chosen.get() == place));
        let done = move |_| {
            open.set(false);
            if let Some(run) = run {
                run.run(());
            }
        };
        let inner = view! {
            <Icon glyph=glyph />
            <span>{label}</span>
            {(!hint.is_empty()).then(|| view! { <kbd class="kbd">{hint}</kbd> }.into_any())}
        };
        // A link is followed by the router as if it were pressed.
        if let Some(href) = href {
            view! {
                <a {..attr("tabindex", "-1")} {..selected} class="palette-item" role="option" id=id href=href on:click=done>
                    {inner}
                </a>
            }
            .into_any()
        } else {
            view! {
                <button {..attr("tabindex", "-1")} {..selected} class="palette-item" role="option" type="button" id=id on:click=done>
                    {inner}
                </button>
            }
            .into_any()
        }
    };
    let lines = move || {
        let found = found.get();
        let fitting = commands.with(|all| found.into_iter().filter_map(|i| all.get(i).cloned()).collect::<Vec<_>>());
        fitting.into_iter().chain(more()).enumerate().map(|(place, c)| line(place, c)).collect::<Vec<_>>()
    };
    let inside = move || {
        view! {
            <input
                {..attr("aria-expanded", "true")}
                {..attr("aria-controls", "palette-list")}
                {..attr("autocomplete", "off")}
                {..attr("autofocus", true)}
                {..attr("placeholder", "Type a command, a place or the number of a ticket")}
                class="palette-search"
                type="text"
                role="combobox"
                aria-label="What do you want to do?"
                aria-activedescendant=move || ["palette-", &chosen.get().to_string()].concat()
                on:input=move |ev| {
                    query.set(event_target_value(&ev));
                    chosen.set(0);
                }
                on:keydown=keys
            />
            <div class="palette-list" id="palette-list" role="listbox" aria-label="Commands" node_ref=list>
                {lines}
            </div>
            {move || (offered.get() == 0).then(|| view! { <p class="table-empty" role="status">"Nothing fits."</p> }.into_any())}
        }
        .into_any()
    };
    modal("dialog palette".into(), None, "Commands".into(), open, Arc::new(inside))
}

#[cfg(test)]
mod tests {
    use super::{Command, matching};

    #[test]
    fn finds_by_starts_of_words() {
        let all = ["Go to inbox", "Assign to me", "Mark as spam", "Set status"].map(|l| Command::link(l, "/"));
        assert_eq!(matching(&all, ""), [0, 1, 2, 3]);
        assert_eq!(matching(&all, "atm"), [1]);
        assert_eq!(matching(&all, "in"), [0, 1], "a beginning of a word comes before letters within one");
        assert_eq!(matching(&all, "S")[0], 3);
        assert!(matching(&all, "zz").is_empty());
        assert_eq!(matching(&[Command::link("Hand to someone else…", "/").also("assign to")], "assign"), [0]);
    }
}
