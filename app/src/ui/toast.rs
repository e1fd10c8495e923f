//! Toasts: results of what someone just did. They leave by themselves, except errors, and never
//! while they are pointed at or focused.

use super::attr::attr;
use super::{Button, Glyph, Icon, IconButton, Size, Variant};
use leptos::{html, prelude::*};
use std::time::Duration;

#[derive(Debug, Clone)]
struct Toast {
    /// Rises; the lowest is the oldest.
    id: u32,
    error: bool,
    text: String,
    undo: Option<Callback<()>>,
}

type Slot = RwSignal<Option<Toast>>;

/// Where toasts are put; get it with [`use_toaster`]. There is room for three: who does five things
/// in five seconds reads the last ones.
#[derive(Debug, Clone, Copy)]
pub struct Toaster {
    slots: [Slot; 3],
    next: StoredValue<u32>,
}

impl Toaster {
    fn new() -> Self {
        Self { slots: [(); 3].map(|()| RwSignal::new(None)), next: StoredValue::new(1) }
    }

    fn push(self, error: bool, text: String, undo: Option<Callback<()>>) {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        // A free one, or the oldest.
        let slot = self.slots.into_iter().min_by_key(|s| s.with_untracked(|t| t.as_ref().map_or(0, |t| t.id)));
        if let Some(slot) = slot {
            slot.set(Some(Toast { id, error, text, undo }));
        }
    }

    /// "Saved."
    pub fn ok(self, text: impl Into<String>) {
        self.push(false, text.into(), None);
    }
    /// Something failed; stays until it is closed.
    pub fn error(self, text: impl Into<String>) {
        self.push(true, text.into(), None);
    }
    /// "Closed TKT-2026-000123." with a button that takes it back.
    pub fn undo(self, text: impl Into<String>, undo: Callback<()>) {
        self.push(false, text.into(), Some(undo));
    }
}

/// Makes the toaster of the application; once, at its root.
pub fn provide_toaster() -> Toaster {
    let toaster = Toaster::new();
    provide_context(toaster);
    toaster
}

/// The toaster. Where none was provided, toasts go nowhere.
#[must_use]
pub fn use_toaster() -> Toaster {
    use_context().unwrap_or_else(Toaster::new)
}

/// Empties the slot after a while, but not as long as its toast is being read.
fn leave_later(slot: Slot, id: u32, region: NodeRef<html::Div>, wait: u64) {
    let leave = move || {
        if slot.try_with_untracked(|t| t.as_ref().is_none_or(|t| t.id != id)).unwrap_or(true) {
            return;
        }
        if region.get_untracked().is_some_and(|el| el.matches(":hover, :focus-within").unwrap_or(false)) {
            leave_later(slot, id, region, 2);
        } else {
            slot.set(None);
        }
    };
    set_timeout(leave, Duration::from_secs(wait));
}

fn show(slot: Slot, region: NodeRef<html::Div>, toast: Toast) -> AnyView {
    let Toast { id, error, text, undo } = toast;
    if !error {
        leave_later(slot, id, region, if undo.is_some() { 10 } else { 6 });
    }
    let undo = undo.map(|undo| {
        let take_back = move |_| {
            slot.set(None);
            undo.run(());
        };
        view! {
            <Button size=Size::Small variant=Variant::Ghost on:click=take_back>
                "Undo"
            </Button>
        }
        .into_any()
    });
    view! {
        <div class="toast" data-kind=error.then_some("error")>
            <Icon glyph=if error { Glyph::ALERT } else { Glyph::CIRCLE_CHECK } />
            <p>{text}</p>
            {undo}
            <IconButton glyph=Glyph::X label="Dismiss" size=Size::Small on:click=move |_| slot.set(None) />
        </div>
    }
    .into_any()
}

/// Shows the toasts; once, at the end of the application. Announces each without taking the focus.
#[component]
pub fn Toasts() -> impl IntoView {
    let toaster = use_toaster();
    let region = NodeRef::<html::Div>::new();
    // Shown again with each toast, so that it stands above a dialog that was opened since.
    Effect::new(move |_| {
        let any = toaster.slots.into_iter().filter(|slot| slot.with(Option::is_some)).count() > 0;
        if let Some(el) = region.get() {
            let _ = el.hide_popover();
            if any {
                let _ = el.show_popover();
            }
        }
    });
    let slots: Vec<_> = toaster.slots.into_iter().map(|slot| (move || slot.get().map(|t| show(slot, region, t))).into_any()).collect();
    view! {
        <div
            {..attr("popover", "manual")}
            {..attr("aria-live", "polite")}
            class="toasts"
            role="log"
            aria-label="Notifications"
            node_ref=region
        >
            {slots}
        </div>
    }
    .into_any()
}
