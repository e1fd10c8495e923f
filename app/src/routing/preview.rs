//! What the rules as typed would have made of past tickets.

use super::api::preview_routing;
use super::typed::Typed;
use crate::error::ApiResult;
use crate::layout::desk::Desk;
use crate::ui::{Button, Card, Column, ErrorNote, Table};
use coco::routing::{PREVIEWED, Preview};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Tries the rules as typed on past tickets.
#[component]
pub fn TryOut(
    /// What the desk knows.
    desk: Desk,
    /// What is typed.
    typed: Typed,
) -> impl IntoView {
    let (busy, result) = (RwSignal::new(false), RwSignal::new(None::<ApiResult<Preview>>));
    // Of what was typed before, it says nothing about what is typed now.
    Effect::new(move |_| {
        typed.edit();
        result.set(None);
    });
    let ask = move || {
        let edit = untrack(|| typed.edit());
        busy.set(true);
        spawn_local(async move {
            let got = preview_routing(desk.vendor_id(), edit).await;
            let _ = busy.try_set(false);
            let _ = result.try_set(Some(got));
        });
    };
    let retry = Callback::new(move |()| ask());
    let shown = move || {
        result.get().map(|got| match got {
            Ok(preview) => outcome(preview),
            Err(e) => view! { <ErrorNote text=e.to_string() retry /> }.into_any(),
        })
    };
    view! {
        <Card title="Try it first">
            <p class="info-mute">
                "Goes through your last " {PREVIEWED} " tickets by the rules as typed above, saved or not. It is today's people against past tickets: as if everyone who works here now were online and nobody ever full. Nothing is changed."
            </p>
            <div class="toolbar">
                <Button busy on:click=move |_| ask()>"Try on past tickets"</Button>
            </div>
            <div aria-live="polite">{shown}</div>
        </Card>
    }
}

fn outcome(preview: Preview) -> AnyView {
    let Preview { tickets, reps, nobody } = preview;
    if tickets == 0 {
        return view! { <p>"There are no tickets yet to try it on."</p> }.into_any();
    }
    let lost: i64 = nobody.iter().map(|(_, n)| n).sum();
    let sentence = match lost {
        0 => format!("Of {tickets} tickets each would have found someone."),
        n => {
            let kinds: Vec<String> = nobody.iter().map(|(c, n)| format!("{} {n}", c.label())).collect();
            format!("Of {tickets} tickets {n} would have found nobody ({}).", kinds.join(", "))
        }
    };
    let share = |n: i64| format!("{} %", (n * 100 + tickets / 2) / tickets);
    let row = |(name, n): (String, i64)| {
        view! {
            <tr>
                <td>{name}</td>
                <td class="num">{n}</td>
                <td class="num">{share(n)}</td>
            </tr>
        }
        .into_any()
    };
    let rows: Vec<_> = reps.into_iter().map(row).collect();
    let columns = vec![Column::new("Would have gone to"), Column::new("Tickets").number(), Column::new("Share").number()];
    view! {
        <p class="routing-outcome">{sentence}</p>
        <Table caption="Who would have got how many" columns>{rows}</Table>
    }
    .into_any()
}
