//! Bars per day, with a title in words and the same as a table.

use crate::ui::{Column, Table, use_now};
use coco::time::{DAY, Timestamp};
use leptos::prelude::*;

const WIDTH: f64 = 560.0;
const HEIGHT: f64 = 180.0;
/// Room for the numbers at the side and the days below.
const LEFT: f64 = 32.0;
const BELOW: f64 = 22.0;

/// A round number at or above the highest bar, for the scale.
fn ceiling(max: i64) -> i64 {
    let mut step = 4;
    while step < max {
        step = match step.to_string().as_bytes() {
            [b'1', ..] => step * 2,
            [b'2', ..] => step * 2,
            [b'4', ..] => step / 4 * 10,
            _ => step * 2,
        };
    }
    step
}

/// What the bars say, in one sentence.
fn finding(days: &[i64], date: impl Fn(usize) -> String) -> String {
    let sum: i64 = days.iter().sum();
    let top = days.iter().enumerate().rev().max_by_key(|(_, n)| **n);
    match top {
        Some((day, most)) if sum > 0 => {
            let tickets = if sum == 1 { "1 ticket".to_owned() } else { format!("{sum} tickets") };
            format!("{tickets} opened in the last {} days, most on {} ({most})", days.len(), date(day))
        }
        _ => format!("No tickets opened in the last {} days", days.len()),
    }
}

/// Tickets opened on each day, the last one today.
#[component]
pub fn DayChart(
    /// One number per day, oldest first.
    days: Signal<Vec<i64>>,
) -> impl IntoView {
    let now = use_now();
    let count = Memo::new(move |_| days.with(Vec::len));
    let today = Memo::new(move |_| now.get().micros().div_euclid(DAY));
    let date = move |day: usize| {
        let back = count.get().saturating_sub(day + 1) as i64;
        let at = (today.get() - back) * DAY;
        Timestamp::from_micros(at).date(Timestamp::from_micros(today.get() * DAY))
    };
    let title = move || days.with(|d| finding(d, date));
    let bars = move || {
        let all = days.get();
        let top = ceiling(all.iter().copied().max().unwrap_or(0)) as f64;
        let (plot, room) = (HEIGHT - BELOW - 8.0, (WIDTH - LEFT) / all.len().max(1) as f64);
        let lines: Vec<_> = [0.0, 0.5, 1.0]
            .into_iter()
            .map(|part| {
                let y = 8.0 + plot * (1.0 - part);
                view! {
                    <line class="chart-line" x1=LEFT x2=WIDTH y1=y y2=y></line>
                    <text class="chart-text" x=LEFT - 6.0 y=y + 4.0 text-anchor="end">{((top * part) as i64).to_string()}</text>
                }
            })
            .collect();
        let bars: Vec<_> = all
            .iter()
            .enumerate()
            .map(|(day, n)| {
                let (height, x) = (plot * *n as f64 / top, LEFT + room * day as f64);
                let label = (day % 2 == 1).then(|| {
                    view! { <text class="chart-text" x=x + room / 2.0 y=HEIGHT - 6.0 text-anchor="middle">{date(day)}</text> }
                });
                view! {
                    <rect class="chart-bar" x=x + room * 0.15 y=8.0 + plot - height width=room * 0.7 height=height rx="2">
                        <title>{[date(day), ": ".to_owned(), n.to_string()].concat()}</title>
                    </rect>
                    {label}
                }
            })
            .collect();
        view! {
            {lines}
            {bars}
        }
    };
    let rows = move || {
        days.get()
            .into_iter()
            .enumerate()
            .rev()
            .map(|(day, n)| view! { <tr><td>{date(day)}</td><td class="num">{n}</td></tr> })
            .collect::<Vec<_>>()
    };
    view! {
        <section class="card dash-chart" aria-labelledby="chart-title">
            <h2 id="chart-title">{title}</h2>
            <svg class="chart" viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-labelledby="chart-title">
                {bars}
            </svg>
            <details class="chart-table">
                <summary>"Show as a table"</summary>
                <Table caption="Tickets opened per day" columns=vec![Column::new("Day (UTC)"), Column::new("Opened").number()]>
                    {rows}
                </Table>
            </details>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::{ceiling, finding};

    #[test]
    fn scales_to_round_numbers() {
        assert_eq!([0, 4, 5, 11, 25, 41, 101, 260].map(ceiling), [4, 4, 10, 20, 40, 100, 200, 400]);
    }

    #[test]
    fn says_what_it_shows() {
        let date = |day: usize| format!("day {day}");
        assert_eq!(finding(&[1, 5, 0, 5], date), "11 tickets opened in the last 4 days, most on day 1 (5)");
        assert_eq!(finding(&[0, 0], date), "No tickets opened in the last 2 days");
    }
}
