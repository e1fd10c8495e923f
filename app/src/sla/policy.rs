//! The form of a vendor's policy.

use super::api::{load_policy, save_policy};
use super::fields::{Fields, TargetFields};
use crate::error::ApiError;
use crate::layout::desk::Desk;
use crate::ui::{Button, Card, Checkbox, ErrorNote, Field, PriorityBadge, Size, TextArea, Toolbar, Variant, use_toaster};
use coco::id::VendorId;
use coco::sla::hours::DAYS;
use coco::sla::text::PRIORITIES;
use coco::sla::{BreachAction, PolicyText, Preset};
use coco::tickets::Priority;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

/// The faults that no field of the form shows.
const ELSEWHERE: [&str; 2] = ["targets", "week"];

/// What is promised, to see and to change.
#[component]
pub fn PolicyEditor(
    /// What the desk knows.
    desk: Desk,
    /// The policy at first.
    policy: PolicyText,
) -> impl IntoView {
    let fields = Fields::new(&policy);
    let (saving, toaster) = (RwSignal::new(false), use_toaster());
    let save = move |ev: web_sys::SubmitEvent| {
        ev.prevent_default();
        if saving.get_untracked() {
            return;
        }
        saving.set(true);
        spawn_local(async move {
            let answer = save_policy(desk.vendor_id(), fields.text()).await;
            if saving.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(saved) => {
                    fields.take(&saved);
                    toaster.ok("Saved. Open tickets have their new due times.");
                }
                Err(error) => {
                    fields.error.set(Some(error));
                    request_animation_frame(focus_fault);
                }
            }
        });
    };
    let rows: Vec<_> = PRIORITIES.into_iter().zip(fields.targets).map(|(priority, row)| targets(fields, priority, row)).collect();
    view! {
        <form class="sla-form" on:submit=save novalidate=true>
            <Card title="Targets">
                <p class="info-mute">"How soon a ticket gets its first answer and its resolution, and for how many of a hundred tickets that is to hold. \
                    Times are working time; they stand still while we wait for the customer."</p>
                <Presets fields />
                {rows}
            </Card>
            <Hours fields />
            <Card title="When a target is missed">
                <Actions fields />
            </Card>
            <Failure fields vendor=StoredValue::new(desk.vendor_id()) />
            <div>
                <Button variant=Variant::Primary submit=true busy=saving>"Save"</Button>
            </div>
        </form>
    }
    .into_any()
}

fn focus_fault() {
    let fault = document().query_selector(".sla-form [aria-invalid=true]").ok().flatten();
    if let Some(field) = fault.and_then(|f| f.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = field.focus();
    }
}

/// Buttons that fill in targets.
#[component]
fn Presets(fields: Fields) -> impl IntoView {
    let buttons: Vec<_> = Preset::all()
        .into_iter()
        .map(|preset| {
            let Preset { name, targets } = preset;
            let fill = move |_| fields.targets.into_iter().zip(&targets).for_each(|(row, text)| row.take(text));
            view! { <Button size=Size::Small on:click=fill>{name}</Button> }.into_any()
        })
        .collect();
    view! { <Toolbar label="Targets to begin with"><span class="info-mute">"Begin with:"</span> {buttons}</Toolbar> }.into_any()
}

fn targets(fields: Fields, priority: Priority, row: TargetFields) -> AnyView {
    let name = |what: &str| ["targets.", priority.as_str(), ".", what].concat();
    let (first, resolution) = (name("first_response"), name("resolution"));
    view! {
        <fieldset class="sla-row">
            <legend><PriorityBadge priority /></legend>
            <Field label="First answer within" name=first.clone() value=row.first_response error=fields.fault(first) placeholder="15 min" />
            <Field label="For at least, in percent" name=name("first_response_percent") value=row.first_response_percent placeholder="95" />
            <Field label="Resolved within" name=resolution.clone() value=row.resolution error=fields.fault(resolution) placeholder="4 h" />
            <Field label="For at least, in percent" name=name("resolution_percent") value=row.resolution_percent placeholder="90" />
        </fieldset>
    }
    .into_any()
}

#[component]
fn Hours(fields: Fields) -> impl IntoView {
    let days: Vec<_> = DAYS
        .into_iter()
        .zip(fields.week)
        .map(|(day, value)| {
            let name = ["week.", &day.to_lowercase()].concat();
            let error = fields.fault(name.clone());
            view! { <Field label=day name value error placeholder="Closed" /> }.into_any()
        })
        .collect();
    view! {
        <Card title="Business hours">
            <p class="info-mute">"Write 09:00–12:30, 13:30–17:00 for a day with a break, 00:00–24:00 for around the clock, and nothing when you are closed."</p>
            <div class="sla-week">{days}</div>
            <Field label="Time zone" name="timezone" value=fields.timezone error=fields.fault("timezone".to_owned()) hint="A name like Europe/Berlin or UTC." />
            <TextArea label="Holidays" name="holidays" value=fields.holidays error=fields.fault("holidays".to_owned()) hint="One to a line, like 2026-12-25 Christmas Day." />
        </Card>
    }
    .into_any()
}

#[component]
fn Actions(fields: Fields) -> impl IntoView {
    let names = ["notify", "escalate", "reassign"];
    let all = BreachAction::ALL.into_iter().zip(names).zip(fields.on_breach);
    let boxes: Vec<_> = all.map(|((action, name), value)| view! { <Checkbox label=action.label() name value /> }.into_any()).collect();
    boxes.into_any()
}

/// Why it was not saved, when no field says so; with a way out when someone else was first.
#[component]
fn Failure(fields: Fields, vendor: StoredValue<VendorId>) -> impl IntoView {
    let newest = move |_| {
        spawn_local(async move {
            let answer = load_policy(vendor.get_value()).await;
            if fields.error.is_disposed() {
                return;
            }
            match answer {
                Ok(text) => fields.take(&text),
                Err(error) => fields.error.set(Some(error)),
            }
        });
    };
    let words = |e: &ApiError| ELSEWHERE.into_iter().find_map(|name| e.field(name)).or_else(|| e.general());
    let note = move || {
        let (text, stale) = fields.error.with(|e| e.as_ref().and_then(|e| Some((words(e)?, e.is_stale()))))?;
        let way_out = stale.then(|| view! { <Button on:click=newest>"Load the newest"</Button> }.into_any());
        Some(view! { <ErrorNote text /> {way_out} }.into_any())
    };
    note.into_any()
}
