//! The reps, each with how many tickets at once and their skills.

use super::typed::{Rep, Typed};
use crate::layout::desk::Desk;
use crate::ui::{Avatar, AvatarSize, Column, EmptyState, Field, Glyph, PresenceDot, Table};
use leptos::prelude::*;

/// The reps.
#[component]
pub fn Reps(
    /// What the desk knows.
    desk: Desk,
    /// What is typed.
    typed: Typed,
) -> impl IntoView {
    let reps = typed.reps.get_value();
    if reps.is_empty() {
        return view! { <EmptyState glyph=Glyph::USERS text="Nobody with a support level works here, so nothing can be handed out." /> }
            .into_any();
    }
    let columns = Vec::from(["Name", "Level", "Now", "Tickets at once", "Skills"].map(Column::new));
    let rows: Vec<_> = reps.into_iter().map(|rep| row(desk, rep)).collect();
    view! { <Table caption="Reps" columns>{rows}</Table> }.into_any()
}

fn row(desk: Desk, rep: Rep) -> AnyView {
    let (name, key) = (rep.profile.name.clone(), rep.profile.id.to_string());
    let (id, then) = (rep.profile.id.clone(), rep.profile.presence);
    let presence = move || desk.colleagues.with(|all| all.iter().find(|c| c.id == id).map_or(then, |c| c.presence));
    view! {
        <tr>
            <td>
                <span class="dash-person">
                    <Avatar name=name.clone() size=AvatarSize::Small />
                    {name.clone()}
                </span>
            </td>
            <td>{rep.profile.level}</td>
            <td>
                {move || {
                    let presence = presence();
                    view! { <span class="dash-presence"><span aria-hidden="true"><PresenceDot presence /></span> {presence.label()}</span> }
                }}
            </td>
            <td>
                <Field
                    label=["Tickets at once for ", &name].concat()
                    hide_label=true
                    name="limit"
                    id=["limit-", &key].concat()
                    kind="number"
                    value=rep.limit
                    error=rep.fault()
                    class="routing-limit"
                />
            </td>
            <td>
                <Field
                    label=["Skills of ", &name, ", with commas between them"].concat()
                    hide_label=true
                    name="skills"
                    id=["skills-", &key].concat()
                    value=rep.skills
                    placeholder="billing, french"
                    class="routing-skills"
                />
            </td>
        </tr>
    }
    .into_any()
}
