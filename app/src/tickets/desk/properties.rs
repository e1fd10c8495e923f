//! What the ticket is about: type, category, tags, priority, how it came.

use super::change::Change;
use super::store::TicketStore;
use super::tags::Tags;
use crate::ui::{ChannelIcon, Glyph, Icon, PriorityBadge, TimeAgo};
use crate::vendors::api::list_categories;
use coco::tickets::{Category, TicketType};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Between category and sub-category in the value of a choice.
const BETWEEN: char = '/';

/// The properties.
#[component]
pub fn Properties(
    /// The ticket.
    store: TicketStore,
) -> impl IntoView {
    load_categories(store);
    let t = store.ticket.get_untracked();
    let types = TicketType::ALL.iter().map(|k| (k.as_str().to_owned(), k.label().to_owned())).collect();
    let set_type = Callback::new(move |value: String| {
        if let Some(k) = TicketType::ALL.into_iter().find(|k| k.as_str() == value) {
            store.change(Change::Type(k));
        }
    });
    let set_category = Callback::new(move |value: String| {
        let (top, sub) = value.split_once(BETWEEN).unwrap_or((&value, ""));
        if let Some(c) = Category::ALL.into_iter().find(|c| c.as_str() == top) {
            store.change(Change::Category(c, sub.to_owned()));
        }
    });
    let category = Signal::derive(move || store.ticket.with(|t| value_of(t.category, &t.subcategory)));
    let priority = Memo::new(move |_| store.ticket.with(|t| t.priority));
    let updated = Memo::new(move |_| store.ticket.with(|t| t.updated_at));
    let source = move || store.ticket.with(|t| ["set by ", t.priority_source.label()].concat());
    let level = move || store.ticket.with(|t| t.level);
    view! {
        <section class="info-part">
            <h2>"Properties"</h2>
            <dl class="info-list">
                <Choice label="Type" id="info-type" value=Signal::derive(move || store.ticket.with(|t| t.ticket_type.as_str().to_owned())) options=Signal::stored(types) choose=set_type />
                <Choice label="Category" id="info-category" value=category options=Signal::derive(move || categories(store)) choose=set_category />
                <div>
                    <dt>"Priority"</dt>
                    <dd class="info-channel">{move || view! { <PriorityBadge priority=priority.get() /> }} <span class="info-mute">{source}</span></dd>
                </div>
                <div>
                    <dt>"Level"</dt>
                    <dd>{level}</dd>
                </div>
                <div>
                    <dt>"Came by"</dt>
                    <dd class="info-channel"><span aria-hidden="true"><ChannelIcon channel=t.channel /></span> {t.channel.label()}</dd>
                </div>
                <div>
                    <dt>"Opened"</dt>
                    <dd><TimeAgo at=t.created_at /></dd>
                </div>
                <div>
                    <dt>"Updated"</dt>
                    <dd>{move || view! { <TimeAgo at=updated.get() /> }}</dd>
                </div>
            </dl>
            <Tags store />
        </section>
    }
}

fn value_of(top: Category, sub: &str) -> String {
    if sub.is_empty() { top.as_str().to_owned() } else { [top.as_str(), &BETWEEN.to_string(), sub].concat() }
}

/// All choices: each top category, then the vendor's own below it; the present one is always among them.
fn categories(store: TicketStore) -> Vec<(String, String)> {
    let (top, sub) = store.ticket.with(|t| (t.category, t.subcategory.clone()));
    let mut own = store.desk.categories.get().map(|c| c.1).unwrap_or_default();
    if !sub.is_empty() && !own.contains(&(top, sub.clone())) {
        own.push((top, sub));
    }
    let mut all = Vec::with_capacity(own.len() + Category::ALL.len());
    for c in Category::ALL {
        all.push((value_of(c, ""), c.label().to_owned()));
        all.extend(own.iter().filter(|o| o.0 == c).map(|o| (value_of(c, &o.1), [c.label(), " / ", &o.1].concat())));
    }
    all
}

fn load_categories(store: TicketStore) {
    Effect::new(move |_| {
        let vendor = store.ticket.with_untracked(|t| t.vendor_id.clone());
        let known = store.desk.categories;
        if known.with_untracked(|k| k.as_ref().is_none_or(|k| k.0 != vendor)) {
            spawn_local(async move {
                if let Ok(all) = list_categories(vendor.clone()).await {
                    let _ = known.try_set(Some((vendor, all)));
                }
            });
        }
    });
}

/// One property that is chosen from a list.
#[component]
fn Choice(
    label: &'static str,
    id: &'static str,
    value: Signal<String>,
    options: Signal<Vec<(String, String)>>,
    choose: Callback<String>,
) -> impl IntoView {
    let choices = move || {
        let now = value.get();
        options
            .get()
            .into_iter()
            .map(|(key, words)| {
                let selected = key == now;
                view! { <option value=key selected=selected>{words}</option> }
            })
            .collect::<Vec<_>>()
    };
    view! {
        <div>
            <dt><label for=id>{label}</label></dt>
            <dd>
                <div class="select-box">
                    <select class="input select" id=id prop:value=move || value.get() on:change=move |ev| choose.run(event_target_value(&ev))>
                        {choices}
                    </select>
                    <Icon glyph=Glyph::CHEVRON_DOWN />
                </div>
            </dd>
        </div>
    }
}
