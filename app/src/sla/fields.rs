//! The fields of the policy's form, as signals.

use crate::error::ApiError;
use coco::sla::{PolicyText, TargetText};
use leptos::prelude::*;

/// The fields of one priority.
#[derive(Clone, Copy)]
pub struct TargetFields {
    /// Time to the first answer.
    pub first_response: RwSignal<String>,
    /// Its percentage.
    pub first_response_percent: RwSignal<String>,
    /// Time to the resolution.
    pub resolution: RwSignal<String>,
    /// Its percentage.
    pub resolution_percent: RwSignal<String>,
}

impl TargetFields {
    fn new() -> Self {
        let empty = || RwSignal::new(String::new());
        Self { first_response: empty(), first_response_percent: empty(), resolution: empty(), resolution_percent: empty() }
    }

    /// Fills them in.
    pub fn take(self, text: &TargetText) {
        self.first_response.set(text.first_response.clone());
        self.first_response_percent.set(text.first_response_percent.clone());
        self.resolution.set(text.resolution.clone());
        self.resolution_percent.set(text.resolution_percent.clone());
    }

    fn text(self) -> TargetText {
        TargetText {
            first_response: self.first_response.get_untracked(),
            first_response_percent: self.first_response_percent.get_untracked(),
            resolution: self.resolution.get_untracked(),
            resolution_percent: self.resolution_percent.get_untracked(),
        }
    }
}

/// The fields of a policy.
#[derive(Clone, Copy)]
pub struct Fields {
    /// One row per priority.
    pub targets: [TargetFields; 4],
    /// Name of the time zone.
    pub timezone: RwSignal<String>,
    /// Intervals of each day, Monday first.
    pub week: [RwSignal<String>; 7],
    /// One holiday to a line.
    pub holidays: RwSignal<String>,
    /// What follows a breach: telling, escalating, giving back.
    pub on_breach: [RwSignal<bool>; 3],
    /// Which policy they began with.
    pub version: RwSignal<i64>,
    /// Why it was not saved.
    pub error: RwSignal<Option<ApiError>>,
}

impl Fields {
    /// Filled in with `text`.
    #[must_use]
    pub fn new(text: &PolicyText) -> Self {
        let fields = Self {
            targets: std::array::from_fn(|_| TargetFields::new()),
            timezone: RwSignal::new(String::new()),
            week: std::array::from_fn(|_| RwSignal::new(String::new())),
            holidays: RwSignal::new(String::new()),
            on_breach: std::array::from_fn(|_| RwSignal::new(false)),
            version: RwSignal::new(0),
            error: RwSignal::new(None),
        };
        fields.take(text);
        fields
    }

    /// Fills them in anew.
    pub fn take(self, text: &PolicyText) {
        for (fields, text) in self.targets.into_iter().zip(&text.targets) {
            fields.take(text);
        }
        self.timezone.set(text.timezone.clone());
        for (field, day) in self.week.into_iter().zip(&text.week) {
            field.set(day.clone());
        }
        self.holidays.set(text.holidays.clone());
        for (field, on) in self.on_breach.into_iter().zip([text.notify, text.escalate, text.reassign]) {
            field.set(on);
        }
        self.version.set(text.version);
        self.error.set(None);
    }

    /// What they say.
    #[must_use]
    pub fn text(self) -> PolicyText {
        let [notify, escalate, reassign] = self.on_breach.map(|field| field.get_untracked());
        PolicyText {
            targets: self.targets.map(TargetFields::text).into(),
            timezone: self.timezone.get_untracked(),
            week: self.week.map(|day| day.get_untracked()).into(),
            holidays: self.holidays.get_untracked(),
            notify,
            escalate,
            reassign,
            version: self.version.get_untracked(),
        }
    }

    /// What is wrong with a field.
    #[must_use]
    pub fn fault(self, name: String) -> Signal<Option<String>> {
        Signal::derive(move || self.error.with(|e| e.as_ref().and_then(|e| e.field(&name))))
    }
}
