//! The interface of the records that figures count: the fields that all of them share.

use async_graphql::{ID, MergedObject, Object};
use domain::project::{RecordRef, RecordStatus, Titles};
use entities::OrganisationId;

use super::{
    action_plan::ActionPlan, budget_line::BudgetLine, champion::Champion,
    champion_workshop::ChampionWorkshop, community::Community, event::Event, guide::Guide,
    organisation::Organisation, output::Output, partner::Partner, policy::Policy,
    staff_exchange::StaffExchange, video::Video, visit::Visit, vocabulary::OutputState,
};
use crate::schema::base::{
    interface::interface,
    scalar::{Date, PartialDate},
    view::View,
};

interface! {
    /// A record that figures count. State and dates are null if its kind has none, or if they are
    /// not known.
    CountedRecord of [Counted] {
        StaffExchange, Visit, Event, ActionPlan, Policy, Champion, ChampionWorkshop, Guide, Video,
        Partner, Community, BudgetLine, ProjectMonth, City, Country,
    }
}

impl CountedRecord {
    /// The record that a reference identifies.
    pub fn of(view: &View, record: &RecordRef) -> Option<Self> {
        Some(match record {
            RecordRef::Output(id) => Output::new(view, view.output(*id))?.into(),
            RecordRef::Partner(id) => Partner::new(view, *id).into(),
            RecordRef::Community(id) => Community::new(view, *id).into(),
            RecordRef::BudgetLine(id) => BudgetLine::new(view, *id).into(),
            RecordRef::ProjectMonth(number) => ProjectMonth::new(view, *number).into(),
            RecordRef::City(id) => City::new(view, *id).into(),
            RecordRef::Country(code) => Country::new(view, code).into(),
        })
    }
}

/// The fields that all counted records share.
#[derive(Clone, Debug)]
pub struct Counted {
    view: View,
    record: RecordRef,
}

impl Counted {
    pub fn new(view: &View, record: RecordRef) -> Self {
        let view = view.clone();
        Self { view, record }
    }

    fn status(&self) -> RecordStatus {
        self.view.record_status(&self.record, self.view.as_of)
    }
}

#[Object]
impl Counted {
    /// The opaque id of the record, for `node`.
    async fn id(&self) -> ID {
        self.view.node_id(&self.record).into()
    }

    /// The title. Falls back to the project's default language, then to any. Of an output without a
    /// title, words that stand for one, such as "Action plan, Asti"; of a partner or a city its name,
    /// in its own language if that is the language asked for.
    async fn title(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> String {
        let locale = locale.as_deref().unwrap_or(self.view.default_locale());
        let titles = Titles::new(&self.view, locale);
        titles.record(&self.record).into_owned()
    }

    /// Its state on the project's `asOf`; null if its kind has no states.
    async fn state(&self) -> Option<OutputState> {
        self.status().state
    }

    /// The first day; null if the day is not known, or if it has none.
    async fn starts_on(&self) -> Option<Date> {
        self.status().starts?.day().map(Date)
    }

    /// The last day; null if the day is not known, or if it has none.
    async fn ends_on(&self) -> Option<Date> {
        self.status().ends?.day().map(Date)
    }

    /// The start, as precisely as it is known.
    async fn starts(&self) -> Option<PartialDate> {
        self.status().starts.map(PartialDate)
    }

    /// The end, as precisely as it is known.
    async fn ends(&self) -> Option<PartialDate> {
        self.status().ends.map(PartialDate)
    }
}

/// A month of the project, counted from its start: M1 is the first.
#[derive(Clone, Debug, MergedObject)]
pub struct ProjectMonth(Counted, MonthFields);

impl ProjectMonth {
    pub fn new(view: &View, number: u32) -> Self {
        Self(
            Counted::new(view, RecordRef::ProjectMonth(number)),
            MonthFields { number },
        )
    }
}

#[derive(Clone, Copy, Debug)]
struct MonthFields {
    number: u32,
}

#[Object]
impl MonthFields {
    /// The number of the month: 1 for M1.
    async fn number(&self) -> u32 {
        self.number
    }
}

/// A city that counts towards a target.
#[derive(Clone, Debug, MergedObject)]
pub struct City(Counted, CityFields);

impl City {
    pub fn new(view: &View, id: OrganisationId) -> Self {
        let fields = CityFields {
            view: view.clone(),
            id,
        };
        Self(Counted::new(view, RecordRef::City(id)), fields)
    }
}

#[derive(Clone, Debug)]
struct CityFields {
    view: View,
    id: OrganisationId,
}

#[Object]
impl CityFields {
    /// The city as an organisation.
    async fn organisation(&self) -> Organisation {
        Organisation::new(&self.view, self.id)
    }
}

/// A country that counts towards a target.
#[derive(Clone, Debug, MergedObject)]
pub struct Country(Counted, CountryFields);

impl Country {
    pub fn new(view: &View, code: &str) -> Self {
        let fields = CountryFields {
            code: code.to_owned(),
        };
        Self(
            Counted::new(view, RecordRef::Country(code.to_owned())),
            fields,
        )
    }
}

#[derive(Clone, Debug)]
struct CountryFields {
    code: String,
}

#[Object]
impl CountryFields {
    /// The country as an ISO 3166-1 alpha-2 code, such as `IT`; Greece is `GR`.
    async fn code(&self) -> &str {
        &self.code
    }
}
