//! How well promises were kept, in tables.

use crate::ui::{Card, Column, EmptyState, Glyph, Stat, Table};
use coco::sla::figures::{DAYS, Line};
use coco::sla::{Attainment, Kept};
use leptos::prelude::*;

/// The figures of the last month.
#[component]
pub fn Tables(
    /// The figures.
    attainment: Attainment,
) -> impl IntoView {
    let Attainment { all, by_priority, by_team, by_rep, by_week } = attainment;
    let title = ["Tickets opened in the last ", &DAYS.to_string(), " days"].concat();
    if all.first_response.of() + all.resolution.of() == 0 {
        return view! {
            <Card title>
                <EmptyState glyph=Glyph::CLOCK text="Nothing was answered, resolved or missed yet. Figures appear here as tickets go on." />
            </Card>
        }
        .into_any();
    }
    view! {
        <Card title>
            <div class="dash-strip">
                <Stat value=percent(all.first_response) label="first answers in time" hint=counted(all.first_response) />
                <Stat value=percent(all.resolution) label="resolved in time" hint=counted(all.resolution) />
            </div>
            <div class="sla-tables">
                {table("Priority", by_priority, true)} {table("Week", by_week, false)} {table("Team", by_team, false)} {table("Person", by_rep, false)}
            </div>
        </Card>
    }
    .into_any()
}

fn percent(kept: Kept) -> String {
    kept.percent().map_or_else(|| "–".to_owned(), |p| [&p.to_string(), " %"].concat())
}

fn counted(kept: Kept) -> String {
    ["of ", &kept.of().to_string(), ", ", &kept.broken.to_string(), " late"].concat()
}

fn table(of: &'static str, lines: Vec<Line>, goals: bool) -> AnyView {
    let mut columns = vec![Column::new(of), Column::new("First answers in time").number()];
    if goals {
        columns.push(Column::new("Goal"));
    }
    columns.push(Column::new("Resolved in time").number());
    if goals {
        columns.push(Column::new("Goal"));
    }
    let rows: Vec<_> = lines.into_iter().map(row).collect();
    view! { <Table caption=["Promises kept by ", &of.to_lowercase()].concat() columns>{rows}</Table> }.into_any()
}

fn row(line: Line) -> AnyView {
    let cell = |kept: Kept| view! { <td class="num">{percent(kept)} <span class="info-mute">" " {counted(kept)}</span></td> }.into_any();
    let goal = |kept: Kept, goal: Option<i64>| {
        goal.map(|goal| {
            let word = match (kept.of(), kept.reaches(goal)) {
                (0, _) => " %",
                (_, true) => " %, reached",
                (_, false) => " %, missed",
            };
            let missed = (word == " %, missed").then_some("");
            view! { <td data-missed=missed>{[&goal.to_string(), word].concat()}</td> }.into_any()
        })
    };
    view! {
        <tr>
            <td>{line.name}</td>
            {cell(line.first_response)}
            {goal(line.first_response, line.goals.map(|g| g.0))}
            {cell(line.resolution)}
            {goal(line.resolution, line.goals.map(|g| g.1))}
        </tr>
    }
    .into_any()
}
