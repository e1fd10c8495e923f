//! Who the customer is.

use super::store::TicketStore;
use crate::people::details::language_name;
use crate::ui::{Avatar, AvatarSize, Glyph, Icon, TimeAgo, use_now};
use coco::people::CustomerCard;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

/// The customer's card.
#[component]
pub fn Customer(
    /// The ticket.
    store: TicketStore,
) -> impl IntoView {
    store.customer.get_value().map(|card| view! { <CardOf card tickets=store.customer_tickets.get_value() /> })
}

#[component]
fn CardOf(card: CustomerCard, tickets: i64) -> impl IntoView {
    let href = ["/rep/inbox?view=all&customer=", card.id.as_str()].concat();
    let count = if tickets == 1 { "1 ticket here".to_owned() } else { format!("{tickets} tickets here") };
    // It is what nobody has chosen, too.
    let knows_place = !card.city.is_empty() || card.timezone != "UTC";
    let zone = card.timezone.rsplit('/').next().unwrap_or_default().replace('_', " ");
    let place = if card.city.is_empty() { zone } else { card.city.clone() };
    let clock = local_time(card.timezone);
    // Answers in English need no word.
    let speaks = language_name(&card.language).filter(|_| card.language != "en");
    let there = move || clock.get().map(|time| [", ", &time, " there"].concat());
    view! {
        <section class="info-part">
            <h2 class="vh">"Customer"</h2>
            <div class="info-customer">
                <Avatar name=card.name.clone() size=AvatarSize::Large />
                <div>
                    <p class="info-name">{card.name.clone()}</p>
                    <p class="info-mute">"Customer since " <TimeAgo at=card.created_at /></p>
                </div>
            </div>
            <ul class="info-lines">
                <li>
                    <Icon glyph=Glyph::MAIL />
                    <span>
                        <a class="link" href=["mailto:", &card.email].concat()>{card.email.clone()}</a>
                        {card
                            .email_proved_at
                            .is_none()
                            .then(|| view! { <span class="info-mute" title="Nobody has proved that this address is theirs. The customer sees nothing you open for it until they do.">" (not confirmed)"</span> })}
                    </span>
                </li>
                {(!card.phone.is_empty())
                    .then(|| {
                        view! {
                            <li>
                                <Icon glyph=Glyph::PHONE />
                                <a class="link" href=["tel:", &card.phone].concat()>{card.phone.clone()}</a>
                            </li>
                        }
                    })}
                {knows_place
                    .then(|| {
                        view! {
                            <li>
                                <Icon glyph=Glyph::GLOBE />
                                <span>{place} {there}</span>
                            </li>
                        }
                    })}
                {speaks
                    .map(|language| {
                        view! {
                            <li>
                                <Icon glyph=Glyph::CHAT />
                                <span>"Prefers " <bdi>{language}</bdi></span>
                            </li>
                        }
                    })}
                <li>
                    <Icon glyph=Glyph::TICKET />
                    <a class="link" href=href>{count}</a>
                </li>
            </ul>
        </section>
    }
}

/// The time of day in a zone; in the browser only, which knows the zones.
fn local_time(zone: String) -> RwSignal<Option<String>> {
    let (time, now) = (RwSignal::new(None), use_now());
    Effect::new(move |_| time.set(time_in(&zone, now.get().micros() / 1000)));
    time
}

fn time_in(zone: &str, millis: i64) -> Option<String> {
    let options = js_sys::Object::new();
    for (key, value) in [("timeZone", zone), ("hour", "2-digit"), ("minute", "2-digit")] {
        js_sys::Reflect::set(&options, &key.into(), &value.into()).ok()?;
    }
    let date = js_sys::Date::new(&JsValue::from_f64(millis as f64));
    // Called by name: an unknown zone throws, which the typed call does not catch.
    let format = js_sys::Reflect::get(&date, &"toLocaleTimeString".into()).ok()?.dyn_into::<js_sys::Function>().ok()?;
    format.call2(&date, &"default".into(), &options).ok()?.as_string()
}
