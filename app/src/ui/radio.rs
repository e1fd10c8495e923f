//! One of few, as radio buttons: a list, a row, a segmented control, or a rating.

use super::attr::attr;
use super::field::control_id;
use super::{Glyph, Icon, bind};
use coco::feedback::SCORE_LABELS;
use leptos::prelude::*;

/// How radio buttons are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RadioLook {
    /// Below each other.
    #[default]
    List,
    /// Joined, as a switch between views: Reply | Note.
    Segments,
}

fn fieldset(
    id: String,
    legend: String,
    hide_legend: bool,
    class: &'static str,
    value: Option<RwSignal<String>>,
    radios: Vec<AnyView>,
    error: Signal<Option<String>>,
) -> AnyView {
    view! {
        <fieldset
            class="radios"
            role="radiogroup"
            id=id
            aria-invalid=move || error.with(Option::is_some).then_some("true")
            on:change=move |ev| {
                if let Some(value) = value {
                    value.set(event_target_value(&ev));
                }
            }
        >
            <legend class=hide_legend.then_some("vh")>{legend}</legend>
            <div class=class>{radios}</div>
            <p {..attr("aria-live", "polite")} class="field-error">{move || error.get().unwrap_or_default()}</p>
        </fieldset>
    }
    .into_any()
}

/// One of few.
#[component]
pub fn RadioGroup(
    /// The question.
    #[prop(into)]
    legend: String,
    /// Name of the radios in the form; unique in its form.
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
    /// How they are laid out.
    #[prop(optional)]
    look: RadioLook,
    /// Must be chosen.
    #[prop(optional)]
    required: bool,
    /// The legend is for screen readers only.
    #[prop(optional)]
    hide_legend: bool,
    /// What is wrong.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Id of the whole, when two of one page have the same name.
    #[prop(optional, into)]
    id: String,
) -> impl IntoView {
    let first = value.map_or(initial, |v| v.get_untracked());
    let (group, one, radio) = match look {
        RadioLook::List => ("radios-list", "choice", "radio"),
        RadioLook::Segments => ("segments", "segment", ""),
    };
    let radios = options
        .into_iter()
        .map(|(key, words)| {
            let checked = key == first;
            view! {
                <label class=one>
                    <input
                        class=radio
                        type="radio"
                        name=name.clone()
                        value=key
                        checked=checked
                        required=required
                    />
                    <span>{words}</span>
                </label>
            }
            .into_any()
        })
        .collect();
    let id = control_id(id, &name);
    bind::radios(value, first, id.clone());
    fieldset(id, legend, hide_legend, group, value, radios, error)
}

/// How did we do? Sends `1` to `5`.
#[component]
pub fn RatingGroup(
    /// The question.
    #[prop(default = "How did we do?".into(), into)]
    legend: String,
    /// Name of the radios in the form.
    #[prop(default = "score".into(), into)]
    name: String,
    /// Two-way value, `""` or `"1"` to `"5"`.
    #[prop(optional)]
    value: Option<RwSignal<String>>,
    /// What is wrong.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    const FACES: [Glyph; 5] = [Glyph::ANGRY, Glyph::FROWN, Glyph::MEH, Glyph::SMILE, Glyph::LAUGH];
    let first = value.map(|v| v.get_untracked()).unwrap_or_default();
    let radios = FACES
        .into_iter()
        .zip(SCORE_LABELS)
        .zip(["1", "2", "3", "4", "5"])
        .map(|((face, word), score)| {
            let checked = score == first;
            view! {
                <label class="rate">
                    <input type="radio" name=name.clone() value=score checked=checked required=true />
                    <Icon glyph=face />
                    <b>{score}</b>
                    <span>{word}</span>
                </label>
            }
            .into_any()
        })
        .collect();
    let id = control_id(String::new(), &name);
    bind::radios(value, first.clone(), id.clone());
    fieldset(id, legend, false, "rating", value, radios, error)
}
