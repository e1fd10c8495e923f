//! What is typed on the page of the routing's rules.

use coco::id::UserId;
use coco::routing::{MAX_LIMIT, RepEdit, RepProfile, Rules, Setup, SetupEdit, SkillNeed};
use coco::tickets::Category;
use leptos::prelude::*;

/// What is typed.
#[derive(Clone, Copy)]
pub struct Typed {
    /// Whether tickets are handed out.
    pub automatic: RwSignal<bool>,
    /// Whether who helped last comes first.
    pub sticky: RwSignal<bool>,
    /// Whether higher levels help.
    pub higher: RwSignal<bool>,
    /// The skill for each category; empty for none.
    pub needs: StoredValue<Vec<(Category, RwSignal<String>)>>,
    /// Everyone with a level.
    pub reps: StoredValue<Vec<Rep>>,
    version: StoredValue<i64>,
}

/// A rep's row.
#[derive(Clone)]
pub struct Rep {
    /// As the server told.
    pub profile: RepProfile,
    /// How many tickets at once.
    pub limit: RwSignal<String>,
    /// Skills with commas between them.
    pub skills: RwSignal<String>,
}

impl Typed {
    /// As it is saved.
    pub fn of(setup: Setup) -> Self {
        let Setup { rules, reps, version } = setup;
        let need = |c: Category| (c, RwSignal::new(rules.skill_for(c).unwrap_or_default().to_owned()));
        Self {
            automatic: RwSignal::new(rules.automatic),
            sticky: RwSignal::new(rules.sticky),
            higher: RwSignal::new(rules.higher_levels_help),
            needs: StoredValue::new(Category::ALL.map(need).into()),
            reps: StoredValue::new(reps.into_iter().map(Rep::of).collect()),
            version: StoredValue::new(version),
        }
    }

    /// What is to be saved; follows everything typed.
    pub fn edit(self) -> SetupEdit {
        let needs =
            self.needs.get_value().into_iter().map(|(category, skill)| SkillNeed { category, skill: skill.get().trim().to_owned() });
        let rules = Rules {
            automatic: self.automatic.get(),
            sticky: self.sticky.get(),
            higher_levels_help: self.higher.get(),
            needs: needs.filter(|n| !n.skill.is_empty()).collect(),
        };
        let reps = self.reps.get_value().into_iter().map(|rep| rep.edit()).collect();
        SetupEdit { rules, reps, version: self.version.get_value() }
    }

    /// Saves over what is saved by now.
    pub fn based_on(self, version: i64) {
        self.version.set_value(version);
    }

    /// Takes over what the server made of it.
    pub fn take(self, saved: Setup) {
        self.version.set_value(saved.version);
        for (category, skill) in self.needs.get_value() {
            skill.set(saved.rules.skill_for(category).unwrap_or_default().to_owned());
        }
        for rep in self.reps.get_value() {
            if let Some(now) = saved.reps.iter().find(|r| r.id == rep.profile.id) {
                rep.limit.set(now.limit.to_string());
                rep.skills.set(now.skills.join(", "));
            }
        }
    }
}

impl Rep {
    fn of(profile: RepProfile) -> Self {
        let (limit, skills) = (RwSignal::new(profile.limit.to_string()), RwSignal::new(profile.skills.join(", ")));
        Self { profile, limit, skills }
    }

    fn edit(self) -> RepEdit {
        let id: UserId = self.profile.id;
        // What is no number is refused like one out of bounds.
        let limit = self.limit.with(|n| n.trim().parse().unwrap_or(-1));
        RepEdit { id, limit, skills: self.skills.get().split(',').map(|s| s.trim().to_owned()).filter(|s| !s.is_empty()).collect() }
    }

    /// What is wrong with the limit.
    pub fn fault(&self) -> Signal<Option<String>> {
        let limit = self.limit;
        Signal::derive(move || {
            let fits = limit.with(|n| n.trim().parse().is_ok_and(|n: i64| (0..=MAX_LIMIT).contains(&n)));
            (!fits).then(|| format!("Use 0 to {MAX_LIMIT}."))
        })
    }
}
