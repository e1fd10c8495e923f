//! When people are at work: Monday to Friday, 8 to 18 UTC.

use super::rng::Rng;
use coco::time::{DAY, HOUR, MINUTE, Timestamp};

/// 0 is Monday; 1970 began on a Thursday.
fn weekday(at: Timestamp) -> i64 {
    (at.micros().div_euclid(DAY) + 3).rem_euclid(7)
}

fn midnight(at: Timestamp) -> Timestamp {
    Timestamp::from_micros(at.micros() - at.micros().rem_euclid(DAY))
}

fn is_open(at: Timestamp) -> bool {
    weekday(at) < 5 && (8 * HOUR..18 * HOUR).contains(&at.micros().rem_euclid(DAY))
}

/// `at` when the desk is open then, else some time in the next morning it is.
pub fn at_work(at: Timestamp, rng: &mut Rng) -> Timestamp {
    if is_open(at) {
        return at;
    }
    let late = at.micros().rem_euclid(DAY) >= 18 * HOUR;
    let mut morning = midnight(at).plus(if late { DAY } else { 0 });
    while weekday(morning) > 4 {
        morning = morning.plus(DAY);
    }
    morning.plus(8 * HOUR + rng.range(4 * MINUTE, 95 * MINUTE))
}

/// Whether most people are awake.
pub fn by_day(at: Timestamp) -> bool {
    at.micros().rem_euclid(DAY) >= 6 * HOUR
}

/// `at`, or the morning after when people sleep then.
pub fn awake(at: Timestamp, rng: &mut Rng) -> Timestamp {
    if by_day(at) { at } else { midnight(at).plus(6 * HOUR + rng.range(20 * MINUTE, 3 * HOUR)) }
}

/// A moment on the day of `day` when people write, mostly in working hours of a working day.
pub fn likely(day: Timestamp, rng: &mut Rng) -> Timestamp {
    let day = midnight(day);
    let day = match weekday(day) {
        late @ 5..=6 if rng.chance(0.75) => day.plus(-DAY * (late - 4)),
        _ => day,
    };
    if rng.chance(0.12) {
        return day.plus(rng.range(6 * HOUR, 23 * HOUR));
    }
    // The mean of three draws gathers around the middle of the day.
    let spread: i64 = (0..3).map(|_| rng.range(0, 11 * HOUR)).sum::<i64>() / 3;
    day.plus(7 * HOUR + spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_waits_for_monday() {
        let rng = &mut Rng::new(1);
        let friday = Timestamp::try_from("2026-11-20T17:59:00Z".to_owned()).unwrap();
        assert_eq!(at_work(friday, rng), friday);
        let monday = at_work(friday.plus(2 * MINUTE), rng).to_string();
        assert!(monday.starts_with("2026-11-23T08:") || monday.starts_with("2026-11-23T09:"), "{monday}");
    }
}
