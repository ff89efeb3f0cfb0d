//! Evenings and afternoons where the company is at home.

use jiff::{
    Timestamp, Zoned,
    civil::Date,
    tz::{Offset, TimeZone},
};

use crate::desk::language::Lang;

/// The next `count` times it is `hour` o'clock, `utc_offset_hours` east of Greenwich.
///
/// A fixed offset serves: the service's own country has no summer time, and no time zone data is needed.
pub(super) fn evenings(now: Timestamp, utc_offset_hours: i8, hour: i8, count: u8) -> Vec<Timestamp> {
    let here = local(now, utc_offset_hours);
    let mut day = here.date();
    let mut found = Vec::new();
    // One more day than evenings: today's may be over.
    for _ in 0..=count {
        if let Some(at) = at_hour(day, hour, &here).filter(|at| *at > now) {
            found.push(at);
        }
        match day.tomorrow() {
            Ok(next) => day = next,
            Err(_) => break,
        }
    }
    found.truncate(usize::from(count));
    found
}

/// When a technician can come: in words, and when the visit is over.
pub(super) fn pickup(now: Timestamp, utc_offset_hours: i8, lang: Lang) -> (String, Timestamp) {
    let here = local(now, utc_offset_hours);
    let today = here.hour() < 15;
    let day = if today { here.date() } else { here.date().tomorrow().unwrap_or_else(|_| here.date()) };
    let words = match (lang, today) {
        (Lang::Zh, true) => "今天下午",
        (Lang::Zh, false) => "明天下午",
        (Lang::En, true) => "this afternoon",
        (Lang::En, false) => "tomorrow afternoon",
    };
    (words.to_owned(), at_hour(day, 18, &here).unwrap_or(now))
}

/// A day from now in words.
pub(super) fn day_in(now: Timestamp, utc_offset_hours: i8, days: i8, lang: Lang) -> String {
    let mut day = local(now, utc_offset_hours).date();
    for _ in 0..days.max(0) {
        day = day.tomorrow().unwrap_or(day);
    }
    match lang {
        Lang::Zh => format!("{}月{}日", day.month(), day.day()),
        Lang::En => day.strftime("%B %-d").to_string(),
    }
}

fn local(now: Timestamp, utc_offset_hours: i8) -> Zoned {
    let offset = Offset::from_hours(utc_offset_hours).unwrap_or(Offset::UTC);
    now.to_zoned(TimeZone::fixed(offset))
}

fn at_hour(day: Date, hour: i8, like: &Zoned) -> Option<Timestamp> {
    let time = jiff::civil::Time::new(hour, 0, 0, 0).ok()?;
    day.to_datetime(time).to_zoned(like.time_zone().clone()).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_next_three_evenings() {
        let morning = evenings(at("2024-08-01T02:00:00Z"), 8, 19, 3);
        assert_eq!(morning, ["2024-08-01T11:00:00Z", "2024-08-02T11:00:00Z", "2024-08-03T11:00:00Z"].map(at));
        let night = evenings(at("2024-08-01T12:00:00Z"), 8, 19, 3);
        assert_eq!(night, ["2024-08-02T11:00:00Z", "2024-08-03T11:00:00Z", "2024-08-04T11:00:00Z"].map(at));
    }

    #[test]
    fn a_pickup_is_today_or_tomorrow() {
        let (words, by) = pickup(at("2024-08-01T02:00:00Z"), 8, Lang::Zh);
        assert_eq!((words.as_str(), by), ("今天下午", at("2024-08-01T10:00:00Z")));
        let (words, by) = pickup(at("2024-08-01T09:00:00Z"), 8, Lang::En);
        assert_eq!((words.as_str(), by), ("tomorrow afternoon", at("2024-08-02T10:00:00Z")));
        assert_eq!(day_in(at("2024-08-31T02:00:00Z"), 8, 1, Lang::Zh), "9月1日");
        assert_eq!(day_in(at("2024-08-31T02:00:00Z"), 8, 1, Lang::En), "September 1");
    }
}
