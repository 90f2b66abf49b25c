//! References to the records that figures count.

use std::{fmt, str::FromStr};

use chrono::NaiveDate;
use entities::*;
use uuid::Uuid;

use super::{AsOf, Project, State};
use crate::record::{Kind, NodeId};

/// GraphQL types that figures count by and that are not kinds of project records.
pub const CITY: &str = "City";
pub const COUNTRY: &str = "Country";
pub const PROJECT_MONTH: &str = "ProjectMonth";

/// A reference to a counted record of any kind.
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

/// The state and the dates of a counted record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecordStatus {
    /// The state; `None` if its kind has no states.
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

/// The error for a text that is not a reference.
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
    /// The opaque id of a counted record, by which the API finds it.
    #[must_use]
    pub fn node_id(&self, record: &RecordRef) -> String {
        let id = |kind: &str, row: &dyn fmt::Display| NodeId::encode(kind, self.id(), row);
        match record {
            RecordRef::Output(row) => id(Kind::Output(self.output(*row).kind).name(), row),
            RecordRef::Partner(row) => id(Kind::Partner.name(), row),
            RecordRef::Community(row) => id(Kind::Community.name(), row),
            RecordRef::BudgetLine(row) => id(Kind::BudgetLine.name(), row),
            RecordRef::ProjectMonth(number) => id(PROJECT_MONTH, number),
            RecordRef::City(row) => id(CITY, row),
            RecordRef::Country(code) => id(COUNTRY, code),
        }
    }

    /// The state and the dates of a counted record as of a day.
    #[must_use]
    pub fn record_status(&self, record: &RecordRef, as_of: AsOf) -> RecordStatus {
        let dates = |starts: Option<NaiveDate>, ends: Option<NaiveDate>| RecordStatus {
            state: None,
            starts: starts.map(PartialDate::from),
            ends: ends.map(PartialDate::from),
        };
        match record {
            RecordRef::Output(id) => {
                let standing = self.standing(self.output(*id), as_of);
                standing.map_or_else(RecordStatus::default, |standing| RecordStatus {
                    state: Some(standing.state),
                    starts: standing.starts,
                    ends: standing.ends,
                })
            }
            RecordRef::Partner(id) => {
                let partner = self.partner(*id);
                dates(partner.joined_on, partner.left_on)
            }
            RecordRef::ProjectMonth(number) => {
                let month = self.months().nth(*number as usize - 1);
                let first = month.map(|month| month.first_day);
                dates(first, month.map(|month| month.last_day))
            }
            RecordRef::Community(_)
            | RecordRef::BudgetLine(_)
            | RecordRef::City(_)
            | RecordRef::Country(_) => RecordStatus::default(),
        }
    }
}
