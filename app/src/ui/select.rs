//! One of a list, and yes or no.

use super::attr::{attr, live};
use super::field::{Label, control_id, described, frame};
use super::{Glyph, Icon, bind};
use leptos::prelude::*;

/// A native select.
#[component]
pub fn Select(
    /// The words above it.
    #[prop(into)]
    label: String,
    /// Its name in the form, also the source of its id.
    #[prop(into)]
    name: String,
    /// Value and words of each choice.
    options: Vec<(String, String)>,
    /// Two-way value.
    #[prop(optional)]
    value: Option<RwSignal<String>>,
    /// The value at first, for forms without signals.
    #[prop(optional, into)]
    initial: String,
    /// What is wrong, said next to the field.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// What helps to choose.
    #[prop(optional, into)]
    hint: String,
    /// Must be chosen.
    #[prop(optional)]
    required: bool,
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// The label is for screen readers only, as in a filter.
    #[prop(optional)]
    hide_label: bool,
    /// Id of the control, when two fields of one page have the same name.
    #[prop(optional, into)]
    id: String,
    /// Further classes of the whole.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let id = control_id(id, &name);
    let first = value.map_or(initial, |v| v.get_untracked());
    if let Some(value) = value {
        bind::text(value, first.clone(), id.clone());
    }
    let options: Vec<_> = options
        .into_iter()
        .map(|(key, words)| {
            let selected = key == first;
            view! { <option value=key selected=selected>{words}</option> }.into_any()
        })
        .collect();
    let control = view! {
        <div class="select-box">
            <select
                {..attr("aria-describedby", described(&id, &hint))}
                {..live("aria-invalid", move || error.get().is_some().then_some("true"))}
                class="input select"
                id=id.clone()
                name=name
                required=required
                disabled=move || disabled.get()
                on:change=move |ev| {
                    if let Some(value) = value {
                        value.set(event_target_value(&ev));
                    }
                }
            >
                {options}
            </select>
            <Icon glyph=Glyph::CHEVRON_DOWN />
        </div>
    };
    frame(class, &id, Label { text: label, hidden: hide_label, required }, hint, error, control.into_any())
}

/// Yes or no.
#[component]
pub fn Checkbox(
    /// The words beside it.
    #[prop(into)]
    label: String,
    /// Its name in the form.
    #[prop(into)]
    name: String,
    /// What the form sends when it is on; the browser's `on` unless told.
    #[prop(optional, into)]
    send: Option<String>,
    /// Two-way value.
    #[prop(optional)]
    value: Option<RwSignal<bool>>,
    /// On at first, for forms without signals.
    #[prop(optional)]
    initial: bool,
    /// What it means.
    #[prop(optional, into)]
    hint: String,
    /// Must be on.
    #[prop(optional)]
    required: bool,
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// The label is for screen readers only, as in the rows of a table.
    #[prop(optional)]
    hide_label: bool,
    /// Id of the control, when two of one page have the same name, as in the rows of a table.
    #[prop(optional, into)]
    id: String,
) -> impl IntoView {
    let id = control_id(id, &name);
    let first = value.map_or(initial, |v| v.get_untracked());
    if let Some(value) = value {
        bind::check(value, first, id.clone());
    }
    view! {
        <label class="choice">
            <input
                class="check"
                type="checkbox"
                id=id
                name=name
                value=send
                checked=first
                required=required
                disabled=move || disabled.get()
                on:change=move |ev| {
                    if let Some(value) = value {
                        value.set(event_target_checked(&ev));
                    }
                }
            />
            <span class=hide_label.then_some("vh")>
                {label} {(!hint.is_empty()).then(|| view! { <span class="field-hint">{hint}</span> }.into_any())}
            </span>
        </label>
    }
    .into_any()
}
