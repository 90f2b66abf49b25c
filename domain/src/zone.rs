//! Civil time in the recipients' zones, by the bundled tz database (Debian's and chrono-tz's are
//! behind it).

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};
use jiff::civil;

pub use jiff::tz::TimeZone as Zone;

/// The zone of an IANA name.
///
/// # Errors
/// When the bundled database does not know the name.
pub fn zone(name: &str) -> Result<Zone, jiff::Error> {
    Zone::get(name)
}

/// The zone of a name that was checked when it came in, else UTC.
#[must_use]
pub fn known_zone(name: &str) -> Zone {
    zone(name).unwrap_or(Zone::UTC)
}

/// The instant of a local time on a day. A time that the clocks jump over moves on to the first
/// that exists; of a time that happens twice, the first.
#[must_use]
pub fn instant_of(day: NaiveDate, time: NaiveTime, zone: &Zone) -> DateTime<Utc> {
    let timestamp = civil_date(day)
        .at(
            part(time.hour()),
            part(time.minute()),
            part(time.second()),
            0,
        )
        .to_zoned(zone.clone())
        .expect("a project's days are far from the calendar's ends")
        .timestamp();
    DateTime::from_timestamp(timestamp.as_second(), 0).expect("a jiff instant fits in chrono")
}

/// The calendar day of an instant in a zone.
#[must_use]
pub fn day_in(instant: DateTime<Utc>, zone: &Zone) -> NaiveDate {
    local(instant, zone).date()
}

/// The local date and time of an instant in a zone, to the second.
#[must_use]
pub fn local(instant: DateTime<Utc>, zone: &Zone) -> NaiveDateTime {
    let there = jiff::Timestamp::from_second(instant.timestamp())
        .expect("a project's instants are far from the calendar's ends")
        .to_zoned(zone.clone())
        .datetime();
    NaiveDate::from_ymd_opt(
        there.year().into(),
        there.month().unsigned_abs().into(),
        there.day().unsigned_abs().into(),
    )
    .and_then(|day| {
        day.and_hms_opt(
            there.hour().unsigned_abs().into(),
            there.minute().unsigned_abs().into(),
            there.second().unsigned_abs().into(),
        )
    })
    .expect("a jiff civil time fits in chrono")
}

fn civil_date(day: NaiveDate) -> civil::Date {
    let year = i16::try_from(day.year()).expect("a project's years have four digits");
    civil::date(year, part(day.month()), part(day.day()))
}

fn part(number: u32) -> i8 {
    i8::try_from(number).expect("parts of dates and times are below 60")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: &str, time: &str, zone_name: &str) -> String {
        let instant = instant_of(
            day.parse().unwrap(),
            time.parse().unwrap(),
            &zone(zone_name).unwrap(),
        );
        instant.to_rfc3339()
    }

    #[test]
    fn nine_in_athens_stays_nine_across_a_clock_change() {
        assert_eq!(
            at("2022-03-26", "09:00:00", "Europe/Athens"),
            "2022-03-26T07:00:00+00:00"
        );
        assert_eq!(
            at("2022-03-28", "09:00:00", "Europe/Athens"),
            "2022-03-28T06:00:00+00:00"
        );
    }

    #[test]
    fn a_time_that_the_clocks_jump_over_moves_on() {
        assert_eq!(
            at("2022-03-27", "02:30:00", "Europe/Rome"),
            "2022-03-27T01:30:00+00:00"
        );
    }

    #[test]
    fn today_is_the_city_s_today() {
        let late = "2021-09-05T22:30:00Z".parse().unwrap();
        assert_eq!(
            day_in(late, &zone("Europe/Athens").unwrap()).to_string(),
            "2021-09-06"
        );
        assert_eq!(
            day_in(late, &zone("Europe/London").unwrap()).to_string(),
            "2021-09-05"
        );
    }
}
