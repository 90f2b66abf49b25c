//! The project itself, and the programme that pays for it.

use chrono::{Datelike, Months, NaiveDate};
use entities::{LeadTimes, Links, Localized, RelatedProjects, Strings};

use super::{
    Check, Code, HasTexts, Record, TextReader, declare::record, reminder_rule::DAYS_BEFORE,
    rule::Rule, text,
};
use crate::record::{Names, rows::Rows};

/// How many years a project lasts at most: its months are listed, and figures are worked out for each.
const MAX_YEARS: u32 = 30;

record! {
    /// The project itself.
    Project of project {
        /// Names the project everywhere; a newer file of the same key updates it.
        key: String = Key;
        /// Its short name.
        acronym: String = Name;
        /// Its full name, by language.
        name: Localized = Names { required: true };
        /// What it is about, by language.
        #[serde(default)]
        summary: Localized = LongTexts;
        /// The fund that pays.
        programme: Programme = One(|| Programme::FIELDS), by (programme, no_parts);
        /// Its first day.
        starts_on: NaiveDate = Own;
        /// Its last day.
        ends_on: NaiveDate = Own;
        /// IANA name of the zone in which the project's days begin.
        time_zone: String = TimeZone;
        /// The language that texts fall back to.
        default_locale: String = Language;
        /// The number of its grant agreement.
        grant_agreement: Option<String> = Name;
        /// The call under which it was granted.
        call_reference: Option<String> = Name;
        /// Its pages on the web.
        #[serde(default)]
        websites: Links = Own;
        /// Projects before and after it.
        #[serde(default)]
        related: RelatedProjects = Own;
        /// Whether non-personal data may be read without signing in.
        #[serde(default)]
        public: bool = Any;
        /// How many days ahead outputs of a kind are asked for; of other kinds as the product sets it.
        #[serde(default)]
        lead_times: LeadTimes = Own;
        /// Citations, each the key of a source, or `key:place` in it.
        #[serde(default)]
        sources: Strings = Citations;
    }
    between;
}

record! {
    /// The fund that pays.
    Programme of programme {
        /// Names it everywhere.
        key: String = Key;
        /// Its name, by language.
        name: Localized = Names { required: false };
    }
}

impl super::Value for Programme {
    fn check(&self, _: Rule, check: &mut Check<'_>) {
        Record::check(self, check);
    }
}

impl HasTexts for Programme {
    fn texts(&self, _: Rule, reader: &mut TextReader<'_>) {
        let rule = Rule::Names { required: false };
        self.name.texts(rule, &mut reader.at("name"));
    }
}

impl Project {
    fn between(&self, check: &mut Check<'_>) {
        for (field, day) in [("startsOn", self.starts_on), ("endsOn", self.ends_on)] {
            if !(1950..2200).contains(&day.year()) {
                check
                    .at(field)
                    .with(Code::OutOfRange, "1950-01-01..2199-12-31");
            }
        }
        if self.ends_on < self.starts_on {
            check.at("endsOn").add(Code::EndsBeforeStart);
        }
        if let Some(last) = last_day_after(self.starts_on)
            && self.ends_on > last
        {
            let possible = format!("{}..{last}", self.starts_on);
            check.at("endsOn").with(Code::OutOfRange, possible);
        }
        lead_times(&self.lead_times, &mut check.at("leadTimes"));
        let mut websites = check.at("websites");
        websites.length(self.websites.0.len());
        for (at, link) in self.websites.0.iter().enumerate() {
            let mut check = websites.at_index(at);
            text::check(&link.url, Rule::Url, &mut check);
            if let Some(source) = &link.source {
                text::check_citation(source, &mut check.at("source"));
            }
        }
        let mut related = check.at("related");
        related.length(self.related.0.len());
        for (at, project) in self.related.0.iter().enumerate() {
            let mut check = related.at_index(at);
            text::check(&project.name, Rule::Name, &mut check.at("name"));
            if let Some(years) = &project.years {
                text::check(years, Rule::Name, &mut check.at("years"));
            }
            if let Some(source) = &project.source {
                text::check_citation(source, &mut check.at("source"));
            }
        }
    }
}

/// The last day that a project may have which starts on a day.
fn last_day_after(starts_on: NaiveDate) -> Option<NaiveDate> {
    let after = starts_on.checked_add_months(Months::new(12 * MAX_YEARS))?;
    after.pred_opt()
}

fn lead_times(list: &LeadTimes, check: &mut Check<'_>) {
    for (at, lead) in list.0.iter().enumerate() {
        let mut check = check.at_index(at);
        if list.0[..at].iter().any(|before| before.kind == lead.kind) {
            check.at("kind").add(Code::Twice);
        }
        if !(0..=DAYS_BEFORE).contains(&lead.days) {
            check
                .at("days")
                .with(Code::OutOfRange, format!("0..{DAYS_BEFORE}"));
        }
    }
}

fn programme(_: &entities::project::Model, rows: &Rows, names: &Names) -> Programme {
    super::Stand::load(&rows.programme, rows, names)
}

fn no_parts(_: &Project, _: &mut super::Place<'_>, _: &mut Rows) {}
