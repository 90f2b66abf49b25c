//! Scalars: dates, partial dates, instants, and whole numbers of 64 bits.

use async_graphql::{
    InputType, InputValueError, InputValueResult, Number, Pos, Scalar, ScalarType, Value,
};
use chrono::{DateTime as ChronoDateTime, NaiveDate, SecondsFormat, Utc};

/// A calendar date, such as `2021-09-06`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date(pub NaiveDate);

/// A calendar date, such as `2021-09-06`.
#[Scalar]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) if text.len() == 10 => text
                .parse()
                .map(Self)
                .map_err(|_| wrong("date", text, "write one such as 2021-09-06")),
            _ => Err(wrong("date", &value, "write one such as \"2021-09-06\"")),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// An instant in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTime(pub ChronoDateTime<Utc>);

/// An instant in UTC by RFC 3339, such as `2021-09-06T06:00:00Z`.
#[Scalar]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let right = "write one such as \"2021-09-06T06:00:00Z\"";
        match &value {
            Value::String(text) => ChronoDateTime::parse_from_rfc3339(text)
                .map(|instant| Self(instant.to_utc()))
                .map_err(|_| wrong("instant", text, right)),
            _ => Err(wrong("instant", &value, right)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

/// A partial date, as precise as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartialDate(pub entities::PartialDate);

/// A date as precisely as it is known: a year, a month or a day, such as `2021`, `2021-11` or
/// `2021-11-15`.
#[Scalar]
impl ScalarType for PartialDate {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => text.parse().map(Self).map_err(InputValueError::custom),
            _ => Err(wrong("date", &value, "write one such as \"2021-11\"")),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A whole number of up to 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quantity(pub i64);

/// A whole number of up to 64 bits, as a JSON number. Money is in minor units (cents).
#[Scalar]
impl ScalarType for Quantity {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::Number(number) if number.is_i64() => {
                Ok(Self(number.as_i64().unwrap_or_default()))
            }
            _ => Err(wrong("whole number", &value, "write one such as 14")),
        }
    }

    fn to_value(&self) -> Value {
        Value::Number(Number::from(self.0))
    }
}

/// The problem of a value of one of these scalars; `None` if it is valid, or the type is another
/// one.
pub fn refusal(scalar: &str, value: &Value) -> Option<String> {
    fn why<T: ScalarType + InputType>(value: &Value) -> Option<String> {
        let wrong = <T as ScalarType>::parse(value.clone()).err()?;
        Some(wrong.into_server_error(Pos::default()).message)
    }
    match scalar {
        "Date" => why::<Date>(value),
        "DateTime" => why::<DateTime>(value),
        "PartialDate" => why::<PartialDate>(value),
        "Quantity" => why::<Quantity>(value),
        _ => None,
    }
}

fn wrong<T: InputType>(
    what: &str,
    value: impl std::fmt::Display,
    right: &str,
) -> InputValueError<T> {
    InputValueError::custom(format!("{value} is no {what}; {right}"))
}
