//! A date that is known to the day, to the month or to the year.

use std::{borrow::Cow, fmt, str::FromStr};

use chrono::{Datelike, NaiveDate};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// `2021`, `2021-11` or `2021-11-15`: as much of a date as is known, and no more.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, sea_orm::DeriveValueType,
)]
#[sea_orm(value_type = "String")]
pub struct PartialDate {
    year: i32,
    month: Option<u32>,
    day: Option<u32>,
}

/// What a text was that is no date; the message says what would be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotADate(String);

impl fmt::Display for NotADate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not a date; write 2021, 2021-11 or 2021-11-15",
            self.0
        )
    }
}

impl std::error::Error for NotADate {}

impl PartialDate {
    pub const PATTERN: &str = r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$";

    /// The day itself, where it is known.
    #[must_use]
    pub fn day(self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.year, self.month?, self.day?)
    }

    /// The month, where it is known: `(2021, 11)`.
    #[must_use]
    pub fn month(self) -> Option<(i32, u32)> {
        Some((self.year, self.month?))
    }

    /// The first day that it may stand for.
    #[must_use]
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1))
            .expect("checked when it was read")
    }

    /// The last day that it may stand for.
    #[must_use]
    pub fn last_day(self) -> NaiveDate {
        match (self.month, self.day) {
            (_, Some(_)) => self.first_day(),
            (Some(month), None) => last_of_month(self.year, month),
            (None, None) => last_of_month(self.year, 12),
        }
    }
}

fn last_of_month(year: i32, month: u32) -> NaiveDate {
    let (year, month) = if month == 12 {
        (year + 1, 1)
    } else {
        (year, month + 1)
    };
    NaiveDate::from_ymd_opt(year, month, 1)
        .and_then(|first| first.pred_opt())
        .expect("a four-digit year is far from the calendar's ends")
}

impl From<NaiveDate> for PartialDate {
    fn from(day: NaiveDate) -> Self {
        Self {
            year: day.year(),
            month: Some(day.month()),
            day: Some(day.day()),
        }
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(f, "-{day:02}")?;
        }
        Ok(())
    }
}

impl FromStr for PartialDate {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, NotADate> {
        let wrong = || NotADate(text.to_owned());
        let mut parts = text.split('-');
        let mut number = |digits: usize| match parts.next() {
            None => Ok(None),
            Some(part) if part.len() == digits && part.bytes().all(|b| b.is_ascii_digit()) => {
                part.parse::<u32>().map(Some).map_err(|_| wrong())
            }
            Some(_) => Err(wrong()),
        };
        let year = number(4)?.ok_or_else(wrong)?.cast_signed();
        let (month, day) = (number(2)?, number(2)?);
        NaiveDate::from_ymd_opt(year, month.unwrap_or(1), day.unwrap_or(1)).ok_or_else(wrong)?;
        if parts.next().is_some() {
            return Err(wrong());
        }
        Ok(Self { year, month, day })
    }
}

impl Serialize for PartialDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for PartialDate {
    fn schema_name() -> Cow<'static, str> {
        "PartialDate".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": Self::PATTERN,
            "format": "partial-date",
            "description": "As much of a date as is known: 2021, 2021-11 or 2021-11-15.",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_without_days_keeps_its_precision() {
        let date: PartialDate = "2022-02".parse().unwrap();
        assert_eq!(date.to_string(), "2022-02");
        assert_eq!(date.day(), None);
        assert_eq!(date.last_day().to_string(), "2022-02-28");
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "21",
            "2021-13",
            "2021-2",
            "2021-02-30",
            "2021-02-03-04",
            "2021-",
            "+021",
        ] {
            assert!(text.parse::<PartialDate>().is_err(), "{text}");
        }
    }
}
