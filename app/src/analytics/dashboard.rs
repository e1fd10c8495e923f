//! The admin's dashboard: how the desk stands now, and how it went lately.

use super::api::load_overview;
use super::chart::DayChart;
use super::team::Team;
use crate::error::ApiResult;
use crate::layout::desk::{Arrival, Desk, Refused, use_desk};
use crate::load::Load;
use crate::tickets::desk::span;
use crate::ui::{Card, Glyph, LinkButton, PageTitle, Shape, Skeleton, Stat, Toolbar, abbreviate};
use coco::analytics::Overview;
use coco::people::Presence;
use coco::time::{HOUR, SECOND};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// `/admin/dashboard`.
#[component]
pub fn DashboardPage() -> impl IntoView {
    let desk = use_desk();
    let data = Load::new(|| (), move |()| load_overview(desk.vendor_id()));
    let arrival = Arrival::new();
    view! {
        <div class="desk-page dash">
            {move || arrival.waits().then(|| view! { <h1 class="vh">"Dashboard"</h1> <Skeleton shape=Shape::Cards count=4 /> })}
            {data.show(move |loaded| {
                arrival.done();
                show(desk, loaded)
            })}
        </div>
    }
}

fn show(desk: Desk, loaded: ApiResult<Overview>) -> AnyView {
    match loaded {
        Ok(overview) => view! { <Dashboard desk overview /> }.into_any(),
        Err(error) => view! { <Refused error /> }.into_any(),
    }
}

/// The largest unit alone, for a number that is read in passing.
fn short(micros: i64) -> String {
    let whole = span(micros);
    if micros < HOUR { whole } else { whole.split(' ').take(2).collect::<Vec<_>>().join(" ") }
}

/// Loads the figures anew when something has happened; one request at a time, and once more when something happened
/// meanwhile.
fn keep_fresh(desk: Desk, figures: RwSignal<Overview>) {
    let (asking, again) = (StoredValue::new(false), StoredValue::new(false));
    Effect::new(move |before: Option<u32>| {
        let beat = desk.beat.get();
        if before.is_some_and(|b| b != beat) {
            desk.refresh_colleagues();
            again.set_value(true);
            if !asking.get_value() {
                asking.set_value(true);
                spawn_local(async move {
                    while again.try_update_value(std::mem::take) == Some(true) {
                        if let Ok(now) = load_overview(desk.vendor_id()).await {
                            let _ = figures.try_set(now);
                        }
                    }
                    let _ = asking.try_set_value(false);
                });
            }
        }
        beat
    });
}

/// Nothing has come in lately, nor is anything left from before.
fn nobody_wrote(f: &Overview) -> bool {
    let quiet = f.open == 0 && f.resolved_today == 0 && f.per_day.iter().all(|n| *n == 0);
    quiet && f.first_response_s.is_none() && f.csat.is_none()
}

/// How tickets come to be, for a desk that has none.
fn first_steps(vendor: &str) -> AnyView {
    let words = ["Customers create an account, choose ", vendor, " and write. What they ask appears here by itself."].concat();
    view! {
        <Card title="Nobody has written lately" class="dash-first">
            <p>{words}</p>
            <p>"Give them the address of this page: " <a class="link" href="/register" rel="external">"Create your account"</a></p>
        </Card>
    }
    .into_any()
}

#[component]
fn Dashboard(desk: Desk, overview: Overview) -> impl IntoView {
    let figures = RwSignal::new(overview);
    keep_fresh(desk, figures);
    let number = move |read: fn(&Overview) -> i64| Signal::derive(move || abbreviate(figures.with(read)));
    let wait = Signal::derive(move || figures.with(|f| f.longest_wait_s).map_or_else(|| "none".to_owned(), |s| short(s * SECOND)));
    let online = Signal::derive(move || {
        let (on, all) = desk.colleagues.with(|c| (c.iter().filter(|c| c.presence == Presence::Online).count(), c.len()));
        format!("{on} of {all}")
    });
    let first =
        Signal::derive(move || figures.with(|f| f.first_response_s).map_or_else(|| "No answers yet".to_owned(), |s| span(s * SECOND)));
    let csat =
        Signal::derive(move || figures.with(|f| f.csat).map_or_else(|| "No ratings yet".to_owned(), |(mean, _)| format!("{mean:.1} of 5")));
    let rated = move || {
        let n = figures.with(|f| f.csat.map_or(0, |c| c.1));
        if n == 1 { "from 1 rating in 30 days".to_owned() } else { format!("from {} ratings in 30 days", abbreviate(n)) }
    };
    let vendor = desk.vendor.with_value(|v| v.name.clone());
    let first_steps = move || figures.with(nobody_wrote).then(|| first_steps(&vendor));
    view! {
        <PageTitle text="Dashboard">
            <Toolbar label="Quick actions">
                <LinkButton href="/rep/inbox" glyph=Glyph::INBOX>"Open inbox"</LinkButton>
                <LinkButton href="/rep/inbox?view=unassigned" glyph=Glyph::ASSIGN>"Unassigned"</LinkButton>
                <LinkButton href="/rep/inbox?priority=urgent" glyph=Glyph::PRIORITY_URGENT>"Urgent"</LinkButton>
                <LinkButton href="/rep/inbox?view=escalated" glyph=Glyph::ESCALATE>"Escalated"</LinkButton>
            </Toolbar>
        </PageTitle>
        <section class="card dash-strip" aria-label="Now">
            <Stat value=number(|f| f.open) label="open" />
            <Stat value=number(|f| f.unassigned) label="unassigned" />
            <Stat value=number(|f| f.urgent) label="urgent" />
            <Stat value=wait label="longest wait for someone" />
            <Stat value=online label="online" />
            <Stat value=number(|f| f.created_today) label="opened in 24 hours" />
            <Stat value=number(|f| f.resolved_today) label="resolved in 24 hours" />
        </section>
        {first_steps}
        <div class="dash-grid">
            <DayChart days=Signal::derive(move || figures.with(|f| f.per_day.clone())) />
            <div class="dash-side">
                <Card title="First answer">
                    <Stat value=first label="on average, over the last 7 days" />
                </Card>
                <Card title="Satisfaction">
                    <Stat value=csat label="mean rating" />
                    <p class="info-mute">{rated}</p>
                </Card>
            </div>
        </div>
        <Team desk />
    }
}
