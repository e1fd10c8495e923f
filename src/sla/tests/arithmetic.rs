//! Working time against a reference that looks at the wall's clock minute by minute.

use crate::sla::calendar::Calendar;
use crate::sla::clock::Clock;
use crate::sla::hours::{BusinessHours, Holiday, Interval};
use crate::time::{DAY, HOUR, MINUTE, Timestamp};
use proptest::prelude::*;

fn at(text: &str) -> Timestamp {
    Timestamp::try_from(text.to_owned()).expect("a time")
}

/// Zones that move their clocks at night, at midnight, by half an hour, and one that skipped a day.
const ZONES: [&str; 7] =
    ["Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "Africa/Cairo"];

/// One moment, by the clock on the wall.
fn open_by_the_wall(hours: &BusinessHours, minute: i64) -> bool {
    let zoned = jiff::Timestamp::from_second(minute * 60).expect("in range").in_tz(&hours.timezone).expect("a zone");
    if hours.holidays.iter().any(|h| h.date == zoned.date().to_string()) {
        return false;
    }
    let now = zoned.hour() as u16 * 60 + zoned.minute() as u16;
    hours.week[zoned.weekday().to_monday_zero_offset() as usize].iter().any(|i| (i.from..i.to).contains(&now))
}

prop_compose! {
    fn day()(cuts in prop::collection::btree_set(0u16..=1440, 0..=6)) -> Vec<Interval> {
        let cuts: Vec<u16> = cuts.into_iter().collect();
        cuts.chunks_exact(2).map(|c| Interval { from: c[0], to: c[1] }).collect()
    }
}

prop_compose! {
    fn hours()(
        zone in prop::sample::select(ZONES.to_vec()),
        mut week in prop::array::uniform7(day()),
        off in prop::collection::vec(0i64..5000, 0..4),
    ) -> BusinessHours {
        if week.iter().all(Vec::is_empty) {
            week[2].push(Interval { from: 0, to: 1440 });
        }
        let date = |n: i64| Timestamp::from_micros(1_262_304_000_000_000 + n * DAY).to_string()[..10].to_owned();
        let holidays = off.into_iter().map(|n| Holiday { date: date(n), name: "Off".into() }).collect();
        BusinessHours { timezone: zone.into(), week, holidays }
    }
}

/// Minutes around moves of clocks: 2010 to 2023, mostly at the ends of March and October.
fn moment() -> impl Strategy<Value = i64> {
    let anywhere = 21_038_400i64..28_000_000;
    let near =
        (2010i64..2023, prop::sample::select(vec![(3u8, 8u8), (3, 27), (4, 1), (10, 1), (10, 25), (11, 1), (12, 28)]), 0i64..(6 * 1440))
            .prop_map(|(year, (month, day), more)| {
                let civil = crate::time::Civil { year, month, day, hour: 0, minute: 0, second: 0 };
                Timestamp::from_civil(civil).micros() / MINUTE + more
            });
    prop_oneof![1 => anywhere, 3 => near]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn elapsed_is_what_the_wall_shows(hours in hours(), from in moment(), length in 0i64..8000) {
        let calendar = Calendar::new(&hours).expect("a calendar");
        let expected = (from..from + length).filter(|m| open_by_the_wall(&hours, *m)).count() as i64;
        let (from, to) = (Timestamp::from_micros(from * MINUTE), Timestamp::from_micros((from + length) * MINUTE));
        prop_assert_eq!(calendar.elapsed(from, to), expected * MINUTE);
    }

    #[test]
    fn due_is_the_first_moment_with_the_budget_used_up(hours in hours(), from in moment(), budget in 1i64..(40 * HOUR)) {
        let calendar = Calendar::new(&hours).expect("a calendar");
        let from = Timestamp::from_micros(from * MINUTE);
        if let Some(due) = calendar.due(from, budget) {
            prop_assert_eq!(calendar.elapsed(from, due), budget);
            prop_assert_eq!(calendar.elapsed(from, due.plus(-1)), budget - 1);
        }
    }

    #[test]
    fn pauses_neither_give_nor_take(hours in hours(), from in moment(), steps in prop::collection::vec((1i64..3000, 1i64..3000), 1..6)) {
        let calendar = Calendar::new(&hours).expect("a calendar");
        let mut now = Timestamp::from_micros(from * MINUTE);
        let mut clock = Clock::start(100 * HOUR, now);
        let mut worked = 0;
        for (run, pause) in steps {
            worked += calendar.elapsed(now, now.plus(run * MINUTE));
            now = now.plus(run * MINUTE);
            clock.pause(&calendar, now);
            clock.pause(&calendar, now.plus(pause * MINUTE));
            now = now.plus(pause * MINUTE);
            prop_assert_eq!(clock.used(&calendar, now), worked);
            clock.resume(now);
            clock.resume(now.plus(MINUTE));
        }
        if let Some(due) = clock.due(&calendar) {
            prop_assert_eq!(clock.used(&calendar, due), clock.target.max(worked));
            if worked < clock.target {
                prop_assert_eq!(clock.used(&calendar, due.plus(1)) > clock.target, calendar.elapsed(due, due.plus(1)) == 1);
            }
        }
    }
}

#[test]
fn an_hour_that_comes_twice_counts_twice_and_one_that_is_skipped_not_at_all() {
    let mut hours = BusinessHours::always();
    hours.timezone = "Europe/Berlin".into();
    hours.week = std::array::from_fn(|_| vec![Interval { from: 0, to: 6 * 60 }]);
    let calendar = Calendar::new(&hours).expect("a calendar");
    let night = |day: &str| calendar.elapsed(at(&format!("{day}T12:00:00Z")), at(&format!("{day}T12:00:00Z")).plus(DAY));
    assert_eq!(night("2026-10-24"), 7 * HOUR);
    assert_eq!(night("2026-03-28"), 5 * HOUR);
    assert_eq!(night("2026-06-01"), 6 * HOUR);
}

#[test]
fn a_weekend_and_a_lunch_break_are_not_working_time() {
    let mut hours = BusinessHours::office("Europe/Berlin");
    for day in &mut hours.week[..5] {
        *day = vec![Interval { from: 13 * 60, to: 17 * 60 }, Interval { from: 9 * 60, to: 12 * 60 }];
    }
    let calendar = Calendar::new(&hours).expect("a calendar");
    // Friday, an hour before the end: four hours later is Monday noon.
    assert_eq!(calendar.due(at("2026-11-20T15:00:00Z"), 4 * HOUR), Some(at("2026-11-23T11:00:00Z")));
}

#[test]
fn impossible_hours_are_refused_with_the_reason() {
    let refused = |change: fn(&mut BusinessHours)| {
        let mut hours = BusinessHours::office("UTC");
        change(&mut hours);
        Calendar::new(&hours).expect_err("refused").to_string()
    };
    assert!(refused(|h| h.week[0].push(Interval { from: 600, to: 1030 })).contains("overlap"));
    assert!(refused(|h| h.week[1][0].to = 100).contains("ends before it begins"));
    assert!(refused(|h| h.week = Default::default()).contains("once a week"));
    assert!(refused(|h| h.timezone = "Mars/Base".into()).contains("Europe/Berlin"));
    assert!(refused(|h| h.holidays.push(Holiday { date: "2026-02-30".into(), name: String::new() })).contains("not a date"));
}
