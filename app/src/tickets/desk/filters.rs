//! Search and filters of the inbox: a plain GET form that the browser can send by itself.

use super::list::InboxList;
use super::query::{ListQuery, Who};
use crate::layout::desk::use_desk;
use crate::ui::{Button, CountBadge, Field, Glyph, Icon, Now, Select, use_now};
use coco::id::{TeamId, UserId};
use coco::tickets::{Category, Channel, InboxView, Priority, read_number};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// Choices with "any" before them.
fn options<T: Copy>(any: &str, all: &[T], value: fn(T) -> &'static str, words: fn(T) -> &'static str) -> Vec<(String, String)> {
    let mut options = vec![(String::new(), any.to_owned())];
    options.extend(all.iter().map(|one| (value(*one).to_owned(), words(*one).to_owned())));
    options
}

/// The ticket that is named when nothing is looked for but its number.
fn written_out(q: &str, now: Now) -> Option<String> {
    let begins = q.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("TKT-"));
    read_number(q, now.year()).filter(|_| begins)
}

/// What the form says, as text.
#[derive(Clone, Copy)]
struct Said {
    view: RwSignal<String>,
    q: RwSignal<String>,
    priority: RwSignal<String>,
    category: RwSignal<String>,
    channel: RwSignal<String>,
    assignee: RwSignal<String>,
    team: RwSignal<String>,
    tag: RwSignal<String>,
}

impl Said {
    fn new(query: &ListQuery) -> Self {
        let said = Self {
            view: RwSignal::default(),
            q: RwSignal::default(),
            priority: RwSignal::default(),
            category: RwSignal::default(),
            channel: RwSignal::default(),
            assignee: RwSignal::default(),
            team: RwSignal::default(),
            tag: RwSignal::default(),
        };
        said.take(query);
        said
    }

    fn take(self, query: &ListQuery) {
        let put = |signal: RwSignal<String>, value: &str| {
            if signal.with_untracked(|v| v != value) {
                signal.set(value.to_owned());
            }
        };
        put(self.view, query.view.as_str());
        put(self.q, query.q.as_deref().unwrap_or_default());
        put(self.priority, query.priority.map_or("", Priority::as_str));
        put(self.category, query.category.map_or("", Category::as_str));
        put(self.channel, query.channel.map_or("", Channel::as_str));
        put(
            self.assignee,
            match &query.assignee {
                None => "",
                Some(Who::Me) => "me",
                Some(Who::Person(id)) => id.as_str(),
            },
        );
        put(self.team, query.team.as_ref().map_or("", TeamId::as_str));
        put(self.tag, query.tag.as_deref().unwrap_or_default());
    }

    fn query(self, customer: Option<UserId>) -> ListQuery {
        let mut map = leptos_router::params::ParamsMap::new();
        let all = [
            ("view", self.view),
            ("q", self.q),
            ("priority", self.priority),
            ("category", self.category),
            ("channel", self.channel),
            ("assignee", self.assignee),
            ("team", self.team),
            ("tag", self.tag),
        ];
        for (key, signal) in all {
            map.insert(key, signal.get_untracked());
        }
        ListQuery { customer, ..ListQuery::read(&map) }
    }
}

/// The form. Choosing something is enough; without JavaScript there is a button.
#[component]
pub fn Filters(
    /// The list it narrows.
    list: InboxList,
) -> impl IntoView {
    let desk = use_desk();
    let said = list.query.with_untracked(Said::new);
    Effect::new(move |_| list.query.with(|q| said.take(q)));
    let navigate = use_navigate();
    let clock = use_now();
    let apply = Callback::new(move |()| {
        let now = list.query.get_untracked();
        let wanted = said.query(now.customer.clone());
        if let Some(number) = wanted.q.as_deref().and_then(|q| written_out(q, clock)) {
            // What was looked for before is looked for no more.
            let base = if now.q.is_some() { now.first() } else { now };
            let found = ListQuery { q: None, ..base };
            said.take(&found);
            navigate(&found.ticket_href(&number), NavigateOptions { scroll: false, ..NavigateOptions::default() });
            return;
        }
        if wanted != now.first() {
            navigate(&untrack(|| list.href(&wanted)), NavigateOptions { scroll: false, ..NavigateOptions::default() });
        }
    });
    let mut people = vec![(String::new(), "Anyone".to_owned()), ("me".to_owned(), "Me".to_owned())];
    desk.colleagues
        .with_untracked(|all| people.extend(all.iter().filter(|c| !desk.is_me(&c.id)).map(|c| (c.id.to_string(), c.name.clone()))));
    let mut teams = vec![(String::new(), "Any".to_owned())];
    desk.teams.with_value(|all| teams.extend(all.iter().map(|t| (t.id.to_string(), t.name.clone()))));
    let views = InboxView::ALL.iter().map(|v| (v.as_str().to_owned(), v.label().to_owned())).collect();
    let on = move || view! { <CountBadge count=list.query.with(|q| q.filters() as i64) label="on" loud=true /> };
    view! {
        <form
            class="inbox-filters"
            method="get"
            action="/rep/inbox"
            role="search"
            aria-label="Tickets"
            on:change=move |_| apply.run(())
            on:submit=move |ev| {
                ev.prevent_default();
                apply.run(());
            }
        >
            {move || list.query.with(|q| q.customer.clone()).map(|id| view! { <input type="hidden" name="customer" value=id.to_string() /> })}
            <div class="inbox-search">
                <Icon glyph=Glyph::SEARCH />
                <Field label="Search tickets" name="q" kind="search" value=said.q hide_label=true placeholder="Search ( / )" />
            </div>
            <Select label="List" name="view" options=views value=said.view hide_label=true />
            <details class="inbox-more">
                <summary class="btn btn-icon" title="Filters">
                    <Icon glyph=Glyph::FILTER />
                    <span class="vh">"Filters"</span>
                    {on}
                </summary>
                <div class="inbox-fields">
                    <Select label="Priority" name="priority" value=said.priority options=options("Any", &Priority::ALL, Priority::as_str, Priority::label) />
                    <Select label="Category" name="category" value=said.category options=options("Any", &Category::ALL, Category::as_str, Category::label) />
                    <Select label="Channel" name="channel" value=said.channel options=options("Any", &Channel::ALL, Channel::as_str, Channel::label) />
                    <Select label="Assignee" name="assignee" value=said.assignee options=people />
                    {(teams.len() > 1).then(|| view! { <Select label="Team" name="team" value=said.team options=teams /> })}
                    <Field label="Tag" name="tag" value=said.tag placeholder="refund" />
                    <Button submit=true class="inbox-apply">"Apply"</Button>
                </div>
            </details>
        </form>
        <Chips list />
    }
}

/// The filters that are on, each a link that takes it off.
#[component]
fn Chips(list: InboxList) -> impl IntoView {
    let desk = use_desk();
    let chips = move || {
        let q = list.query.get();
        let base = q.first();
        let mut on: Vec<(String, ListQuery)> = Vec::new();
        if let Some(p) = q.priority {
            on.push((p.label().to_owned(), ListQuery { priority: None, ..base.clone() }));
        }
        if let Some(c) = q.category {
            on.push((c.label().to_owned(), ListQuery { category: None, ..base.clone() }));
        }
        if let Some(c) = q.channel {
            on.push((c.label().to_owned(), ListQuery { channel: None, ..base.clone() }));
        }
        if let Some(who) = &q.assignee {
            let name = match who {
                Who::Me => "Assigned to me".to_owned(),
                Who::Person(id) => desk
                    .colleagues
                    .with_untracked(|all| all.iter().find(|c| c.id == *id).map_or("Someone else".to_owned(), |c| c.name.clone())),
            };
            on.push((name, ListQuery { assignee: None, ..base.clone() }));
        }
        if let Some(id) = &q.team {
            let known = desk.teams.with_value(|all| all.iter().find(|t| t.id == *id).map(|t| t.name.clone()));
            on.push((known.unwrap_or_else(|| "Another team".to_owned()), ListQuery { team: None, ..base.clone() }));
        }
        if let Some(tag) = &q.tag {
            on.push((["#", tag].concat(), ListQuery { tag: None, ..base.clone() }));
        }
        if let Some(id) = &q.customer {
            let known = list.rows.with(|rows| {
                rows.first().map(|r| r.data.with_untracked(|d| (d.ticket.customer_id.clone(), d.ticket.customer_name.clone())))
            });
            let name = known.filter(|k| k.0 == *id).map_or("One customer".to_owned(), |k| k.1);
            on.push((name, ListQuery { customer: None, ..base.clone() }));
        }
        if let Some(words) = &q.q {
            on.push((["“", words, "”"].concat(), ListQuery { q: None, ..base }));
        }
        (!on.is_empty()).then(|| {
            let links: Vec<_> = on
                .into_iter()
                .map(|(words, without)| {
                    let name = ["Remove the filter ", &words].concat();
                    view! {
                        <li>
                            <a class="chip" href=list.href(&without) aria-label=name data-noscroll>
                                {words}
                                <Icon glyph=Glyph::X />
                            </a>
                        </li>
                    }
                })
                .collect();
            view! { <ul class="inbox-chips" aria-label="Filters that are on">{links}</ul> }
        })
    };
    chips.into_any()
}
