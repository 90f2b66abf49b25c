//! Action plans with their measures, stakeholders and endorsements.

use async_graphql::{ID, Object, SimpleObject};

use super::{
    citation::{self, Citation},
    node::ENDORSEMENT,
    output::output_kind,
    policy::Policy,
    vocabulary::{MeasureState, PlanKind},
};
use crate::schema::base::{id::id, scalar::PartialDate};

output_kind! {
    /// A roadmap of a city; strategies and pacts are kinds of it.
    ActionPlan { ActionPlanFields: action_plan -> action_plan }
}

#[Object]
impl ActionPlanFields {
    /// The kind of plan.
    async fn plan_kind(&self) -> PlanKind {
        self.row().kind
    }

    /// Its title in its own language.
    async fn original_title(&self) -> Option<&str> {
        self.row().original_title.as_deref()
    }

    /// The years that its draft was meant for, in words.
    async fn draft_period(&self) -> Option<&str> {
        self.row().draft_period.as_deref()
    }

    /// The years that it is for, in words.
    async fn period(&self) -> Option<&str> {
        self.row().period.as_deref()
    }

    /// When it was presented.
    async fn presented(&self) -> Option<PartialDate> {
        self.row().presented.map(PartialDate)
    }

    /// The address of its text on the web.
    async fn document_url(&self) -> Option<&str> {
        self.row().document_url.as_deref()
    }

    /// Its measures: planned actions and commitments.
    async fn measures(&self) -> Vec<Measure> {
        self.view
            .measures_of(self.id)
            .iter()
            .map(|row| Measure {
                title: row.title.clone(),
                state: row.state,
                due: row.due.map(PartialDate),
            })
            .collect()
    }

    /// The stakeholders.
    async fn stakeholders(&self) -> Vec<Stakeholder> {
        self.view
            .stakeholders_of(self.id)
            .iter()
            .map(|row| Stakeholder {
                name: row.name.clone(),
                kind: row.kind.clone(),
            })
            .collect()
    }

    /// Its adoptions by public bodies.
    async fn endorsements(&self) -> Vec<Endorsement> {
        self.view
            .endorsements_of(self.id)
            .iter()
            .map(|row| Endorsement {
                id: id(ENDORSEMENT, self.view.id(), row.id),
                body: row.body.clone(),
                endorsed: row.endorsed.map(PartialDate),
                document_url: row.document_url.clone(),
                sources: citation::all(&self.view, &row.sources),
            })
            .collect()
    }

    /// The policies that put it into practice.
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
pub struct Measure {
    /// What it is, in the language of its source.
    title: String,
    /// Its state.
    state: MeasureState,
    /// The date by which it is due.
    due: Option<PartialDate>,
}

/// Someone who was involved in an action plan.
#[derive(Clone, Debug, SimpleObject)]
pub struct Stakeholder {
    /// An organisation or a group; never a person.
    name: String,
    /// The kind of stakeholder.
    kind: Option<String>,
}

/// The adoption of an action plan by a public body.
#[derive(Clone, Debug, SimpleObject)]
pub struct Endorsement {
    /// The opaque id of the record.
    id: ID,
    /// The public body.
    body: String,
    /// When it adopted the plan.
    endorsed: Option<PartialDate>,
    /// The address of the decision on the web.
    document_url: Option<String>,
    /// The sources.
    sources: Vec<Citation>,
}
