//! Times. The server and the browser render the same `now`, so nothing differs at hydration; after
//! that one clock for the whole page ticks every 30 seconds and dates turn to the local zone.

use super::attr::attr;
use super::browser;
use super::print::tell_times_in_full;
use coco::time::{DAY, MINUTE, Timestamp};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};

/// The page's clock; get it with [`use_now`].
#[derive(Debug, Clone, Copy)]
pub struct Now {
    at: RwSignal<Timestamp>,
    /// The page is alive: the local zone may be used.
    live: RwSignal<bool>,
}

impl Now {
    fn new(at: Timestamp) -> Self {
        Self { at: RwSignal::new(at), live: RwSignal::new(false) }
    }

    /// The present moment, right to half a minute; what reads it in a view follows it.
    #[must_use]
    pub fn get(self) -> Timestamp {
        self.at.get()
    }

    /// The present year.
    #[must_use]
    pub fn year(self) -> i64 {
        self.at.get_untracked().civil().year
    }

    /// How long ago, and for more than a day the date, in the local zone once the page is alive.
    #[must_use]
    pub fn relative(self, at: Timestamp) -> String {
        let now = self.at.get();
        if self.live.get() && now.since(at) >= DAY { at.plus(offset(at)).date(now.plus(offset(now))) } else { at.relative(now) }
    }

    /// The day of a time, numbered and in words, in the local zone once the page is alive.
    #[must_use]
    pub fn day(self, at: Timestamp) -> (i64, String) {
        let now = self.at.get();
        let (at, now) = if self.live.get() { (at.plus(offset(at)), now.plus(offset(now))) } else { (at, now) };
        let day = at.micros().div_euclid(DAY);
        let words = match now.micros().div_euclid(DAY) - day {
            0 => "Today".to_owned(),
            1 => "Yesterday".to_owned(),
            -1 => "Tomorrow".to_owned(),
            _ => at.date(now),
        };
        (day, words)
    }

    /// The day and time of a moment, also of one to come: "Today, 14:05"; in UTC until the page is alive.
    #[must_use]
    pub fn moment(self, at: Timestamp) -> String {
        let live = self.live.get();
        let civil = if live { at.plus(offset(at)) } else { at }.civil();
        let two = |n: u8| [if n < 10 { "0" } else { "" }, &n.to_string()].concat();
        [self.day(at).1.as_str(), ", ", &two(civil.hour), ":", &two(civil.minute), if live { "" } else { " UTC" }].concat()
    }
}

fn js_date(at: Timestamp) -> js_sys::Date {
    js_sys::Date::new(&JsValue::from_f64((at.micros() / 1000) as f64))
}

/// Microseconds from UTC to the local zone at that moment.
fn offset(at: Timestamp) -> i64 {
    -(js_date(at).get_timezone_offset() as i64) * MINUTE
}

/// "21 Nov 2026, 13:45:00 CET" in the language and zone of the reader.
pub(super) fn local(at: Timestamp) -> String {
    let options = js_sys::Object::new();
    for (key, value) in [("dateStyle", "medium"), ("timeStyle", "long")] {
        let _ = js_sys::Reflect::set(&options, &key.into(), &value.into());
    }
    js_date(at).to_locale_string("default", &options).into()
}

/// The same in UTC, as the server says it.
fn utc(at: Timestamp) -> String {
    let text = at.to_string();
    [text.get(..10).unwrap_or_default(), " ", text.get(11..16).unwrap_or_default(), " UTC"].concat()
}

/// Starts the page's clock; once, at the root of the application, on the server and in the browser.
pub fn provide_now() -> Now {
    // As a number: no JSON for one.
    let now = Now::new(Timestamp::from_micros(SharedValue::new_str(|| browser::now().micros()).into_inner()));
    Effect::new(move |_| {
        now.live.set(true);
        tell_times_in_full();
        now.at.set(browser::now());
        let tick = set_interval_with_handle(
            move || {
                let _ = now.at.try_set(browser::now());
            },
            Duration::from_secs(30),
        );
        if let Ok(tick) = tick {
            on_cleanup(move || tick.clear());
        }
    });
    provide_context(now);
    now
}

/// The page's clock; one that stands still where none was provided.
#[must_use]
pub fn use_now() -> Now {
    use_context().unwrap_or_else(|| Now::new(browser::now()))
}

/// When something was: relative for a day, then the date; the exact time and zone on hover.
#[component]
pub fn TimeAgo(
    /// When.
    at: Timestamp,
) -> impl IntoView {
    let now = use_now();
    // Formatting for a locale is slow and most times are never pointed at: only then.
    let say_in_full = move |ev: web_sys::MouseEvent| {
        if let Some(el) = ev.current_target().and_then(|el| el.dyn_into::<web_sys::Element>().ok()) {
            let _ = el.set_attribute("title", &local(at));
        }
    };
    view! {
        <time {..attr("datetime", at.to_string())} title=utc(at) on:mouseenter=say_in_full>
            {move || now.relative(at)}
        </time>
    }
    .into_any()
}
