//! When someone else changed the same thing: what they made of it, what one wanted, and whose counts.

use super::saving::Job;
use super::store::TicketStore;
use crate::ui::{Button, Dialog, DialogActions, Variant};
use leptos::prelude::*;

/// Opens when a change could not be saved because of someone else's.
#[component]
pub fn ConflictDialog(
    /// The ticket.
    store: TicketStore,
) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(store.conflict.with(Option::is_some)));
    Effect::new(move |before: Option<bool>| {
        let now = open.get();
        // Closed by Esc: the newest stays.
        if before == Some(true) && !now {
            store.conflict.set(None);
        }
        now
    });
    let theirs = move || store.ticket.with(|t| t.subject.clone());
    let subject = move || store.conflict.with(|c| c.as_ref().is_some_and(Job::is_about_subject));
    let mine = move || store.conflict.with(|c| c.as_ref().map(|job| job.change.mine()).unwrap_or_default());
    view! {
        <Dialog title="Someone changed this ticket" open>
            <p>"Someone changed this while you were editing. You wanted to set " {mine} "."</p>
            {move || subject().then(|| view! { <p class="case-theirs">"It is “" {theirs} "” now."</p> })}
            <DialogActions>
                <Button on:click=move |_| store.conflict.set(None)>"Show newest"</Button>
                <Button variant=Variant::Primary on:click=move |_| store.save_anyway()>"Save mine anyway"</Button>
            </DialogActions>
        </Dialog>
    }
}
