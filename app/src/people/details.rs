//! Who one is, to see and to change; the same for customers and staff.

use super::api::EditProfile;
use crate::form::{Post, PostError, PostForm};
use crate::ui::{Button, Card, Field, Select, Variant, use_toaster};
use coco::people::User;
use leptos::prelude::*;

/// Languages in their own words.
const LANGUAGES: [(&str, &str); 12] = [
    ("en", "English"),
    ("es", "Español"),
    ("de", "Deutsch"),
    ("fr", "Français"),
    ("pt", "Português"),
    ("it", "Italiano"),
    ("nl", "Nederlands"),
    ("tr", "Türkçe"),
    ("ar", "العربية"),
    ("hi", "हिन्दी"),
    ("zh", "中文"),
    ("ja", "日本語"),
];

/// What speakers of a language call it; nothing for one that nobody can choose.
#[must_use]
pub fn language_name(tag: &str) -> Option<&'static str> {
    LANGUAGES.iter().find(|l| l.0 == tag).map(|l| l.1)
}

/// One zone for each offset and region that most people live in.
const ZONES: [&str; 34] = [
    "UTC",
    "Pacific/Honolulu",
    "America/Anchorage",
    "America/Los_Angeles",
    "America/Denver",
    "America/Chicago",
    "America/Mexico_City",
    "America/New_York",
    "America/Bogota",
    "America/Halifax",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/Argentina/Buenos_Aires",
    "Africa/Casablanca",
    "Africa/Lagos",
    "Africa/Cairo",
    "Africa/Johannesburg",
    "Africa/Nairobi",
    "Europe/Lisbon",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Athens",
    "Europe/Istanbul",
    "Europe/Moscow",
    "Asia/Dubai",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Dhaka",
    "Asia/Bangkok",
    "Asia/Shanghai",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Pacific/Auckland",
];

/// `known` as options, with `own` among them whatever it is.
fn options<'a>(known: impl Iterator<Item = (&'a str, &'a str)>, own: &str) -> Vec<(String, String)> {
    let mut all: Vec<_> = known.map(|(value, words)| (value.to_owned(), words.replace('_', " "))).collect();
    if !own.is_empty() && !all.iter().any(|(value, _)| value == own) {
        all.push((own.to_owned(), own.to_owned()));
    }
    all
}

/// What one says about oneself.
#[component]
pub fn Details(
    /// Oneself.
    user: User,
) -> impl IntoView {
    let post = Post::to::<EditProfile>();
    let toaster = use_toaster();
    let done = Callback::new(move |_: String| toaster.ok("Saved."));
    let languages = options(LANGUAGES.into_iter(), &user.language);
    let zones = options(ZONES.into_iter().map(|z| (z, z)), &user.timezone);
    view! {
        <Card title="About you">
            <p class="profile-mail">{user.email}</p>
            <PostForm post done>
                <PostError post />
                <Field label="Name" name="name" initial=user.name autocomplete="name" maxlength=120 error=post.field("name") />
                <div class="form-pair">
                    <Select label="Language" name="language" hint="Shown to who helps you. Pages are in English so far." options=languages initial=user.language error=post.field("language") />
                    <Select label="Time zone" name="timezone" options=zones initial=user.timezone error=post.field("timezone") />
                </div>
                <div class="form-pair">
                    <Field label="City (optional)" name="city" initial=user.city autocomplete="address-level2" maxlength=120 error=post.field("city") />
                    <Field label="Phone (optional)" name="phone" kind="tel" initial=user.phone autocomplete="tel" maxlength=40 error=post.field("phone") />
                </div>
                <div>
                    <Button variant=Variant::Primary submit=true busy=post.pending>"Save"</Button>
                </div>
            </PostForm>
        </Card>
    }
}
