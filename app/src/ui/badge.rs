//! Small marks. Colour never stands alone: each has a word or a hidden name.

use super::icon::{Glyph, Icon, face};
use coco::tickets::{Channel, MOST_COUNTED, Priority, Stage, Status};
use leptos::prelude::*;

/// What a mark or a message says about its subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the tones are what they are called")]
pub enum Tone {
    #[default]
    Neutral,
    Info,
    Success,
    Warning,
    Danger,
}

impl Tone {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Info => "info",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }
}

/// A word on a pale ground.
#[component]
pub fn Badge(
    /// What it says about its subject.
    #[prop(optional)]
    tone: Tone,
    /// An icon before the word.
    #[prop(optional)]
    glyph: Option<Glyph>,
    /// The word.
    children: Children,
) -> impl IntoView {
    view! {
        <span class="badge" data-tone=tone.as_str()>
            {face(glyph)}
            {children()}
        </span>
    }
    .into_any()
}

const fn stage(status: Status) -> &'static str {
    if matches!(status, Status::Escalated) {
        return "escalated";
    }
    match status.stage() {
        Stage::Queued => "queued",
        Stage::Active => "active",
        Stage::Waiting => "waiting",
        Stage::Resolved => "resolved",
        Stage::Closed => "closed",
    }
}

/// Dot and word for the state of a ticket.
#[component]
pub fn StatusBadge(
    /// The state.
    status: Status,
    /// In the customer's words: "We're looking into it".
    #[prop(optional)]
    for_customer: bool,
) -> impl IntoView {
    let word = if for_customer { status.customer_label() } else { status.label() };
    // To a customer it is good news that a specialist is on it.
    let stage = if for_customer && status == Status::Escalated { "active" } else { stage(status) };
    view! {
        <span class="status" data-stage=stage>
            {word}
        </span>
    }
    .into_any()
}

/// Icon and word for a priority.
#[component]
pub fn PriorityBadge(
    /// The priority.
    priority: Priority,
    /// Only the icon is seen, as in rows; the word is its hidden name and tooltip.
    #[prop(optional)]
    icon_only: bool,
) -> impl IntoView {
    let glyph = match priority {
        Priority::Low => Glyph::PRIORITY_LOW,
        Priority::Medium => Glyph::PRIORITY_MEDIUM,
        Priority::High => Glyph::PRIORITY_HIGH,
        Priority::Urgent => Glyph::PRIORITY_URGENT,
    };
    let (class, title, rest) = if icon_only { ("vh", Some(priority.label()), " priority") } else { ("", None, "") };
    view! {
        <span class="priority" data-priority=priority.as_str() title=title>
            <Icon glyph=glyph />
            <span class=class>{[priority.label(), rest].concat()}</span>
        </span>
    }
    .into_any()
}

/// Icon of a channel with its hidden name.
#[component]
pub fn ChannelIcon(
    /// The channel.
    channel: Channel,
) -> impl IntoView {
    let glyph = match channel {
        Channel::Web => Glyph::GLOBE,
        Channel::Chat => Glyph::CHAT,
        Channel::Email => Glyph::MAIL,
        Channel::Call => Glyph::PHONE,
        Channel::Whatsapp => Glyph::WHATSAPP,
        Channel::Sms => Glyph::SMS,
        Channel::Docs => Glyph::BOOK,
    };
    view! {
        <span class="channel" title=channel.label()>
            <Icon glyph=glyph />
            <span class="vh">{channel.label()}</span>
        </span>
    }
    .into_any()
}

/// A count as people read it: exact up to 9,999, then "12k", "3m".
#[must_use]
pub fn abbreviate(count: i64) -> String {
    match count {
        n @ ..=999 => n.to_string(),
        n @ 1000..=9999 => [(n / 1000).to_string().as_str(), ",", &(1000 + n % 1000).to_string()[1..]].concat(),
        n @ 10_000..=999_999 => [(n / 1000).to_string().as_str(), "k"].concat(),
        n => [(n / 1_000_000).to_string().as_str(), "m"].concat(),
    }
}

/// A count that goes as far as [`MOST_COUNTED`], from where on it is "999+".
#[must_use]
pub fn tally(count: i64) -> String {
    if count < MOST_COUNTED { count.to_string() } else { [(MOST_COUNTED - 1).to_string().as_str(), "+"].concat() }
}

/// A count in a small round; nothing at zero.
#[component]
pub fn CountBadge(
    /// How many.
    count: i64,
    /// Of what, for screen readers: "unread".
    #[prop(optional)]
    label: &'static str,
    /// In the accent, for what waits for the reader.
    #[prop(optional)]
    loud: bool,
) -> impl IntoView {
    (count > 0).then(|| {
        view! {
            <span class="count" data-loud=loud.then_some("")>
                {abbreviate(count)}
                <span class="vh">{[" ", label].concat()}</span>
            </span>
        }
        .into_any()
    })
}

#[cfg(test)]
mod tests {
    use super::{abbreviate, tally};

    #[test]
    fn abbreviates_above_9999() {
        let all = [0, 7, 999, 1000, 1005, 9999, 10_000, 12_345, 999_999, 3_400_000].map(abbreviate);
        assert_eq!(all, ["0", "7", "999", "1,000", "1,005", "9,999", "10k", "12k", "999k", "3m"]);
    }

    #[test]
    fn tallies_up_to_999() {
        assert_eq!([0, 999, 1000].map(tally), ["0", "999", "999+"]);
    }
}
