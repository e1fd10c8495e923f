//! Time as COCO keeps it: microseconds of UTC since 1970. Clocks are injected.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A moment, in microseconds UTC since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(sqlx::Type, utoipa::ToSchema))]
#[cfg_attr(feature = "server", sqlx(transparent), schema(value_type = String, format = DateTime))]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp(i64);

/// One second in the unit of [`Timestamp`].
pub const SECOND: i64 = 1_000_000;
/// One minute in the unit of [`Timestamp`].
pub const MINUTE: i64 = 60 * SECOND;
/// One hour in the unit of [`Timestamp`].
pub const HOUR: i64 = 60 * MINUTE;
/// One day in the unit of [`Timestamp`].
pub const DAY: i64 = 24 * HOUR;

/// A date and time of day in UTC, for showing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are what they are called")]
pub struct Civil {
    pub year: i64,
    pub month: u8,
    pub day: u8,
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
}

impl Timestamp {
    /// From microseconds since 1970.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }
    /// Microseconds since 1970.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }
    /// This moment moved by `micros`, later when positive.
    #[must_use]
    pub const fn plus(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }
    /// Microseconds from `earlier` to this moment, negative when it is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    /// The UTC calendar reading. Days by H. Hinnant's `civil_from_days`
    /// (<https://howardhinnant.github.io/date_algorithms.html>).
    #[must_use]
    pub fn civil(self) -> Civil {
        let days = self.0.div_euclid(DAY);
        let rest = self.0.rem_euclid(DAY) / SECOND;
        let z = days + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        Civil {
            year: yoe + era * 400 + i64::from(month <= 2),
            month: month as u8,
            day: (doy - (153 * mp + 2) / 5 + 1) as u8,
            hour: (rest / 3600) as u8,
            minute: (rest / 60 % 60) as u8,
            second: (rest % 60) as u8,
        }
    }

    /// From a UTC date and time; the inverse of [`Timestamp::civil`].
    #[must_use]
    pub fn from_civil(c: Civil) -> Self {
        let y = c.year - i64::from(c.month <= 2);
        let era = y.div_euclid(400);
        let yoe = y.rem_euclid(400);
        let month = i64::from(c.month);
        let mp = if month > 2 { month - 3 } else { month + 9 };
        let doy = (153 * mp + 2) / 5 + i64::from(c.day) - 1;
        let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
        let days = era * 146_097 + doe - 719_468;
        let secs = i64::from(c.hour) * 3600 + i64::from(c.minute) * 60 + i64::from(c.second);
        Self(days * DAY + secs * SECOND)
    }

    /// How long before `now` this was, as people say it: "now", "4 min", "3 h", and for more than
    /// a day the date, "21 Nov" or "21 Nov 2024".
    #[must_use]
    pub fn relative(self, now: Self) -> String {
        let gone = now.since(self);
        match gone {
            g if g < MINUTE => "now".into(),
            g if g < HOUR => format!("{} min", g / MINUTE),
            g if g < DAY => format!("{} h", g / HOUR),
            _ => self.date(now),
        }
    }

    /// The UTC date, with the year when it is not that of `now`.
    #[must_use]
    pub fn date(self, now: Self) -> String {
        const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let c = self.civil();
        let month = MONTHS[usize::from(c.month - 1)];
        if c.year == now.civil().year { format!("{} {month}", c.day) } else { format!("{} {month} {}", c.day, c.year) }
    }
}

/// RFC 3339 in UTC with microseconds when there are any.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let c = self.civil();
        write!(f, "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", c.year, c.month, c.day, c.hour, c.minute, c.second)?;
        match self.0.rem_euclid(SECOND) {
            0 => {}
            us if us % 1000 == 0 => write!(f, ".{:03}", us / 1000)?,
            us => write!(f, ".{us:06}")?,
        }
        f.write_str("Z")
    }
}

impl From<Timestamp> for String {
    fn from(t: Timestamp) -> Self {
        t.to_string()
    }
}

/// The text is not an RFC 3339 time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a time like 2026-11-21T13:45:00Z")]
pub struct InvalidTime;

impl TryFrom<String> for Timestamp {
    type Error = InvalidTime;
    fn try_from(s: String) -> Result<Self, InvalidTime> {
        parse(&s).ok_or(InvalidTime)
    }
}

fn parse(s: &str) -> Option<Timestamp> {
    let num = |from: usize, to: usize| -> Option<i64> {
        let part = s.get(from..to)?;
        part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok())?
    };
    let mark = |at: usize, c: u8| (s.as_bytes().get(at) == Some(&c)).then_some(());
    mark(4, b'-').and(mark(7, b'-')).and(mark(13, b':')).and(mark(16, b':'))?;
    if !matches!(s.as_bytes().get(10), Some(b'T' | b't' | b' ')) {
        return None;
    }
    let (month, day, hour, minute, second) = (num(5, 7)?, num(8, 10)?, num(11, 13)?, num(14, 16)?, num(17, 19)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let civil =
        Civil { year: num(0, 4)?, month: month as u8, day: day as u8, hour: hour as u8, minute: minute as u8, second: second as u8 };
    let base = Timestamp::from_civil(civil);
    if base.civil() != civil {
        return None;
    }
    let rest = s.get(19..)?;
    let (micros, zone) = match rest.strip_prefix('.') {
        None => (0, rest),
        Some(frac) => {
            let len = frac.bytes().take_while(u8::is_ascii_digit).count();
            let (digits, zone) = frac.split_at(len);
            let padded = format!("{:0<6}", digits.get(..6).unwrap_or(digits));
            (padded.parse::<i64>().ok().filter(|_| len > 0)?, zone)
        }
    };
    Some(base.plus(micros - offset(zone)?))
}

fn offset(zone: &str) -> Option<i64> {
    if matches!(zone, "Z" | "z") {
        return Some(0);
    }
    let sign = match zone.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (h, m) = zone.get(1..)?.split_once(':')?;
    Some(sign * (h.parse::<i64>().ok()? * HOUR + m.parse::<i64>().ok()? * MINUTE))
}

/// Where the time comes from; injected, so that tests never sleep.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

#[cfg(not(target_arch = "wasm32"))]
impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Timestamp(since.as_micros() as i64)
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct FixedClock(std::sync::atomic::AtomicI64);

impl FixedClock {
    /// A clock that shows `at`.
    #[must_use]
    pub fn at(at: Timestamp) -> Self {
        Self(at.0.into())
    }
    /// Moves the clock forward.
    pub fn advance(&self, micros: i64) {
        self.0.fetch_add(micros, std::sync::atomic::Ordering::SeqCst);
    }
    /// Sets the clock.
    pub fn set(&self, at: Timestamp) {
        self.0.store(at.0, std::sync::atomic::Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(std::sync::atomic::Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn agrees_with_jiff(micros in -60_000_000_000_000_000i64..250_000_000_000_000_000) {
            let ours = Timestamp::from_micros(micros);
            let theirs = jiff::Timestamp::from_microsecond(micros).unwrap();
            prop_assert_eq!(theirs.to_string().parse::<jiff::Timestamp>().unwrap(), ours.to_string().parse::<jiff::Timestamp>().unwrap());
            prop_assert_eq!(Timestamp::try_from(ours.to_string()), Ok(ours));
        }
        #[test]
        fn never_panics(s in "\\PC{0,40}") {
            let _ = Timestamp::try_from(s);
        }
    }

    #[test]
    fn reads_offsets_and_refuses_nonsense() {
        let at = |s: &str| Timestamp::try_from(s.to_owned());
        assert_eq!(at("2026-11-21T14:00:00+02:00"), at("2026-11-21T12:00:00Z"));
        for bad in ["", "2026", "2026-02-30T00:00:00Z", "2026-11-21T25:00:00Z", "2026-11-21T12:00:00", "2026-11-21T12:00:00.Z"] {
            assert_eq!(at(bad), Err(InvalidTime), "{bad}");
        }
    }

    #[test]
    fn says_how_long_ago() {
        let now = Timestamp::try_from("2026-11-21T12:00:00Z".to_owned()).unwrap();
        assert_eq!(now.plus(-30 * SECOND).relative(now), "now");
        assert_eq!(now.plus(-5 * MINUTE).relative(now), "5 min");
        assert_eq!(now.plus(-3 * HOUR).relative(now), "3 h");
        assert_eq!(now.plus(-3 * DAY).relative(now), "18 Nov");
        assert_eq!(now.plus(-400 * DAY).relative(now), "17 Oct 2025");
    }
}
