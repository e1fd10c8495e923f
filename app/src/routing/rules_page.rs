//! How tickets find their reps, for admins.

use super::api::{load_routing, save_routing};
use super::preview::TryOut;
use super::reps::Reps;
use super::typed::Typed;
use crate::error::{ApiError, ApiResult};
use crate::layout::desk::{Arrival, Desk, Refused, use_desk};
use crate::load::Load;
use crate::ui::{
    Button, Card, Checkbox, Dialog, DialogActions, ErrorNote, Field, PageTitle, Shape, Skeleton, Toaster, Variant, use_toaster,
};
use coco::routing::Setup;
use coco::tickets::Category;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// `/admin/routing`.
#[component]
pub fn RoutingPage() -> impl IntoView {
    let desk = use_desk();
    let data = Load::new(|| (), move |()| load_routing(desk.vendor_id()));
    let arrival = Arrival::new();
    view! {
        <div class="desk-page routing">
            {move || arrival.waits().then(|| view! { <h1 class="vh">"Routing"</h1> <Skeleton shape=Shape::Cards count=3 /> })}
            {data.show(move |loaded| {
                arrival.done();
                show(desk, loaded)
            })}
        </div>
    }
}

fn show(desk: Desk, loaded: ApiResult<Setup>) -> AnyView {
    match loaded {
        Ok(setup) => {
            let setup = RwSignal::new((0_u32, setup));
            view! {
                <PageTitle text="Routing" />
                <p class="mail-lead">"Which ticket goes to whom, and when."</p>
                <For each=move || [setup.get()] key=|s| s.0 let:now>
                    <Form desk setup=now.1 newest=setup />
                </For>
            }
            .into_any()
        }
        Err(error) => view! { <Refused error /> }.into_any(),
    }
}

/// Saving what is typed.
#[derive(Clone, Copy)]
struct Saving {
    desk: Desk,
    typed: Typed,
    /// What is shown, and how often it was shown anew.
    newest: RwSignal<(u32, Setup)>,
    busy: RwSignal<bool>,
    error: RwSignal<Option<ApiError>>,
    /// Someone else saved meanwhile.
    conflict: RwSignal<bool>,
    toaster: Toaster,
}

impl Saving {
    fn save(self) {
        self.busy.set(true);
        self.error.set(None);
        let edit = untrack(|| self.typed.edit());
        spawn_local(async move {
            let answer = save_routing(self.desk.vendor_id(), edit).await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(saved) => {
                    self.typed.take(saved);
                    self.toaster.ok("Saved. Tickets that wait are looked at again.");
                }
                Err(e) if e.is_stale() => self.conflict.set(true),
                Err(e) => self.error.set(Some(e)),
            }
        });
    }

    /// After someone else saved: shows theirs, or saves over it.
    fn settle(self, mine: bool) {
        self.conflict.set(false);
        spawn_local(async move {
            match load_routing(self.desk.vendor_id()).await {
                Ok(theirs) if mine => {
                    self.typed.based_on(theirs.version);
                    self.save();
                }
                Ok(theirs) => {
                    let _ = self.newest.try_update(|now| *now = (now.0 + 1, theirs));
                }
                Err(e) => {
                    let _ = self.error.try_set(Some(e));
                }
            }
        });
    }
}

#[component]
fn Form(desk: Desk, setup: Setup, newest: RwSignal<(u32, Setup)>) -> impl IntoView {
    let typed = Typed::of(setup);
    let saving = Saving {
        desk,
        typed,
        newest,
        busy: RwSignal::new(false),
        error: RwSignal::new(None),
        conflict: RwSignal::new(false),
        toaster: use_toaster(),
    };
    let failed = move || saving.error.get().map(|e| view! { <ErrorNote text=e.to_string() /> });
    let send = move |ev: web_sys::SubmitEvent| {
        ev.prevent_default();
        saving.save();
    };
    view! {
        <form class="routing-form" on:submit=send novalidate>
            <Switches typed />
            <Needs typed />
            <section class="routing-reps">
                <h2>"Reps"</h2>
                <p class="info-mute">
                    "The level comes from the role. Nobody is handed more than they may have at once; what waits for the customer does not count. 0 hands them nothing."
                </p>
                <Reps desk typed />
            </section>
            <div aria-live="polite">{failed}</div>
            <div class="toolbar">
                <Button submit=true variant=Variant::Primary busy=saving.busy>"Save"</Button>
            </div>
        </form>
        <TryOut desk typed />
        <Dialog title="Someone changed the routing" open=saving.conflict>
            <p>"Someone saved other rules while you were editing. Nothing of yours is saved yet."</p>
            <DialogActions>
                <Button on:click=move |_| saving.settle(false)>"Show newest"</Button>
                <Button variant=Variant::Primary on:click=move |_| saving.settle(true)>"Save mine anyway"</Button>
            </DialogActions>
        </Dialog>
    }
}

#[component]
fn Switches(typed: Typed) -> impl IntoView {
    view! {
        <Card title="Handing out">
            <Checkbox
                label="Hand out tickets by themselves"
                name="automatic"
                value=typed.automatic
                hint="The most pressing ticket that waits goes to whoever is online, has room and fits: the closest level, then the fewest tickets, then the longest without a new one. Off, as at first: reps take tickets from the queue."
            />
            <Checkbox
                label="Whoever helped the customer last comes first"
                name="sticky"
                value=typed.sticky
                hint="If they can take it now."
            />
            <Checkbox
                label="Higher levels help"
                name="higher"
                value=typed.higher
                hint="Reps of level 2 and 3 take tickets of lower levels when nobody of these can."
            />
        </Card>
    }
}

#[component]
fn Needs(typed: Typed) -> impl IntoView {
    let field = |(category, skill): (Category, RwSignal<String>)| {
        let id = ["need-", category.as_str()].concat();
        view! { <Field label=category.label() name="need" id value=skill maxlength=40 placeholder="anyone" /> }.into_any()
    };
    let fields: Vec<_> = typed.needs.get_value().into_iter().map(field).collect();
    view! {
        <Card title="Skills that categories need">
            <p class="info-mute">"Only reps with the skill are handed tickets of the category. Empty: anyone."</p>
            <div class="routing-needs">{fields}</div>
        </Card>
    }
}
