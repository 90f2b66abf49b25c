//! Days, months and spans of time in words.

use chrono::{Datelike, NaiveDate};
use entities::PartialDate;

use super::words::{Key, Words, say};

impl Words {
    /// Monday 20 September 2021.
    #[must_use]
    pub fn long_day(&self, day: NaiveDate) -> String {
        let weekday = day.weekday().number_from_monday();
        say!(
            self,
            Key("date-long"),
            weekday = say!(self, Key("weekday"), weekday = weekday),
            date = self.day(day),
        )
    }

    /// 20 September 2021.
    #[must_use]
    pub fn day(&self, day: NaiveDate) -> String {
        say!(
            self,
            Key("date"),
            day = day.day(),
            month = self.month_name(day.month()),
            year = day.year(),
        )
    }

    /// 20 September, without the year.
    #[must_use]
    pub fn day_of_month(&self, day: NaiveDate) -> String {
        let month = self.month_name(day.month());
        say!(self, Key("date-short"), day = day.day(), month = month)
    }

    /// A date as precisely as it is known: a day, a month or a year.
    #[must_use]
    pub fn date(&self, date: PartialDate) -> String {
        let first = date.first_day();
        if let Some(day) = date.day() {
            self.day(day)
        } else if date.month().is_some() {
            self.month(first)
        } else {
            first.year().to_string()
        }
    }

    /// A range of dates in its shortest form: 20–24 September 2021.
    #[must_use]
    pub fn span(&self, from: PartialDate, to: Option<PartialDate>) -> String {
        let to = to.unwrap_or(from);
        let (first, last) = (from.first_day(), to.first_day());
        let same_year = first.year() == last.year();
        let same_month = same_year && first.month() == last.month();
        if from == to {
            return self.date(from);
        }
        match (from.day(), to.day()) {
            (Some(first), Some(last)) if same_month => say!(
                self,
                Key("span-days"),
                from = first.day(),
                to = last.day(),
                month = self.month_name(last.month()),
                year = last.year(),
            ),
            (Some(first), Some(last)) if same_year => say!(
                self,
                Key("span"),
                from = self.day_of_month(first),
                to = self.day(last),
            ),
            (None, None) if same_year && from.month().is_some() && to.month().is_some() => say!(
                self,
                Key("span-months"),
                from = self.month_name(first.month()),
                to = self.month_name(last.month()),
                year = last.year(),
            ),
            _ => say!(
                self,
                Key("span"),
                from = self.date(from),
                to = self.date(to)
            ),
        }
    }

    /// A period by its first and last day; whole calendar months by their names.
    #[must_use]
    pub fn period(&self, (from, to): (NaiveDate, NaiveDate)) -> String {
        let ends_month = to.succ_opt().is_none_or(|next| next.day() == 1);
        let month_of = |day: NaiveDate| -> PartialDate {
            let month = format!("{:04}-{:02}", day.year(), day.month());
            month.parse().unwrap_or(day.into())
        };
        if from.day() == 1 && ends_month {
            self.span(month_of(from), Some(month_of(to)))
        } else {
            self.span(from.into(), Some(to.into()))
        }
    }

    /// September 2021.
    fn month(&self, day: NaiveDate) -> String {
        let month = self.month_name(day.month());
        say!(self, Key("date-month"), month = month, year = day.year())
    }

    fn month_name(&self, month: u32) -> String {
        say!(self, Key("month"), month = month)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(locale: &str, from: &str, to: &str) -> String {
        let (from, to) = (from.parse().unwrap(), to.parse().unwrap());
        Words::of(locale).span(from, Some(to))
    }

    #[test]
    fn a_span_is_as_short_as_it_goes() {
        let en = |from, to| span("en", from, to);
        assert_eq!(en("2021-09-20", "2021-09-24"), "20–24 September 2021");
        assert_eq!(
            en("2021-09-28", "2021-10-02"),
            "28 September – 2 October 2021"
        );
        assert_eq!(
            en("2021-12-28", "2022-01-02"),
            "28 December 2021 – 2 January 2022"
        );
        assert_eq!(en("2021-09-20", "2021-09-20"), "20 September 2021");
        assert_eq!(en("2021-01", "2021-04"), "January–April 2021");
        assert_eq!(en("2021-11", "2021-11"), "November 2021");
        assert_eq!(en("2020", "2022"), "2020 – 2022");
        assert_eq!(
            span("it-IT", "2021-09-20", "2021-09-24"),
            "20–24 settembre 2021"
        );
        assert_eq!(span("it", "2021-10-01", "2021-10-01"), "1º ottobre 2021");
        assert_eq!(span("it", "2021-08", "2021-11"), "agosto–novembre 2021");
    }

    #[test]
    fn a_day_bears_its_weekday() {
        let day = "2021-09-20".parse().unwrap();
        assert_eq!(Words::of("en").long_day(day), "Monday 20 September 2021");
        assert_eq!(Words::of("it").long_day(day), "lunedì 20 settembre 2021");
        assert_eq!(Words::of("fi-FI").long_day(day), "Monday 20 September 2021");
    }

    #[test]
    fn a_whole_month_goes_by_its_name() {
        let period = |from: &str, to: &str| {
            Words::of("en").period((from.parse().unwrap(), to.parse().unwrap()))
        };
        assert_eq!(period("2021-08-01", "2021-08-31"), "August 2021");
        assert_eq!(period("2021-01-01", "2021-06-30"), "January–June 2021");
        assert_eq!(period("2021-08-02", "2021-08-31"), "2–31 August 2021");
    }

    #[test]
    fn money_is_written_in_the_language_s_way() {
        assert_eq!(Words::of("en").money(187_487_603, "EUR"), "€1,874,876.03");
        assert_eq!(
            Words::of("it").money(187_487_603, "EUR"),
            "1.874.876,03\u{a0}€"
        );
        assert_eq!(Words::of("en").money(5, "CHF"), "CHF\u{a0}0.05");
        assert_eq!(Words::of("en").percent(0.004), "1%");
        assert_eq!(Words::of("it").percent(0.5), "50%");
    }
}
