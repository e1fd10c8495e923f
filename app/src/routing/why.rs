//! Why someone has a ticket, or nobody.

use super::api::explain_routing;
use crate::error::ApiResult;
use crate::tickets::desk::TicketStore;
use crate::ui::{ErrorNote, Skeleton, TimeAgo};
use coco::routing::{Explanation, Looked};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

type Told = Option<ApiResult<Option<Explanation>>>;

/// Why someone has the ticket, or nobody: everyone considered, with the reason. Asked for when it is opened.
#[component]
pub fn Why(
    /// The ticket.
    store: TicketStore,
) -> impl IntoView {
    let desk = store.desk;
    let (open, told) = (RwSignal::new(false), RwSignal::new(Told::None));
    let ask = move || {
        let number = store.number();
        spawn_local(async move {
            let got = explain_routing(number).await;
            let _ = told.try_set(Some(got));
        });
    };
    let owner = Memo::new(move |_| store.ticket.with(|t| t.assignee_id.clone()));
    Effect::new(move |_| {
        // Another owner, or another presence, is another answer.
        desk.beat.track();
        desk.colleagues.track();
        owner.track();
        if open.get() {
            ask();
        }
    });
    let question = move || match store.ticket.with(|t| t.assignee_id.clone().zip(t.assignee_name.clone())) {
        None => "Why is this waiting?".to_owned(),
        Some((id, _)) if desk.is_me(&id) => "Why me?".to_owned(),
        Some((_, name)) => ["Why ", &name, "?"].concat(),
    };
    let node = NodeRef::<html::Details>::new();
    let toggled = move |_| open.set(node.get_untracked().is_some_and(|details| details.open()));
    let retry = Callback::new(move |()| ask());
    view! {
        <details class="info-hand" node_ref=node on:toggle=toggled>
            <summary>{question}</summary>
            <div class="info-why" aria-live="polite">
                {move || match told.get() {
                    None => view! { <Skeleton count=3 /> }.into_any(),
                    Some(Err(e)) => view! { <ErrorNote text=e.to_string() retry /> }.into_any(),
                    Some(Ok(None)) => view! { <p class="info-mute">"It was taken or given by hand."</p> }.into_any(),
                    Some(Ok(Some(why))) => answer(why),
                }}
            </div>
        </details>
    }
}

fn answer(why: Explanation) -> AnyView {
    let chosen = why.people.iter().any(|p| p.chosen);
    let sentence = match (why.waits, why.automatic, why.people.is_empty(), chosen) {
        (_, _, true, _) => "Nobody with a support level works here.",
        (false, ..) => "Routing gave it, having looked at everyone.",
        (true, false, _, true) => "Tickets are not handed out by themselves here. By the rules it would go to the first of these.",
        (true, false, _, false) => "Tickets are not handed out by themselves here, and by the rules nobody could take it now.",
        (true, true, _, true) => "It is about to be given to the first of these.",
        (true, true, _, false) => "Nobody can take it now.",
    };
    let when = (!why.waits).then(|| view! { " " <TimeAgo at=why.at /> });
    let people: Vec<_> = why.people.into_iter().map(person).collect();
    view! {
        <p class="info-mute">{sentence} {when}</p>
        <ul>{people}</ul>
    }
    .into_any()
}

fn person(p: Looked) -> AnyView {
    view! {
        <li data-chosen=p.chosen.then_some("")>
            <strong>{p.name}</strong>
            " "
            {p.words}
        </li>
    }
    .into_any()
}
