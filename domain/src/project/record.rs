//! Anything that a figure can count, by reference.

use std::{fmt, str::FromStr};

use chrono::NaiveDate;
use entities::*;
use uuid::Uuid;

use super::{AsOf, Project, State};

/// Points at a counted record of any kind.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RecordRef {
    Output(OutputId),
    Partner(PartnerId),
    Community(CommunityId),
    BudgetLine(BudgetLineId),
    /// M1 is 1.
    ProjectMonth(u32),
    City(OrganisationId),
    /// ISO 3166-1 alpha-2.
    Country(String),
}

/// What every counted record tells, whatever its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    pub title: Option<&'a str>,
    /// `None` where its kind has no states.
    pub state: Option<State>,
    pub starts: Option<PartialDate>,
    pub ends: Option<PartialDate>,
}

impl fmt::Display for RecordRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Output(id) => write!(f, "Output:{id}"),
            Self::Partner(id) => write!(f, "Partner:{id}"),
            Self::Community(id) => write!(f, "Community:{id}"),
            Self::BudgetLine(id) => write!(f, "BudgetLine:{id}"),
            Self::ProjectMonth(number) => write!(f, "ProjectMonth:{number}"),
            Self::City(id) => write!(f, "City:{id}"),
            Self::Country(code) => write!(f, "Country:{code}"),
        }
    }
}

/// A text that points at no kind of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotARecord;

impl FromStr for RecordRef {
    type Err = NotARecord;

    fn from_str(text: &str) -> Result<Self, NotARecord> {
        let (kind, id) = text.split_once(':').ok_or(NotARecord)?;
        let uuid = || id.parse::<Uuid>().map_err(|_| NotARecord);
        Ok(match kind {
            "Output" => Self::Output(uuid()?.into()),
            "Partner" => Self::Partner(uuid()?.into()),
            "Community" => Self::Community(uuid()?.into()),
            "BudgetLine" => Self::BudgetLine(uuid()?.into()),
            "ProjectMonth" => Self::ProjectMonth(id.parse().map_err(|_| NotARecord)?),
            "City" => Self::City(uuid()?.into()),
            "Country" => Self::Country(id.to_owned()),
            _ => return Err(NotARecord),
        })
    }
}

impl Project {
    /// What a counted record tells as of a day, its title in the wanted language.
    #[must_use]
    pub fn record<'a>(&'a self, record: &'a RecordRef, as_of: AsOf, locale: &str) -> Record<'a> {
        let plain = |title| Record {
            title,
            state: None,
            starts: None,
            ends: None,
        };
        let day = |day: NaiveDate| Some(PartialDate::from(day));
        match record {
            RecordRef::Output(id) => {
                let output = self.output(*id);
                let title = Some(self.output_title(output, locale));
                match self.standing(output, as_of) {
                    None => plain(title),
                    Some(standing) => Record {
                        title,
                        state: Some(standing.state),
                        starts: standing.starts,
                        ends: standing.ends,
                    },
                }
            }
            RecordRef::Partner(id) => Record {
                starts: self.partner(*id).joined_on.map(PartialDate::from),
                ends: self.partner(*id).left_on.map(PartialDate::from),
                ..plain(Some(&self.organisation_of(*id).name))
            },
            RecordRef::Community(id) => {
                plain(self.community(*id).title.get(locale, self.default_locale()))
            }
            RecordRef::BudgetLine(id) => plain(Some(&self.budget_line(*id).label)),
            RecordRef::ProjectMonth(number) => {
                let month = self.months().nth(*number as usize - 1);
                Record {
                    starts: month.and_then(|month| day(month.first_day)),
                    ends: month.and_then(|month| day(month.last_day)),
                    ..plain(None)
                }
            }
            RecordRef::City(id) => plain(Some(&self.organisation(*id).name)),
            RecordRef::Country(code) => plain(Some(code)),
        }
    }

    /// An output's title in the wanted language; where it has none, its key, which is never empty.
    #[must_use]
    pub fn output_title<'a>(&'a self, output: &'a output::Model, locale: &str) -> &'a str {
        output
            .title
            .get(locale, self.default_locale())
            .unwrap_or(&output.key)
    }
}
