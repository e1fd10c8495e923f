//! The customer's own page: who they are, how COCO looks, and their account.

use super::api::{EditProfile, load_me};
use crate::auth::account::{Leaving, PasswordForm};
use crate::auth::tokens::Tokens;
use crate::form::{Post, PostError, PostForm};
use crate::layout::customer::loaded;
use crate::ui::{Button, Card, Field, Glyph, Icon, PageTitle, Select, Shape, ThemePicker, Variant, use_toaster};
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

/// `/customer/profile`
#[component]
pub fn ProfilePage() -> impl IntoView {
    let me = Resource::new_blocking(|| (), |()| load_me());
    view! {
        <div class="page narrow profile">
            <PageTitle text="Profile" />
            {loaded(me, "your profile", Shape::Cards, move |user| view! { <Details user /> }.into_any())}
            <Card title="Appearance">
                <ThemePicker />
            </Card>
            <a class="card profile-link" href="/customer/history">
                <Icon glyph=Glyph::HISTORY />
                <span>"Your history"</span>
                <Icon glyph=Glyph::CHEVRON_RIGHT />
            </a>
            <PasswordForm />
            <Leaving />
            <Tokens />
        </div>
    }
}

/// `known` as options, with `own` among them whatever it is.
fn options<'a>(known: impl Iterator<Item = (&'a str, &'a str)>, own: &str) -> Vec<(String, String)> {
    let mut all: Vec<_> = known.map(|(value, words)| (value.to_owned(), words.replace('_', " "))).collect();
    if !own.is_empty() && !all.iter().any(|(value, _)| value == own) {
        all.push((own.to_owned(), own.to_owned()));
    }
    all
}

#[component]
fn Details(user: User) -> impl IntoView {
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
                    <Select label="Language" name="language" options=languages initial=user.language error=post.field("language") />
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
