//! Action plans with their measures, stakeholders and endorsements.

use async_graphql::{ComplexObject, ID, Object, SimpleObject};
use domain::record::{self, Entry};
use entities::{endorsement, measure, stakeholder};

use super::{
    citation::{self, Citation},
    output::output_kind,
    policy::Policy,
    translation::{self, Translation},
    vocabulary::{MeasureState, PlanKind},
};
use crate::schema::base::{id::id, scalar::PartialDate, view::View};

output_kind! {
    /// An action plan of a city: a roadmap, a strategy or a pact.
    ActionPlan { ActionPlanFields: action_plan -> action_plan }
}

#[Object]
impl ActionPlanFields {
    /// The kind of plan.
    async fn plan_kind(&self) -> PlanKind {
        self.row().kind
    }

    /// The title in the language of the plan.
    async fn original_title(&self) -> Option<&str> {
        self.row_once_reported()?.original_title.as_deref()
    }

    /// The years that the draft covered, in words.
    async fn draft_period(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let row = self.row_once_reported()?;
        let own = row.draft_period.as_deref()?;
        Some(
            self.view
                .said(&row.translations, "draftPeriod", own, locale.as_deref()),
        )
    }

    /// The years that the plan covers, in words.
    async fn period(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let row = self.row_once_reported()?;
        let own = row.period.as_deref()?;
        Some(
            self.view
                .said(&row.translations, "period", own, locale.as_deref()),
        )
    }

    /// The date on which a draft was presented, as precisely as it is known.
    async fn presented(&self) -> Option<PartialDate> {
        self.view.by_now(self.row().presented)
    }

    /// The web address of its text.
    async fn document_url(&self) -> Option<&str> {
        self.row_once_reported()?.document_url.as_deref()
    }

    /// The measures: planned actions and commitments, from the report of the plan on.
    async fn measures(&self) -> Vec<Measure> {
        self.view
            .there(self.view.measures_of(self.id))
            .map(|row| Measure::new(&self.view, row))
            .collect()
    }

    /// The stakeholders.
    async fn stakeholders(&self) -> Vec<Stakeholder> {
        self.view
            .there(self.view.stakeholders_of(self.id))
            .map(|row| Stakeholder::new(&self.view, row))
            .collect()
    }

    /// A hash of the measures, which changes with each of them. Mutations that replace them take it
    /// as `measuresVersion`.
    async fn measures_version(&self) -> String {
        self.view.list_version::<record::Measure>(self.id)
    }

    /// A hash of the stakeholders, which changes with each of them. Mutations that replace them
    /// take it as `stakeholdersVersion`.
    async fn stakeholders_version(&self) -> String {
        self.view.list_version::<record::Stakeholder>(self.id)
    }

    /// The endorsements: adoptions of the plan by public bodies.
    async fn endorsements(&self) -> Vec<Endorsement> {
        self.view
            .there(self.view.endorsements_of(self.id))
            .map(|row| Endorsement::new(&self.view, row))
            .collect()
    }

    /// The policies that put the plan into practice.
    async fn policies(&self) -> Vec<Policy> {
        self.view
            .policies
            .iter()
            .filter(|policy| policy.plan_id == Some(self.id))
            .filter_map(|policy| Policy::new(&self.view, policy.output_id))
            .collect()
    }
}

/// A planned action or commitment of an action plan.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct Measure {
    /// The opaque id of the entry.
    id: ID,
    /// A hash of the entry, which changes with every edit.
    version: String,
    /// The state of the measure.
    state: MeasureState,
    /// The date by which it is due, as precisely as it is known.
    due: Option<PartialDate>,
    #[graphql(skip)]
    view: View,
    #[graphql(skip)]
    row: measure::Model,
}

/// A stakeholder who was involved in an action plan.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct Stakeholder {
    /// The opaque id of the entry.
    id: ID,
    /// A hash of the entry, which changes with every edit.
    version: String,
    #[graphql(skip)]
    view: View,
    #[graphql(skip)]
    row: stakeholder::Model,
}

/// The adoption of an action plan by a public body.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct Endorsement {
    /// The opaque id of the entry.
    id: ID,
    /// A hash of the entry, which changes with every edit.
    version: String,
    /// The date of adoption, as precisely as it is known.
    endorsed: Option<PartialDate>,
    /// The web address of the decision.
    document_url: Option<String>,
    /// The sources of the endorsement.
    sources: Vec<Citation>,
    #[graphql(skip)]
    view: View,
    #[graphql(skip)]
    row: endorsement::Model,
}

impl Measure {
    pub fn new(view: &View, row: &measure::Model) -> Self {
        Self {
            id: id(Entry::Measure.name(), view.id(), row.id),
            version: view.entry_version::<record::Measure>(row),
            state: row.state,
            due: row.due.map(PartialDate),
            view: view.clone(),
            row: row.clone(),
        }
    }
}

#[ComplexObject]
impl Measure {
    /// The measure in words, in the language of its source.
    async fn title(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> &str {
        let translations = &self.row.translations;
        self.view
            .said(translations, "title", &self.row.title, locale.as_deref())
    }

    /// Its texts in other languages, for whoever edits them; a reader asks for a field with `locale`.
    async fn translations(&self) -> Vec<Translation> {
        translation::all(&self.row.translations)
    }
}

impl Stakeholder {
    pub fn new(view: &View, row: &stakeholder::Model) -> Self {
        Self {
            id: id(Entry::Stakeholder.name(), view.id(), row.id),
            version: view.entry_version::<record::Stakeholder>(row),
            view: view.clone(),
            row: row.clone(),
        }
    }
}

#[ComplexObject]
impl Stakeholder {
    /// The name of an organisation or a group; persons are never named.
    async fn name(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> &str {
        let translations = &self.row.translations;
        self.view
            .said(translations, "name", &self.row.name, locale.as_deref())
    }

    /// The kind of stakeholder.
    async fn kind(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let own = self.row.kind.as_deref()?;
        let translations = &self.row.translations;
        Some(self.view.said(translations, "kind", own, locale.as_deref()))
    }

    /// Its texts in other languages, for whoever edits them; a reader asks for a field with `locale`.
    async fn translations(&self) -> Vec<Translation> {
        translation::all(&self.row.translations)
    }
}

impl Endorsement {
    pub fn new(view: &View, row: &endorsement::Model) -> Self {
        Self {
            id: id(Entry::Endorsement.name(), view.id(), row.id),
            version: view.entry_version::<record::Endorsement>(row),
            endorsed: row.endorsed.map(PartialDate),
            document_url: row.document_url.clone(),
            sources: citation::all(view, &row.sources),
            view: view.clone(),
            row: row.clone(),
        }
    }
}

#[ComplexObject]
impl Endorsement {
    /// The public body.
    async fn body(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> &str {
        let translations = &self.row.translations;
        self.view
            .said(translations, "body", &self.row.body, locale.as_deref())
    }

    /// Its texts in other languages, for whoever edits them; a reader asks for a field with `locale`.
    async fn translations(&self) -> Vec<Translation> {
        translation::all(&self.row.translations)
    }
}
