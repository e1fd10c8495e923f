//! What people write in the load set: sentences of the scenarios, and words enough for a search
//! to have something to do.

use crate::seed::content::{Content, Kind, Scenario, VendorText};
use crate::seed::fill::Fill;
use crate::seed::rng::Rng;
use coco::tickets::{Category, Channel};

/// Words that are made up.
const VOCABULARY: usize = 6_000;
/// How often each scenario is filled in anew.
const VARIANTS: usize = 6;

const HEADS: [&str; 24] =
    ["br", "c", "d", "dr", "f", "g", "gl", "h", "k", "kl", "l", "m", "n", "p", "pr", "r", "s", "st", "t", "tr", "v", "w", "z", "sh"];
const HEARTS: [&str; 8] = ["a", "e", "i", "o", "u", "ei", "ou", "ia"];
const TAILS: [&str; 12] = ["", "", "", "n", "r", "l", "s", "m", "nd", "rk", "st", "x"];

/// How a vendor's people talk.
pub struct Voice {
    pub topics: Vec<Topic>,
    customer: Vec<String>,
    rep: Vec<String>,
    note: Vec<String>,
}

/// What a ticket may be about.
pub struct Topic {
    pub subject: String,
    pub category: Category,
    pub sub: String,
    pub tags: Vec<String>,
    pub channel: Channel,
}

/// Made-up words, the first ones used most.
pub struct Words(Vec<String>);

impl Words {
    pub fn make(rng: &mut Rng) -> Self {
        let mut words: Vec<String> = Vec::with_capacity(VOCABULARY);
        let mut known = std::collections::HashSet::new();
        while words.len() < VOCABULARY {
            let syllables = 2 + rng.below(2);
            let word: String = (0..syllables).map(|_| format!("{}{}{}", rng.pick(&HEADS), rng.pick(&HEARTS), rng.pick(&TAILS))).collect();
            if known.insert(word.clone()) {
                words.push(word);
            }
        }
        Self(words)
    }

    /// Adds some words and a number.
    pub fn trail(&self, text: &mut String, rng: &mut Rng) {
        for _ in 0..2 + rng.below(4) {
            let rank = (self.0.len() as f64).powf(rng.unit()) as usize;
            text.push(' ');
            text.push_str(&self.0[rank.min(self.0.len() - 1)]);
        }
        text.push_str(&format!(" {}.", 10_000 + rng.below(90_000)));
    }
}

impl Voice {
    pub fn of(vendor: &VendorText, rng: &mut Rng) -> Self {
        let mut voice = Self { topics: Vec::new(), customer: Vec::new(), rep: Vec::new(), note: Vec::new() };
        for scenario in &vendor.book.scenarios {
            for _ in 0..VARIANTS {
                voice.learn(vendor, scenario, rng);
            }
        }
        voice
    }

    /// A voice for each vendor of the content.
    pub fn all(content: &Content, rng: &mut Rng) -> Vec<Self> {
        content.vendors.iter().map(|v| Self::of(v, rng)).collect()
    }

    fn learn(&mut self, vendor: &VendorText, scenario: &Scenario, rng: &mut Rng) {
        let mut fill = Fill::pick(&vendor.book, rng);
        fill.set("first", "there");
        fill.set("rep", vendor.staff[0].name.split(' ').next().unwrap_or_default());
        let more = fill.names(vendor, scenario, rng);
        let topic = Topic {
            subject: format!("{} ({})", fill.text(&scenario.subject), rng.pick(&more)),
            category: scenario.category,
            sub: scenario.sub.clone(),
            tags: scenario.tags.clone(),
            channel: scenario.channel,
        };
        self.topics.push(topic);
        for turn in &scenario.turns {
            let said = match turn.kind {
                Kind::Customer => &mut self.customer,
                Kind::Rep => &mut self.rep,
                Kind::Note => &mut self.note,
                _ => continue,
            };
            let text = fill.text(&turn.text);
            said.extend(text.split_inclusive(['.', '?', '!']).map(str::trim).filter(|s| s.len() > 3).map(str::to_owned));
        }
    }

    /// What a customer, a rep or, among themselves, staff say.
    pub fn say(&self, words: &Words, by_staff: bool, note: bool, rng: &mut Rng) -> String {
        let said = match (by_staff, note) {
            (false, _) => &self.customer,
            (true, false) => &self.rep,
            (true, true) => &self.note,
        };
        let mut text = rng.pick(said).clone();
        if rng.chance(0.6) {
            text.push(' ');
            text.push_str(rng.pick::<String>(said));
        }
        words.trail(&mut text, rng);
        text
    }
}
