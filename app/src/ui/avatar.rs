//! Faces: initials on a colour that stays with the name, and presence.

use super::{Glyph, Icon};
use coco::people::Presence;
use leptos::prelude::*;

/// Size of a face.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AvatarSize {
    /// 20 px, in lines of text.
    Tiny,
    /// 24 px, in rows.
    Small,
    /// 28 px.
    #[default]
    Normal,
    /// 40 px, in cards and headers.
    Large,
    /// 96 px, in a call.
    Huge,
}

impl AvatarSize {
    const fn as_str(self) -> Option<&'static str> {
        match self {
            Self::Tiny => Some("tiny"),
            Self::Small => Some("small"),
            Self::Normal => None,
            Self::Large => Some("large"),
            Self::Huge => Some("huge"),
        }
    }
}

/// First letters of the first and the last word; the style makes them capitals.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|w| w.chars().next());
    let first = words.next();
    first.into_iter().chain(words.next_back()).collect()
}

/// One of eight colours, by FNV-1a.
fn hue(name: &str) -> &'static str {
    let hash = name.bytes().fold(0x811c_9dc5_u32, |h, b| (h ^ u32::from(b)).wrapping_mul(0x0100_0193));
    ["0", "1", "2", "3", "4", "5", "6", "7"][((hash ^ (hash >> 16)) % 8) as usize]
}

/// The face of a person.
#[component]
pub fn Avatar(
    /// Their name.
    #[prop(into)]
    name: String,
    /// Size.
    #[prop(optional)]
    size: AvatarSize,
    /// A picture instead of initials.
    #[prop(optional, into)]
    src: Option<String>,
    /// Their presence, as a dot with a hidden word.
    #[prop(optional, into)]
    presence: Option<Presence>,
    /// No visible name stands next to the face, so screen readers should hear it here.
    #[prop(optional)]
    alone: bool,
) -> impl IntoView {
    let face = match src {
        Some(src) => view! { <img src=src alt="" /> }.into_any(),
        None => view! { <span aria-hidden="true">{initials(&name)}</span> }.into_any(),
    };
    let (hue, spoken) = (hue(&name), alone.then(|| name.clone()));
    view! {
        <span class="avatar" data-hue=hue data-size=size.as_str() title=name>
            {face}
            {spoken.map(|name| view! { <span class="vh">{name}</span> }.into_any())}
            {presence.map(|presence| view! { <PresenceDot presence=presence /> }.into_any())}
        </span>
    }
    .into_any()
}

/// The mark of SAGE, where a person would have a face.
#[component]
pub fn SageAvatar(
    /// Size.
    #[prop(optional)]
    size: AvatarSize,
) -> impl IntoView {
    view! {
        <span class="avatar" data-sage="" data-size=size.as_str() title="SAGE, the assistant">
            <Icon glyph=Glyph::SAGE />
        </span>
    }
    .into_any()
}

/// A dot with a hidden word.
#[component]
pub fn PresenceDot(
    /// The presence.
    presence: Presence,
) -> impl IntoView {
    view! {
        <span class="presence" data-presence=presence.as_str()>
            <span class="vh">{presence.label()}</span>
        </span>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{hue, initials};

    #[test]
    fn initials_of_names() {
        let all = ["Maya Jansen", "maya", "Ana Lucía de la Cruz", "", "李 小龙"].map(initials);
        assert_eq!(all, ["MJ", "m", "AC", "", "李小"]);
        assert_eq!(hue("Maya Jansen"), hue("Maya Jansen"));
    }
}
