//! Calling colleagues by name in a note: `@` and letters offer those who fit, above the box.

use crate::layout::desk::Desk;
use crate::ui::{Avatar, AvatarSize};
use coco::conversations::mentions::{begins, being_typed};
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlTextAreaElement};

/// The id of the box to write in.
pub(super) const BOX: &str = "f-content";
/// How many are offered at once.
const OFFERED: usize = 6;

/// A name that is being typed.
#[derive(Debug, Clone, PartialEq)]
struct Typed {
    /// Where its `@` is, in bytes.
    at: usize,
    /// What there is of it.
    letters: String,
}

/// Who is offered.
#[derive(Debug, Clone, PartialEq)]
struct Offered {
    name: String,
    role: &'static str,
}

#[derive(Clone, Copy)]
struct Offers {
    text: RwSignal<String>,
    typed: RwSignal<Option<Typed>>,
    found: Memo<Vec<Offered>>,
    chosen: RwSignal<usize>,
}

/// Around the composer: offers colleagues while a note is written.
#[component]
pub(super) fn Naming(
    /// What is written.
    text: RwSignal<String>,
    /// It is a note.
    #[prop(into)]
    note: Signal<bool>,
    /// What the desk knows.
    desk: Desk,
    /// The composer.
    children: Children,
) -> impl IntoView {
    let typed = RwSignal::new(None::<Typed>);
    let found = Memo::new(move |_| match typed.get() {
        Some(typed) if note.get() => fitting(desk, &typed.letters),
        _ => Vec::new(),
    });
    let offers = Offers { text, typed, found, chosen: RwSignal::new(0) };
    Effect::new(move |_| offers.tell(note.get()));
    let close = move || typed.set(None);
    let how_many = move || match found.with(Vec::len) {
        0 => String::new(),
        1 => "1 colleague fits. Enter takes it.".to_owned(),
        n => [&n.to_string(), " colleagues fit. Choose with the arrow keys and Enter."].concat(),
    };
    view! {
        <div
            class="naming"
            on:keydown:capture=move |ev| offers.press(&ev)
            on:input=move |ev| offers.look(&ev)
            on:pointerdown=move |_| close()
            on:focusout=move |_| close()
        >
            {children()}
            {move || (!found.with(Vec::is_empty)).then(|| offers.list())}
            <p class="vh" role="status">{how_many}</p>
        </div>
    }
}

fn fitting(desk: Desk, letters: &str) -> Vec<Offered> {
    desk.colleagues.with(|all| {
        let others = all.iter().filter(|c| !desk.is_me(&c.id) && begins(&c.name, letters));
        others.take(OFFERED).map(|c| Offered { name: c.name.clone(), role: c.role.label() }).collect()
    })
}

impl Offers {
    /// Sees what stands before the caret.
    fn look(self, ev: &ev::Event) {
        let Some(area) = ev.target().and_then(|t| t.dyn_into::<HtmlTextAreaElement>().ok()) else { return };
        let (value, caret) = (area.value(), area.selection_start().ok().flatten());
        let before = &value[..place(&value, caret.unwrap_or_default() as usize)];
        self.chosen.set(0);
        self.typed.set(being_typed(before).map(|l| Typed { at: before.len() - l.len() - 1, letters: l.to_owned() }));
    }

    /// Takes the keys that are for the list before the box or the page does.
    fn press(self, ev: &ev::KeyboardEvent) {
        let count = self.found.with_untracked(Vec::len);
        if count == 0 || ev.is_composing() || ev.shift_key() || ev.ctrl_key() || ev.alt_key() || ev.meta_key() {
            return;
        }
        match ev.key().as_str() {
            "ArrowDown" => self.chosen.update(|c| *c = (*c + 1) % count),
            "ArrowUp" => self.chosen.update(|c| *c = (*c + count - 1) % count),
            "Enter" | "Tab" => self.take(self.chosen.get_untracked()),
            "Escape" => self.typed.set(None),
            "ArrowLeft" | "ArrowRight" | "Home" | "End" => return self.typed.set(None),
            _ => return,
        }
        ev.prevent_default();
        ev.stop_propagation();
    }

    /// Writes the name, and goes on after it.
    fn take(self, place: usize) {
        let (typed, name) = (self.typed.get_untracked(), self.found.with_untracked(|f| f.get(place).map(|o| o.name.clone())));
        self.typed.set(None);
        let (Some(Typed { at, letters }), Some(name)) = (typed, name) else { return };
        let text = self.text.get_untracked();
        let (Some(before), Some(after)) = (text.get(..at), text.get(at + 1 + letters.len()..)) else { return };
        let before = [before, "@", &name, " "].concat();
        let caret = before.encode_utf16().count() as u32;
        self.text.set([&before, after.trim_start_matches(' ')].concat());
        request_animation_frame(move || {
            if let Some(area) = the_box().and_then(|el| el.dyn_into::<HtmlTextAreaElement>().ok()) {
                let _ = area.focus();
                let _ = area.set_selection_range(caret, caret);
            }
        });
    }

    fn list(self) -> impl IntoView {
        let items: Vec<_> = self.found.get_untracked().into_iter().enumerate().map(|(place, one)| self.item(place, one)).collect();
        // The focus stays in the box, also when one is pressed.
        view! {
            <ul
                class="naming-list"
                id="naming-list"
                role="listbox"
                aria-label="Colleagues"
                on:pointerdown=|ev| ev.stop_propagation()
                on:mousedown=|ev| ev.prevent_default()
            >
                {items}
            </ul>
        }
    }

    fn item(self, place: usize, one: Offered) -> impl IntoView {
        let Offered { name, role } = one;
        view! {
            <li
                class="naming-item"
                id=item_id(place)
                role="option"
                aria-selected=move || (self.chosen.get() == place).to_string()
                on:click=move |_| self.take(place)
            >
                <Avatar name=name.clone() size=AvatarSize::Tiny />
                <span class="naming-name">{name}</span>
                <span class="naming-role">{role}</span>
            </li>
        }
    }

    /// Tells the box what it is for, and so those who cannot see it, of the list.
    fn tell(self, note: bool) {
        let chosen = self.found.with(|f| (!f.is_empty()).then(|| item_id(self.chosen.get())));
        let Some(area) = the_box() else { return };
        set(&area, "placeholder", Some(if note { "Write a note that only your team sees" } else { "Write an answer" }));
        set(&area, "aria-autocomplete", note.then_some("list"));
        set(&area, "aria-controls", chosen.is_some().then_some("naming-list"));
        set(&area, "aria-activedescendant", chosen.as_deref());
    }
}

fn item_id(place: usize) -> String {
    ["naming-", &place.to_string()].concat()
}

fn the_box() -> Option<Element> {
    document().get_element_by_id(BOX)
}

fn set(el: &Element, name: &str, value: Option<&str>) {
    let _ = match value {
        Some(value) => el.set_attribute(name, value),
        None => el.remove_attribute(name),
    };
}

/// Where in a text a place is that the browser counts in units of UTF-16.
fn place(text: &str, units: usize) -> usize {
    let mut counted = 0;
    let passed = text.chars().take_while(|c| {
        counted += c.len_utf16();
        counted <= units
    });
    passed.map(char::len_utf8).sum()
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn the_caret_is_found_behind_emoji() {
        for (units, before) in [(0, ""), (1, "ü"), (3, "ü🙂"), (4, "ü🙂@"), (9, "ü🙂@a")] {
            assert_eq!(place("ü🙂@a", units), before.len());
        }
    }
}
