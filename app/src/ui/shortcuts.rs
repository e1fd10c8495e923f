//! Single-key shortcuts: one listener for the page, a list that everyone can read, and a switch to
//! turn them off (WCAG 2.1.4). They rest while someone types or a dialog is open.

use super::browser::{closest, store, stored};
use super::{Checkbox, Dialog};
use leptos::{ev, prelude::*};

/// A shortcut: a key as in `KeyboardEvent.key`, or two with a space, `"g i"`.
#[derive(Debug, Clone, Copy)]
pub struct Shortcut {
    /// `"j"`, `"?"`, `"Enter"`, `"g i"`.
    pub keys: &'static str,
    /// What happens: "Next ticket".
    pub label: &'static str,
    /// Does it.
    pub run: Callback<()>,
}

impl Shortcut {
    /// A shortcut.
    pub const fn new(keys: &'static str, label: &'static str, run: Callback<()>) -> Self {
        Self { keys, label, run }
    }
}

#[derive(Debug, Clone, Copy)]
struct Registry {
    list: RwSignal<Vec<(u32, Shortcut)>>,
    on: RwSignal<bool>,
    /// The key before, for shortcuts of two keys, and when it was pressed.
    before: StoredValue<(String, f64)>,
    next: StoredValue<u32>,
}

const KEPT: &str = "coco-shortcuts";
const BUSY: &str = "input, textarea, select, [contenteditable], dialog, [popover]";

impl Registry {
    fn handle(self, ev: &ev::KeyboardEvent) {
        if !self.on.get_untracked()
            || ev.default_prevented()
            || ev.ctrl_key()
            || ev.meta_key()
            || ev.alt_key()
            || ev.is_composing()
            || closest(ev.target(), BUSY).is_some()
        {
            return;
        }
        let key = ev.key();
        // On a link or button these keys already mean something.
        if matches!(key.as_str(), "Enter" | " ") && closest(ev.target(), "a, button, summary").is_some() {
            return;
        }
        // Esc closes what is open first; the focus may still be on the button that opened it.
        if key == "Escape" && document().query_selector(":popover-open, dialog[open]").is_ok_and(|open| open.is_some()) {
            return;
        }
        let (before, then) = self.before.get_value();
        let now = ev.time_stamp();
        let pair = if now - then < 1000.0 { [before.as_str(), " ", &key].concat() } else { String::new() };
        self.before.set_value((key.clone(), now));
        let run = self.list.with_untracked(|list| {
            let find = |keys: &str| list.iter().rev().find(|(_, s)| s.keys == keys).map(|(_, s)| s.run);
            find(&pair).or_else(|| find(&key))
        });
        if let Some(run) = run {
            ev.prevent_default();
            self.before.set_value((String::new(), 0.0));
            run.run(());
        }
    }
}

/// Starts listening; once, in the shell of the desk.
pub fn provide_shortcuts() {
    let registry = Registry {
        list: RwSignal::new(Vec::new()),
        on: RwSignal::new(true),
        before: StoredValue::new((String::new(), 0.0)),
        next: StoredValue::new(0),
    };
    provide_context(registry);
    Effect::new(move |_| {
        registry.on.set(stored(KEPT).as_deref() != Some("off"));
        let listener = window_event_listener(ev::keydown, move |ev| registry.handle(&ev));
        on_cleanup(move || listener.remove());
    });
}

/// Adds shortcuts for as long as the component that calls this lives; the latest wins.
pub fn use_shortcuts(shortcuts: Vec<Shortcut>) {
    let Some(registry) = use_context::<Registry>() else { return };
    let id = registry.next.get_value();
    registry.next.set_value(id + 1);
    registry.list.update(|list| list.extend(shortcuts.into_iter().map(|s| (id, s))));
    on_cleanup(move || {
        let _ = registry.list.try_update(|list| list.retain(|(i, _)| *i != id));
    });
}

/// The list of shortcuts with its switch; opens on `?`.
#[component]
pub fn ShortcutHelp(
    /// Whether it is open, for a menu that opens it too.
    #[prop(default = RwSignal::new(false))]
    open: RwSignal<bool>,
    /// Keys that are no shortcuts of the page, and what they do.
    #[prop(optional, into)]
    also: Signal<Vec<(&'static str, &'static str)>>,
) -> impl IntoView {
    use_shortcuts(vec![Shortcut::new("?", "Show this list", Callback::new(move |()| open.set(true)))]);
    let registry = use_context::<Registry>();
    let lines = move || {
        let list = registry.map(|r| r.list.get()).unwrap_or_default();
        let of_page = list.into_iter().map(|(_, s)| (s.keys, s.label));
        of_page
            .chain(also.get())
            .map(|(keys, label)| {
                let keys: Vec<_> = keys.split(' ').map(|k| view! { <kbd class="kbd">{k}</kbd> }.into_any()).collect();
                view! {
                    <div>
                        <dt>{label}</dt>
                        <dd>{keys}</dd>
                    </div>
                }
                .into_any()
            })
            .collect::<Vec<_>>()
    };
    let switch = move || {
        registry.map(|registry| {
            Effect::new(move |before: Option<bool>| {
                let on = registry.on.get();
                if before.is_some_and(|b| b != on) {
                    store(KEPT, if on { "on" } else { "off" });
                }
                on
            });
            view! { <Checkbox label="Use single-key shortcuts" name="shortcuts" value=registry.on /> }
        })
    };
    view! {
        <Dialog title="Keyboard shortcuts" open=open>
            <dl class="keys">{lines}</dl>
            {switch()}
        </Dialog>
    }
}
