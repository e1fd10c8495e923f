//! When someone else changed the same thing: what they made of it, what one wanted, and whose counts.

use super::saving::Conflict;
use super::store::TicketStore;
use crate::ui::{Button, Dialog, DialogActions, TimeAgo, Variant};
use coco::journey::describe;
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
    let question = move || {
        // What is shown may change while one reads; it follows.
        store.ticket.track();
        store.conflict.get().map(|Conflict { job, theirs }| {
            let now = job.change.theirs(&store.known());
            view! {
                <p class="case-theirs">{describe(&theirs, true)} " · " <TimeAgo at=theirs.timestamp /></p>
                <p>{now} " You wanted to " {job.change.mine()} "."</p>
            }
        })
    };
    view! {
        <Dialog title="Someone changed this ticket" open>
            {question}
            <DialogActions>
                <Button variant=Variant::Primary on:click=move |_| store.conflict.set(None)>"Show newest"</Button>
                <Button on:click=move |_| store.save_anyway()>"Save mine anyway"</Button>
            </DialogActions>
        </Dialog>
    }
}
