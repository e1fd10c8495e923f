//! Text fields: label, control, hint and error belong together and know of each other.

use super::attr::{attr, live};
use super::bind;
use super::browser::join;
use leptos::prelude::*;

/// What a control is called.
pub(super) struct Label {
    pub text: String,
    /// For screen readers only.
    pub hidden: bool,
    pub required: bool,
}

/// Label, hint and error around a control whose id is `id`.
pub(super) fn frame(class: &'static str, id: &str, label: Label, hint: String, error: Signal<Option<String>>, control: AnyView) -> AnyView {
    let hint = (!hint.is_empty()).then(|| view! { <p class="field-hint" id=[id, "-hint"].concat()>{hint}</p> }.into_any());
    view! {
        <div class=join("field", class)>
            <label class=if label.hidden { "vh" } else { "field-label" } for=id.to_owned()>
                {label.text}
                {label.required.then(|| view! { <span class="field-mark" aria-hidden="true">"*"</span> }.into_any())}
            </label>
            {control}
            {hint}
            <p {..attr("aria-live", "polite")} class="field-error" id=[id, "-error"].concat()>
                {move || error.get().unwrap_or_default()}
            </p>
        </div>
    }
    .into_any()
}

/// The id of a control: the given one, or one made from its name.
pub(super) fn control_id(id: String, name: &str) -> String {
    if id.is_empty() { ["f-", name].concat() } else { id }
}

/// What describes the control with this id.
pub(super) fn described(id: &str, hint: &str) -> String {
    if hint.is_empty() { [id, "-error"].concat() } else { [id, "-hint ", id, "-error"].concat() }
}

/// One line of text. `on:input`, `on:change` and `on:keydown` bubble to the component.
#[component]
pub fn Field(
    /// The words above it.
    #[prop(into)]
    label: String,
    /// Its name in the form, also the source of its id.
    #[prop(into)]
    name: String,
    /// The `type` of the input: `email`, `password`, `search`, `date`, `number`…
    #[prop(default = "text")]
    kind: &'static str,
    /// Two-way value.
    #[prop(optional)]
    value: Option<RwSignal<String>>,
    /// The value at first, for forms without signals.
    #[prop(optional, into)]
    initial: String,
    /// What is wrong, said next to the field.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// What helps to fill it in.
    #[prop(optional, into)]
    hint: String,
    /// Must be filled in.
    #[prop(optional)]
    required: bool,
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Value of `autocomplete`: `email`, `current-password`, `one-time-code`…
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    /// The most characters.
    #[prop(optional)]
    maxlength: Option<u32>,
    /// An example; never instead of a label.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// The label is for screen readers only, as in a search box.
    #[prop(optional)]
    hide_label: bool,
    /// Takes the focus when a dialog opens.
    #[prop(optional)]
    autofocus: bool,
    /// Id of the input, when two fields of one page have the same name.
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
    let control = view! {
        <input
            {..attr("autocomplete", autocomplete)}
            {..attr("maxlength", maxlength.map(|n| n.to_string()))}
            {..attr("placeholder", placeholder)}
            {..attr("autofocus", autofocus)}
            {..attr("aria-describedby", described(&id, &hint))}
            {..live("aria-invalid", move || error.get().is_some().then_some("true"))}
            class="input"
            id=id.clone()
            name=name
            type=kind
            value=first
            required=required
            disabled=move || disabled.get()
            on:input=move |ev| {
                if let Some(value) = value {
                    value.set(event_target_value(&ev));
                }
            }
        />
    };
    frame(class, &id, Label { text: label, hidden: hide_label, required }, hint, error, control.into_any())
}

/// Several lines of text; grows with them.
#[component]
pub fn TextArea(
    /// The words above it.
    #[prop(into)]
    label: String,
    /// Its name in the form, also the source of its id.
    #[prop(into)]
    name: String,
    /// Two-way value.
    #[prop(optional)]
    value: Option<RwSignal<String>>,
    /// The value at first, for forms without signals.
    #[prop(optional, into)]
    initial: String,
    /// What is wrong, said next to the field.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// What helps to fill it in.
    #[prop(optional, into)]
    hint: String,
    /// Must be filled in.
    #[prop(optional)]
    required: bool,
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Lines at first.
    #[prop(default = 3)]
    rows: u8,
    /// How far it grows: `"12"` lines, `"5"` in a composer, `"free"` without end.
    #[prop(default = "12")]
    grows: &'static str,
    /// The most characters.
    #[prop(optional)]
    maxlength: Option<u32>,
    /// An example; never instead of a label.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// The label is for screen readers only, as in a composer.
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
    let grown = id.clone();
    Effect::new(move |_| {
        if let Some(value) = value {
            value.track();
        }
        bind::grow(&grown);
    });
    // As inner HTML: the marker that Leptos renders for an empty text would be text in a textarea.
    let control = view! {
        <textarea
            {..attr("rows", rows.to_string())}
            {..attr("maxlength", maxlength.map(|n| n.to_string()))}
            {..attr("placeholder", placeholder)}
            {..attr("aria-describedby", described(&id, &hint))}
            {..live("aria-invalid", move || error.get().is_some().then_some("true"))}
            class="input textarea"
            id=id.clone()
            name=name
            data-grows=grows
            required=required
            disabled=move || disabled.get()
            on:input=move |ev| {
                if let Some(value) = value {
                    value.set(event_target_value(&ev));
                }
            }
            inner_html=first.replace('&', "&amp;").replace('<', "&lt;")
        ></textarea>
    };
    frame(class, &id, Label { text: label, hidden: hide_label, required }, hint, error, control.into_any())
}
