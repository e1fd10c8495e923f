//! Whether a page still waits for its data.

use leptos::prelude::*;

/// Whether a page still waits for its data. In the first HTML it is there; only where the browser comes
/// from another page there is something to wait for, which shows a moment after the page was made.
#[derive(Clone, Copy)]
pub struct Arrival {
    waits: RwSignal<bool>,
    here: StoredValue<bool>,
}

impl Arrival {
    /// Of a page that is being made.
    #[must_use]
    pub fn new() -> Self {
        let this = Self { waits: RwSignal::new(false), here: StoredValue::new(false) };
        Effect::new(move |_| {
            if !this.here.get_value() {
                this.waits.set(true);
            }
        });
        this
    }

    /// A skeleton is to be shown.
    #[must_use]
    pub fn waits(self) -> bool {
        self.waits.get()
    }

    /// The data are there.
    pub fn done(self) {
        self.here.set_value(true);
        self.waits.set(false);
    }
}

impl Default for Arrival {
    fn default() -> Self {
        Self::new()
    }
}
